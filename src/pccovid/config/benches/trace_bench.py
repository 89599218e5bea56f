"""Tracing against bare SQL on the same visits in the same run: one case at a time, and a thousand at once, F1 and F2.

Bare PostgreSQL is the shortest statement that finds who overlapped whom, on a copy without row security; bare DuckDB is
the same on its own sorted copy, told with and without the seconds that fetching the copy takes. Neither scores, merges,
classes places, obeys restrictions or writes anything down; ours does all of that.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import psycopg

from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.config.benches.trace_visits import fill_visits
from pccovid.contact_tracing.operations import trace_these
from pccovid.foundation.access import open_for_job
from pccovid.foundation.environment import Environment
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.roles import JOBS, role_url

_COLUMNS = "person_id, place_key, entered_at, left_at"
_COPY = f"CREATE TABLE bare_visit AS SELECT {_COLUMNS}, day FROM movement_visit"  # noqa: S608
_UNZONED = {
    "bare_visit": "person_id, place_key, entered_at AT TIME ZONE 'UTC' AS entered_at,"
    " left_at AT TIME ZONE 'UTC' AS left_at",
    "bare_span": "case_id, person_id, starts_at AT TIME ZONE 'UTC' AS starts_at, ends_at AT TIME ZONE 'UTC' AS ends_at",
}
_INDEX = """
    CREATE INDEX ON bare_visit (place_key, entered_at) INCLUDE (left_at, person_id);
    CREATE INDEX ON bare_visit (person_id, entered_at) INCLUDE (left_at, place_key);
"""
_FIRST = """
    SELECT s.case_id, v.person_id, min(greatest(o.entered_at, v.entered_at, s.starts_at)) AS first_at,
           max(least(o.left_at, v.left_at, s.ends_at)) AS last_at
    FROM {spans} s
    JOIN {visits} o ON o.person_id = s.person_id AND o.entered_at < s.ends_at AND o.left_at > s.starts_at
    JOIN {visits} v ON v.place_key = o.place_key AND v.person_id <> o.person_id
        AND v.entered_at > greatest(o.entered_at, s.starts_at) - interval '24 hours'
        AND v.entered_at < least(o.left_at, s.ends_at) AND v.left_at > greatest(o.entered_at, s.starts_at)
    WHERE least(o.left_at, v.left_at, s.ends_at) - greatest(o.entered_at, v.entered_at, s.starts_at)
          >= interval '15 minutes'
    GROUP BY s.case_id, v.person_id
"""
_SECOND = """
    SELECT case_id, person_id, first_at + interval '2 days' AS starts_at,
           least(last_at + interval '14 days', {present}) AS ends_at
    FROM {first} WHERE first_at + interval '2 days' < least(last_at + interval '14 days', {present})
