"""The commands on a PostgreSQL that is not ours: its owner is no superuser, its settings are somebody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase
from pccovid.foundation import cluster as cluster_module
from pccovid.foundation.cluster import Cluster

_COMMAND = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())")
PERSON = UUID(int=7)


@pytest.fixture(scope="module")
def their_server(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    return Cluster(tmp_path_factory.mktemp("their-server"))


@pytest.fixture
def their_log(their_server: Cluster) -> Path:
    return their_server.log


@pytest.fixture(scope="module")
def theirs(their_server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeDatabase]:
    """A database of an owner with CREATEROLE alone, on a server that logs statements which fail and has few locks."""
    cluster = their_server
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(cluster_module._SETTINGS, "max_locks_per_transaction", "64")  # as PostgreSQL comes
        cluster.start()
    with cluster.in_use() as url:
        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute("CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'plain'")
            superuser.execute("CREATE DATABASE theirs OWNER plain")
            superuser.execute("ALTER SYSTEM SET log_min_error_statement = 'error'")
            superuser.execute("SELECT pg_reload_conf()")
        address = url.partition("@")[2].partition("/")[0]
        made = MadeDatabase(tmp_path_factory.mktemp("our-home"), f"postgresql://plain:plain@{address}/theirs")
        prepared = run(made, "db", "prepare")
        assert prepared.returncode == 0
        assert "ALTER SYSTEM SET max_locks_per_transaction = 512" in prepared.stderr.replace("\n", " ")
        yield made


def run(made: MadeDatabase, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_COMMAND, *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "PCCOVID_DATABASE_URL": made.owner_url, "PCCOVID_HOME": str(made.home)},
    )  # fmt: skip


def command(made: MadeDatabase, *arguments: str) -> tuple[int, Any]:
    done = run(made, *arguments)
    last = done.stdout.strip().splitlines()[-1:] or ["null"]
    return done.returncode, json.loads(last[0]) if last[0].startswith(("{", "null")) else last[0]


def test_roles_are_set_up_and_what_its_administrator_must_mend_is_told(theirs: MadeDatabase) -> None:
    code, told = command(theirs, "db", "roles", "--json")
    faultless = [(role, []) for role in ("web", "jobs", "analysis", "scan")]
    assert [(role["role"], role["faults"]) for role in told["roles"]] == faultless
    faults = " / ".join(told["server_faults"])
    assert code == 1
    assert "log_min_error_statement is not panic" in faults
    assert "max_locks_per_transaction is 64" in faults
    assert "every role may write functions in plpgsql" in faults
    assert "search path" not in faults
    assert "called by everybody" not in faults


def test_without_a_purpose_nothing_is_seen_and_with_one_ones_own(theirs: MadeDatabase) -> None:
    with theirs.connect("owner") as owner:
        for person in (PERSON, UUID(int=8)):
            owner.execute(
                "INSERT INTO people_person (id, name, birth_precision, is_identity_verified, attribute_sources,"
                " created_at) VALUES (%s, 'x', '', false, '{}', now())",
                [person],
            )
    with theirs.connect("web") as web:
        assert web.execute("SELECT id FROM people_person").fetchall() == []
        web.execute("SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
                    [str(PERSON), PERSON])  # fmt: skip
        assert web.execute("SELECT id FROM people_person").fetchall() == [(PERSON,)]


def test_an_operator_of_the_jobs_role_decides_nothing_there_either(theirs: MadeDatabase) -> None:
    with theirs.connect("jobs") as jobs:
        jobs.execute("CREATE FUNCTION staging.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        jobs.execute("CREATE OPERATOR staging.= (LEFTARG = text, RIGHTARG = text, FUNCTION = staging.yes)")
        jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
        honest = jobs.execute("SELECT access.everybody_seen('vaccination')").fetchone()
        jobs.execute("SET LOCAL search_path = staging, pg_catalog, public")
        assert jobs.execute("SELECT access.everybody_seen('vaccination')").fetchone() == honest == (False,)
        jobs.rollback()


def test_where_statements_are_logged_an_opening_writes_no_line(theirs: MadeDatabase, their_log: Path) -> None:
    with theirs.connect("web") as web:
        web.execute("SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
                    [str(PERSON), PERSON])  # fmt: skip
    with theirs.connect("web") as web, pytest.raises(psycopg.errors.DivisionByZero):
        web.execute("SELECT 1 / 0 AS seen_afterwards")
    for _ in range(50):
        if "seen_afterwards" in their_log.read_text():
            break
        time.sleep(0.1)
    told = their_log.read_text()
    assert "seen_afterwards" in told
    assert "access.open" not in told
    assert str(PERSON) not in told


def test_the_log_is_verified_there(theirs: MadeDatabase) -> None:
    code, told = command(theirs, "audit", "verify", "--json")
    assert (code, told["whole"], told["findings"]) == (0, True, [])
