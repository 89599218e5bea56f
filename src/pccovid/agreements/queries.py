"""Agreements as their desk shows them, and what a token or a key stands for."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from pccovid.agreements.rules import Grant, Terms
from pccovid.officers.database import call_rows

_NAMES_STAND_SECONDS = 30.0


class _Names:
    """Names as last read: pages name the source of every fact."""

    known: dict[str, str] = {}
    until = 0.0


_names = _Names()


@dataclass(frozen=True)
class Word:
    """What an office said: of a request, or at an agreement's end."""

    office: str
    text: str
    at: datetime
    approves: bool = True


@dataclass(frozen=True)
class AgreementLine(Terms):
    """One agreement. `state`: waiting, refused, lapsed, granted, ended, expired."""

    number: int
    asked_by: int
    asked_office: str
    asked_at: datetime
    state: str
    opinion: Word | None
    end: Word | None
    kids: tuple[str, ...]


def agreements_seen(*, officer: int, through: int) -> tuple[AgreementLine, ...]:
    """The agreements this office sees, newest first. Raises Refused."""
    return tuple(_line(list(row)) for row in call_rows("agreements_seen", officer, through))


def _line(values: list[Any]) -> AgreementLine:
    number, terms, (*asked, opinion, end, kids) = values[0], values[1:12], values[12:]
    terms[4], terms[5] = tuple(terms[4]), tuple(terms[5])
    fields = [*terms, number, *asked, _word(opinion, "note"), _word(end, "reason"), tuple(kids)]
    return AgreementLine(*fields)


def _word(stored: Any, text: str) -> Word | None:
    if stored is None:
        return None
    said = json.loads(stored) if isinstance(stored, str) else stored
    return Word(said["office"], said[text], datetime.fromisoformat(said["at"]), said.get("approves", True))


def keys_of(agreement: int) -> list[dict[str, Any]]:
    """The public keys in force of an agreement in force; none for any other."""
    rows = call_rows("agreement_keys", agreement)
    return [json.loads(jwk) if isinstance(jwk, str) else jwk for _, jwk in rows]


def grant_of(token: str) -> Grant | None:
    """What a token stands for at this moment; None for one that is unknown, expired or revoked."""
    digest = hashlib.sha256(token.encode()).digest()
    for row in call_rows("grant_of_token", digest):
        number, agency, name, standing, purpose, categories, written, area, scopes, basis = row
        return Grant(number, agency, name, standing, purpose, tuple(categories), tuple(written), area,
                     tuple(scopes), basis or "")  # fmt: skip
    return None


def name_of_agency(system: str) -> str:
    """The agency behind a source system such as `facility.cdc-thu`; the system itself where there is none."""
    _, dot, code = system.partition(".")
    if not dot:
        return system
    if time.monotonic() > _names.until:
        _names.known, _names.until = agency_names(), time.monotonic() + _NAMES_STAND_SECONDS
    return _names.known.get(code, system)


def agency_names() -> dict[str, str]:
    """Code → name of every agency that has ever had an agreement granted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name FROM access.agency_names()")
        return dict(cursor.fetchall())
