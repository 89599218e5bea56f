"""One record asked of the index gets the answer that an import would give if the record came alone."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from carry_over_importing import NOW, import_delivery
from conftest import MadeDatabase, database_from
from integration.carry_over.delivered_alone import answer_of_an_import, take_out
from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.match_lines import match_lines
from pccovid.carry_over.matching import NEEDS_IMPORT, TOO_MANY, MatchableIndex
from pccovid.carry_over.statements import CLAIM_FIELDS
from pccovid.linkage.claim import Claim
from pccovid.linkage.model import default_model
from pccovid.linkage.one_record.nodes import Row
from pccovid.sandbox.nation import create

PEOPLE, SEED, RECORDS = 400, 11, 8


@pytest.fixture(scope="module")
def imported(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeDatabase:
    folder = tmp_path_factory.mktemp("nation")
    create(people=PEOPLE, seed=SEED, out=folder)
    made = database_from(prepared_url, home)
    import_delivery(made, folder / "exports", folder / "work")
    return made


@pytest.fixture
def connection(imported: MadeDatabase) -> Iterator[psycopg.Connection]:
    with imported.connect("jobs") as jobs:
        yield jobs
        jobs.rollback()


def records_of(connection: psycopg.Connection, where: str) -> list[str]:
    open_carry_over(connection)
    rows = connection.execute(f"SELECT record FROM people_recordclaim WHERE NOT is_about_nobody AND {where}")
    found = sorted(record for (record,) in rows)
    connection.rollback()
    return found


def as_arriving(connection: psycopg.Connection, record: str) -> Row:
    """The record with readable numbers, as a reader of its source would hand it over."""
    index = MatchableIndex(connection)
    row = connection.execute(
        f"SELECT {', '.join(CLAIM_FIELDS)}, sealed FROM people_recordclaim WHERE record = %s", [record]
    ).fetchone()
    assert row is not None
    return Row(record, None, index.surroundings.opened(row[:-1], row[-1]))


def both_answers(connection: psycopg.Connection, record: str, work: Path) -> tuple[tuple, tuple, str]:  # type: ignore[type-arg]
    """(match_one's, the import's, how match_one came by it) for a record taken out of the index; undone afterwards."""
    open_carry_over(connection)
    arriving = as_arriving(connection, record)
    take_out(connection, record)
    match = MatchableIndex(connection).match_one(arriving)
    line = answer_of_an_import(connection, record, work)
    connection.rollback()
    mine = (match.decision, match.person, match.cluster, match.reason, match.weight, match.evidence)
    evidence = json.loads(line["evidence"]) if line["evidence"] else None
    return mine, (*(line[name] for name in ("decision", "person", "cluster", "reason", "weight")), evidence), match.by


def test_records_of_a_made_nation_get_the_imports_answer(connection: psycopg.Connection, tmp_path: Path) -> None:
    linked = random.Random(SEED).sample(records_of(connection, "person_id IS NOT NULL"), RECORDS)
    thin = records_of(connection, "birth_date IS NULL AND coalesce(phone, account) IS NOT NULL")
    linked += random.Random(SEED).sample(thin, RECORDS // 2)
    held = random.Random(SEED).sample(records_of(connection, "person_id IS NULL"), RECORDS // 4)
    decisions: Counter[str] = Counter()
    for record in linked + held:
        mine, imports, by = both_answers(connection, record, tmp_path)
        assert mine == imports, record
        decisions[f"{by} {mine[0]}"] += 1
    assert decisions["quick held"] > 0
    assert decisions["quick exact"] + decisions["quick probabilistic"] > 0


def _two_people(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """(person, a record of theirs) of two people known by name, birthday and citizen number, with a phone."""
    return connection.execute(
        "SELECT DISTINCT ON (person_id) person_id::text, record FROM people_recordclaim WHERE person_id IS NOT NULL"
        " AND personal_id IS NOT NULL AND phone IS NOT NULL AND birth_precision = 'day' AND commune_code IS NOT NULL"
        " ORDER BY person_id, record LIMIT 2"
    ).fetchall()


def test_a_namesake_behind_the_other_phone_of_whom_a_visit_fits_is_found(connection: psycopg.Connection) -> None:
    open_carry_over(connection)
    (one, mine), (father, his) = _two_people(connection)
    arriving = as_arriving(connection, mine)
    visit = Row("qr:qr_visits:new", None, Claim(
        name=arriving.claim.name, name_full=arriving.claim.name_full, name_key=arriving.claim.name_key,
        name_sorted=arriving.claim.name_sorted, phone=arriving.claim.phone,
    ))  # fmt: skip

    def found() -> set[str | None]:
        return {row.person for row in MatchableIndex(connection).surroundings.around(visit).rows}

    connection.execute(
        "UPDATE people_recordclaim c SET name_sorted = o.name_sorted, phone = 'no phone', commune_code = NULL"
        " FROM people_recordclaim o WHERE c.person_id = %s AND o.record = %s", [father, mine],
    )  # fmt: skip
    assert one in found()
    assert father not in found()
    # Another record of the first has the father's phone; or the father has the first one's house.
    (other,) = connection.execute(
        "UPDATE people_recordclaim SET phone = 'no phone', name_sorted = %s WHERE record = (SELECT min(record)"
        " FROM people_recordclaim WHERE person_id = %s AND record <> %s) RETURNING record",
        [arriving.claim.name_sorted, one, mine],
    ).fetchone() or ("",)
    assert {one, father} <= found()
    connection.execute("UPDATE people_recordclaim SET phone = NULL WHERE record = %s", [other])
    assert father not in found()
    connection.execute(
        "UPDATE people_recordclaim c SET address = 'to 5', commune_code = o.commune_code FROM people_recordclaim o"
        " WHERE o.record = %s AND c.record IN (%s, o.record)", [mine, his],
    )  # fmt: skip
    assert {one, father} <= found()


def test_under_whose_number_the_owner_of_its_account_stands_is_found(connection: psycopg.Connection) -> None:
    open_carry_over(connection)
    (owner, account), (child, row) = _two_people(connection)
    dose = Row("sskdt:sskdt_doses:new", None, Claim(account=account))

    def found() -> set[str | None]:
        return {one.person for one in MatchableIndex(connection).surroundings.around(dose).rows}

    assert owner in found()
    assert child not in found()
    connection.execute(
        "UPDATE people_recordclaim c SET personal_id = o.personal_id, sealed = o.sealed FROM people_recordclaim o"
        " WHERE c.record = %s AND o.record = %s", [row, account],
    )  # fmt: skip
    assert {owner, child} <= found()


def test_corrections_take_no_part_as_in_an_import(connection: psycopg.Connection, tmp_path: Path) -> None:
    open_carry_over(connection)
    ((records,),) = connection.execute("""
        SELECT array_agg(record ORDER BY record) FROM people_recordclaim WHERE personal_id IS NOT NULL
        GROUP BY person_id HAVING count(*) > 2 ORDER BY person_id LIMIT 1""").fetchall()
    arriving = as_arriving(connection, records[0])
    connection.execute("UPDATE people_recordclaim SET system = 'correction' WHERE record = %s", [records[1]])
    around = {row.record for row in MatchableIndex(connection).surroundings.around(arriving).rows}
    assert records[1] not in around
    assert set(records[2:]) <= around
    take_out(connection, records[0])
    match = MatchableIndex(connection).match_one(arriving)
    line = answer_of_an_import(connection, records[0], tmp_path)
    assert (match.person, match.weight) == (line["person"], line["weight"])


def test_the_model_in_force_judges(connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    record = records_of(connection, "personal_id IS NOT NULL AND person_id IS NOT NULL")[0]
    open_carry_over(connection)
    arriving = as_arriving(connection, record)._replace(record="asked:line:1")
    shipped = MatchableIndex(connection).match_one(arriving)
    levels = default_model().levels
    sure = replace(levels["personal_id"]["same"], u=levels["personal_id"]["same"].u / 1024)
    model = replace(default_model(), levels={**levels, "personal_id": {**levels["personal_id"], "same": sure}})
    monkeypatch.setattr("pccovid.carry_over.matching.model_told", lambda _: model)
    other = MatchableIndex(connection).match_one(arriving)
    assert shipped.weight is not None
    assert other.weight == pytest.approx(shipped.weight + 10)


def test_every_key_is_sought_by_an_index_and_the_table_is_never_read_whole(connection: psycopg.Connection) -> None:
    record = records_of(connection, "personal_id IS NOT NULL AND commune_code IS NOT NULL")[0]
    open_carry_over(connection)
    arriving = as_arriving(connection, record)
    # A table of a few thousand rows is read whole sooner than one of millions; the plan kept is for any values.
    connection.execute("SET LOCAL enable_seqscan = off")
    MatchableIndex(connection).surroundings.candidates(arriving)
    name, parameters = connection.execute(
        "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements WHERE statement LIKE '-- Everybody%%'"
    ).fetchone()  # type: ignore[misc]
    given = ", ".join(["NULL"] * parameters)
    plan = "\n".join(line for (line,) in connection.execute(f'EXPLAIN EXECUTE "{name}"({given})'))  # type: ignore[arg-type]
    assert "Seq Scan on people_recordclaim" not in plan
    for index in ("by_personal_id", "by_old_id", "by_passport", "by_insurance", "by_qid", "by_phone", "by_name_birth",
                  "by_birth_place", "by_name_place", "by_account", "held_by_code", "by_person"):  # fmt: skip
        assert f"recordclaim_{index}" in plan, index


def test_more_neighbours_than_may_be_read_leave_the_record_to_an_import(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pccovid.carry_over.around_one.MOST_AROUND", 3)
    phone = records_of(connection, "phone IN (SELECT phone FROM people_recordclaim GROUP BY phone HAVING count(*) > 9)")
    open_carry_over(connection)
    arriving = as_arriving(connection, phone[0])._replace(record="asked:line:1")
    match = MatchableIndex(connection).match_one(arriving)
    assert (match.decision, match.person, match.reason) == (NEEDS_IMPORT, None, TOO_MANY)


def test_nothing_is_found_without_an_opened_access(connection: psycopg.Connection) -> None:
    record = records_of(connection, "personal_id IS NOT NULL")[0]
    open_carry_over(connection)
    arriving = as_arriving(connection, record)._replace(record="asked:line:1")
    assert MatchableIndex(connection).match_one(arriving).person is not None
    connection.rollback()
    assert MatchableIndex(connection).match_one(arriving).person is None


def test_lines_are_answered_one_by_one_and_persons_told_stand_in_the_log(
    imported: MadeDatabase, connection: psycopg.Connection
) -> None:
    record = records_of(connection, "system = 'vneid' AND personal_id IS NOT NULL")[0]
    open_carry_over(connection)
    claim = as_arriving(connection, record).claim
    connection.rollback()
    assert claim.birth_date is not None
    known = {"record_id": "a", "full_name": claim.name, "birth_date": claim.birth_date.isoformat(),
             "national_id": claim.personal_id}  # fmt: skip
    stranger = {"record_id": "b", "full_name": "Xaver Unbekannt", "birth_date": "05/03/1931", "phone": "0999999999"}
    lines = [json.dumps(known), "", "no JSON", json.dumps(stranger), "[1]"]
    answers = list(match_lines(connection, lines, now=NOW))
    assert [one["decision"] for one in answers] == ["exact", "unreadable", "new", "unreadable"]
    assert answers[0]["record_id"] == "a"
    assert answers[0]["evidence"]["personal_id"]["level"] == "same"
    with imported.connect("owner") as owner:
        told = owner.execute(
            "SELECT d.person_id::text, l.purpose, l.actor FROM access.disclosure d JOIN access.log l ON l.id = d.log_id"
        ).fetchall()
    assert told == [(answers[0]["person"], "carry_over", "carry_over")]
