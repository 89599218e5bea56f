"""One database for the tests of tracing, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import MadeDatabase, database_from
from integration.contact_tracing.made_outbreak import Outbreak


@pytest.fixture(scope="session")
def made_for_tracing(prepared_url: str, home: Path) -> MadeDatabase:
    return database_from(prepared_url, home)


@pytest.fixture
def outbreak(made_for_tracing: MadeDatabase) -> Iterator[Outbreak]:
    with made_for_tracing.connect("owner", autocommit=True) as owner:
        made = Outbreak(made_for_tracing, owner)
        made.empty()
        yield made
