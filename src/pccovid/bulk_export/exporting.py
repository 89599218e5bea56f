"""Making an approved export, as the jobs role: read under its own access, told to each person, marked, encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import connection as django_connection

from pccovid.bulk_export.recipients import CertificateRefused, encrypted_for, read_certificate
from pccovid.bulk_export.rules import COLUMNS, MOST_ROWS, PURPOSES, categories_of
from pccovid.bulk_export.watermark import Marks, marked_file, marks_in, request_key
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import CONSENT, EPIDEMIC_LAW
from pccovid.foundation.sealing import Sealer, sealer

JOB, PURPOSE = "bulk_export", "export"
_TOLD_AT_ONCE = 5_000
_SOMEBODY_WITHDREW = "PC438"


class TooManyRows(ValueError):
    """The area holds more people than one export may."""


@dataclass(frozen=True)
class Approved:
    """A request that two others have approved and that is not made yet."""

    number: int
    purpose: str
    columns: tuple[str, ...]
    area: str | None
    certificate: str


@dataclass(frozen=True)
class MadeExport:
    """A request whose file was made, as tracing and the list of the command line show it."""

    number: int
    purpose: str
    columns: tuple[str, ...]
    area: str | None
    organisation: str
    recipient: str
    asked_office: str
    made_at: datetime
    rows: int
    downloads: int


def write_rules() -> None:
    """Write what each purpose allows to where the database reads it; as the owner, through Django's connection."""
    with django_connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.export_rule")
        cursor.executemany(
            "INSERT INTO access.export_rule (purpose, column_name, category, askers, consent)"
            " VALUES (%s, %s, %s, %s, nullif(%s, ''))",
            [
                (purpose.code, name, COLUMNS[name].category, list(purpose.askers), purpose.consent)
                for purpose in PURPOSES.values()
                for name in purpose.columns
            ],
        )


def make_approved(connection: psycopg.Connection, *, secret: bytes, now: datetime) -> tuple[int, ...]:
    """Make every approved export, and drop files past their week; returns the numbers made.

    `connection` is the jobs role's, in autocommit. What cannot be made is marked failed, with its reason.
    """
    connection.execute("SELECT access.drop_expired_exports()")
    made = []
    while (request := _next(connection)) is not None:
        try:
            _make(connection, request, secret, now)
            made.append(request.number)
        except (CertificateRefused, TooManyRows) as failure:
            connection.execute("SELECT access.fail_export(%s, %s)", [request.number, str(failure)])
        except psycopg.DatabaseError as refused:
            if refused.sqlstate != _SOMEBODY_WITHDREW:
                raise  # else the request waits still, and the next turn makes it without them
    return tuple(made)


def made_exports(connection: psycopg.Connection) -> tuple[MadeExport, ...]:
    """Every export ever made, oldest first."""
    rows = connection.execute("SELECT * FROM access.made_exports()").fetchall()
    return tuple(MadeExport(number, purpose, tuple(columns), *rest) for number, purpose, columns, *rest in rows)


def trace(connection: psycopg.Connection, text: str, *, secret: bytes) -> tuple[tuple[MadeExport, Marks], ...]:
    """The requests whose marks a leaked file carries, most certain first."""
    found = [(one, marks_in(text, secret, one.number)) for one in made_exports(connection)]
    certain = [(one, marks) for one, marks in found if marks.is_found]
    return tuple(sorted(certain, key=lambda pair: (-pair[1].references, -pair[1].order, -pair[1].quotes)))


def _next(connection: psycopg.Connection) -> Approved | None:
    row = connection.execute("SELECT * FROM access.next_export()").fetchone()
    return Approved(row[0], row[1], tuple(row[2]), row[3], row[4]) if row else None


def _make(connection: psycopg.Connection, request: Approved, secret: bytes, now: datetime) -> None:
    certificate = read_certificate(request.certificate, now=now)
    names = tuple(name for name in PURPOSES[request.purpose].columns if name in request.columns)
    basis = CONSENT if PURPOSES[request.purpose].consent else EPIDEMIC_LAW
    with connection.transaction():
        open_for_job(
            connection, JOB, purpose=PURPOSE, legal_basis=basis, case=f"XD-{request.number}", within=request.area
        )
        rows = list(_rows(connection, names, sealer()))
        if len(rows) > MOST_ROWS:
            raise TooManyRows(f"more than {MOST_ROWS} people")
        _tell(connection, [person for person, _ in rows], categories_of(names))
        text = marked_file(request_key(secret, request.number), request.number, names, rows)
        content = encrypted_for(text.encode(), certificate)
        connection.execute(
            "SELECT access.finish_export(%s, %s, %s, %s)", [request.number, len(rows), len(rows), content]
        )


def _rows(connection: psycopg.Connection, names: Sequence[str], keys: Sealer) -> Iterator[tuple[UUID, list[str]]]:
    """Every person in sight, as the texts of the columns; the database decides who that is."""
    columns = [COLUMNS[name] for name in names]
    expressions = ", ".join(column.sql for column in columns)
    found = connection.execute(
        f"SELECT p.id, {expressions} FROM people_person p WHERE p.merged_into_id IS NULL ORDER BY p.id LIMIT %s",  # noqa: S608
        [MOST_ROWS + 1],
    )  # fmt: skip
    for person, *values in found:
        yield (
            person,
            [
                _text(keys.unseal(value, column.name) if column.is_sealed and value is not None else value)
                for column, value in zip(columns, values, strict=True)
            ],
        )


def _text(value: object) -> str:
    """As the file shows it. A text that a spreadsheet would run as a formula is kept from it by an apostrophe."""
    text = "" if value is None else str(value)
    is_formula = text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not text[1:].isdigit())
    return f"'{text}" if is_formula else text


def _tell(connection: psycopg.Connection, persons: list[UUID], categories: Sequence[str]) -> None:
    for at in range(0, len(persons), _TOLD_AT_ONCE):
        connection.execute(
            "SELECT access.disclose(%s::uuid[], %s)", [persons[at : at + _TOLD_AT_ONCE], list(categories)]
        )
