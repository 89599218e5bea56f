"""Where somebody was: the name of a place or its coordinates, whichever of a table tells more places apart."""

from __future__ import annotations

from pccovid.sandbox.foreign_account import ForeignTable
from pccovid.sandbox.foreign_columns import value
from pccovid.sandbox.foreign_tables import Row

_DECIMALS = 4
"""Of a degree: about eleven metres."""


def place_in(table: ForeignTable, row: Row) -> str:
    """'' where none is told. Names are compared without case and with blanks single; a district's name is no place
    where coordinates tell its places apart."""
    named, at = _named(table, row), _at(table, row)
    return (at or named) if _is_by_coordinates(table) else (named or at)


def _named(table: ForeignTable, row: Row) -> str:
    return " ".join(table.text(row, "place").casefold().split())


def _at(table: ForeignTable, row: Row) -> str:
    both = [table.text(row, concept).replace(",", ".") for concept in ("latitude", "longitude")]
    try:
        return ",".join(f"{round(float(one), _DECIMALS):g}" if one else "" for one in both) if all(both) else ""
    except ValueError:
        return ""


def _is_by_coordinates(table: ForeignTable) -> bool:
    if not table.columns.has("latitude", "longitude"):
        return False
    if table.by_coordinates is None:
        column = table.columns.of("place")
        names = {value(row, column).casefold() for row in table.rows}
        table.by_coordinates = len({_at(table, row) for row in table.rows}) > len(names)
    return table.by_coordinates
