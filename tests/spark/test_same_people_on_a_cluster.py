"""On a Spark master and two workers, each a process on loopback, everybody becomes the person they are on DuckDB."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyarrow.parquet import read_table

from pccovid.config.benches.spark_cluster import SparkCluster, descendants, spark_cluster
from pccovid.linkage.engine import Limits, LinkOutcome, link_into
from pccovid.relinking.deliveries import claims_of_delivery
from pccovid.sandbox.nation import create

pytestmark = [pytest.mark.slow, pytest.mark.spark]
pytest.importorskip("pyspark", reason="pyspark is an extra: `make spark-env` installs it")

_NODES_OF_A_PART = 400


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    create(people=400, seed=33, out=folder)
    return claims_of_delivery(folder, folder / "work", today=date(2021, 12, 31), memory="300MB")


@pytest.fixture(scope="module")
def on_duckdb(claims: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkOutcome[Path]:
    return link_into(tmp_path_factory.mktemp("duckdb"), claims, limits=Limits(threads=1))


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkCluster]:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    folder = tmp_path / "cluster"
    folder.mkdir()
    with spark_cluster(folder, workers=2) as started:
        yield started


def linked_on(cluster: SparkCluster, claims: Path, folder: Path) -> LinkOutcome[Path]:
    limits = Limits(
        threads=1, temp_directory=folder, most_nodes=_NODES_OF_A_PART, spark_master=cluster.master
    )  # fmt: skip
    return link_into(folder, claims, limits=limits)


def assert_same(one: LinkOutcome[Path], other: LinkOutcome[Path]) -> None:
    for name in ("assignments", "review", "merges"):
        mine, yours = (read_table(getattr(outcome, name)).to_pylist() for outcome in (one, other))
        assert sorted(map(repr, mine)) == sorted(map(repr, yours))
    assert one.counts == other.counts


def test_clusters_evidence_and_review_are_those_of_duckdb(
    cluster: SparkCluster, claims: Path, on_duckdb: LinkOutcome[Path], tmp_path: Path
) -> None:
    on_spark = linked_on(cluster, claims, tmp_path)
    assert len(read_table(on_spark.assignments)) > 2_000
    assert on_spark.counts["probabilistic"] > 500
    assert_same(on_spark, on_duckdb)
    assert not list(tmp_path.glob("spark-*")), "people's records stayed behind in the shared folder"


@pytest.mark.parametrize("when", ["pairs/_temporary", "parts/*.left"])
def test_a_worker_killed_in_the_middle_does_not_lose_the_job(
    cluster: SparkCluster, claims: Path, on_duckdb: LinkOutcome[Path], tmp_path: Path, when: str
) -> None:
    """Killed while pairs are compared, and while parts are clustered."""
    killed: list[int] = []

    def kill_when_it_works() -> None:
        # Whichever it is: on a busy machine one worker may have done everything before the other has started.
        until, working = time.monotonic() + 300, list[int]()
        while time.monotonic() < until and not working:
            if list(tmp_path.glob(f"spark-*/{when}")):
                working = [n for n, one in enumerate(cluster.workers) if len(descendants(one.pid)) > 1]
            time.sleep(0.02)
        killed.append(cluster.kill_worker(working[0] if working else 0))

    killer = threading.Thread(target=kill_when_it_works, daemon=True)
    killer.start()
    on_spark = linked_on(cluster, claims, tmp_path)
    assert not killer.is_alive()
    # The executor and the Python processes it had started for this very work.
    assert killed[0] >= 2
    assert_same(on_spark, on_duckdb)


def test_one_setting_makes_a_stewards_file_go_to_the_cluster(
    cluster: SparkCluster, claims: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    names = ("Nguyễn Văn An", "Trần Thị Bưởi", "Lê Hồng Phúc", "Phạm Quỳnh Mai")
    lines = [f"{n},{names[n % 4]},{1 + n % 28:02}/03/19{60 + n // 4 % 30},09{10000000 + n // 2}" for n in range(80)]
    people.write_text("record_id,full_name,birth_date,phone\n" + "\n".join(lines), encoding="utf-8")
    answers = []
    for name, master in (("duckdb", ""), ("spark", cluster.master)):
        out = tmp_path / f"{name}.csv"
        done = subprocess.run(
            [Path(sys.executable).parent / "pccovid", "linkage", "dedupe", people, "--out", out],
            env={**os.environ, "PCCOVID_HOME": str(tmp_path / "home"), "PCCOVID_SPARK_MASTER": master},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        answers.append(out.read_text(encoding="utf-8"))
        assert ("spark" in done.stderr.lower()) is bool(master)
    assert answers[0] == answers[1]
