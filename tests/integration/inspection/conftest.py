"""The console's made index, and a bench on which officers read, the log is looked through, and inspectors decide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration.console.conftest import console, made_console
from integration.console.made_index import Console
from integration.inspection.bench import Bench

__all__ = ["console", "made_console"]


@pytest.fixture
def bench(console: Console) -> Iterator[Bench]:
    with Bench.of(console) as opened:
        opened.lets_a_day_pass_over_complaints()
        yield opened
