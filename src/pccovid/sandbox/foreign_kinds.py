"""What a table of somebody else's is, told by its columns and, where those leave it open, by its file's name."""

from __future__ import annotations

from collections.abc import Callable

from pccovid.sandbox.foreign_account import ForeignTable
from pccovid.sandbox.foreign_names import PAIRS, ROW_NUMBERS, normal


def kind_of(table: ForeignTable) -> str | None:
    """The first kind that fits; None where nothing does."""
    return next((kind for kind, fits in _FITS if fits(table)), None)


def says_two(table: ForeignTable) -> bool:
    """Two people in a row, neither of whom the row is about; it may be numbered."""
    has = table.columns.has
    two = has("infector", "infected") or has("one", "other")
    if any(table.is_of_days(column) for one in ("one", "other") if (column := table.columns.of(one))):
        return False  # from when to when
    return two and (not has("person") or normal(table.columns.of("person") or "") in ROW_NUMBERS)


def _is_pairs(table: ForeignTable) -> bool:
    """Two people of whom columns or the file's name say that one infected the other; else they only met."""
    columns = table.columns
    sure = columns.of("infector") not in {None, columns.of("one")} or columns.has("infector", "infected")
    told = any(
        normal(columns.of(one) or "") not in {"from", "to", "source", "target"} for one in ("infector", "infected")
    )
    return (sure and told and not columns.has("was_case")) or _is_named_pairs(table)


def _is_named_pairs(table: ForeignTable) -> bool:
    return PAIRS.search(normal(table.name.rsplit(".", 1)[0])) is not None


def _is_persons_with_infectors(table: ForeignTable) -> bool:
    """A column of people and one of infectors, and nothing else that such a file would be kept for."""
    is_list = table.columns.has("resulted") or not table.columns.has("person", "infector")
    return not is_list and (_is_named_pairs(table) or not _tells_more(table))


def _is_visits(table: ForeignTable) -> bool:
    has = table.columns.has
    return has("person", "entered") and (has("place") or has("latitude", "longitude")) and not _is_line_list(table)


def _tells_more(table: ForeignTable) -> bool:
    """Than who infected whom: when, where or with whom somebody lives; or the infector may be something else."""
    others = ("onset", "collected", "household", "place", "entered", "vehicle", "latitude")
    named = normal(table.columns.of("infector") or "")
    return named in {"source", "from"} or any(map(table.columns.has, others))


def _is_line_list(table: ForeignTable) -> bool:
    """Routes have a date as well; a line list has one of a test or of illness, or an infector."""
    if _is_dated_list(table):
        return True
    return normal(table.columns.of("infector") or "from") not in {"from", "source", "inf"}


def _has_own(table: ForeignTable, concept: str, *but: str) -> bool:
    return normal(table.columns.of(concept) or but[0]) not in but


def _names_somebody_met(table: ForeignTable) -> bool:
    """A person and somebody else: contacts, where the file says so or no test nor illness is dated."""
    columns = table.columns
    if not columns.has("person", "other") or columns.of("person") == columns.of("other"):
        return False
    return "contact" in normal(table.name) or not (_is_dated_list(table) or columns.has("place", "left"))


def _is_journeys(table: ForeignTable) -> bool:
    return table.columns.has("person", "vehicle") and not _is_dated_list(table)


def _is_dated_list(table: ForeignTable) -> bool:
    """A test, a result or illness is dated, in a column that can mean nothing else."""
    columns = table.columns
    return columns.has("onset") or columns.has("collected") or _has_own(table, "resulted", "date", "dates")


def _is_line(table: ForeignTable) -> bool:
    return any(table.columns.has("person", one) for one in ("onset", "collected", "resulted"))


_FITS: tuple[tuple[str, Callable[[ForeignTable], bool]], ...] = (
    ("relationships", lambda table: table.columns.has("one", "other", "one_is", "other_is")),
    ("contacts of cases", lambda table: table.columns.has("person", "case_met", "contact_is")),
    ("pairs", lambda table: says_two(table) and _is_pairs(table)),
    ("contacts", says_two),
    ("journeys", _is_journeys),
    ("contacts", _names_somebody_met),
    ("pairs", _is_persons_with_infectors),
    ("visits", _is_visits),
    # A line list may say the household and the infector as well.
    ("line list", _is_line),
    ("people", lambda table: table.columns.has("person", "household")),
)
