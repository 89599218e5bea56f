"""One record asked of the index gets the answer that an import would give if the record came alone."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from
from integration.carry_over.delivered_alone import answer_of_an_import, take_out
from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.matching import NEEDS_IMPORT, MatchableIndex, matching
from pccovid.carry_over.statements import CLAIM_FIELDS
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.nodes import Row
from pccovid.sandbox.nation import create

PEOPLE, SEED, RECORDS = 400, int(os.environ.get('T_SEED','11')), int(os.environ.get('T_RECORDS','12'))


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
    return Row(record, None, index.surroundings._claim(row[:-1], row[-1]))


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


def test_every_record_of_a_made_nation_gets_the_imports_answer(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    linked = random.Random(SEED).sample(records_of(connection, "person_id IS NOT NULL"), RECORDS)
    held = random.Random(SEED).sample(records_of(connection, "person_id IS NULL"), RECORDS // 5)
    decisions = Counter()
    for record in linked + held:
        mine, imports, by = both_answers(connection, record, tmp_path)
        if mine != imports: print('DIFF', record, mine, imports); decisions['BAD',''] += 1
        decisions[by, mine[0]] += 1
    print(decisions); assert not decisions['BAD','']
    assert decisions["quick", "exact"] and decisions["quick", "probabilistic"] and decisions["quick", "held"]
