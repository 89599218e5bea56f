"""What a file kind is: its system, columns, key, and the function that says what one of its rows means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.json_values import JsonObject
from pccovid.connectors.rows import Fact
from pccovid.linkage.claim import Claim

CSV, JSONL = "csv", "jsonl"


class Reading(NamedTuple):
    """What a row means. `held` is a reason code where there is too little to act on."""

    claim: Claim | None = None
    facts: tuple[Fact, ...] = ()
    held: str = ""


class NestedRecord(NamedTuple):
    """One record out of a line: its key column and its values."""

    key_column: str
    values: JsonObject


Read = Callable[[Fields, str, ReadingContext], Reading]
"""(values, key, context) → meaning."""
Split = Callable[[JsonObject], Iterator[NestedRecord]]


@dataclass(frozen=True)
class FileKind:
    """One kind of export file."""

    system: str
    name: str
    format: str
    key: str
    columns: tuple[str, ...]
    read: Read
    optional: frozenset[str] = frozenset()
    """Trailing columns that a row may leave off altogether."""
    dropped: frozenset[str] = frozenset()
    """Columns (in lower case) that are thrown away before anything is stored."""
    split: Split | None = None
    """Takes the records of a line apart where they are nested."""
    nested_columns: tuple[str, ...] = ()
    """Columns of the nested records."""

    @property
    def file_name(self) -> str:
        """Name of a whole, plain file of this kind."""
        return f"{self.name}.{self.format}"
