"""Tracing against bare SQL that gives the same rows, in the same run: one case at a time, and a thousand, F1 and F2.

One case is found and returned: ours inside an opened access, beside it what opening, logging and writing add. A
thousand are found and written, by everybody: ours on as many connections as are set, and on one; bare PostgreSQL, which
writes with one process whatever is set, into tables with the same keys, into tables without any, and into tables that
are ours in everything but their name; bare DuckDB into its own file, told with and without the
seconds that fetching its copy of the visits takes. That all wrote the same rows is compared, not assumed
(trace_reference.py says what bare SQL may leave out). On a Spark cluster of this machine the same, if asked.
Beside seconds stand those that the server's process had a processor, which other work on the machine hardly changes.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import psycopg

from pccovid.config.benches import trace_reference as reference
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.config.benches.spark_cluster import spark_cluster
from pccovid.config.benches.trace_told import held_megabytes, percentiles, ratios_of
from pccovid.config.benches.trace_visits import fill_visits
from pccovid.contact_tracing.in_lanes import Lanes, trace_in_lanes, trace_these
from pccovid.contact_tracing.on_cluster import Lane, trace_on_cluster
from pccovid.foundation.access import open_for_job
from pccovid.foundation.environment import Environment
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.roles import JOBS, role_url
from pccovid.linkage.on_spark.session import cluster_at

_COPY = "CREATE TABLE bare_visit AS SELECT person_id, place_key, entered_at, left_at FROM movement_visit"
_SPANS = """
    CREATE TABLE bare_span AS SELECT id AS case_id, person_id, starts_at, least(ends_at, now()) AS ends_at,
        1.0::double precision AS weight FROM access.trace_case ORDER BY id
"""


# Both lanes' pages are read once beforehand: whose happen to lie on the disk still is chance.
_WARMED = """
    SELECT sum(pg_prewarm(c.oid, 'read')) FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.relkind IN ('r', 'i') AND coalesce(i.indrelid, c.oid) IN (
        SELECT p.relid FROM pg_partition_tree('movement_visit') p UNION ALL SELECT 'bare_visit'::regclass)
"""
_CAN_WARM = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_prewarm'"


def _unzoned(columns: str) -> str:
    """Moments without their zone: DuckDB would want another library to hand moments with one back."""
    return ", ".join(f"{name} AT TIME ZONE 'UTC' AS {name}" for name in columns.split(", "))


_FETCHED = {
    "bare_visit": ("person_id, place_key, " + _unzoned("entered_at, left_at"), "place_key, entered_at"),
    "bare_span": ("case_id, person_id, weight, " + _unzoned("starts_at, ends_at"), "case_id"),
}
_COLUMNS = (
    "case_id, level, via_person, person_id, subject, day, started_at, ended_at, minutes, round(score::numeric, 9)"
)
_APART = f"""
    SELECT (SELECT count(*) FROM (SELECT {_COLUMNS} FROM access.trace_exposure EXCEPT
                                  SELECT {_COLUMNS} FROM bare_exposure) q),
           (SELECT count(*) FROM (SELECT {_COLUMNS} FROM bare_exposure EXCEPT
                                  SELECT {_COLUMNS} FROM access.trace_exposure) q)
"""  # noqa: S608 - our own names
_COUNTS = """
    SELECT (SELECT count(*) FROM {0}exposure), (SELECT count(*) FROM {0}contact WHERE level = 1),
           (SELECT count(*) FROM {0}contact WHERE level = 2)
