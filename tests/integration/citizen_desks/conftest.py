"""Two people and officers on a database of their own, which citizens and desks change."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.conftest import console
from integration.console.made_index import make_accounts, make_index

__all__ = ["console", "made_console"]


@pytest.fixture(scope="session")
def made_console(prepared_url: str, home: Path) -> MadeDatabase:
    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        make_accounts(owner)
    return made
