"""The safe personal code and the poster's code, byte by byte. Pure: keys and moments come in, values go out.

A personal code, before it is written in Base32 with the digits 0–9 A–V (which a QR code packs densely) after `PC1:`:

    0      form, 1                      35–42  standing, hidden under the day's shift key: flags, zero, handle
    1      number of the key set        43–106 Ed25519 signature over 0–42
    2–5    issued, seconds since 1970   107–122 HMAC-SHA-256 over 0–106, the first 16 bytes
    6      lives for so many times ten minutes
    7      made so many times ten minutes before it begins to hold
    8–18   random, never twice
    19–34  person, hidden under the sealing key

Nothing in it is the same in two codes of one person, so whoever reads many learns nothing of any. A device that has the
day's shift key learns the standing and a handle that lasts for the day; whose it is, only the worker can open.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from pccovid.personal_codes.keys import CodeKeys, KeySet

PREFIX, POSTER_FORM, FORM = "PC1:", 1, 1
STEP = timedelta(minutes=10)
LIFETIME = timedelta(minutes=30)
LONGEST_LIFE = STEP * 255
CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""How far a phone's and a device's clock may be apart before a code that has just been made looks like tomorrow's."""
_HEAD, _SIGNED, _TAGGED, _WHOLE = 19, 43, 107, 123
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_IDENTITY, _ORDER_KNOWN, _ORDER = 1, 2, 4


class CodeRefused(ValueError):
    """The text is no code of ours that holds now; `reason` is a word of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = ("not_ours", "unknown_key", "changed", "not_yet", "expired")


class Standing(NamedTuple):
    """What a checkpoint may see. `has_order` None: no register of orders is connected, so nobody knows."""

    is_verified: bool
    has_order: bool | None = None


class SafeCode(NamedTuple):
    """A code's parts as anybody reads them, without any key."""

    key: int
    issued: datetime
    lives: timedelta
    once: bytes
    hidden_person: bytes
    hidden_standing: bytes
    octets: bytes

    @property
    def expires(self) -> datetime:
        return self.issued + self.lives

    @property
    def made(self) -> datetime:
        """When it was made: a revocation takes back what was made before, also what holds only later."""
        return made_at(self.octets)

    @property
    def day(self) -> str:
        """The day (in Viet Nam) whose shift key hides the standing."""
        return self.issued.astimezone(_HERE).date().isoformat()


