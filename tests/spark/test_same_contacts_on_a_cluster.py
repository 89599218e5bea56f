"""On a Spark master and two workers the same exposures and contacts are found as in the database, row for row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from conftest import database_from
from integration.contact_tracing.made_outbreak import Outbreak, ago
from pccovid.config.benches.spark_cluster import spark_cluster
from pccovid.contact_tracing.on_cluster import Lane
from pccovid.contact_tracing.operations import trace

pytestmark = [pytest.mark.slow, pytest.mark.spark]
pytest.importorskip("pyspark", reason="pyspark is an extra: `make spark-env` installs it")

_EXPOSURES = (
    "SELECT case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at, minutes, is_guessed,"
    " round(score::numeric, 12)"
    " FROM access.trace_exposure ORDER BY case_id, level, via_person, person_id, kind, subject, day"
)
_CONTACTS = (
    "SELECT case_id, person_id, level, exposures, first_at, last_at, round(score::numeric, 12)"
    " FROM access.trace_contact ORDER BY case_id, person_id"
)
_PLACES = ("CHỢ", 'NHÀ "A", LẦU 2', "BẾN\nXE", "QUÁN", "")


@pytest.fixture
def outbreak(prepared_url: str, home: Path) -> Iterator[Outbreak]:
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        made_outbreak = Outbreak(made, owner)
        made_outbreak.empty()
        yield made_outbreak


def fill(outbreak: Outbreak) -> list[UUID]:
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


def test_a_cluster_by_setting_finds_the_same_contacts_row_for_row(
    outbreak: Outbreak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    fill(outbreak)
    # Cases are infectious until now, which must be the same moment for both.
    outbreak.owner.execute("INSERT INTO access.sandbox_day (day) VALUES (now())")
    outbreak.trace()
    ours = [outbreak.rows(statement) for statement in (_EXPOSURES, _CONTACTS)]
    assert {row[1] for row in ours[0]} == {1, 2}
    assert len(ours[0]) > 300
    outbreak.owner.execute("TRUNCATE access.trace_exposure, access.trace_contact")
    outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
    folder = tmp_path / "cluster"
    folder.mkdir()
    with spark_cluster(folder, workers=2) as cluster, outbreak.made.connect("jobs", autocommit=True) as jobs:
        done = trace(jobs, lane=Lane(cluster.master, tmp_path / "shared", least_cases=1))
    assert (done.traced, done.contacts > 0, done.contacts_of_contacts > 0) == (6, True, True)
    assert [outbreak.rows(statement) for statement in (_EXPOSURES, _CONTACTS)] == ours
    assert not list((tmp_path / "shared").glob("spark-*")), "visits stayed behind in the shared folder"


def test_nobody_but_the_tracing_program_is_given_visits_for_a_cluster(outbreak: Outbreak) -> None:
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        for call in ("access.begin_trace('{1}')", "access.visits_for_cluster(current_date)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                jobs.execute(f"SELECT * FROM {call}")
