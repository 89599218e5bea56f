"""An outbreak put into a database of its own and traced as its days go by, by the same pass that the worker makes.

Whom cases met is looked for at every pass; contacts of contacts, which are most of the work, once a week if at all.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

import psycopg

from pccovid.config.benches.outbreak_truth import FoundCase, FoundContact
from pccovid.contact_tracing.operations import trace
from pccovid.sandbox.outbreak_files import VIET_NAM, Meeting, Outbreak, Specimen, people_of

PLACES, HOUSEHOLDS, JOURNEYS, DECLARED = "places", "households", "journeys", "declared contacts"
KINDS = (PLACES, HOUSEHOLDS, JOURNEYS, DECLARED)
_NAMES = UUID("b1a1f0f2-6c0e-4d51-9a5b-0c6f3f2f9a01")
_FACT = "id, person_id, record_id, source_record_id, source_system, provenance, recorded_at"
_TABLES = (
    "access.trace_task_step, access.trace_task, access.trace_exposure, access.trace_contact,"
    " access.trace_accepted, access.trace_declared, access.trace_period,"
    " access.trace_case_test, access.trace_case, movement_visit, movement_trip, lab_tests_test, people_recordclaim,"
    " people_person"
)
_AFTER_RESULTS = timedelta(minutes=1)
_NOT_ASKED = """
    SELECT c.id, c.person_id, access.day_here(c.starts_at), access.day_here(c.first_at) FROM access.trace_case c
    WHERE c.joined_into IS NULL AND c.id <> ALL (%s) ORDER BY c.id
"""
_DECLARED = """
    INSERT INTO access.trace_declared (case_id, person_id, first_on, last_on, by_officer, office, log_id, words)
    VALUES (%s, %s, %s, %s, 0, 'outbreak', 0, '') ON CONFLICT DO NOTHING
"""
_CASES = "SELECT person_id, starts_at, ends_at FROM access.trace_case WHERE joined_into IS NULL"
_SECOND = """
    SELECT DISTINCT c.person_id, k.person_id FROM access.trace_contact k JOIN access.trace_case c ON c.id = k.case_id
    WHERE k.level = 2
"""
_EVERY_SEVENTH = 7
_CONTACTS = """
    SELECT c.person_id, k.person_id, k.score, k.first_at FROM access.trace_contact k
    JOIN access.trace_case c ON c.id = k.case_id WHERE k.level = 1
