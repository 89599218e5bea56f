"""Numbers and rows as the database holds them, for tests that write or read tables themselves."""

from __future__ import annotations

import json

from pccovid.foundation.sealing import sealer
from pccovid.people.numbers import findable, shown, shown_payload


def hash_of(value: str | None, system: str) -> str | None:
    """What the number's column holds."""
    return value and sealer().lookup(value, system)


def hash_and_seal(value: str, system: str) -> tuple[str, str]:
    """`value` and `sealed` of an identifier or contact point."""
    return sealer().lookup(value, system), sealer().seal(value, system)


def seals_of(**numbers: str | None) -> str | None:
    """`sealed` of a claim with these numbers."""
    seals = {name: sealer().seal(value, name) for name, value in numbers.items() if value}
    return json.dumps(seals) if seals else None


def numbers_in(sealed: dict[str, str] | None) -> dict[str, str]:
    """The numbers of a claim out of its `sealed`."""
    return shown(sealed, sealer())


__all__ = ["findable", "hash_and_seal", "hash_of", "numbers_in", "seals_of", "shown_payload"]
