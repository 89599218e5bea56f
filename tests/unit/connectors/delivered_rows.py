"""Words and small builders of the connector tests."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from pccovid.connectors.notes import FileNotes
from pccovid.connectors.registry import FILE_KINDS
from pccovid.connectors.rows import ParsedRow

TODAY = date(2022, 3, 1)
HA_NOI, BA_DINH, PHUC_XA = "5d0000000000000000000001", "5d0000000000000000000002", "5d0000000000000000000003"
VIET_NAM_ID = "5d00000000000000000000aa"


@dataclass(frozen=True)
class Read:
    """What came out of one file."""

    rows: list[ParsedRow]
    notes: FileNotes

    @property
    def only(self) -> ParsedRow:
        (row,) = self.rows
        return row

    def reasons(self) -> list[str]:
        return [row.reason for row in self.rows]

    def keys(self) -> list[str]:
        return [row.key for row in self.rows]


def csv_text(kind: str, *rows: dict[str, Any]) -> str:
    """A CSV file of this kind with every column in its header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FILE_KINDS[kind].columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def facts_of(row: ParsedRow, kind: str) -> list[Any]:
    """The values of the row's facts of one kind."""
    return [fact.values for fact in row.facts if fact.kind == kind]
