"""Reading of one delivered file, and again of one stored row. No input raises but an unreadable disk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pccovid.connectors.agency_fhir.reading import is_of_agency, read_stored
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.delimited import Header, Unreadable, decoded, read_header, records, split_line
from pccovid.connectors.delivery import DeliveredFile
from pccovid.connectors.file_kinds import CSV, FileKind
from pccovid.connectors.json_values import JsonObject, ObjectParser
from pccovid.connectors.notes import FileNotes
from pccovid.connectors.raw_rows import FINAL_REASONS, RawRow, stored_raw_row, without_coordinates
from pccovid.connectors.registry import FILE_KINDS, better_match
from pccovid.connectors.row_making import RowMaker
from pccovid.connectors.rows import ParsedRow
from pccovid.connectors.streams import Line, lines_of


class FileReading:
    """The rows of one file, to be iterated; `notes` is complete afterwards. Each iteration reads anew."""

    def __init__(self, file: DeliveredFile, context: ReadingContext) -> None:
        self.notes = FileNotes()
        self._file = file
        self._context = context

    def __iter__(self) -> Iterator[ParsedRow]:
        """Every row of the file. Raises OSError where the disk cannot be read or the spill folder not written."""
        self.notes = notes = FileNotes()
        for row in self._rows():
            notes.verdicts[row.verdict] += 1
            if row.reason:
                notes.reasons[row.reason] += 1
            for problem in row.problems:
                notes.problems[problem.reason] += 1
            yield row
        if not notes.rows:
            notes.remark("no_rows")

    def _rows(self) -> Iterator[ParsedRow]:
        kind = FILE_KINDS[self._file.kind]
        maker = RowMaker(kind, self._context, self.notes)
        mask = without_coordinates if kind.dropped else None
        lines = lines_of(self._file.path, self._context.spill, self.notes, mask)
        return self._csv_rows(lines, kind, maker) if kind.format == CSV else self._json_rows(lines, maker)

    def _json_rows(self, lines: Iterator[Line], maker: RowMaker) -> Iterator[ParsedRow]:
        for line in lines:
            if not isinstance(line, bytes):
                yield maker.from_broken(line)
            elif line.isspace() or not line:
                self.notes.blank_lines += 1
            else:
                yield from maker.from_json(decoded(line))

    def _csv_rows(self, lines: Iterator[Line], kind: FileKind, maker: RowMaker) -> Iterator[ParsedRow]:
        first = self._first_line(lines)
        if first is None:
            return
        header, is_own = self._header(first, kind)
        if header is None or not is_own:
            lines = chain((first,), lines)
        if header is None:
            yield from self._refused(lines, maker)
            return
        self.notes.missing_columns = _missing(kind, header)
        for record in records(lines, header):
            if isinstance(record, list):
                if _is_blank(record):
                    self.notes.blank_lines += 1
                else:
                    yield maker.from_cells(record, header)
            elif isinstance(record, Unreadable):
                yield maker.refused(record.text, record.reason, header)
            else:
                yield maker.from_broken(record)

    def _first_line(self, lines: Iterator[Line]) -> Line | None:
        for line in lines:
            if not isinstance(line, bytes) or line.strip():
                return line
            self.notes.blank_lines += 1
        return None

    def _header(self, first: Line, kind: FileKind) -> tuple[Header | None, bool]:
        """(the header to read by, whether it is the file's own first line); no header where none fits."""
        own = read_header(decoded(first), kind.columns) if isinstance(first, bytes) else None
        if own is not None and self._fits(own, kind):
            if own.delimiter != ",":
                self.notes.remark("other_delimiter")
            return own, True
        inherited = self._header_of_first_part(kind)
        if inherited is not None and isinstance(first, bytes):
            cells = split_line(decoded(first), inherited.delimiter)
            if cells is not None and len(cells) == len(inherited.columns):
                self.notes.remark("header_of_first_part")
                return inherited, False
        self.notes.remark("wrong_header")
        return None, False

    def _fits(self, header: Header, kind: FileKind) -> bool:
        columns = frozenset(header.columns)
        other = better_match(columns, kind)
        if kind.key in columns and other is None:
            return True
        self.notes.looks_like = other.name if other else ""
        return False

    def _header_of_first_part(self, kind: FileKind) -> Header | None:
        path = self._file.first_part
        if path is None:
            return None
        first = next(lines_of(path, self._context.spill, FileNotes()), None)
        if not isinstance(first, bytes):
            return None
        header = read_header(decoded(first), kind.columns)
        return header if kind.key in header.columns else None

    def _refused(self, lines: Iterator[Line], maker: RowMaker) -> Iterator[ParsedRow]:
        """Every line of a file whose header does not fit, the first one too."""
        for line in lines:
            if not isinstance(line, bytes):
                yield maker.from_broken(line)
            elif line.strip():
                yield maker.refused(decoded(line), "wrong_header")
            else:
                self.notes.blank_lines += 1


def read_file(file: DeliveredFile, *, context: ReadingContext) -> FileReading:
    """The rows of a delivered file, read as they are iterated, and the notes about it."""
    return FileReading(file, context)


def read_payload(system: str, kind: str, key: str, payload: str, *, context: ReadingContext) -> list[ParsedRow]:
    """Read one stored row again, as today's rules and mapping files have it.

    An NCOVI member is read from its own record. Lines that were too long, cut off or under a foreign header are
    refused again. Raises KeyError for a file kind that does not exist and ValueError for a payload that is no object.
    """
    if is_of_agency(system):
        return read_stored(system, kind, key, payload, context)
    file_kind = FILE_KINDS[kind]
    if file_kind.system != system:
        raise KeyError(f"{system} has no file kind {kind}")
    values = ObjectParser().parse(payload).value
    if values is None:
        raise ValueError(f"the stored payload of {system}:{kind}:{key} is not a JSON object")
    maker = RowMaker(file_kind, context, FileNotes())
    raw = stored_raw_row(values)
    if raw is not None:
        return _read_raw(raw, values, maker)
    return list(maker.from_json(payload)) if file_kind.format != CSV else [maker.from_values(values)]


def _read_raw(raw: RawRow, values: JsonObject, maker: RowMaker) -> list[ParsedRow]:
    if raw.reason in FINAL_REASONS:
        return [maker.refused_again(values, raw.reason)]
    if raw.header is None:
        return list(maker.from_json(raw.text))
    cells = split_line(raw.text, raw.header.delimiter)
    if cells is None:
        return [maker.refused(raw.text, raw.reason, raw.header)]
    return [maker.from_cells(cells, raw.header)]


def _is_blank(record: list[str]) -> bool:
    return len(record) == 1 and not record[0].strip()


def _missing(kind: FileKind, header: Header) -> tuple[str, ...]:
    return tuple(name for name in kind.columns if name not in header.columns)
