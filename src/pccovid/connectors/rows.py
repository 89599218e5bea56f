"""What every connector hands to the import: one ParsedRow for each row that a delivery contains."""

from __future__ import annotations

from typing import NamedTuple

from pccovid.linkage.claim import Claim

ACCEPTED, HELD, REJECTED = "accepted", "held", "rejected"


class Problem(NamedTuple):
    """A value that was refused while its row was kept: the field and one reason code, never the value."""

    field: str
    reason: str


class Fact(NamedTuple):
    """One fact of the row: the StagedFact's name and its NamedTuple of values."""

    kind: str
    values: tuple[object, ...]


class ParsedRow(NamedTuple):
    """One received row. `system`, `kind` and `key` are the source key; the payload is the row exactly as it came."""

    system: str
    kind: str
    key: str
    """Empty only on a rejected row that has no readable key."""
    row_no: int
    """Position in its file: the first data row is 1; rows nested in one line (household members) count on."""
    payload: str
    """JSON text of the row as sent, unknown columns too. Undecodable bytes stand as lone surrogate escapes."""
    content_hash: bytes
    """16 bytes; equal for equal content whatever the order of columns or JSON members."""
    verdict: str
    """ACCEPTED, HELD (kept and replayable, too little to act on) or REJECTED (not a row of this file kind)."""
    reason: str
    """One reason code for a held or rejected row, else empty."""
    problems: tuple[Problem, ...] = ()
    claim: Claim | None = None
    """None where the row is about nobody (a place, a mapping entry)."""
    facts: tuple[Fact, ...] = ()
