"""A small outbreak to trace: people, where they were, their tests, and what the program found."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from conftest import MadeDatabase
from pccovid.contact_tracing.operations import Traced, trace

NOW = datetime.now(UTC).replace(microsecond=0)
HOME = ("01", "001", "00001")
_FACT = "id, person_id, record_id, source_record_id, source_system, provenance, recorded_at"


def ago(days: float = 0, hours: float = 0) -> datetime:
    return NOW - timedelta(days=days, hours=hours)


def day_of(moment: datetime) -> str:
    return (moment + timedelta(hours=7)).date().isoformat()


@dataclass
class Outbreak:
    """The database of one test, as its owner and as the tracing program."""

    made: MadeDatabase
    owner: psycopg.Connection

    def person(self, number: int, name: str = "", area: tuple[str, str, str] = HOME, household: str = "") -> UUID:
        person, record = UUID(int=9_000_000 + number), UUID(int=9_500_000 + number)
        self.owner.execute(
            "INSERT INTO people_person (id, name, birth_precision, province_code, district_code, commune_code,"
            " is_identity_verified, attribute_sources, created_at) VALUES (%s, %s, 'day', %s, %s, %s, true, '{}', %s)",
            [person, name or f"Người {number}", *area, NOW],
        )
        self.owner.execute(
            "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
            " person_id, is_about_nobody, birth_precision, id_verified, phone_is_own, flags, household, sealed)"
            " VALUES (%s, %s, 'ncovi', 'ncovi', %s, '', 1, %s, false, 'day', true, true, '{}', %s, '{}')",
            [record, str(record), record, person, household or None],
        )
        return person

    def _fact(self, person: UUID) -> list[Any]:
        record = UUID(int=person.int + 500_000)
        return [uuid4(), person, record, record, "test", "facility", NOW]

    def visit(self, person: UUID, place: str | None, entered: datetime | None, left: datetime | None) -> None:
        moment = left or entered
        assert moment is not None
        self.owner.execute("SELECT access.add_days('movement_visit', ARRAY[%s::date])", [day_of(moment)])
        self.owner.execute(
            f"INSERT INTO movement_visit ({_FACT}, day, place_key, entered_at, left_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*self._fact(person), day_of(moment), place, entered, left],
        )

    def flight(self, person: UUID, number: str, seat: str | None, at: datetime) -> None:
        self.owner.execute("SELECT access.add_days('movement_trip', ARRAY[%s::date])", [day_of(at)])
        self.owner.execute(
            f"INSERT INTO movement_trip ({_FACT}, day, vehicle_number, seat, departed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*self._fact(person), day_of(at), number, seat, at],
        )

    def test(
        self, person: UUID, at: datetime, result: str = "positive", *, method: str = "pcr", ct: float | None = None,
        pooled: bool = False,
    ) -> UUID:  # fmt: skip
        fact = self._fact(person)
        self.owner.execute(
            f"INSERT INTO lab_tests_test ({_FACT}, is_pooled, collected_at, method, result, ct_value)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*fact, pooled, at, method, result, ct],
        )
        return UUID(str(fact[0]))

    def declare(self, person: UUID, other: UUID, first: datetime, last: datetime) -> None:
        """The person's case says so to a tracer."""
        self.owner.execute(
            "INSERT INTO access.trace_declared"
            " (case_id, person_id, first_on, last_on, by_officer, office, log_id, words)"
            " SELECT id, %s, %s, %s, 1, 'tracer', 1, '' FROM access.trace_case WHERE person_id = %s",
            [other, day_of(first), day_of(last), person],
        )
        self.owner.execute("UPDATE access.trace_case SET traced_at = NULL")

    def trace(self) -> Traced:
        with self.made.connect("jobs", autocommit=True) as jobs:
            return trace(jobs)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.owner.execute(statement, values).fetchall()

    def cases(self) -> list[tuple[Any, ...]]:
        """(person, definition, starts, ends, because) of the cases that stand."""
        return self.rows(
            "SELECT person_id, definition, starts_at, ends_at, ends_because FROM access.trace_case"
            " WHERE joined_into IS NULL ORDER BY id"
        )

    def contacts(self, person: UUID) -> dict[UUID, int]:
        """Whom the cases of a person met → level."""
        return dict(
            self.rows(
                "SELECT k.person_id, k.level FROM access.trace_contact k JOIN access.trace_case c ON c.id = k.case_id"
                " WHERE c.person_id = %s",
                person,
            )
        )

    def empty(self) -> None:
        """Everything of the tests before is gone."""
        self.owner.execute(
            "DELETE FROM access.sandbox_day; DELETE FROM access.trace_case; DELETE FROM movement_visit;"
            " DELETE FROM movement_trip; DELETE FROM lab_tests_test; DELETE FROM people_recordclaim;"
            " DELETE FROM people_person"
        )


EXPOSURES = (
    "SELECT case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at, minutes, is_guessed,"
    " round(score::numeric, 12)"
    " FROM access.trace_exposure ORDER BY case_id, level, via_person, person_id, kind, subject, day"
)
CONTACTS = (
    "SELECT case_id, person_id, level, exposures, first_at, last_at, round(score::numeric, 12)"
    " FROM access.trace_contact ORDER BY case_id, person_id"
)
_PLACES = ("CHỢ", 'NHÀ "A", LẦU 2', "BẾN\nXE", "QUÁN", "")


def fill_of_every_kind(outbreak: Outbreak) -> list[UUID]:
    """Sixty people with homes, a flight and stays of every kind; six of them positive."""
    dice = random.Random(11)
    people = [outbreak.person(number, household=f"h{number // 3}") for number in range(1, 61)]
    with outbreak.owner.transaction():
        for _ in range(900):
            start = ago(dice.uniform(0.2, 12))
            left = start + timedelta(minutes=dice.randrange(5, 400)) if dice.random() < 0.8 else None
            entered = start if left is None or dice.random() < 0.85 else dice.choice([None, start - timedelta(days=2)])
            outbreak.visit(dice.choice(people), dice.choice(_PLACES), entered, left)
        for person in people[:10]:
            outbreak.flight(person, "VN213", f"{dice.randrange(1, 30)}A", ago(4))
        for person in people[:6]:
            outbreak.test(person, ago(dice.uniform(1, 7)))
    return people