"""
_BATCH = 1_000


def run(
    owner_url: str, environment: Environment, *, visits: int, requests: int, repeat: int, cluster: bool = False,
    progress: Progress,
) -> dict[str, object]:  # fmt: skip
    """Both ways over `visits` made visits of two weeks; ratios are best bare time ÷ ours (above 1 ours is quicker)."""
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        fill_visits(url, visits, _BATCH, progress)
        lanes = Lanes(partial(_connect, role_url(url, JOBS, environment.home)), environment.tracing_lanes)
        bench = _Bench(url, lanes, Path(scratch), progress)
        one, batch = bench.one_by_one(requests), bench.all_at_once(repeat)
        memory = bench.peak_megabytes()
        further = {"cluster": bench.on_cluster()} if cluster else {}
    report: dict[str, object] = {
        "bench": "trace", "visits": visits, "cases": _BATCH, "repeat": repeat, "lanes": environment.tracing_lanes,
    }  # fmt: skip
    told = {"one_case": one, "batch": batch, "server_process_peak_mb": memory, "ratios": ratios_of(one, batch)}
    return report | told | further


class _Bench:
    """The scratch database with its cases, the bare copies beside it, and what is asked of all."""

    def __init__(self, url: str, lanes: Lanes, folder: Path, progress: Progress) -> None:
        self.progress, self.folder = progress, folder
        self.owner = psycopg.connect(url, autocommit=True)
        self.jobs = lanes.connect()
        for statement in (_COPY, reference.VISIT_INDEXES, _SPANS, "VACUUM ANALYZE bare_visit", "ANALYZE bare_span",
                          "VACUUM ANALYZE movement_visit"):  # fmt: skip
            self.owner.execute(statement)
        self.cases = [number for (number,) in self.owner.execute("SELECT case_id FROM bare_span ORDER BY 1")]
        self.parts = lanes.parts_of(self.cases)
        self.lanes = [self.jobs, *(lanes.connect() for _ in self.parts[1:])]
        self.lake = duckdb.connect(str(folder / "bare.duckdb"))
        self.lake.execute("SET threads = 2; SET TimeZone = 'UTC'; SET memory_limit = '2GB'")
        self.fetched = _timed(self._fetch)
        self._warm()
        progress("copies for the bare queries", 1.0)

    def _warm(self) -> None:
        if self.owner.execute(_CAN_WARM).fetchall():
            self.owner.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            self.owner.execute(_WARMED)

    def _fetch(self) -> None:
        """DuckDB's own copy, from where the visits are: COPY out, read in, sort."""
        for table, (columns, order) in _FETCHED.items():
            file = self.folder / f"{table}.csv"
            copying = f"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT csv, HEADER)"  # noqa: S608
            with self.owner.cursor().copy(copying) as copy, file.open("wb") as out:
                for piece in copy:
                    out.write(piece)
            self.lake.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{file}') ORDER BY {order}")  # noqa: S608
            file.unlink()

    def one_by_one(self, asked: int) -> dict[str, dict[str, float]]:
        """p50 and p99 of finding one case's F1, in milliseconds, ours and bare in turn; and of ours with all around."""
        times: dict[str, list[float]] = {
            name: [] for name in ("ours", "bare_postgresql", "bare_duckdb", "ours_opened_and_logged", "ours_written")
        }
        for number, case in enumerate(self.cases[:asked]):
            with self._opened_on(self.jobs):
                times["ours"].append(_timed(lambda one=case: self._find(one)))  # type: ignore[misc]
            times["bare_postgresql"].append(_timed(lambda one=case: self._bare_one(one)))  # type: ignore[misc]
            times["bare_duckdb"].append(_timed(lambda one=case: self._lake_one(one)))  # type: ignore[misc]
            times["ours_opened_and_logged"].append(_timed(lambda one=case: self._find_opened(one)))  # type: ignore[misc]
            times["ours_written"].append(_timed(lambda one=case: self._ours([one], second=False)))  # type: ignore[misc]
            self.progress("one case at a time", (number + 1) / asked)
        return {name: percentiles(each[asked // 10 :]) for name, each in times.items()}

    def all_at_once(self, repeat: int) -> dict[str, object]:
        """Seconds of a thousand cases written, F1 alone and with F2; medians, and whether rows are the same."""
        told: dict[str, object] = {"duckdb_fetch_seconds": self.fetched}
        for name, second in (("first", False), ("first_and_second", True)):
            times: dict[str, list[float]] = {}
            busy: dict[str, list[float]] = {}
            for number in range(repeat):
                for way, ready, work in self._ways(second):
                    ready()
                    before = self._busy(way)
                    times.setdefault(way, []).append(_timed(work))
                    busy.setdefault(way, []).append(self._busy(way) - before)
                self.progress(f"a thousand cases, {name}", (number + 1) / repeat)
            told[name] = {
                "seconds": {way: statistics.median(each) for way, each in times.items()},
                "processor_seconds": {way: statistics.median(each) for way, each in busy.items()},
            } | self._compared()
        return told

    def on_cluster(self) -> dict[str, object]:
        """Seconds of the same thousand on a Spark master with two workers here, and whether it wrote the same rows."""
        told: dict[str, object] = {}
        for name in ("spark", "shared"):
            (self.folder / name).mkdir()
        with spark_cluster(self.folder / "spark", workers=2) as cluster:
            lane = Lane(cluster.master, self.folder / "shared")
            told["starting_a_session"] = _timed(lambda: _started(lane))
            for name, second in (("first", False), ("first_and_second", True)):
                self._emptied()
                told[name] = _timed(lambda f2=second: trace_on_cluster(  # type: ignore[misc]
                    self.jobs, self.cases, lane, partial(self._opened_on, self.jobs), second=f2))  # fmt: skip
                self.progress(f"a thousand cases on a cluster, {name}", 1.0)
        (apart,) = self.owner.execute(_APART).fetchall()
        return told | {"only_cluster": apart[0], "only_bare": apart[1]}

    def _emptied(self) -> None:
        self.owner.execute("TRUNCATE access.trace_exposure, access.trace_contact")

    @contextlib.contextmanager
    def _opened_on(self, connection: psycopg.Connection) -> Iterator[None]:
        with connection.transaction():
            self._open(connection)
            yield

    def _ways(self, second: bool) -> tuple[tuple[str, Callable[[], object], Callable[[], object]], ...]:
        """(name, what is made ready, what is timed); the reference with keys comes last, to be compared with ours."""
        return (
            ("bare_duckdb", lambda: self.lake.execute(reference.tables("duckdb", with_keys=False)),
             lambda: self._lake_batch(second)),
            ("bare_postgresql_without_keys", lambda: self._tables(with_keys=False), lambda: self._bare_batch(second)),
            ("bare_postgresql_in_equal_tables", lambda: self.owner.execute(reference.equal_tables()),
             lambda: self._bare_batch(second, reference.NOTED)),
            ("ours_in_one_lane", self._emptied, lambda: self._ours(self.cases, second=second)),
            ("ours", self._emptied,
             lambda: trace_in_lanes(self.lanes, self.parts, self._opened_on, second=second)),
            ("bare_postgresql", lambda: self._tables(with_keys=True), lambda: self._bare_batch(second)),
        )  # fmt: skip

    def _busy(self, way: str) -> float:
        """Seconds that the process which does this work has had a processor; of DuckDB all threads of ours."""
        if way == "bare_duckdb":
            return time.process_time()
        servers = {"ours": self.lanes, "ours_in_one_lane": [self.jobs]}.get(way, [self.owner])
        try:
            return sum(
                int(Path(f"/proc/{server.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9
                for server in servers
            )
        except OSError:
            return 0.0

    def _tables(self, *, with_keys: bool) -> None:
        self.owner.execute(reference.tables("postgresql", with_keys=with_keys))

    def _open(self, connection: psycopg.Connection) -> None:
        open_for_job(connection, "contact_tracing", purpose="contact_tracing", legal_basis=EPIDEMIC_LAW)

    def _find(self, case: int) -> None:
        self.jobs.execute("SELECT * FROM access.find_meetings(%s)", [case]).fetchall()

    def _find_opened(self, case: int) -> None:
        with self._opened_on(self.jobs):
            self._find(case)

    def _ours(self, cases: list[int], *, second: bool) -> None:
        with self._opened_on(self.jobs):
            trace_these(self.jobs, cases, second=second)

    def _bare_one(self, case: int) -> None:
        self.owner.execute(reference.found_for("postgresql", case)).fetchall()

    def _lake_one(self, case: int) -> None:
        self.lake.execute(reference.found_for("duckdb", case)).fetchall()

    def _bare_batch(self, second: bool, *besides: str) -> None:
        with self.owner.transaction():
            for statement in (*reference.batch("postgresql", second=second), *besides):
                self.owner.execute(statement)

    def _lake_batch(self, second: bool) -> None:
        self.lake.execute("BEGIN")
        for statement in reference.batch("duckdb", second=second):
            self.lake.execute(statement)
        self.lake.execute("COMMIT")

    def _compared(self) -> dict[str, object]:
        """How many rows each wrote, and how many exposures of ours and of bare PostgreSQL the other has not."""
        ours = self.owner.execute(_COUNTS.format("access.trace_")).fetchone()
        bare = self.owner.execute(_COUNTS.format("bare_")).fetchone()
        lake = self.lake.execute(_COUNTS.format("bare_")).fetchone()
        apart = self.owner.execute(_APART).fetchone()
        assert apart is not None
        return {"exposures_f1_f2": {"ours": ours, "bare_postgresql": bare, "bare_duckdb": lake},
                "only_ours": apart[0], "only_bare": apart[1]}  # fmt: skip

    def peak_megabytes(self) -> float | None:
        """The most memory of its own that a server's process of our connections held: the database's buffers, which
        all share and which are set, are not counted."""
        try:
            return max(held_megabytes(one.info.backend_pid) for one in self.lanes)
        except OSError:
            return None


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


def _started(lane: Lane) -> None:
    with cluster_at(lane.master, lane.folder):
        pass


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
