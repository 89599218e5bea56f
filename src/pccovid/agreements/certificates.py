"""Certificates of agencies' machines where there is no token: made for a key of an agreement, by our authority.

A certificate says only which agreement it is for (common name `CS-12`) and which key; what that may do is asked of the
database with each message. So an agreement or a key that ends, ends it at once, whatever its dates say.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pccovid.agreements.operations import CLIENT, client_number
from pccovid.agreements.rules import Grant

_AUTHORITY_DAYS, _SERVER_DAYS = 3_650, 365
_SCOPES = ("system/*.cu",)
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class NoSuchMachine(PermissionError):
    """There is no agreement in force that this certificate, or this key, may speak for."""


@dataclass(frozen=True)
class Authority:
    """Our own authority: its certificate and key, which sign those of agencies' machines and of our listener."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def authority_in(folder: Path, *, now: datetime) -> Authority:
    """The authority kept in a folder, made with the first call."""
    kept_key, kept = folder / "laboratories-authority.key", folder / "laboratories-authority.pem"
    if not kept_key.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP384R1())
        certificate = _signed(_named("PcCovid laboratories"), key.public_key(), key, None, now, _AUTHORITY_DAYS)
        write_private(kept_key, key)
        kept.write_bytes(certificate.public_bytes(Encoding.PEM))
    found = load_pem_private_key(kept_key.read_bytes(), None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return Authority(x509.load_pem_x509_certificate(kept.read_bytes()), found)


def write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """A private key in a file that its owner alone may read."""
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def certificate_for(
    connection: psycopg.Connection, authority: Authority, *, agreement: int, kid: str, now: datetime
) -> bytes:
    """The PEM certificate of a key in force of an agreement in force, until that ends. Raises NoSuchMachine."""
    row = _asked(connection, agreement)
    jwk = next((one for one in row[10] if one.get("kid") == kid), None) if row else None
    if row is None or jwk is None:
        raise NoSuchMachine(f"{CLIENT}{agreement} is not in force, or has no key {kid}")
    days = max(1, (row[9] - now).days)
    made = _signed(_named(f"{CLIENT}{agreement}"), public_key(jwk), authority.key, authority, now, days)
    return made.public_bytes(Encoding.PEM)


def server_certificate(authority: Authority, folder: Path, host: str, *, now: datetime) -> tuple[Path, Path]:
    """(certificate, key) of our listener by our authority, made anew; for evaluation, and where no other is given."""
    key = ec.generate_private_key(ec.SECP384R1())
    made = _signed(_named(host), key.public_key(), authority.key, authority, now, _SERVER_DAYS, server=host)
    paths = folder / "laboratories-server.pem", folder / "laboratories-server.key"
    paths[0].write_bytes(made.public_bytes(Encoding.PEM) + authority.pem())
    write_private(paths[1], key)
    return paths


def grant_of_certificate(connection: psycopg.Connection, octets: bytes) -> Grant:
    """What the machine with this certificate (DER, its chain checked by TLS) may send now. Raises NoSuchMachine."""
    agreement, numbers = _said_by(octets)
    row = None if agreement is None else _asked(connection, agreement)
    if row is None or not any(_numbers_of(jwk) == numbers for jwk in row[10]):
        raise NoSuchMachine("no agreement in force has this key")
    return _grant(row)


@lru_cache(maxsize=256)
def _said_by(octets: bytes) -> tuple[int | None, tuple[int, ...] | None]:
    """The agreement that a certificate names, and its key's numbers: read once, not with each of its messages."""
    certificate = x509.load_der_x509_certificate(octets)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1:
        raise NoSuchMachine("the certificate names no agreement")
    numbers = _numbers(certificate.public_key())
    try:
        return client_number(str(names[0].value)), numbers
    except ValueError:
        return None, numbers


def grant_of_agreement(connection: psycopg.Connection, agreement: int) -> Grant | None:
    """What an agreement in force lets be sent, for what an officer hands in under it; None where it is not in force."""
    row = _asked(connection, agreement)
    return _grant(row) if row else None


def _grant(row: tuple[Any, ...]) -> Grant:
    number, agency, name, standing, purpose, categories, written, area, basis = row[:9]
    return Grant(number, agency, name, standing, purpose, tuple(categories), tuple(written), area, _SCOPES, basis or "")


def _asked(connection: psycopg.Connection, agreement: int) -> tuple[Any, ...] | None:
    return connection.execute(b"SELECT * FROM access.grant_of_agreement(%s)", [agreement], prepare=True).fetchone()


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key of a JWK that read_keys has checked."""
    if jwk["kty"] == "EC":
        return ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP384R1()).public_key()
    return rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()


def _numbers_of(jwk: Mapping[str, Any]) -> tuple[int, ...]:
    """What `_numbers` gives of the key of a JWK."""
    return tuple(_number(jwk[name]) for name in (("x", "y") if jwk["kty"] == "EC" else ("n", "e")))


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _numbers(key: object) -> tuple[int, ...] | None:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_numbers().x, key.public_numbers().y
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_numbers().n, key.public_numbers().e
    return None


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signed(
    subject: x509.Name, key: PublicKey, signer: ec.EllipticCurvePrivateKey, by: Authority | None, now: datetime,
    days: int, server: str | None = None,
) -> x509.Certificate:  # fmt: skip
    """A certificate; `by` None: of the authority itself; `server`: of a listener at that name."""
    usage = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(by.certificate.subject if by else subject)
        .public_key(key).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=0 if by is None else None), critical=True)
        .add_extension(_key_usage(is_authority=by is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )  # fmt: skip
    if by is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if server:
        made = made.add_extension(x509.SubjectAlternativeName([_address(server)]), critical=False)
    return made.sign(signer, SHA384())


def _address(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
