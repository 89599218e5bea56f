"""Giving and withdrawing, and writing the texts. The database's functions check and refuse.

REFUSALS names the codes that sql/consents.sql raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from pccovid.consents.rules import TEXTS, ConsentText
from pccovid.officers.database import call

REFUSALS = {"PC451": "not_own", "PC452": "other_text"}
_WRITE = """
    INSERT INTO access.consent_text (purpose, version, language, title, body, valid_from, valid_to, issuer, document,
                                     is_verified)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (purpose, version, language) DO UPDATE SET
        title = excluded.title, body = excluded.body, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
        issuer = excluded.issuer, document = excluded.document, is_verified = excluded.is_verified
"""


def write_texts(texts: Iterable[ConsentText] = TEXTS) -> None:
    """Write the texts to where the database's functions read them; as the owner.

    The database refuses to change one that is there but for its end and approval: another wording is another version.
    """
    with connection.cursor() as cursor:
        for text in texts:
            for row in _in_both_languages(text):
                cursor.execute(_WRITE, list(row))


def _in_both_languages(text: ConsentText) -> tuple[tuple[Any, ...], ...]:
    rest = (text.valid_from, text.valid_to, text.issuer, text.document, text.is_verified)
    return (
        (text.purpose, text.version, "vi", text.title, text.body, *rest),
        (text.purpose, text.version, "en", text.title_en, text.body_en, *rest),
    )


def give(*, person: UUID, purpose: str, version: int, language: str, digest: str) -> int:
    """Agree to exactly the text of that hash, inside one's own opened access; returns the decision. Raises Refused."""
    return int(call("give_consent", person, purpose, version, language, digest))


def withdraw(*, person: UUID, purpose: str) -> bool:
    """Withdraw, inside one's own opened access; whether there was anything to withdraw. Raises Refused."""
    return call("withdraw_consent", person, purpose) is not None
