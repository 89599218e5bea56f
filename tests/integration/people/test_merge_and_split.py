"""Merging persons and taking it back: everything moves, and everything comes back as it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import MadeDatabase, database_from, use_in_django

NOW = datetime(2022, 3, 1, 8, tzinfo=UTC)
OPERATIONS = "pccovid.people.operations"
TABLES = (
    "people_person", "people_recordclaim", "people_identifier", "people_contactpoint", "people_address",
    "people_relationship", "people_sourcerecord", "vaccination_dose", "lab_tests_test", "insurance_card",
    "declarations_declaration", "movement_visit", "movement_trip", "movement_scan", "border_entry",
)  # fmt: skip


class Row(NamedTuple):
    """One made source record of a person, with a dose and a test hanging on it."""

    system: str
    personal_id: str | None
    id_verified: bool
    insurance_no: str | None
    phone: str | None
    name: str | None
    born: date | None
    dose_day: date | None
    lot: str = "FA5960"


ROWS = st.builds(
    Row,
    system=st.sampled_from(["vneid", "sskdt", "ncovi", "bluezone"]),
    personal_id=st.sampled_from([None, "001090000001", "001090000002", "079190000003"]),
    id_verified=st.booleans(),
    insurance_no=st.sampled_from([None, "0120000001", "0120000002"]),
    phone=st.sampled_from([None, "0912000001", "0912000002"]),
    name=st.sampled_from([None, "Nguyễn Văn An", "NGUYEN VAN AN", "Trần Thị Bình"]),
    born=st.sampled_from([None, date(1990, 1, 1), date(1990, 5, 17)]),
    dose_day=st.sampled_from([None, date(2021, 8, 1), date(2021, 8, 2), date(2021, 11, 5)]),
    lot=st.sampled_from(["FA5960", "fa5960", " FA-5960", "FK0112"]),
)
PEOPLE = st.lists(st.lists(ROWS, min_size=0, max_size=3), min_size=2, max_size=4)


@pytest.fixture(scope="module")
def made(prepared_url: str, home: object) -> MadeDatabase:
    database = database_from(prepared_url, home)  # type: ignore[arg-type]
    use_in_django(database, "web")
    return database


@contextmanager
def index_of(made: MadeDatabase, people: list[list[Row]]) -> Iterator[tuple[psycopg.Connection, list[UUID]]]:
    """An index of these people, with access open for repair; everything is rolled back at the end."""
    from pccovid.foundation.access import open_for_job

    with made.connect("jobs") as connection:
        open_for_job(connection, "link_repair", purpose="data_repair", legal_basis="test")
        persons = [add_person(connection, UUID(int=number), rows) for number, rows in enumerate(people, start=1)]
        settle(connection, persons)
        yield connection, persons
        connection.rollback()


def add_person(connection: psycopg.Connection, person: UUID, rows: list[Row]) -> UUID:
    connection.execute(
        "INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)"
        " VALUES (%s, false, '{}', %s)",
        [person, NOW],
    )
    for number, row in enumerate(rows, start=1):
        add_record(connection, person, UUID(int=person.int * 1000 + number), row)
    return person


def add_record(connection: psycopg.Connection, person: UUID, record: UUID, row: Row) -> None:
    key = str(row.name).lower()
    connection.execute(
        "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
        " person_id, is_about_nobody, name, name_full, name_key, birth_date, birth_precision, personal_id, id_verified,"
        " insurance_no, phone, phone_is_own, flags)"
        " VALUES (%s, %s, %s, 'x', %s, '', 1, %s, false, %s, %s, %s, %s, 'day', %s, %s, %s, %s, true, '{}')",
        [record, f"{row.system}:x:{record.int}", row.system, record, person, row.name, key, key, row.born,
         row.personal_id, row.id_verified and row.personal_id is not None, row.insurance_no, row.phone],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by,"
        " decided_at) VALUES (%s, %s, 'exact', '{}', '', 'm', 'import', %s)",
        [record, person, NOW],
    )
    facts = [person, record, record, row.system, NOW]
    if row.dose_day:
        connection.execute(
            "INSERT INTO vaccination_dose (id, person_id, record_id, source_record_id, source_system, provenance,"
            " recorded_at, product, occurred_on, lot_number) VALUES (%s, %s, %s, %s, %s, 'facility', %s, 'x', %s, %s)",
            [UUID(int=record.int + 500), *facts, row.dose_day, row.lot],
        )
    connection.execute(
        "INSERT INTO lab_tests_test (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, is_pooled) VALUES (%s, %s, %s, %s, %s, 'facility', %s, false)",
        [UUID(int=record.int + 700), *facts],
    )


def settle(connection: psycopg.Connection, persons: list[UUID]) -> None:
    """Derive golden records as an import does: everybody it brought at once."""
    from pccovid.foundation.facts import settle_touched
    from pccovid.people.golden import refresh_touched

    connection.execute("CREATE TEMP TABLE touched (person_id uuid PRIMARY KEY) ON COMMIT DROP")
    connection.execute("INSERT INTO touched SELECT unnest(%s::uuid[])", [persons])
    refresh_touched(connection)
    settle_touched(connection)


def everything(connection: psycopg.Connection) -> dict[str, list[str]]:
    return {
        table: [row[0] for row in connection.execute(f"SELECT t::text FROM {table} t ORDER BY 1")] for table in TABLES
    }


def links(connection: psycopg.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT l::text FROM people_link l ORDER BY id")]


def try_merges(connection: psycopg.Connection, pairs: list[tuple[UUID, UUID]]) -> list[int]:
    """Merge each pair that may be merged; the numbers of the merges made."""
    from pccovid.people.operations import MergeRefused, merge_people

    merges = []
    for kept, absorbed in pairs:
        try:
            merges.append(merge_people(connection, kept=kept, absorbed=absorbed, reason="same", by="test", now=NOW))
        except MergeRefused:
            continue
    return merges


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=PEOPLE, order=st.randoms(use_true_random=False))
def test_undoing_merges_in_reverse_order_restores_every_table(
    made: MadeDatabase, people: list[list[Row]], order: object
) -> None:
    from pccovid.people.operations import undo_merge

    with index_of(made, people) as (connection, persons):
        before, links_before = everything(connection), links(connection)
        pairs = list(itertools.permutations(persons, 2))
        order.shuffle(pairs)  # type: ignore[attr-defined]
        for merge in reversed(try_merges(connection, pairs)):
            undo_merge(connection, merge=merge, by="test", now=NOW)
        assert everything(connection) == before
        assert links(connection)[: len(links_before)] == links_before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=PEOPLE, order=st.randoms(use_true_random=False))
def test_every_claim_and_fact_of_absorbed_persons_is_with_the_standing_one(
    made: MadeDatabase, people: list[list[Row]], order: object
) -> None:
    with index_of(made, people) as (connection, persons):
        pairs = list(itertools.permutations(persons, 2))
        order.shuffle(pairs)  # type: ignore[attr-defined]
        try_merges(connection, pairs)
        for table in ("people_recordclaim", "vaccination_dose", "lab_tests_test", "people_identifier"):
            astray = connection.execute(
                f"SELECT count(*) FROM {table} t JOIN people_person p ON p.id = t.person_id"
                " WHERE p.merged_into_id IS NOT NULL"
            ).fetchone()
            assert astray == (0,), table
        disagreeing = connection.execute(
            "SELECT count(*) FROM people_recordclaim c WHERE person_id IS DISTINCT FROM"
            " (SELECT l.person_id FROM people_link l WHERE l.record_id = c.record_id ORDER BY l.id DESC LIMIT 1)"
        ).fetchone()
        assert disagreeing == (0,)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROWS, min_size=2, max_size=4), data=st.data())
def test_merging_a_split_person_back_restores_the_person(
    made: MadeDatabase, rows: list[Row], data: st.DataObject
) -> None:
    from pccovid.people.operations import VerifiedIdsDiffer, merge_people, split_person

    with index_of(made, [rows]) as (connection, [person]):
        records = [UUID(int=person.int * 1000 + number) for number in range(1, len(rows) + 1)]
        chosen = data.draw(st.lists(st.sampled_from(records), min_size=1, max_size=len(records) - 1, unique=True))
        before = everything(connection)
        opened = split_person(connection, person=person, records=chosen, reason="not theirs", by="test", now=NOW)
        with_opened = {
            row[0]
            for row in connection.execute("SELECT record_id FROM people_recordclaim WHERE person_id = %s", [opened])
        }
        assert with_opened == set(chosen)
        try:
            merge_people(connection, kept=person, absorbed=opened, reason="theirs", by="test", now=NOW)
        except VerifiedIdsDiffer:
            return
        after = everything(connection)
        after["people_person"] = [row for row in after["people_person"] if str(opened) not in row.split(",")[0]]
        if _verified_at_most_once(rows):
            assert after == before


def _verified_at_most_once(rows: list[Row]) -> bool:
    return len({row.personal_id for row in rows if row.id_verified and row.personal_id}) <= 1


AN = Row("vneid", "001090000001", True, "0120000001", "0912000001", "Nguyễn Văn An", date(1990, 5, 17), None)
BINH = AN._replace(personal_id="001090000002")
UNKNOWN = AN._replace(system="ncovi", personal_id=None, id_verified=False)


def merge(connection: psycopg.Connection, kept: UUID, absorbed: UUID) -> int:
    from pccovid.people.operations import merge_people

    return merge_people(connection, kept=kept, absorbed=absorbed, reason="same", by="test", now=NOW)


def undo(connection: psycopg.Connection, number: int) -> None:
    from pccovid.people.operations import undo_merge

    undo_merge(connection, merge=number, by="test", now=NOW)


def _itself(connection: psycopg.Connection, persons: list[UUID]) -> None:
    merge(connection, persons[0], persons[0])


def _two_verified(connection: psycopg.Connection, persons: list[UUID]) -> None:
    merge(connection, persons[0], persons[1])


def _absorbed_again(connection: psycopg.Connection, persons: list[UUID]) -> None:
    merge(connection, persons[0], persons[2])
    merge(connection, persons[1], persons[2])


def _into_absorbed(connection: psycopg.Connection, persons: list[UUID]) -> None:
    merge(connection, persons[0], persons[2])
    merge(connection, persons[2], persons[3])


def _nobody(connection: psycopg.Connection, persons: list[UUID]) -> None:
    merge(connection, persons[0], UUID(int=99))


def _undone_twice(connection: psycopg.Connection, persons: list[UUID]) -> None:
    number = merge(connection, persons[0], persons[2])
    undo(connection, number)
    undo(connection, number)


def _undone_before_later(connection: psycopg.Connection, persons: list[UUID]) -> None:
    number = merge(connection, persons[2], persons[3])
    merge(connection, persons[0], persons[2])
    undo(connection, number)


def _undone_after_split(connection: psycopg.Connection, persons: list[UUID]) -> None:
    from pccovid.people.operations import split_person

    number = merge(connection, persons[0], persons[2])
    moved = [UUID(int=persons[2].int * 1000 + 1)]
    split_person(connection, person=persons[0], records=moved, reason="x", by="test", now=NOW)
    undo(connection, number)


def _unknown_merge(connection: psycopg.Connection, persons: list[UUID]) -> None:
    undo(connection, 999_999)


def _split_everything(connection: psycopg.Connection, persons: list[UUID]) -> None:
    from pccovid.people.operations import split_person

    records = [UUID(int=persons[0].int * 1000 + 1)]
    split_person(connection, person=persons[0], records=records, reason="x", by="test", now=NOW)


@pytest.mark.parametrize(
    ("attempt", "error"),
    [(_itself, "SamePersonTwice"), (_two_verified, "VerifiedIdsDiffer"), (_absorbed_again, "PersonIsAbsorbed"),
     (_into_absorbed, "PersonIsAbsorbed"), (_nobody, "PersonUnknown"), (_undone_twice, "MergeAlreadyUndone"),
     (_undone_before_later, "LaterMergeStands"), (_undone_after_split, "RecordsHaveMovedOn"),
     (_unknown_merge, "MergeUnknown"), (_split_everything, "SplitRefused")],
)  # fmt: skip
def test_what_cannot_be_merged_or_undone_is_refused_by_its_name(
    made: MadeDatabase, attempt: Callable[[psycopg.Connection, list[UUID]], None], error: str
) -> None:
    from pccovid.people import operations

    with (
        index_of(made, [[AN], [BINH], [UNKNOWN], [UNKNOWN]]) as (connection, persons),
        pytest.raises(getattr(operations, error)),
    ):
        attempt(connection, persons)


def test_an_import_that_is_running_keeps_merges_out(made: MadeDatabase) -> None:
    from pccovid.carry_over.jobs import only_import
    from pccovid.people.operations import IndexIsBusy

    with (
        only_import(made.url("jobs")),
        index_of(made, [[AN], [UNKNOWN]]) as (connection, persons),
        pytest.raises(IndexIsBusy),
    ):
        merge(connection, persons[0], persons[1])


@pytest.mark.parametrize("lot", ["FA5960", "fa5960", " FA-5960"])
def test_doses_of_merged_persons_are_compared_and_their_marks_taken_back(made: MadeDatabase, lot: str) -> None:
    first = AN._replace(dose_day=date(2021, 8, 1))
    second = UNKNOWN._replace(dose_day=date(2021, 8, 2), lot=lot)
    with index_of(made, [[first], [second]]) as (connection, persons):
        marked = "SELECT count(*) FROM vaccination_dose WHERE duplicate_of IS NOT NULL"
        number = merge(connection, persons[0], persons[1])
        assert connection.execute(marked).fetchone() == (1,)
        undo(connection, number)
        assert connection.execute(marked).fetchone() == (0,)
