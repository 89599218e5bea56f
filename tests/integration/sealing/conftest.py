"""A made nation carried over under keys of its own, so that these tests may rotate and destroy them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from
from pccovid.foundation import key_ring as keys
from pccovid.sandbox.nation import create

PEOPLE, SEED = 120, 29


@pytest.fixture(scope="package")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    create(people=PEOPLE, seed=SEED, out=folder)
    return folder


@pytest.fixture(scope="package")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    keys.write_new_keys(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.KEYS_FILE_VARIABLE, str(path))
        yield path


@pytest.fixture(scope="package")
def imported(
    prepared_url: str, home: Path, nation: Path, key_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> MadeDatabase:
    """The nation carried over, its staging tables left as they are in the middle of an import."""
    made = database_from(prepared_url, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pccovid.carry_over.operations.drop_tables", lambda connection, run: None)
        import_delivery(made, nation / "exports", tmp_path_factory.mktemp("work"))
    return made


@pytest.fixture
def sealed(imported: MadeDatabase, home: Path, key_file: Path) -> Iterator[MadeDatabase]:
    """A copy of it, whose keys a test may rotate and destroy: the first keys are back afterwards."""
    first = key_file.read_bytes()
    yield database_from(imported.url("owner"), home)
    key_file.write_bytes(first)
