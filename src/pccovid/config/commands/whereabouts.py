"""Where services of this installation answer while they run, for other commands: files in the home folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

AGENCIES, SERVICES = "agencies.json", "services.json"
"""The sandbox's agencies; what `pccovid up` and `pccovid serve` started."""
APP, HUB, LABORATORIES = "app", "hub", "laboratories"
OFFICER = "insurer-officer"
"""In whose name the sandbox's insurer is asked: `name|CCCD`."""


def address_of(home: Path, service: str) -> str | None:
    """Where a service answers; None where none is running."""
    for name in (AGENCIES, SERVICES):
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((home / name).read_text(encoding="utf-8")).get(service)
            if found:
                return str(found)
    return None


@contextlib.contextmanager
def told(home: Path, name: str, addresses: Mapping[str, str]) -> Iterator[None]:
    """Tell of these as long as the block lasts."""
    (home / name).write_text(json.dumps(dict(addresses), ensure_ascii=False) + "\n", encoding="utf-8")
    try:
        yield
    finally:
        (home / name).unlink(missing_ok=True)
