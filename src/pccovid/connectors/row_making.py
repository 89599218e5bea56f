"""From a row's values to a ParsedRow: dropped locations, key, payload, hash, meaning, verdict."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.delimited import Header, decoded
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import FileKind, Reading
from pccovid.connectors.json_values import JsonObject, ObjectParser
from pccovid.connectors.notes import FileNotes
from pccovid.connectors.payloads import Stored, store, store_texts
from pccovid.connectors.raw_rows import raw_values, spilled_values
from pccovid.connectors.registry import better_match
from pccovid.connectors.rows import ACCEPTED, HELD, REJECTED, ParsedRow, Problem
from pccovid.connectors.streams import BrokenOff, Spilled
from pccovid.connectors.texts import is_clean as are_clean
from pccovid.connectors.texts import readable

_NOTHING = Reading()
KEY_LIMIT = 200
"""Characters; keys of the earlier apps have 24 to 36."""


class RowMaker:
    """Makes the rows of one file in order; counts them and what was dropped or unknown."""

    def __init__(self, kind: FileKind, context: ReadingContext, notes: FileNotes) -> None:
        self._kind = kind
        self._context = context
        self._notes = notes
        self._row_no = 0
        self._known = frozenset(kind.columns + kind.nested_columns)
        self._parser = ObjectParser()
        self._foreign: dict[tuple[str, ...], bool] = {}

    def from_cells(self, cells: list[str], header: Header) -> ParsedRow:
        """A CSV record under its header.

        Trailing empty cells beyond the header are ignored; optional columns at the end may be left off.
        """
        columns = header.columns
        extra = len(cells) - len(columns)
        if extra > 0 and not any(cells[len(columns) :]):
            self._notes.remark("extra_empty_cells")
        elif extra > 0 or (extra < 0 and not self._kind.optional.issuperset(columns[extra:])):
            return self._miscounted(cells, header)
        return self._from_texts(dict(zip(columns, cells, strict=False)))

    def _miscounted(self, cells: list[str], header: Header) -> ParsedRow:
        """Which value stands under which column is open; only a key in front can be trusted."""
        stored = store(raw_values(_joined(cells, header), "column_count", header, masked=self._is_masked))
        key = cells[0].strip() if header.columns[0] == self._kind.key else ""
        if _key_problem(key):
            return self._made("", stored, REJECTED, "column_count")
        return self._made(key, stored, HELD, "column_count")

    def from_values(self, values: JsonObject) -> ParsedRow:
        """A stored CSV row."""
        return self._from_texts({name: str(value) for name, value in values.items()})

    def _from_texts(self, values: dict[str, str]) -> ParsedRow:
        self._look_at_columns(values)
        cells, is_clean = readable(list(values.values()))
        shown: JsonObject = dict(zip(values, cells, strict=True))
        return self._row(self._kind.key, Fields(shown, self._context.today, is_clean=is_clean), store_texts(values))

    def from_json(self, text: str) -> Iterator[ParsedRow]:
        """The rows of one JSONL line: more than one where records are nested."""
        value, reason, duplicates = self._parser.parse(text)
        if value is None:
            yield self.refused(text, reason)
            return
        if self._is_foreign(value):
            yield self.refused(text, "wrong_kind")
            return
        is_clean = "\\" not in text and are_clean(text)
        if duplicates or self._kind.split is None:
            if self._look_at_columns(value):
                text = ""
            fields = Fields(value, self._context.today, is_clean=is_clean)
            yield self._row(self._kind.key, fields, store(value, text), "duplicate_member" if duplicates else "")
            return
        for record in self._kind.split(value):
            self._look_at_columns(record.values)
            fields = Fields(record.values, self._context.today, is_clean=is_clean)
            yield self._row(record.key_column, fields, store(record.values))

    def refused_again(self, values: JsonObject, reason: str) -> ParsedRow:
        """A stored line that stays no row."""
        return self._made("", store(values), REJECTED, reason)

    def _is_foreign(self, value: JsonObject) -> bool:
        if self._known.issuperset(value):
            return False
        names = tuple(value)
        if names not in self._foreign:
            if len(self._foreign) > 1000:
                self._foreign.clear()
            self._foreign[names] = better_match(frozenset(names), self._kind) is not None
        return self._foreign[names]

    def refused(self, text: str, reason: str, header: Header | None = None) -> ParsedRow:
        """A line that is no row of this kind."""
        values = raw_values(text, reason, header, masked=self._is_masked)
        return self._made("", store(values), REJECTED, reason)

    def from_broken(self, line: Spilled | BrokenOff) -> ParsedRow:
        """A line that was too long or was cut off."""
        if isinstance(line, Spilled):
            return self._made("", store(spilled_values(line)), REJECTED, "row_too_long")
        return self.refused(decoded(line.text), "truncated")

    @property
    def _is_masked(self) -> bool:
        return bool(self._kind.dropped)

    def _row(self, key_column: str, fields: Fields, stored: Stored, held: str = "") -> ParsedRow:
        key = fields.written(key_column).strip()
        problem = _key_problem(key)
        if problem:
            return self._made("", stored, REJECTED, problem)
        if held:
            return self._made(key, stored, HELD, held)
        reading = self._kind.read(fields, key, self._context)
        problems = tuple(fields.problems)
        if reading.held:
            return self._made(key, stored, HELD, reading.held, problems)
        return self._made(key, stored, ACCEPTED, "", problems, reading)

    def _made(
        self,
        key: str,
        stored: Stored,
        verdict: str,
        reason: str,
        problems: tuple[Problem, ...] = (),
        reading: Reading = _NOTHING,
    ) -> ParsedRow:
        self._row_no += 1
        return ParsedRow(
            self._kind.system,
            self._kind.name,
            key,
            self._row_no,
            stored.payload,
            stored.content_hash,
            verdict,
            reason,
            problems,
            reading.claim,
            reading.facts,
        )

    def _look_at_columns(self, values: dict[str, str] | JsonObject) -> bool:
        """Count unknown columns and throw location columns away; True where there were any of those."""
        dropped = bool(self._kind.dropped) and self._drop(values)
        if not self._known.issuperset(values):
            for name, value in values.items():
                if name not in self._known and value not in ("", None):
                    self._notes.see_unknown(name)
        return dropped

    def _drop(self, values: dict[str, str] | JsonObject) -> bool:
        found = _location_columns(tuple(values), self._kind.dropped)
        for name in found:
            if values.pop(name) not in ("", None):
                self._notes.dropped[name] += 1
        return bool(found)


@lru_cache(maxsize=256)
def _location_columns(names: tuple[str, ...], dropped: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.casefold() in dropped)


def _key_problem(key: str) -> str:
    if not key:
        return "no_key"
    return "" if len(key) <= KEY_LIMIT and key.isprintable() else "bad_key"


def _joined(cells: list[str], header: Header) -> str:
    """The record's text again, quoted where it must be."""
    marks = ('"', "\n", "\r", header.delimiter)
    quoted = ('"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in marks) else cell for cell in cells)
    return header.delimiter.join(quoted)
