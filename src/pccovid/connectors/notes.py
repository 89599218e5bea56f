"""What reading one file found out about the file itself, beside its rows: filled while the rows are read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pccovid.connectors.texts import clean

UNKNOWN_LIMIT = 500
"""Different unknown columns that are counted; a hostile file can have any number."""


@dataclass
class FileNotes:
    """Complete once the iterator of `reading.read_file` is exhausted; all counts are rows unless said otherwise."""

    encoding: str = "utf-8"
    """'utf-8', 'utf-16-le' or 'utf-16-be'."""
    is_gzip: bool = False
    truncated: bool = False
    """The compressed stream broke off or is damaged; rows before the break were read."""
    verdicts: Counter[str] = field(default_factory=Counter)
    """Verdict → rows."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Reason of held and rejected rows → rows."""
    problems: Counter[str] = field(default_factory=Counter)
    """Reason of refused values → values."""
    unknown_columns: Counter[str] = field(default_factory=Counter)
    """Columns that the file kind does not know (kept in the payload) → rows where they held a value."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Location columns that were thrown away unread → rows where they held a value."""
    missing_columns: tuple[str, ...] = ()
    """Known columns that the header does not name."""
    blank_lines: int = 0
    remarks: list[str] = field(default_factory=list)
    """Reason codes about the file as a whole, each once, in the order they were noticed."""

    looks_like: str = ""
    """The file kind that the header fits, where it does not fit the kind of the file's name."""

    @property
    def rows(self) -> int:
        """Rows of any verdict: what the file contained."""
        return sum(self.verdicts.values())

    def remark(self, code: str) -> None:
        """Note one reason code about the file, once."""
        if code not in self.remarks:
            self.remarks.append(code)

    def see_unknown(self, column: str) -> None:
        """Count a row with a value under a column that the file kind does not know."""
        if column in self.unknown_columns or len(self.unknown_columns) < UNKNOWN_LIMIT:
            self.unknown_columns[column] += 1
        else:
            self.remark("too_many_unknown_columns")

    def as_json(self) -> dict[str, object]:
        """Plain values for the ledger; counters without entries are left out."""
        values = {name: value for name, value in vars(self).items() if value}
        shown = {_printable(name): rows for name, rows in self.unknown_columns.items()}
        return values | {"rows": self.rows} | ({"unknown_columns": shown} if shown else {})

    def break_off(self) -> None:
        """Note that the compressed stream ended early or is damaged."""
        self.truncated = True
        self.remark("gzip_broken")


def _printable(name: str) -> str:
    return clean(name).text[:100]
