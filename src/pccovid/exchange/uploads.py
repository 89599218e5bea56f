"""Files of small laboratories: handed in sealed by the console, taken in by a job as an agency's batch, row by row."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from pccovid.agreements.certificates import grant_of_agreement
from pccovid.agreements.rules import Grant
from pccovid.exchange.entries import Sent
from pccovid.exchange.outcomes import Refusal
from pccovid.exchange.receiving import Message, Received, receive
from pccovid.exchange.sheets import SheetIsWrong, SheetRow, read_sheet
from pccovid.foundation.access import AccessRefused
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call, call_rows
from pccovid.people.operations import IndexIsBusy

_AT_ONCE = 100
_ABOUT = "laboratory_upload"
_WORSE = ("rejected", "held", "new", "linked")
_COLUMN_OF = {"name": "name", "birthDate": "birth", "gender": "sex", "identifier": "patient", "code": "method",
              "valueCodeableConcept": "result", "effectiveDateTime": "taken", "telecom": "phone", "issued": "resulted",
              "personal-id": "national", "component": "ct"}  # fmt: skip
RowTold = tuple[int, str, list[str]]


@dataclass(frozen=True)
class Upload:
    """One file: how many rows were written, held, rejected; `faults`: (row, outcome, reasons) of those not smooth."""

    number: int
    agreement: int
    agency: str
    office: str
    file_name: str
    uploaded_at: datetime
    taken_at: datetime | None
    refusal: str
    written: int
    held: int
    rejected: int
    faults: tuple[RowTold, ...]


def put_upload(*, officer: int, through: int, agreement: int, file_name: str, octets: bytes) -> int:
    """Hand a file in for an agreement in force; a job takes it in. Raises Refused."""
    sealed = sealer().seal(base64.b64encode(octets).decode(), _ABOUT)
    return int(call("put_upload", officer, through, agreement, file_name[:200] or "-", sealed))


def uploads_seen(*, officer: int, through: int) -> tuple[Upload, ...]:
    """The last files that this office sees, newest first. Raises Refused."""
    rows = ([*row[:11], _faults(row[11])] for row in call_rows("uploads_seen", officer, through))
    return tuple(Upload(*row) for row in rows)


def _faults(stored: Any) -> tuple[RowTold, ...]:
    listed = json.loads(stored) if isinstance(stored, str) else stored
    return tuple((row, outcome, reasons) for row, outcome, reasons in listed)


def take_in_uploads(connection: psycopg.Connection, *, secret: bytes, now: datetime) -> int:
    """Take in every file that waits; returns how many. A file that cannot be taken now stays. As the jobs role."""
    taken = 0
    while (found := connection.execute("SELECT * FROM access.next_upload()").fetchone()) is not None:
        number, agreement, sealed = found
        try:
            refusal, rows = _taken(connection, agreement, sealed, secret, now)
        except IndexIsBusy:
            break
        connection.execute("SELECT access.end_upload(%s, %s, %s::jsonb)", [number, refusal, json.dumps(rows)])
        taken += 1
    return taken


def _taken(
    connection: psycopg.Connection, agreement: int, sealed: str, secret: bytes, now: datetime
) -> tuple[str, list[RowTold]]:
    """(why the file as a whole was not taken, what became of each row)."""
    grant = grant_of_agreement(connection, agreement)
    if grant is None:
        return "no_agreement", []
    octets = base64.b64decode(sealer().unseal(sealed, _ABOUT))
    try:
        rows = read_sheet(octets, grant.agency)
        return "", [told for part in _parts(rows) for told in _received(connection, grant, part, secret, now)]
    except SheetIsWrong as wrong:
        return str(wrong), []
    except AccessRefused:
        return "no_agreement", []


def _parts(rows: Sequence[SheetRow]) -> Iterator[Sequence[SheetRow]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


def _received(
    connection: psycopg.Connection, grant: Grant, rows: Sequence[SheetRow], secret: bytes, now: datetime
) -> Iterator[RowTold]:
    entries = []
    for row in rows:
        entries.append(Sent(f"{row.number}/", "Patient", row.patient, f"urn:row:{row.number}"))
        entries.append(Sent(f"{row.number}/", "Observation", row.test))
    digest = hashlib.sha256(json.dumps([[row.patient, row.test] for row in rows]).encode()).digest()
    try:
        received = receive(connection, grant, Message("sheet", tuple(entries), False, digest), secret=secret, known={},
                           now=now)  # fmt: skip
    except Refusal as refusal:
        raise SheetIsWrong(refusal.args[0]) from None
    for at, row in enumerate(rows):
        yield _told(row.number, received[2 * at : 2 * at + 2])


def _told(number: int, both: Sequence[Received]) -> RowTold:
    """The row's worse outcome, and its reasons: the sheet's column and a code, never what stood there."""
    outcomes = {one.placed.outcome if one.placed else "rejected" for one in both}
    return number, next(word for word in _WORSE if word in outcomes), _reasons(both)[:10]


def _reasons(both: Sequence[Received]) -> list[str]:
    reasons = [_reason(issue.element, issue.reason or issue.code) for one in both for issue in one.issues]
    reasons += [one.placed.reason for one in both if one.placed and one.placed.outcome == "held"]
    return list(dict.fromkeys(filter(None, reasons)))


def _reason(element: str, code: str) -> str:
    name = element.partition("/")[2].partition(".")[2].split("[")[0].split(".")[0]
    column = _COLUMN_OF.get(name)
    return f"{column}:{code}" if column else code
