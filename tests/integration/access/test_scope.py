"""Whose rows a scope reaches: guardians until a child is of age, areas across the reform, merged records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from pccovid.foundation.access import open_for_job
from pccovid.people.operations import merge_people, undo_merge

PARENT, CHILD, STRANGER = UUID(int=11), UUID(int=12), UUID(int=13)
NOW = datetime.now(UTC)
OLD, NEIGHBOUR, NEW = "00001", "00004", "2025:00097"
"""Phường Phúc Xá and Phường Trúc Bạch of 2021, and the ward of 2025 that took over the first."""


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    return database_from(prepared_url, home)


@pytest.fixture
def owner(made: MadeDatabase) -> Iterator[psycopg.Connection]:
    """The owner of the database, who empties the index after each test."""
    with made.connect("owner", autocommit=True) as connection:
        yield connection
        connection.execute(
            "TRUNCATE people_person, people_recordclaim, people_relationship, people_merge, people_link,"
            " access.appointment CASCADE"
        )


def add_person(
    owner: psycopg.Connection, person: UUID, *, birth: date | None = None, precision: str = "day",
    commune: str | None = None, district: str | None = None, province: str | None = None,
) -> UUID:  # fmt: skip
    """A person with one source record; returns the record."""
    record = uuid4()
    owner.execute(
        "INSERT INTO people_person (id, birth_date, birth_precision, commune_code, district_code, province_code,"
        " is_identity_verified, attribute_sources, created_at) VALUES (%s, %s, %s, %s, %s, %s, false, '{}', now())",
        [person, birth, precision, commune, district, province],
    )
    owner.execute(
        "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
        " person_id, is_about_nobody, id_verified, phone_is_own, flags)"
        " VALUES (%s, %s, 'vneid', 'vneid', %s, '', 1, %s, false, false, true, '{}')",
        [record, str(record), uuid4(), person],
    )
    return record


def add_relation(owner: psycopg.Connection, child: UUID, other_record: UUID, *, kind: str = "guardian",
                 provenance: str = "official", superseded: bool = False) -> None:  # fmt: skip
    owner.execute(
        "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, superseded_at, kind, other_system, other_kind, other_key, other_record_id)"
        " VALUES (gen_random_uuid(), %s, gen_random_uuid(), gen_random_uuid(), 'vneid', %s, now(), %s, %s, 'vneid',"
        " 'vneid', 'x', %s)",
        [child, provenance, NOW if superseded else None, kind, other_record],
    )


def seen_as_own(made: MadeDatabase, person: UUID) -> set[UUID]:
    with made.connect("web") as web:
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            [str(person), person],
        )
        return {row[0] for row in web.execute("SELECT id FROM people_person")}


def years_ago(years: int, *, and_days: int = 0) -> date:
    """The day so many years before today in Viet Nam, and some days earlier or (negative) later."""
    today = (NOW + timedelta(hours=7)).date()
    try:
        return today.replace(year=today.year - years) - timedelta(days=and_days)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28) - timedelta(days=and_days)


def test_a_guardian_sees_the_childs_record_until_the_day_it_turns_eighteen(
    made: MadeDatabase, owner: psycopg.Connection
) -> None:
    parents_record = add_person(owner, PARENT)
    add_person(owner, STRANGER)
    add_person(owner, CHILD, birth=years_ago(18, and_days=-1))
    add_relation(owner, CHILD, parents_record)
    assert seen_as_own(made, PARENT) == {PARENT, CHILD}
    assert seen_as_own(made, STRANGER) == {STRANGER}
    assert seen_as_own(made, CHILD) == {CHILD}
    owner.execute("UPDATE people_person SET birth_date = %s WHERE id = %s", [years_ago(18), CHILD])
    assert seen_as_own(made, PARENT) == {PARENT}


@pytest.mark.parametrize(
    ("birth", "precision", "is_seen"),
    [(date(NOW.year - 18, 1, 1), "year", False), (date(NOW.year - 17, 1, 1), "year", True), (None, None, False)],
)
def test_where_the_birthday_is_not_known_the_earliest_one_counts(
    made: MadeDatabase, owner: psycopg.Connection, birth: date | None, precision: str, is_seen: bool
) -> None:
    parents_record = add_person(owner, PARENT)
    add_person(owner, CHILD, birth=birth, precision=precision)
    add_relation(owner, CHILD, parents_record)
    assert (CHILD in seen_as_own(made, PARENT)) == is_seen


@pytest.mark.parametrize(
    "relation", [{"kind": "declared"}, {"kind": "household"}, {"provenance": "self_declared"}, {"superseded": True}]
)
def test_declaring_for_a_child_or_claiming_to_be_its_guardian_opens_nothing(
    made: MadeDatabase, owner: psycopg.Connection, relation: dict[str, object]
) -> None:
    parents_record = add_person(owner, PARENT)
    add_person(owner, CHILD, birth=years_ago(5))
    add_relation(owner, CHILD, parents_record, **relation)  # type: ignore[arg-type]
    assert seen_as_own(made, PARENT) == {PARENT}


def test_the_log_names_the_children_whose_records_were_open(made: MadeDatabase, owner: psycopg.Connection) -> None:
    parents_record = add_person(owner, PARENT)
    add_person(owner, CHILD, birth=years_ago(5))
    add_relation(owner, CHILD, parents_record)
    seen_as_own(made, PARENT)
    with made.connect("web") as web:
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            [str(PARENT), PARENT],
        )
    scope = owner.execute("SELECT actor, scope_persons FROM access.log ORDER BY id DESC LIMIT 1").fetchone()
    assert scope == (str(PARENT), [PARENT, CHILD])


def seen_by_officer(made: MadeDatabase, owner: psycopg.Connection, appointed: str, scope: str) -> set[UUID]:
    owner.execute(
        "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, appointed_by)"
        " VALUES (7, 'health_station', %s, 'Trạm thử', now() - interval '1 day', 'test')",
        [appointed],
    )
    with made.connect("web") as web:
        web.execute("SELECT access.open('officer', '7', 'health_station', 'care', 'test', 'area', '{}', %s)", [scope])
        return {row[0] for row in web.execute("SELECT id FROM people_person")}


@pytest.fixture
def neighbours(owner: psycopg.Connection) -> tuple[UUID, UUID, UUID]:
    """One person of the old commune, one of its neighbour, one of whom only the province is known."""
    where = {"district": "001", "province": "01"}
    add_person(owner, PARENT, commune=OLD, **where)  # type: ignore[arg-type]
    add_person(owner, CHILD, commune=NEIGHBOUR, **where)  # type: ignore[arg-type]
    add_person(owner, STRANGER, province="01")
    return PARENT, CHILD, STRANGER


def test_an_officer_of_a_commune_of_2021_sees_its_people_after_the_reform_and_no_others(
    made: MadeDatabase, owner: psycopg.Connection, neighbours: tuple[UUID, UUID, UUID]
) -> None:
    assert seen_by_officer(made, owner, OLD, OLD) == {PARENT}
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no appointment"):
        seen_by_officer(made, owner, OLD, NEW)


def test_an_officer_of_the_new_unit_sees_the_people_of_every_commune_that_went_into_it(
    made: MadeDatabase, owner: psycopg.Connection, neighbours: tuple[UUID, UUID, UUID]
) -> None:
    into = {code for (code,) in owner.execute("SELECT code FROM access.area WHERE %s = ANY (lies_in)", [NEW])}
    expected = {PARENT} | ({CHILD} if NEIGHBOUR in into else set())
    assert {OLD, NEW} <= into
    assert seen_by_officer(made, owner, NEW, NEW) == expected
    assert seen_by_officer(made, owner, NEW, OLD) == {PARENT}


def test_an_officer_of_a_province_of_the_reform_sees_all_its_former_provinces(
    made: MadeDatabase, owner: psycopg.Connection, neighbours: tuple[UUID, UUID, UUID]
) -> None:
    assert seen_by_officer(made, owner, "2025:01", "2025:01") == set(neighbours)


def test_a_code_of_2021_never_means_the_territory_that_bears_it_since_the_reform(
    made: MadeDatabase, owner: psycopg.Connection
) -> None:
    reused = owner.execute(
        "SELECT old.code, old.lies_in[2], old.lies_in[1] FROM access.area old JOIN access.area new"
        " ON new.code = '2025:' || old.code WHERE length(old.code) = 5 AND NOT new.code = ANY (old.lies_in)"
        " ORDER BY 1 LIMIT 1"
    ).fetchone()
    assert reused is not None
    commune, district, province = reused
    add_person(owner, PARENT, commune=commune, district=district, province=province)
    assert seen_by_officer(made, owner, f"2025:{commune}", f"2025:{commune}") == set()
    assert seen_by_officer(made, owner, commune, commune) == {PARENT}


def test_nobody_can_ask_where_a_person_lives_without_an_access_to_that_area(
    made: MadeDatabase, owner: psycopg.Connection, neighbours: tuple[UUID, UUID, UUID]
) -> None:
    with made.connect("web", autocommit=True) as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("SELECT access.person_lies_in(%s, '01')", [PARENT])
        assert web.execute("SELECT access.lives_in_area_seen(%s, '01')", [PARENT]).fetchone() == (False,)


def looks_at(made: MadeDatabase, person: UUID) -> list[str]:
    """The cases under which others looked, as the person reads them."""
    with made.connect("web") as web:
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            [str(person), person],
        )
        return [row[0] for row in web.execute("SELECT case_reference FROM access.who_looked(%s)", [person])]


def look(made: MadeDatabase, person: UUID, case: str) -> None:
    with made.connect("web") as web:
        web.execute(
            "SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'test', 'person', %s::uuid[], NULL, %s)",
            [[person], case],
        )
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[person]])


def test_after_a_merge_the_person_reads_both_logs_and_after_its_undoing_each_their_own(
    made: MadeDatabase, owner: psycopg.Connection
) -> None:
    owner.execute(
        "INSERT INTO access.appointment (officer_id, role, office, valid_from, appointed_by)"
        " VALUES (7, 'tracer', 'CDC', now() - interval '1 day', 'test')"
    )
    one, other = uuid4(), uuid4()
    add_person(owner, one)
    add_person(owner, other)
    look(made, one, "vụ một")
    look(made, other, "vụ hai")
    assert looks_at(made, one) == ["vụ một"]
    with made.connect("jobs") as jobs:
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis="test")
        merge = merge_people(jobs, kept=one, absorbed=other, reason="test", by="test", now=NOW)
    assert looks_at(made, one) == ["vụ hai", "vụ một"]
    with made.connect("jobs") as jobs:
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis="test")
        undo_merge(jobs, merge=merge, by="test", now=NOW)
    assert looks_at(made, one) == ["vụ một"]
    assert looks_at(made, other) == ["vụ hai"]


def test_no_reading_can_be_told_to_the_log_that_the_context_did_not_allow(
    made: MadeDatabase, owner: psycopg.Connection
) -> None:
    add_person(owner, PARENT)
    with made.connect("web") as web:
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            [str(PARENT), PARENT],
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not in sight"):
            web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[STRANGER]])
