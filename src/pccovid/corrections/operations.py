"""Writing the tables of data, a person's own acts, an office's steps. The database's functions check and refuse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from psycopg.types.json import Jsonb

from pccovid.corrections.rules import BLANK, CORRECTABLE, OF_PERSON, values_of
from pccovid.corrections.states import PERIODS, STATES, TRANSITIONS
from pccovid.foundation.photos import as_text, taken
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call
from pccovid.people.numbers import sealed_payload

REFUSED = {
    "PC421": "not_held", "PC441": "not_own", "PC442": "too_few_words", "PC443": "too_many", "PC444": "waits_already",
    "PC445": "no_such_fact", "PC446": "three_photos", "PC451": "not_opened", "PC453": "not_now",
    "PC454": "too_few_words", "PC457": "biased", "PC459": "undecided",
}  # fmt: skip
ABOUT_VALUE, ABOUT_PHOTO = "correction_value", "correction_photo"
"""What sealed values and photos are sealed about."""
Values = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """What an office does. `outcome` and `decided` (column → value) with confirming alone."""

    act: str
    told: str = ""
    note: str = ""
    outcome: str | None = None
    decided: Values | None = None


def write_rules() -> None:
    """Fill the tables of data from the Python ones. As the owner, when a database is prepared."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO access.correction_state VALUES (%s, %s) ON CONFLICT (code) DO UPDATE SET turn = excluded.turn",
            STATES,
        )
        cursor.execute("DELETE FROM access.correction_transition; DELETE FROM access.correction_period")
        cursor.executemany("INSERT INTO access.correction_transition VALUES (%s, %s, %s, %s, %s)", TRANSITIONS)
        cursor.executemany("INSERT INTO access.correction_period VALUES (%s, %s, %s, %s, %s, %s, %s)", PERIODS)
        cursor.executemany(
            "INSERT INTO access.correction_table VALUES (%s, %s, %s) ON CONFLICT (table_name) DO UPDATE SET"
            " columns = excluded.columns, blank = excluded.blank",
            [_table_row(table) for table in (*CORRECTABLE, OF_PERSON)],
        )


def _table_row(table: str) -> list[Any]:
    columns = [value.column for value in values_of(table)]
    return [table, columns, Jsonb(BLANK[table]) if table in BLANK else None]


def dispute(*, person: UUID, table: str, fact: UUID, wanted: Values, words: str) -> int:
    """Say that a fact is wrong, and perhaps what is right; returns the number. Raises Refused (PC44x)."""
    return int(call("dispute_fact", person, table, fact, _sealed(wanted), words))


def report_missing(*, person: UUID, table: str, values: Values, words: str) -> int:
    """Say that a fact is missing: it stands as self-declared from now on. Raises Refused (PC44x)."""
    record, payload = uuid4(), json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
    about = UUID(hashlib.md5(f"pccovid:missing:{record}".encode(), usedforsecurity=False).hexdigest())
    keys = sealer()
    return int(
        call(
            "add_missing_fact", person, table, record, sealed_payload(payload, about, keys), hash_of(payload),
            Jsonb(dict(values)), _sealed(values), words,
        )
    )  # fmt: skip


def add_photo(correction: int, content: bytes) -> None:
    """Keep a photo, encoded anew and sealed. Raises PhotoRefused, Refused (PC441, PC446, PC453)."""
    call("add_correction_photo", correction, sealer().seal(as_text(taken(content)), ABOUT_PHOTO))


def add(correction: int, *, words: str) -> None:
    """Answer what the station asked for. Raises Refused (PC441, PC453)."""
    call("step_own_correction", correction, "add", words)


def withdraw(correction: int) -> None:
    """Take it back; a fact that only the person's word stood for goes with it. Raises Refused (PC441, PC453)."""
    call("step_own_correction", correction, "withdraw", "")


def step(correction: int, taken_step: Step) -> str:
    """An office's step inside the access opened for the correction; returns the state it leads to.

    Raises Refused (PC451, PC453, PC454, PC457, PC459).
    """
    one = taken_step
    return str(
        call("step_correction", correction, one.act, one.told, one.note, one.outcome, _sealed(one.decided or {}))
    )


def hash_of(payload: str) -> bytes:
    """The keyed hash of a payload, as source records carry it."""
    return sealer().mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest())


def _sealed(values: Values) -> str:
    return sealer().seal(json.dumps(dict(values), ensure_ascii=False), ABOUT_VALUE) if values else ""