"""
_BATCH = 1_000


def run(
    owner_url: str, environment: Environment, *, visits: int, requests: int, repeat: int, progress: Progress
) -> dict[str, object]:
    """Both ways over `visits` made visits of two weeks; ratio = best bare time ÷ ours (above 1 ours is quicker)."""
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        fill_visits(url, visits, _BATCH, progress)
        bench = _Bench(url, role_url(url, JOBS, environment.home), Path(scratch), progress)
        report = bench.one_by_one(requests) | bench.all_at_once(repeat)
    return {"bench": "trace", "visits": visits, "cases": _BATCH, "repeat": repeat} | report


class _Bench:
    """The scratch database with its cases, the bare copies beside it, and what is asked of all."""

    def __init__(self, url: str, jobs_url: str, folder: Path, progress: Progress) -> None:
        self.progress = progress
        self.owner = psycopg.connect(url, autocommit=True)
        self.jobs = psycopg.connect(jobs_url, autocommit=True)
        self.owner.execute(_COPY)
        self.owner.execute(_INDEX)
        self.owner.execute("CREATE TABLE bare_span AS SELECT id AS case_id, person_id, starts_at,"
                           " least(ends_at, now()) AS ends_at FROM access.trace_case ORDER BY id")  # fmt: skip
        self.owner.execute("VACUUM ANALYZE bare_visit")
        self.owner.execute("VACUUM ANALYZE movement_visit")
        self.cases = [number for (number,) in self.owner.execute("SELECT case_id FROM bare_span ORDER BY 1")]
        self.lake = duckdb.connect()
        self.lake.execute("SET threads = 2; SET TimeZone = 'UTC'")
        self.folder = folder
        self.fetched = _timed(self._fetch)
        progress("copies for the bare queries", 1.0)

    def _fetch(self) -> None:
        """DuckDB's own copy, from where the visits are: COPY out, read in, sort."""
        for table in ("bare_visit", "bare_span"):
            file = self.folder / f"{table}.csv"
            # Without a zone: DuckDB would want another library to hand moments with one back.
            columns = _UNZONED[table]
            copying = f"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT csv, HEADER)"  # noqa: S608
            with self.owner.cursor().copy(copying) as copy, file.open("wb") as out:
                for piece in copy:
                    out.write(piece)
            order = "place_key, entered_at" if table == "bare_visit" else "case_id"
            self.lake.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{file}') ORDER BY {order}")  # noqa: S608

    def one_by_one(self, asked: int) -> dict[str, object]:
        """p50 and p99 of one case's F1, in milliseconds, ours and bare in turn."""
        ours, bare, lake = [], [], []
        for number, case in enumerate(self.cases[:asked]):
            ours.append(_timed(lambda one=case: self._ours([one], second=False)))  # type: ignore[misc]
            bare.append(_timed(lambda one=case: self._bare(_FIRST, one)))  # type: ignore[misc]
            lake.append(_timed(lambda one=case: self._lake_first(one)))  # type: ignore[misc]
            self.progress("one case at a time", (number + 1) / asked)
        told = {name: _percentiles(times[asked // 10 :]) for name, times in
                (("ours", ours), ("bare_postgresql", bare), ("bare_duckdb", lake))}  # fmt: skip
        best = min(told["bare_postgresql"]["p50_ms"], told["bare_duckdb"]["p50_ms"])
        return {"one_case": told | {"best_bare_to_ours_p50": best / told["ours"]["p50_ms"]}}

    def all_at_once(self, repeat: int) -> dict[str, object]:
        """Seconds of a thousand cases, F1 alone and with F2; medians of the rounds."""
        told: dict[str, object] = {"duckdb_fetch_seconds": self.fetched}
        for name, second in (("first", False), ("first_and_second", True)):
            times: dict[str, list[float]] = {"ours": [], "bare_postgresql": [], "bare_duckdb": []}
            for number in range(repeat):
                self._fresh()
                times["ours"].append(_timed(lambda deep=second: self._ours(self.cases, second=deep)))  # type: ignore[misc]
                times["bare_postgresql"].append(_timed(lambda deep=second: self._bare_batch(deep)))  # type: ignore[misc]
                times["bare_duckdb"].append(_timed(lambda deep=second: self._lake_batch(deep)))  # type: ignore[misc]
                self.progress(f"a thousand cases, {name}", (number + 1) / repeat)
            seconds = {way: statistics.median(each) for way, each in times.items()}
            fetching = min(seconds["bare_postgresql"], seconds["bare_duckdb"] + self.fetched)
            loaded = min(seconds["bare_postgresql"], seconds["bare_duckdb"])
            told[name] = {"seconds": seconds, "best_bare_to_ours": fetching / seconds["ours"],
                          "best_bare_with_duckdb_loaded_to_ours": loaded / seconds["ours"]}  # fmt: skip
        return {"batch": told, "found": self._found()}

    def _fresh(self) -> None:
        """As before anything was traced; the bare tables are dropped before each round as well."""
        self.owner.execute("TRUNCATE access.trace_exposure, access.trace_contact")

    def _ours(self, cases: list[int], *, second: bool) -> None:
        with self.jobs.transaction():
            open_for_job(self.jobs, "contact_tracing", purpose="contact_tracing", legal_basis=EPIDEMIC_LAW)
            trace_these(self.jobs, cases, second=second)

    def _bare(self, statement: str, case: int) -> None:
        spans = f"(SELECT * FROM bare_span WHERE case_id = {case})"  # noqa: S608
        self.owner.execute(statement.format(spans=spans, visits="bare_visit")).fetchall()

    def _lake_first(self, case: int) -> None:
        spans = f"(SELECT * FROM bare_span WHERE case_id = {case})"  # noqa: S608
        self.lake.execute(_FIRST.format(spans=spans, visits="bare_visit")).fetchall()

    def _bare_batch(self, second: bool) -> None:
        self.owner.execute("DROP TABLE IF EXISTS bare_first, bare_second")
        self._both(lambda statement: self.owner.execute(statement), second, "now()")

    def _lake_batch(self, second: bool) -> None:
        self.lake.execute("DROP TABLE IF EXISTS bare_first; DROP TABLE IF EXISTS bare_second")
        self._both(lambda statement: self.lake.execute(statement), second, "now()::TIMESTAMP")

    def _both(self, execute: Callable[[str], object], second: bool, present: str) -> None:
        """Both levels are kept as a table: what is traced is to be used."""
        execute("CREATE TABLE bare_first AS " + _FIRST.format(spans="bare_span", visits="bare_visit"))
        if second:
            spans = f"({_SECOND.format(first='bare_first', present=present)})"
            execute("CREATE TABLE bare_second AS " + _FIRST.format(spans=spans, visits="bare_visit"))

    def _found(self) -> dict[str, int]:
        """How many pairs each found; ours has fewer F2, since who is F1 of a case is not also F2 of it."""
        told = "SELECT count(*), count(DISTINCT (case_id, person_id)) FROM"
        first, _ = self.owner.execute("SELECT count(*), 0 FROM access.trace_contact WHERE level = 1").fetchone() or (
            0,
            0,
        )
        second, _ = self.owner.execute("SELECT count(*), 0 FROM access.trace_contact WHERE level = 2").fetchone() or (
            0,
            0,
        )
        bare, _ = self.owner.execute(f"{told} bare_first").fetchone() or (0, 0)
        (lake,) = self.lake.execute("SELECT count(*) FROM bare_first").fetchone() or (0,)
        return {"ours_f1": first, "ours_f2": second, "bare_postgresql_f1": bare, "bare_duckdb_f1": lake}


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _percentiles(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": cuts[49] * 1e3, "p99_ms": cuts[98] * 1e3}
