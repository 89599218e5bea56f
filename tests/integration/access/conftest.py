"""The walked nation: filled once for all tests of access."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import database_from
from integration.access.made_nation import Nation


@pytest.fixture(scope="session")
def nation(prepared_url: str, home: Path) -> Nation:
    """Two people with a row in every personal table. Tests undo what they open."""
    return Nation(database_from(prepared_url, home))
