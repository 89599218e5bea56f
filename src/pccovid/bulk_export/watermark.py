"""Marks by which a leaked file tells its request, without one false row among health data. Pure.

Three marks, each keyed by request: every row's reference (half random, half its keyed hash: one row is enough), the
order of rows (by a keyed hash of one column: survives dropping the references and most rows), and which cells stand in
quotes (survives sorting). A file typed anew in another order without references tells nothing, and no mark promises to.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

_REFERENCE_BYTES = 5
_MUST_BE_QUOTED = frozenset(',"\r\n')
CERTAIN = 6.0
"""Standard deviations from chance at which an order or a pattern of quotes counts as found."""


@dataclass(frozen=True)
class Marks:
    """What a file shows of one request: its heading, its references; order and quotes in deviations from chance."""

    request: int
    named: bool
    references: int
    order: float
    quotes: float

    @property
    def is_found(self) -> bool:
        return self.references > 0 or self.order >= CERTAIN or self.quotes >= CERTAIN


def request_key(secret: bytes, request: int) -> bytes:
    """The key of one request's marks."""
    return hmac.digest(secret, f"export XD-{request}".encode(), hashlib.sha256)


def reference_heading(request: int) -> str:
    """The heading of the references' column: it names the request."""
    return f"row_ref_XD-{request}"


def reference(key: bytes, person: UUID) -> str:
    """A row's reference: the same for the person within the request, another in every other."""
    number = hmac.digest(key, b"row" + person.bytes, hashlib.sha256)[:_REFERENCE_BYTES]
    return base64.b32encode(number + _seal(key, number)).decode().lower()


def is_reference(key: bytes, text: str) -> bool:
    """Whether a text is a reference made with this key."""
    try:
        raw = base64.b32decode(text.strip().upper())
    except ValueError:
        return False
    number, seal = raw[:_REFERENCE_BYTES], raw[_REFERENCE_BYTES:]
    return len(raw) == 2 * _REFERENCE_BYTES and hmac.compare_digest(seal, _seal(key, number))


def marked_file(key: bytes, request: int, headings: Sequence[str], rows: Iterable[tuple[UUID, Sequence[str]]]) -> str:
    """The CSV text: references in front, rows in keyed order of their most telling column, quotes by keyed choice."""
    found = list(rows)
    anchor = _most_telling([values for _, values in found], len(headings))
    found.sort(key=lambda row: (_place(key, row[1][anchor]), _place(key, str(row[0]))))
    lines = [",".join([reference_heading(request), *headings])]
    for person, values in found:
        lines.append(",".join(_written(key, value) for value in (reference(key, person), *values)))
    return "\r\n".join(lines) + "\r\n"


def marks_in(text: str, secret: bytes, request: int) -> Marks:
    """What a leaked file shows of one request."""
    key = request_key(secret, request)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row]
    return Marks(
        request, reference_heading(request) in text, sum(is_reference(key, cell) for cell in cells),
        max((_order(key, column) for column in _columns(rows[1:])), default=0.0), _quotes(key, text),
    )  # fmt: skip


def _seal(key: bytes, number: bytes) -> bytes:
    return hmac.digest(key, b"reference" + number, hashlib.sha256)[:_REFERENCE_BYTES]


def _place(key: bytes, value: str) -> bytes:
    return hmac.digest(key, f"order|{value}".encode(), hashlib.sha256)[:8]


def _wants_quotes(key: bytes, value: str) -> bool:
    return hmac.digest(key, f"quote|{value}".encode(), hashlib.sha256)[0] < 128


def _written(key: bytes, value: str) -> str:
    if _MUST_BE_QUOTED & set(value) or _wants_quotes(key, value):
        return '"' + value.replace('"', '""') + '"'
    return value


def _most_telling(rows: list[Sequence[str]], width: int) -> int:
    return max(range(width), key=lambda at: len({values[at] for values in rows}), default=0)


def _columns(rows: list[list[str]]) -> Iterator[list[str]]:
    width = max(map(len, rows), default=0)
    for at in range(width):
        yield [row[at] for row in rows if len(row) > at]


def _order(key: bytes, column: list[str]) -> float:
    places = [_place(key, value) for value in column]
    steps = [later > earlier for earlier, later in zip(places, places[1:], strict=False) if later != earlier]
    return _beyond_chance(sum(steps), len(steps))


def _quotes(key: bytes, text: str) -> float:
    """How far the quotes agree with the key beyond chance; each value counts once, for its choice is one."""
    choices = {(value, quoted) for value, quoted in _cells_as_written(text) if not _MUST_BE_QUOTED & set(value)}
    return _beyond_chance(sum(_wants_quotes(key, value) is quoted for value, quoted in choices), len(choices))


def _cells_as_written(text: str) -> Iterator[tuple[str, bool]]:
    for line in text.splitlines()[1:]:
        for cell in line.split(","):
            is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
            yield (cell[1:-1] if is_quoted else cell), is_quoted


def _beyond_chance(hits: int, tries: int) -> float:
    return 0.0 if tries == 0 else (hits - tries / 2) / (math.sqrt(tries) / 2)
