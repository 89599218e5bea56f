"""Signing in: ask a code, prove it, say who you are.

Nothing here answers differently for a number that the index knows and one it does not: whether there is anybody
behind a number is asked once, with name and birth date, after the code was proven.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from pccovid.accounts import rules
from pccovid.accounts.models import SignInCode
from pccovid.accounts.ports import MessageSender
from pccovid.linkage.birth_dates import BirthReading
from pccovid.linkage.names import read_name
from pccovid.linkage.phones import read_phone
from pccovid.people.queries import person_signing_in


class PhoneNotReadable(ValueError):
    """What was typed is no Vietnamese phone number."""


class TooManyCodes(RuntimeError):
    """Too many codes were asked for this number or from this network and not used; `seconds` until one may be."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class CodeIsWrong(RuntimeError):
    """The code does not fit; the number of tries left is its argument."""


class CodeIsOver(RuntimeError):
    """The code has expired, was used, or all its tries are spent: a new one is needed."""


class NobodyFound(RuntimeError):
    """Name and birth date fit nobody, or more than one, behind this number; the tries left are its argument."""


def ask_code(
    *, phone: str, network: str, sender: MessageSender, message: Callable[[str], str], now: datetime
) -> tuple[UUID, str]:
    """Send a fresh six-digit code; returns the code's id and the number in national form.

    `message` makes the text from the code; `network` is the asker's address. Raises PhoneNotReadable, TooManyCodes,
    MessageWasNotSent.
    """
    number = read_phone(phone).phone
    if number is None:
        raise PhoneNotReadable
    challenge, code = uuid.uuid4(), f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        _drop_old(now)
        _count_in(number, network, challenge, code, now)
    sender.send(number, message(code))
    return challenge, number


def prove_code(*, challenge: UUID, code: str, now: datetime) -> None:
    """Note that whoever holds the phone typed the right code. Each call uses up one try.

    Raises CodeIsWrong, CodeIsOver.
    """
    waiting = SignInCode.objects.filter(id=challenge, proven_at=None, expires_at__gt=now, tries_left__gt=0)
    spent = waiting.update(tries_left=F("tries_left") - 1)
    row = SignInCode.objects.filter(id=challenge).values("code_hash", "tries_left").first() if spent else None
    expected = row["code_hash"] if row else _hash("code", "nothing")
    fits = hmac.compare_digest(_hash("code", f"{challenge}{code}"), expected)
    if row is None:
        raise CodeIsOver
    if not fits:
        raise CodeIsOver if row["tries_left"] == 0 else CodeIsWrong(row["tries_left"])
    SignInCode.objects.filter(id=challenge, proven_at=None).update(proven_at=now)


def recognise(*, challenge: UUID, phone: str, name: str, birth: BirthReading, now: datetime) -> UUID:
    """The person behind a proven phone whose name and birth date these are. Each call uses up one try.

    `phone` must be the number the challenge was sent to. Raises NobodyFound, CodeIsOver.
    """
    proven = SignInCode.objects.filter(
        id=challenge, phone_hash=_hash("phone", phone), used_at=None, names_left__gt=0,
        proven_at__gt=now - rules.PROOF_LIFETIME,
    )  # fmt: skip
    if not proven.update(names_left=F("names_left") - 1):
        raise CodeIsOver
    person = _person_behind(phone, name, birth)
    if person is None:
        raise NobodyFound(SignInCode.objects.values_list("names_left", flat=True).get(id=challenge))
    if not SignInCode.objects.filter(id=challenge, used_at=None).update(used_at=now):
        raise CodeIsOver
    return person


def is_proven(challenge: UUID, *, now: datetime) -> bool:
    """Whether this challenge may still be followed by saying who one is."""
    return SignInCode.objects.filter(
        id=challenge, used_at=None, names_left__gt=0, proven_at__gt=now - rules.PROOF_LIFETIME
    ).exists()


def _person_behind(phone: str, name: str, birth: BirthReading) -> UUID | None:
    reading = read_name(name)
    if reading.sorted_key is None or birth.date is None:
        return None
    return person_signing_in(phone, reading, birth.date, is_year_only=birth.precision != "day")


def _count_in(number: str, network: str, challenge: UUID, code: str, now: datetime) -> None:
    """Write the code's row if the limits allow. One number's and one network's askers wait for each other here."""
    phone_hash, network_hash = _hash("phone", number), _hash("network", rules.network_of(network))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [phone_hash])
    wait = rules.seconds_to_wait(_asked_before(phone_hash, network_hash, now), now=now)
    if wait:
        raise TooManyCodes(wait)
    SignInCode.objects.create(
        id=challenge, phone_hash=phone_hash, network_hash=network_hash, code_hash=_hash("code", f"{challenge}{code}"),
        asked_at=now, expires_at=now + rules.CODE_LIFETIME, tries_left=rules.CODE_TRIES, names_left=rules.NAME_TRIES,
    )  # fmt: skip


def _asked_before(phone_hash: str, network_hash: str, now: datetime) -> list[rules.Asked]:
    """What the limits count: everything asked today for this number, and lately unproven from this network."""
    rows = SignInCode.objects.filter(
        Q(phone_hash=phone_hash, asked_at__gt=now - rules.KEPT)
        | Q(network_hash=network_hash, asked_at__gt=now - rules.WINDOW, proven_at=None)
    ).values_list("asked_at", "phone_hash", "network_hash", "proven_at")
    return [
        rules.Asked(asked_at, phone == phone_hash, network == network_hash, proven_at is not None)
        for asked_at, phone, network, proven_at in rows
    ]


def _drop_old(now: datetime) -> None:
    SignInCode.objects.filter(asked_at__lte=now - rules.KEPT).delete()


def _hash(what: str, value: str) -> str:
    """Keyed, so that neither a number nor a six-digit code can be found by trying all of them on a stolen table."""
    return salted_hmac(f"pccovid.accounts.{what}", value, algorithm="sha256").hexdigest()
