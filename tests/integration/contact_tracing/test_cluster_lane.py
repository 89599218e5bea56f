"""What a cluster is given, that nothing is locked while it looks, and what became of a case that changed meanwhile.

DuckDB stands where Spark would, with the very statement that Spark is given.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from integration.contact_tracing.made_outbreak import CONTACTS, EXPOSURES, Outbreak, ago, fill_of_every_kind
from pccovid.contact_tracing import on_cluster
from pccovid.contact_tracing.on_cluster import Lane
from pccovid.contact_tracing.operations import trace


class DuckCluster:
    """As much of a cluster and its session as the lane uses; `meanwhile` is called before it looks."""

    def __init__(self, folder: Path, meanwhile: Callable[[], None]) -> None:
        self.folder, self.meanwhile, self.lake, self.rows_given = folder, meanwhile, duckdb.connect(), 0
        self.session = self.read = self.write = self

    def uri(self, name: str) -> str:
        return str(self.folder / name)

    def divide_by(self, rows: int) -> None:
        pass

    def csv(self, uri: str, schema: str) -> DuckCluster:
        columns = ", ".join(f"'{one.split()[0]}': '{one.split()[1]}'" for one in schema.split(", "))
        self.given = (
            f"SELECT * FROM read_csv('{uri}/*.csv', header = false, auto_detect = false, delim = ',', columns = "
            f"{{{columns}}})"
        )
        return self

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802 - as Spark has it
        self.lake.execute(f"CREATE OR REPLACE TABLE {name} AS {self.given}")

    def sql(self, statement: str) -> DuckCluster:
        self.meanwhile()
        ((rows,),) = self.lake.execute("SELECT count(*) FROM visits").fetchall()
        self.rows_given += rows
        self.statement = statement
        return self

    def mode(self, _name: str) -> DuckCluster:
        return self

    def parquet(self, uri: str) -> None:
        Path(uri).mkdir(exist_ok=True)
        self.lake.execute(f"COPY ({self.statement}) TO '{uri}/found.parquet' (FORMAT parquet)")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DuckCluster:
    made = DuckCluster(tmp_path / "run", lambda: None)

    @contextlib.contextmanager
    def cluster_at(_master: str, _folder: Path) -> Iterator[Any]:
        made.folder.mkdir(exist_ok=True)
        yield made

    monkeypatch.setattr(on_cluster, "cluster_at", cluster_at)
    return made


def traced_afar(outbreak: Outbreak, folder: Path) -> Any:
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        return trace(jobs, lane=Lane("duck", folder, least_cases=1))


def test_the_lane_finds_what_the_database_finds_of_places_and_days_that_matter_alone(
    outbreak: Outbreak, cluster: DuckCluster, tmp_path: Path
) -> None:
    fill_of_every_kind(outbreak)
    for number in range(50):
        outbreak.visit(outbreak.person(100 + number), f"AFAR {number}", ago(3, 2), ago(3, 1))
    outbreak.owner.execute("INSERT INTO access.sandbox_day (day) VALUES (now())")
    outbreak.trace()
    ours = [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)]
    assert {row[1] for row in ours[0]} == {1, 2}
    outbreak.owner.execute("TRUNCATE access.trace_exposure, access.trace_contact")
    outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
    assert traced_afar(outbreak, tmp_path).traced == 6
    assert [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)] == ours
    assert not cluster.lake.execute("SELECT 1 FROM visits WHERE place LIKE 'x' || hex('AFAR'::BLOB) || '%'").fetchall()


def test_a_case_that_changes_while_the_cluster_looks_waits_for_the_next_pass(
    outbreak: Outbreak, cluster: DuckCluster, tmp_path: Path
) -> None:
    an, binh, cuc = (outbreak.person(number) for number in (1, 2, 3))
    for case, day in ((an, 3), (cuc, 4)):
        outbreak.test(case, ago(day))
    outbreak.visit(an, "CHỢ", ago(3.5), ago(3.4))
    outbreak.visit(cuc, "CHỢ", ago(3.5), ago(3.4))
    outbreak.visit(binh, "CHỢ", ago(3.5), ago(3.4))

    def edited() -> None:
        with outbreak.owner.transaction():
            outbreak.owner.execute("SET LOCAL lock_timeout = '5s'")
            outbreak.owner.execute("SELECT pg_advisory_xact_lock(hashtextextended('cases', 0))")  # nobody holds it
            outbreak.owner.execute(
                "UPDATE access.trace_case SET starts_at = starts_at - interval '1 day', traced_at = NULL"
                " WHERE person_id = %s", [an],
            )  # fmt: skip
        cluster.meanwhile = lambda: None

    cluster.meanwhile = edited
    done = traced_afar(outbreak, tmp_path)
    # Once both cases, then again the one that had changed.
    assert done.traced == 3
    assert outbreak.contacts(an).keys() == {binh, cuc}
    assert outbreak.contacts(cuc).keys() == {an, binh}
    assert outbreak.rows("SELECT 1 FROM access.trace_case WHERE traced_at IS NULL") == []


def test_nobody_but_the_tracing_program_is_given_visits_for_a_cluster(outbreak: Outbreak) -> None:
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        for call in ("access.cases_for_cluster('{1}')", "access.visits_for_cluster('{1}', 1, now(), now())"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                jobs.execute(f"SELECT * FROM {call}")
