"""A made nation carried over once; each test works in a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, copy_for_jobs, database_from
from pccovid.sandbox.nation import create


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation-to-relink")
    create(people=250, seed=47, out=folder)
    for areas in folder.rglob("tokhaiyte_areas*"):
        areas.unlink()
    return folder / "exports"


@pytest.fixture(scope="session")
def carried(prepared_url: str, home: Path, exports: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeDatabase:
    made = database_from(prepared_url, home)
    import_delivery(made, exports, tmp_path_factory.mktemp("work"))
    return made


@pytest.fixture
def nation(carried: MadeDatabase) -> Iterator[MadeDatabase]:
    with copy_for_jobs(carried) as made:
        yield made
