"""On a Spark master and two workers the same exposures and contacts are found as in the database, row for row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import database_from
from integration.contact_tracing.made_outbreak import CONTACTS, EXPOSURES, Outbreak, fill_of_every_kind
from pccovid.config.benches.spark_cluster import spark_cluster
from pccovid.contact_tracing.on_cluster import Lane
from pccovid.contact_tracing.operations import trace

pytestmark = [pytest.mark.slow, pytest.mark.spark]
pytest.importorskip("pyspark", reason="pyspark is an extra: `make spark-env` installs it")


@pytest.fixture
def outbreak(prepared_url: str, home: Path) -> Iterator[Outbreak]:
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        made_outbreak = Outbreak(made, owner)
        made_outbreak.empty()
        yield made_outbreak


def test_a_cluster_by_setting_finds_the_same_contacts_row_for_row(
    outbreak: Outbreak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    fill_of_every_kind(outbreak)
    # Cases are infectious until now, which must be the same moment for both.
    outbreak.owner.execute("INSERT INTO access.sandbox_day (day) VALUES (now())")
    outbreak.trace()
    ours = [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)]
    assert {row[1] for row in ours[0]} == {1, 2}
    assert len(ours[0]) > 300
    outbreak.owner.execute("TRUNCATE access.trace_exposure, access.trace_contact")
    outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
    folder = tmp_path / "cluster"
    folder.mkdir()
    with spark_cluster(folder, workers=2) as cluster, outbreak.made.connect("jobs", autocommit=True) as jobs:
        done = trace(jobs, lane=Lane(cluster.master, tmp_path / "shared", least_cases=1))
    assert (done.traced, done.contacts > 0, done.contacts_of_contacts > 0) == (6, True, True)
    assert [outbreak.rows(statement) for statement in (EXPOSURES, CONTACTS)] == ours
    assert not list((tmp_path / "shared").glob("spark-*")), "visits stayed behind in the shared folder"
