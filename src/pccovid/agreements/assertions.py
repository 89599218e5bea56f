"""Signed assertions of an agency's machine (RFC 7523 with SMART's algorithms), and the public keys they are checked by.

ES384 and RS384, as SMART Backend Services demands; no other algorithm is taken, whatever the header says. The
signature is checked by `cryptography`; here stand only the few lines of form around it (RFC 7515, 7517, 7518).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384

LONGEST_ASSERTION = 8_000
LONGEST_LIFE = 300
"""Seconds that an assertion may live at most (SMART Backend Services)."""
CLOCKS_APART = 60
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})
_SMALLEST_RSA, _P384_BYTES = 2048, 48


class AssertionRefused(ValueError):
    """Why an assertion or a key is not taken: a word of the reason, never what it held."""


@dataclass(frozen=True)
class Assertion:
    """A checked assertion: who speaks, by which key, its own number, and when it ends."""

    issuer: str
    kid: str
    number: str
    expires_at: int
    claims: Mapping[str, Any]


def issuer_of(assertion: str) -> str:
    """Whom an assertion says it is from, before anything is checked. Raises AssertionRefused."""
    return str(_parts(assertion)[1].get("iss", ""))


def checked(assertion: str, keys: Iterable[Mapping[str, Any]], *, audience: Sequence[str], now: datetime) -> Assertion:
    """The assertion: signed by one of these public keys, for one of these addresses, alive. Raises AssertionRefused."""
    header, claims, signed, signature = _parts(assertion)
    key = next((one for one in keys if one.get("kid") == header.get("kid")), None)
    if key is None or "crit" in header:
        raise AssertionRefused("unknown_key")
    _check_signature(key, str(header.get("alg")), signed, signature)
    _check_claims(claims, audience, int(now.timestamp()))
    return Assertion(str(claims["iss"]), str(key["kid"]), claims["jti"], claims["exp"], claims)


def read_keys(jwks: str) -> list[dict[str, Any]]:
    """The public keys of a JWK set, each with the members that matter. Raises AssertionRefused."""
    try:
        given = json.loads(jwks)
        keys = given["keys"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise AssertionRefused("not_a_key_set") from None
    if not isinstance(keys, list) or not 1 <= len(keys) <= 5:
        raise AssertionRefused("not_a_key_set")
    read = [_public_key(key) for key in keys]
    if len({key["kid"] for key in read}) != len(read):
        raise AssertionRefused("kid_twice")
    return read


def _public_key(key: object) -> dict[str, Any]:
    if not isinstance(key, dict):
        raise AssertionRefused("not_a_key_set")
    if _PRIVATE & key.keys():
        raise AssertionRefused("private_key")
    kid = key.get("kid")
    if not isinstance(kid, str) or not 1 <= len(kid) <= 100 or not kid.isprintable():
        raise AssertionRefused("no_kid")
    _loaded(key)
    names = ("kty", "crv", "x", "y") if key.get("kty") == "EC" else ("kty", "n", "e")
    return {"kid": kid, **{name: key[name] for name in names}}


def _parts(assertion: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    pieces = assertion.split(".")
    if len(assertion) > LONGEST_ASSERTION or len(pieces) != 3 or not assertion.isascii():
        raise AssertionRefused("not_a_jwt")
    try:
        header, claims = (json.loads(_octets(piece)) for piece in pieces[:2])
        signature = _octets(pieces[2])
    except (ValueError, RecursionError):
        raise AssertionRefused("not_a_jwt") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise AssertionRefused("not_a_jwt")
    return header, claims, f"{pieces[0]}.{pieces[1]}".encode(), signature


def _octets(text: object) -> bytes:
    if not isinstance(text, str):
        raise AssertionRefused("not_base64url")
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise AssertionRefused("not_base64url") from None


def _check_signature(key: Mapping[str, Any], algorithm: str, signed: bytes, signature: bytes) -> None:
    loaded = _loaded(key)
    try:
        if isinstance(loaded, rsa.RSAPublicKey) and algorithm == "RS384":
            loaded.verify(signature, signed, padding.PKCS1v15(), SHA384())
        elif isinstance(loaded, ec.EllipticCurvePublicKey) and algorithm == "ES384":
            loaded.verify(_as_der(signature), signed, ec.ECDSA(SHA384()))
        else:
            raise AssertionRefused("algorithm")
    except InvalidSignature:
        raise AssertionRefused("signature") from None


def _as_der(signature: bytes) -> bytes:
    """JWS writes the two numbers of an ECDSA signature side by side (RFC 7518, section 3.4)."""
    if len(signature) != 2 * _P384_BYTES:
        raise AssertionRefused("signature")
    r, s = (int.from_bytes(signature[at : at + _P384_BYTES]) for at in (0, _P384_BYTES))
    return encode_dss_signature(r, s)


def _loaded(key: Mapping[str, Any]) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        if key.get("kty") == "EC" and key.get("crv") == "P-384":
            return ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), ec.SECP384R1()).public_key()
        if key.get("kty") == "RSA":
            loaded = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
            if loaded.key_size < _SMALLEST_RSA:
                raise AssertionRefused("key_too_small")
            return loaded
    except (KeyError, TypeError, ValueError) as error:
        raise error if isinstance(error, AssertionRefused) else AssertionRefused("bad_key") from None
    raise AssertionRefused("kind_of_key")


def _number(text: object) -> int:
    return int.from_bytes(_octets(text))


def _check_claims(claims: Mapping[str, Any], audience: Sequence[str], now: int) -> None:
    expires, number = claims.get("exp"), claims.get("jti")
    if type(expires) is not int or not isinstance(number, str) or not 1 <= len(number) <= 200:
        raise AssertionRefused("claims")
    if not claims.get("iss") or claims.get("iss") != claims.get("sub"):
        raise AssertionRefused("issuer")
    meant = claims.get("aud")
    if not set(_texts(meant)) & set(audience):
        raise AssertionRefused("audience")
    _check_times(expires, claims.get("nbf"), now)


def _check_times(expires: int, begins: object, now: int) -> None:
    if not now - CLOCKS_APART < expires <= now + LONGEST_LIFE + CLOCKS_APART:
        raise AssertionRefused("expired")
    if begins is not None and (type(begins) is not int or begins > now + CLOCKS_APART):
        raise AssertionRefused("not_yet")


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str)]
