"""The console's made index, with a citizen's session as well: what the sweeps over all addresses stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import MadeDatabase
from integration.console.conftest import console, made_console
from integration.security.doors import STARTED

__all__ = ["console", "made_console"]


@pytest.fixture(scope="session", autouse=True)
def closed_doors(made_console: MadeDatabase) -> Iterator[None]:
    """Whatever doors have started ends before its database does."""
    with STARTED:
        yield
