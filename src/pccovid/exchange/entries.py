"""One entry of a request to write. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pccovid.exchange.outcomes import Issue


@dataclass(frozen=True)
class Sent:
    """One resource to write. `only_new`: nothing is changed where it is known already (conditional create)."""

    at: str
    """Where it stands in the request, as a prefix of FHIRPaths: '' or `Bundle.entry[3].resource.`."""
    kind: str
    resource: dict[str, Any]
    full_url: str = ""
    only_new: bool = False
    issues: tuple[Issue, ...] = ()
    """What makes it impossible, found while the request was read."""