def issue(
    keys: CodeKeys, person: UUID, standing: Standing, *, now: datetime, lives: timedelta = LIFETIME,
    ahead: timedelta = timedelta(),
) -> str:  # fmt: skip
    """A fresh code that holds from `now + ahead` on for `lives`, both in whole times of ten minutes, up to 42 hours."""
    now += STEP * (ahead // STEP)
    steps, one = lives // STEP, keys.newest
    if not 1 <= steps <= 255 or not 0 <= ahead // STEP <= 255:
        raise ValueError("a code lives for ten minutes at least and 42 hours at most")
    head = bytes((FORM, one.number)) + int(now.timestamp()).to_bytes(4, "big") + bytes((steps, ahead // STEP))
    head += secrets.token_bytes(_HEAD - len(head))
    day = now.astimezone(_HERE).date().isoformat()
    flags = _flags(standing) + b"\x00" + handle_of(one, day, person)
    body = head + _hide(one.seal, head, person.bytes) + _hide(one.shift(day), head, flags)
    body += one.signing.sign(body)
    return written(body + _tag(one.mac, body))


def written(octets: bytes) -> str:
    """The text of a code of these bytes."""
    return PREFIX + base64.b32hexencode(bytes(2) + octets)[3:].decode()


def read(text: str) -> SafeCode:
    """The parts of a text that looks like a code; nothing is checked but its form. Raises CodeRefused."""
    octets = _octets(text)
    return SafeCode(
        octets[1], datetime.fromtimestamp(int.from_bytes(octets[2:6], "big"), UTC), STEP * octets[6],
        octets[7:_HEAD], octets[_HEAD:35], octets[35:_SIGNED], octets,
    )  # fmt: skip


def is_safe_code(text: str) -> bool:
    """Whether a scanned text claims to be one of ours."""
    return text[: len(PREFIX)] == PREFIX


def check_for_lane(text: str, macs: Mapping[int, bytes], *, now: datetime) -> SafeCode:
    """A code whose every byte is ours and that holds at `now`. Raises CodeRefused."""
    code = read(text)
    mac = macs.get(code.key)
    if mac is None:
        raise CodeRefused("unknown_key")
    if not hmac.compare_digest(_tag(mac, code.octets[:_TAGGED]), code.octets[_TAGGED:]):
        raise CodeRefused("changed")
    _check_moment(code, now)
    return code


def check_for_device(text: str, checks: Mapping[int, Ed25519PublicKey], *, now: datetime) -> SafeCode:
    """The same by the signature: what a device does that can check and not make. Raises CodeRefused.

    The last 16 bytes are the lane's; a device cannot check them and does not use them.
    """
    code = read(text)
    if code.key not in checks:
        raise CodeRefused("unknown_key")
    try:
        checks[code.key].verify(code.octets[_SIGNED:_TAGGED], code.octets[:_SIGNED])
    except InvalidSignature:
        raise CodeRefused("changed") from None
    _check_moment(code, now)
    return code


def person_in(keys: CodeKeys, key: int, head: bytes, hidden: bytes) -> UUID:
    """Whose a checked code is. `head`: its first 19 bytes. Raises CodeRefused where the set was taken out."""
    if key not in keys.sets:
        raise CodeRefused("unknown_key")
    return UUID(bytes=_hide(keys.sets[key].seal, head, hidden))


def made_at(head: bytes) -> datetime:
    """When the code was made whose first bytes these are."""
    return datetime.fromtimestamp(int.from_bytes(head[2:6], "big"), UTC) - STEP * head[7]


def head_of(code: SafeCode) -> bytes:
    """The part that hiding depends on."""
    return code.octets[:_HEAD]


def standing_in(code: SafeCode, shift_key: bytes) -> tuple[Standing, bytes]:
    """Standing and handle, with the shift key of the code's day and set."""
    shown = _hide(shift_key, head_of(code), code.hidden_standing)
    order = bool(shown[0] & _ORDER) if shown[0] & _ORDER_KNOWN else None
    return Standing(bool(shown[0] & _IDENTITY), order), shown[2:]


def handle_of(one: KeySet, day: str, person: UUID) -> bytes:
    """Six bytes by which that day's list of revocations names the person."""
    return hmac.digest(one.handles(day), person.bytes, "sha256")[:6]


def use_of(code: SafeCode, place: bytes, direction: int) -> UUID:
    """A code is used once in each direction at each place: two scans with the same use are one, or a replay."""
    return UUID(bytes=sha256(code.once + place + bytes((direction,))).digest()[:16])


def poster_code(keys: CodeKeys, place: UUID) -> str:
    """What stands in the address on a place's poster: form, key set, place and a signature over them."""
    body = bytes((POSTER_FORM, keys.active)) + place.bytes
    return base64.urlsafe_b64encode(body + keys.newest.posters.sign(body)).decode().rstrip("=")


def place_on_poster(keys: CodeKeys, text: str) -> UUID:
    """The place whose poster this is. Raises CodeRefused."""
    try:
        octets = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CodeRefused("not_ours") from None
    if len(octets) != 82 or octets[0] != POSTER_FORM or base64.urlsafe_b64encode(octets).decode().rstrip("=") != text:
        raise CodeRefused("not_ours")
    if octets[1] not in keys.sets:
        raise CodeRefused("unknown_key")
    try:
        keys.sets[octets[1]].posters.public_key().verify(octets[18:], octets[:18])
    except InvalidSignature:
        raise CodeRefused("changed") from None
    return UUID(bytes=octets[2:18])


def _octets(text: str) -> bytes:
    digits = text[len(PREFIX) :]
    # Reading it as one number is ten times as quick as base64; what int() would let pass besides is refused here.
    if not is_safe_code(text) or len(digits) != 197 or not (digits.isascii() and digits.isalnum() and digits.isupper()):
        raise CodeRefused("not_ours")
    try:
        octets = int(digits, 32).to_bytes(_WHOLE, "big")
    except (ValueError, OverflowError):
        raise CodeRefused("not_ours") from None
    if octets[0] != FORM:
        raise CodeRefused("not_ours")
    return octets


def _check_moment(code: SafeCode, now: datetime) -> None:
    if now < code.issued - CLOCKS_DIFFER_BY:
        raise CodeRefused("not_yet")
    if now > code.expires + CLOCKS_DIFFER_BY:
        raise CodeRefused("expired")


def _flags(standing: Standing) -> bytes:
    flags = _IDENTITY if standing.is_verified else 0
    if standing.has_order is not None:
        flags |= _ORDER_KNOWN | (_ORDER if standing.has_order else 0)
    return bytes((flags,))


def _tag(mac: bytes, octets: bytes) -> bytes:
    return hmac.digest(mac, octets, "sha256")[:16]


def _hide(key: bytes, head: bytes, octets: bytes) -> bytes:
    """AES-256 in counter mode; the code's random bytes are the counter, so it is its own inverse."""
    cipher = Cipher(algorithms.AES(key), modes.CTR(head[7:_HEAD] + bytes(4))).encryptor()
    return cipher.update(octets) + cipher.finalize()
