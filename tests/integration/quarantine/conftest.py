"""The outbreak of the tests of tracing, with tracers who act on it."""

from __future__ import annotations

import pytest

from integration.contact_tracing.conftest import made_for_tracing, outbreak
from integration.contact_tracing.made_outbreak import Outbreak
from integration.quarantine.made_tracer import Tracers

__all__ = ["made_for_tracing", "outbreak"]


@pytest.fixture
def tracers(outbreak: Outbreak) -> Tracers:
    outbreak.owner.execute("DELETE FROM access.quarantine_order")
    return Tracers(outbreak)