"""


def said_by(declared: Iterable[Meeting]) -> dict[str, dict[str, list[date | None]]]:
    """Who → whom they met → on which days (None: not said). A list that names two people is taken from both sides."""
    said: dict[str, dict[str, list[date | None]]] = {}
    for meeting in declared:
        for one, other in ((meeting.person, meeting.other), (meeting.other, meeting.person)):
            said.setdefault(one, {}).setdefault(other, []).append(meeting.on)
    return said


class World:
    """The database of one outbreak: what was recorded, and what tracing finds of it, day after day."""

    def __init__(self, owner: psycopg.Connection, jobs: psycopg.Connection, outbreak: Outbreak) -> None:
        self.owner, self.jobs, self.outbreak = owner, jobs, outbreak
        self.ids = {name: uuid5(_NAMES, name) for name in people_of(outbreak)}
        self.names = {number: name for name, number in self.ids.items()}
        self.pass_seconds: list[float] = []
        self.second: set[tuple[str, str]] = set()
        self.said: dict[str, dict[str, list[date | None]]] = {}
        self.asked: list[int] = []

    def fill(self, kinds: Collection[str]) -> None:
        """Everybody, and of what was recorded these kinds; tests come with their days."""
        self.owner.execute(f"TRUNCATE {_TABLES} CASCADE")
        homes = {one.person: one.household for one in self.outbreak.residents} if HOUSEHOLDS in kinds else {}
        self._copy(
            "people_person (id, name, birth_precision, is_identity_verified, attribute_sources, created_at)",
            ((self.ids[name], name, "day", False, "{}", datetime.now(VIET_NAM)) for name in self.ids),
        )
        self._copy(
            "people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version, person_id,"
            " is_about_nobody, birth_precision, id_verified, phone_is_own, flags, household, sealed)",
            (
                (number, name, "outbreak", "outbreak", number, b"", 1, number, False, "day", False, False, [],
                 homes.get(name), "{}") for name, number in self.ids.items()
            ),
        )  # fmt: skip
        self._move(kinds)
        self.said, self.asked = said_by(self.outbreak.declared if DECLARED in kinds else ()), []
        for table in ("movement_visit", "movement_trip", "people_recordclaim", "people_person"):
            self.owner.execute(f"ANALYZE {table}")

    def _move(self, kinds: Collection[str]) -> None:
        visits = [
            (*self._fact(f"v{number}", one.person, moment), moment.astimezone(VIET_NAM).date(), one.place,
             one.entered_at, one.left_at)
            for number, one in enumerate(self.outbreak.presences if PLACES in kinds else ())
            if (moment := one.left_at or one.entered_at)
        ]  # fmt: skip
        trips = [
            (*self._fact(f"t{number}", one.person, one.departed_at), one.departed_at.astimezone(VIET_NAM).date(),
             one.vehicle, one.seat, one.departed_at)
            for number, one in enumerate(self.outbreak.journeys if JOURNEYS in kinds else ())
        ]  # fmt: skip
        for table, rows, columns in (
            ("movement_visit", visits, "place_key, entered_at, left_at"),
            ("movement_trip", trips, "vehicle_number, seat, departed_at"),
        ):
            self.owner.execute("SELECT access.add_days(%s, %s::date[])", [table, list({row[7] for row in rows})])
            self._copy(f"{table} ({_FACT}, day, {columns})", rows)

    def live(self, *, second: bool = False) -> Iterator[tuple[int, int]]:
        """Day by day: results come, the pass is made; yields (days done, of how many). `second`: F2 every seventh."""
        results = sorted(self.outbreak.specimens, key=lambda one: one.resulted_at)
        mornings = sorted({one.resulted_at for one in results})
        last = mornings[-1] if mornings else datetime.now(VIET_NAM)
        days = (
            [mornings[0] + timedelta(days=number) for number in range((last - mornings[0]).days + 2)] if results else []
        )
        moments = sorted({*mornings, *days})
        for number, moment in enumerate(moments, start=1):
            self._tests([one for one in results if one.resulted_at == moment])
            self._pass(moment + _AFTER_RESULTS, second=second and number % _EVERY_SEVENTH == 0)
            yield number, len(moments)

    def _pass(self, present: datetime, *, second: bool) -> None:
        self.owner.execute("DELETE FROM access.sandbox_day")
        self.owner.execute("INSERT INTO access.sandbox_day (day) VALUES (%s)", [present])
        begun = time.perf_counter()
        trace(self.jobs, second=second)
        if self._ask():
            trace(self.jobs, second=second)
        if second:
            self.second |= {(self.names[case], self.names[person]) for case, person in self.owner.execute(_SECOND)}
        else:
            self.pass_seconds.append(time.perf_counter() - begun)
        for case, person, score, first_at in self.owner.execute(_CONTACTS):
            key = (self.names[case], self.names[person])
            before = self.found.get(key)
            self.found[key] = FoundContact(*key, score, first_at, before.found_at if before else present)

    def _ask(self) -> bool:
        """Who has become a case says whom they met, as soon as it is known; whether anybody named somebody."""
        told = []
        for case, person, first, positive in self.owner.execute(_NOT_ASKED, [self.asked]).fetchall():
            self.asked.append(case)
            for other, days in self.said.get(self.names[person], {}).items():
                # Without a day: as a list of contacts means it, from when they may have been infected until the test.
                known = sorted(day or first for day in days) + [positive for day in days if day is None]
                told.append((case, self.ids[other], known[0], max(known)))
        for row in told:
            self.owner.execute(_DECLARED, row)
        self.owner.execute(
            "UPDATE access.trace_case SET traced_at = NULL WHERE id = ANY (%s)", [list({row[0] for row in told})]
        )
        return bool(told)

    def _tests(self, specimens: Iterable[Specimen]) -> None:
        self._copy(
            f"lab_tests_test ({_FACT}, is_pooled, collected_at, resulted_at, method, result)",
            (
                (*self._fact(f"x{one.person}{one.collected_at}", one.person, one.resulted_at), False, one.collected_at,
                 one.resulted_at, one.method, one.result) for one in specimens
            ),
        )  # fmt: skip

    def lived(self, kinds: Collection[str], *, second: bool = False) -> Iterator[tuple[int, int]]:
        """Fill with these kinds and live through it; afterwards `cases` and `contacts` tell what was found."""
        self.found: dict[tuple[str, str], FoundContact] = {}
        self.pass_seconds.clear()
        self.second.clear()
        self.fill(kinds)
        yield from self.live(second=second)

    def cases(self) -> list[FoundCase]:
        return [FoundCase(self.names[person], start, end) for person, start, end in self.owner.execute(_CASES)]

    def contacts(self) -> list[FoundContact]:
        """Those that still stand: what a later pass took back is left out."""
        stand = {(self.names[case], self.names[person]) for case, person, *_ in self.owner.execute(_CONTACTS)}
        return [one for key, one in self.found.items() if key in stand]

    def _fact(self, key: str, person: str, moment: datetime) -> tuple[object, ...]:
        number = self.ids[person]
        return (uuid5(_NAMES, key), number, number, number, "outbreak", "facility", moment)

    def _copy(self, into: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self.owner.cursor().copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
