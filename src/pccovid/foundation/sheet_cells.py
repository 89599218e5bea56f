"""What a cell of a workbook shows, as text. Pure."""

from __future__ import annotations

from datetime import date, datetime, time


def shown(cell: object, *, timespec: str = "minutes") -> str:
    """A moment as `YYYY-MM-DD hh:mm`, or as fine as `timespec` says, at midnight a day; whole numbers without a point;
    '' for nothing."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", timespec)
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
