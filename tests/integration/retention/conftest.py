"""A made nation carried over once; each test erases in a copy of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, copy_for_jobs, database_from
from pccovid.sandbox.nation import create

AS_OF = datetime(2021, 12, 1, tzinfo=UTC)
"""Ten days after the nation's data was carried over: about half of its movement is older than thirty days by then."""
KEY = b"the key that salts commitments, for tests"


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation-to-erase")
    create(people=150, seed=31, out=folder)
    return folder / "exports"


@pytest.fixture(scope="session")
def carried(prepared_url: str, home: Path, deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeDatabase:
    made = database_from(prepared_url, home)
    import_delivery(made, deliveries, tmp_path_factory.mktemp("work"))
    return made


@pytest.fixture
def nation(carried: MadeDatabase) -> Iterator[MadeDatabase]:
    with copy_for_jobs(carried) as made:
        yield made


@pytest.fixture
def owner(nation: MadeDatabase) -> Iterator[psycopg.Connection]:
    with nation.connect("owner", autocommit=True) as connection:
        yield connection


@pytest.fixture
def erase(nation: MadeDatabase) -> Callable[..., Any]:
    """Erases what is due as of a moment, as the jobs role."""
    from pccovid.retention.operations import erase_due

    def run(now: datetime = AS_OF, *, batch: int = 500, progress: Any = lambda table, rows: None) -> Any:
        with nation.connect("jobs", autocommit=True) as jobs:
            return erase_due(jobs, key=KEY, by="test", now=now, progress=progress, batch=batch)

    return run


def count(connection: psycopg.Connection, table: str, where: str = "true") -> int:
    """Rows of a table that a condition holds for."""
    row = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
    assert row is not None
    return int(row[0])
