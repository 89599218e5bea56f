"""The ledger of a run: received = linked + new + held + rejected, for every file and to the row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg

from pccovid.carry_over.statements import script

_COLUMNS = (
    "name", "system", "kind", "received", "linked", "new", "held", "rejected", "unchanged", "repeated", "notes",
)  # fmt: skip


@dataclass(frozen=True)
class FileLedger:
    """One file's line; counts are rows."""

    name: str
    system: str
    kind: str
    received: int
    linked: int
    new: int
    held: int
    rejected: int
    unchanged: int
    repeated: int
    notes: dict[str, object]
    reasons: tuple[tuple[str, str, str, int], ...]
    """(outcome, reason, field, rows)."""

    @property
    def balances(self) -> bool:
        return self.received == self.linked + self.new + self.held + self.rejected


@dataclass(frozen=True)
class RunLedger:
    """The whole run."""

    run: int
    folder: str
    stage: str
    files: tuple[FileLedger, ...]

    def total(self, column: str) -> int:
        return sum(getattr(file, column) for file in self.files)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of what lay in the folder and was not read."""
        return tuple(file.name for file in self.files if "unknown_file" in str(file.notes.get("remarks")))

    def as_json(self) -> dict[str, object]:
        """What `--json` prints: totals first, then every file."""
        columns = ("received", "linked", "new", "held", "rejected", "unchanged", "repeated")
        return {
            "run": self.run, "folder": self.folder, "stage": self.stage,
            "unknown_files": self.unknown,
            "balances": all(file.balances for file in self.files),
            **{column: self.total(column) for column in columns},
            "files": [asdict(file) for file in self.files],
        }  # fmt: skip


def close_ledger(connection: psycopg.Connection, run: int, *, by: str, now: datetime, model_version: str) -> None:
    """Write the run's ledger and mark it published, inside the publishing transaction."""
    connection.execute(script("ledger", run))
    connection.execute(
        "UPDATE people_importrun SET stage = 'published', published_at = %s, published_by = %s, model_version = %s"
        " WHERE id = %s",
        [now, by, model_version, run],
    )


def read_ledger(connection: psycopg.Connection, run: int) -> RunLedger:
    """The ledger of a run, files in order of reading."""
    reasons: dict[int, list[tuple[str, str, str, int]]] = {}
    for file_id, *reason in connection.execute(
        "SELECT r.file_id, r.outcome, r.reason, r.field, r.rows FROM people_importreason r"
        " JOIN people_importfile f ON f.id = r.file_id WHERE f.run_id = %s ORDER BY 1, 2, 5 DESC, 3, 4",
        [run],
    ):
        reasons.setdefault(file_id, []).append((reason[0], reason[1], reason[2], reason[3]))
    rows = connection.execute(
        f"SELECT id, {', '.join(_COLUMNS)} FROM people_importfile WHERE run_id = %s ORDER BY id",  # noqa: S608
        [run],
    ).fetchall()
    found = connection.execute("SELECT folder, stage FROM people_importrun WHERE id = %s", [run]).fetchone()
    if found is None:
        raise LookupError(f"there is no import run {run}")
    files = tuple(
        FileLedger(**dict(zip(_COLUMNS, row[1:], strict=True)), reasons=tuple(reasons.get(row[0], ()))) for row in rows
    )
    return RunLedger(run, found[0], found[1], files)
