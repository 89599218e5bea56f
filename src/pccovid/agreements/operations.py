"""Asking, granting and ending agreements; tokens for keys, and other keys for these. The database's functions decide.

REFUSALS names the codes that sql/agreements.sql raises.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pccovid.agreements.assertions import Assertion, AssertionRefused, checked, issuer_of
from pccovid.agreements.queries import keys_of
from pccovid.agreements.rules import TOKEN_SECONDS, Terms, granted_scopes
from pccovid.officers.database import Refused, call, call_rows

REFUSALS = {
    "PC431": "not_held", "PC432": "beyond_purpose", "PC433": "outside", "PC434": "other_agency", "PC435": "unfit",
    "PC436": "not_standing", "PC437": "own_request", "PC438": "not_in_force",
}  # fmt: skip
CLIENT = "CS-"
"""A client's id is that of its agreement."""


@dataclass(frozen=True)
class Wanted(Terms):
    """What an agreement shall be, and the public keys that it may be used with."""

    keys: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Token:
    """A token as it is handed over once, and what it is for."""

    text: str
    scopes: tuple[str, ...]
    seconds: int


def ask_agreement(*, officer: int, through: int, wanted: Wanted) -> int:
    """Ask for an agreement; another officer grants it. Returns its number. Raises Refused."""
    return int(
        call("ask_agreement", officer, through, wanted.agency, wanted.name, wanted.standing, wanted.purpose,
             list(wanted.categories), list(wanted.written), wanted.area, wanted.valid_until, wanted.document,
             wanted.reason, wanted.notify_url, json.dumps(wanted.keys))
    )  # fmt: skip


def judge_agreement(*, officer: int, through: int, agreement: int, approves: bool, note: str) -> str:
    """Grant or refuse what another officer asked; returns the state. Raises Refused."""
    return str(call("judge_agreement", officer, through, agreement, approves, note))


def end_agreement(*, officer: int, through: int, agreement: int, reason: str) -> None:
    """End it at once, its tokens too. Raises Refused."""
    call("end_agreement", officer, through, agreement, reason)


def issue_token(*, assertion: str, scope: str, audience: Sequence[str], now: datetime) -> Token:
    """A short token for a signed assertion that was never used before. Raises AssertionRefused."""
    found, number = _proven(assertion, audience, now)
    categories, written = _covered(number)
    scopes = granted_scopes(scope, categories, written)
    if not scopes:
        raise AssertionRefused("scope")
    text = secrets.token_urlsafe(32)
    try:
        call("issue_token", number, found.kid, hashlib.sha256(text.encode()).digest(), list(scopes), TOKEN_SECONDS)
    except Refused as refused:
        raise AssertionRefused("unknown_client") from refused
    return Token(text, scopes, TOKEN_SECONDS)


def rotate_keys(*, assertion: str, keys: Sequence[dict[str, Any]], audience: Sequence[str], now: datetime) -> None:
    """Let these keys stand and the others end, on the word of a key in force. Raises AssertionRefused."""
    _, number = _proven(assertion, audience, now)
    try:
        call("rotate_keys", number, json.dumps(list(keys)))
    except Refused as refused:
        raise AssertionRefused(REFUSALS.get(refused.code, "unfit")) from refused


def _proven(assertion: str, audience: Sequence[str], now: datetime) -> tuple[Assertion, int]:
    """The checked assertion, used up with this, and its agreement."""
    number = client_number(issuer_of(assertion))
    found = checked(assertion, keys_of(number), audience=audience, now=now)
    digest = hashlib.sha256(found.number.encode("utf-8", "surrogatepass")).digest()
    ends = datetime.fromtimestamp(found.expires_at, UTC)
    if not call("use_assertion", number, digest, ends):
        raise AssertionRefused("replayed")
    return found, number


def client_number(client: str) -> int:
    """The agreement behind a client's id. Raises AssertionRefused."""
    digits = client.removeprefix(CLIENT)
    if not client.startswith(CLIENT) or not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise AssertionRefused("unknown_client")
    return int(digits)


def _covered(agreement: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = call_rows("agreement_categories", agreement)
    return (tuple(rows[0][0]), tuple(rows[0][1])) if rows else ((), ())
