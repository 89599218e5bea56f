"""The made police register that the sandbox's server holds: a file of lines of JSON, read once, kept in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pccovid.linkage.claim import Claim
from pccovid.linkage.names import read_name


class Entry(NamedTuple):
    """One made person. `birth`: ISO day, or a year alone."""

    personal_id: str
    old_id: str | None
    name: str
    birth: str
    sex: str | None
    commune: str | None
    insurance_no: str | None = None


def read_register(path: Path) -> dict[str, Entry]:
    """Number → person. Raises OSError, ValueError."""
    with path.open(encoding="utf-8") as lines:
        return {entry.personal_id: entry for entry in (Entry(*json.loads(line)) for line in lines)}


def write_register(path: Path, entries: Iterable[Entry]) -> int:
    """Write the file; returns how many persons it has."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for entry in entries:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            count += 1
    return count


def claim_of(name: str, birth: str, sex: str | None, personal_id: str) -> Claim:
    """Name, birth date and number as they are compared."""
    reading, precision = read_name(name), {4: "year", 7: "month"}.get(len(birth), "day")
    try:
        day = (
            date.fromisoformat(birth + "-01-01"[len(birth) - 4 :])
            if len(birth) in (4, 7)
            else date.fromisoformat(birth)
        )
    except ValueError:
        day = None
    return Claim(
        name=reading.display, name_full=reading.full, name_key=reading.key, name_sorted=reading.sorted_key,
        birth_date=day, birth_precision=precision if day else None, sex=sex, personal_id=personal_id,
    )  # fmt: skip
