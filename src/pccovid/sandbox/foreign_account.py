"""What was understood of somebody else's table: for what it was taken, which columns, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from pccovid.sandbox.foreign_columns import Columns, value
from pccovid.sandbox.foreign_moments import VIET_NAM, Manner, When, clock_of, clocks_of, manner_of, when
from pccovid.sandbox.foreign_tables import Row, Sheet

_HALF = 0.5
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false", "0", "1", "có", "si", "sí", "oui", "non"})
_ENOUGH = 200
"""So many cells of a column tell whether it holds moments."""


class Account(NamedTuple):
    """Of a file: what it was taken for, which columns stood for what, rows taken, and rows left out by reason.

    `lines`: where those left out stand in the file, by reason. `noted`: what was otherwise than it may seem, of rows
    that were taken. `unused`: columns that stood for nothing.
    """

    file: str
    taken_for: str
    columns: dict[str, str]
    rows: int
    left_out: dict[str, int]
    lines: dict[str, list[int]] = {}  # noqa: RUF012 - never changed
    noted: dict[str, int] = {}  # noqa: RUF012 - never changed
    unused: tuple[str, ...] = ()


class ForeignTable:
    """A table's rows with their columns by concept; notes what is left out."""

    def __init__(self, sheet: Sheet, day_zero: date) -> None:
        self.name, self.rows, self.headers = sheet.name, sheet.rows, sheet.headers
        self.columns, self.day_zero = Columns(sheet.headers), day_zero
        self.used: dict[str, str] = {}
        self.left_out: dict[str, list[int]] = {}
        self.noted: Counter[str] = Counter()
        self._lines = {id(row): line for row, line in zip(sheet.rows, sheet.lines, strict=True)}
        self.by_coordinates: bool | None = None
        self.is_true = self.is_said = True
        """Whether those who stand in a table of contacts truly met, and whether a case said so when asked."""
        self._manners: dict[str, Manner] = {}
        self._moments: dict[tuple[str, tuple[str, ...]], str | None] = {}
        if sheet.above:
            self.noted["lines above the headers, passed over"] = sheet.above

    def text(self, row: Row, concept: str, *apart: str) -> str:
        column = self.columns.of(concept, *apart)
        if column:
            self.used[concept] = column
        return value(row, column)

    def leave_out(self, row: Row, why: str) -> bool:
        """Note it, and say no."""
        self.left_out.setdefault(why, []).append(self._lines[id(row)])
        return False

    def moment(self, row: Row, concept: str, *apart: str) -> When | None:
        """None where nothing stands there, or nothing that is a moment, which is noted."""
        column = self._column_of_moments(concept, apart)
        text = value(row, column)
        if not text or column is None:
            return None
        self.used[concept] = column
        found = when(text, self._manner(column))
        if found is None:
            self.noted[f"no moment in {column}"] += 1
        return found

    def stay(self, row: Row) -> tuple[When | None, When | None]:
        """From when to when; where a column holds times of day alone, of the day that another tells."""
        came, left = self._moment_or_clock(row, "entered"), self._moment_or_clock(row, "left")
        between = clocks_of(self.text(row, "entered")) if came is None else None
        if isinstance(came, time) or isinstance(left, time) or between:
            day = self.moment(row, "visited_on", *self._clock_columns)
            return self._of_day(day, *(between or (came, left)))
        return came, left

    def _of_day(self, day: When | None, *parts: When | time | None) -> tuple[When | None, When | None]:
        came, left = (_on(day, one) for one in parts)
        if came and left and left.at < came.at:  # past midnight
            left = When(left.at + timedelta(days=1), is_day=False)
        return (came or (day if left is None else None)), left

    def _moment_or_clock(self, row: Row, concept: str) -> When | time | None:
        """Of several columns that may be meant the first that holds a time of day, else the first with a moment."""
        clock = next(iter(self._clocks_in(row, concept)), None)
        if clock is not None:
            return clock
        entered = self.used.get("entered", "") if concept == "left" else ""
        return self.moment(row, concept, *self._clock_columns, *([entered] if entered else []))

    def _clocks_in(self, row: Row, concept: str) -> Iterable[time]:
        for column in self.columns.all_of(concept):
            if (found := clock_of(value(row, column))) is not None:
                self.used[concept] = column
                yield found

    @cached_property
    def _clock_columns(self) -> tuple[str, ...]:
        """Columns of stays in which times of day stand alone."""
        columns = {*self.columns.all_of("entered"), *self.columns.all_of("left")}
        return tuple(sorted(one for one in columns if any(
            clock_of(text) is not None or clocks_of(text) for row in self.rows[:_ENOUGH] if (text := value(row, one))
        )))  # fmt: skip

    def _column_of_moments(self, concept: str, apart: tuple[str, ...]) -> str | None:
        """The first column of the concept half of whose cells are moments; the surest where none is like that."""
        key = (concept, apart)
        if key not in self._moments:
            columns = self.columns.all_of(concept, *apart)
            self._moments[key] = next(filter(self._holds_moments, columns), next(iter(columns), None))
        return self._moments[key]

    def _holds_moments(self, column: str) -> bool:
        told = [text for row in self.rows if (text := value(row, column))][:_ENOUGH]
        read = sum(when(text, self._manner(column)) is not None for text in told)
        return bool(told) and read >= _HALF * len(told)

    def is_of_days(self, column: str) -> bool:
        """Whether its cells are days or times, written as such: a bare number may be somebody's."""
        told = [text for row in self.rows if (text := value(row, column))][:_ENOUGH]
        bare = sum(text.replace(".", "", 1).isdigit() for text in told)
        clocks = sum(clock_of(text) is not None for text in told)
        return bool(told) and bare <= _HALF * len(told) and (clocks > _HALF * len(told) or self._holds_moments(column))

    def moment_in(self, row: Row, column: str | None) -> When | None:
        """What a column of no concept says."""
        return when(value(row, column), self._manner(column)) if column else None

    @cached_property
    def holds_households(self) -> bool:
        """Not only whether somebody lives with others: yes and no are no households."""
        column = self.columns.of("household")
        told = {value(row, column).lower() for row in self.rows} - {""}
        return bool(told) and not told <= _YES_OR_NO

    def _manner(self, column: str) -> Manner:
        if column not in self._manners:
            self._manners[column] = manner_of((value(one, column) for one in self.rows), day_zero=self.day_zero)
        return self._manners[column]

    def account(self, taken_for: str, taken: int) -> Account:
        """How it went; the table is then as if unread."""
        unused = tuple(one for one in self.headers if one not in self.used.values())
        told = Account(
            self.name, taken_for, dict(self.used), taken, {why: len(lines) for why, lines in self.left_out.items()},
            dict(self.left_out), dict(self.noted), unused,
        )  # fmt: skip
        self.used, self.left_out, self.noted = {}, {}, Counter()
        return told


def _on(day: When | None, part: When | time | None) -> When | None:
    if isinstance(part, time):
        return When(datetime.combine(day.at.date(), part, VIET_NAM), is_day=False) if day else None
    return part
