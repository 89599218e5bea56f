"""Reading the import ledger: runs, their files, and the rows that found no place.

Runs and files are counts about nobody and are read freely; rows are personal and need an opened access whose scope
is everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from pccovid.people.models import ImportFile, ImportReason, ImportRun, RecordClaim, UnplacedRow
from pccovid.people.numbers import shown_payload

PAGE_ROWS = 50
OUTCOMES = ("linked", "new", "held", "rejected")


@dataclass(frozen=True)
class Balance:
    """Received rows and what became of them; the database refuses counts that do not add up."""

    received: int
    linked: int
    new: int
    held: int
    rejected: int
    unchanged: int = 0
    repeated: int = 0

    @property
    def is_balanced(self) -> bool:
        return self.received == self.linked + self.new + self.held + self.rejected


@dataclass(frozen=True)
class RunLine:
    """One run in the list of runs."""

    id: int
    folder: str
    stage: str
    started_at: datetime
    published_at: datetime | None
    published_by: str
    model_version: str
    balance: Balance
    files: int


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason was given: `outcome` held, rejected, value (a refused value) or repeated."""

    outcome: str
    reason: str
    field: str
    rows: int


@dataclass(frozen=True)
class FileLine:
    """One file of a run."""

    name: str
    system: str
    kind: str
    balance: Balance
    notes: Mapping[str, object]
    reasons: tuple[ReasonCount, ...]


@dataclass(frozen=True)
class RowLine:
    """A held or rejected row in a list: what it is, never what it says."""

    id: UUID
    run: int
    file_name: str
    row_no: int
    system: str
    kind: str
    outcome: str
    reason: str
    resolved_at: datetime | None


@dataclass(frozen=True)
class WholeRow:
    """A held or rejected row with all it says; `person` once its record has found one."""

    line: RowLine
    key: str
    payload: str
    resolution: str
    record_id: UUID | None
    person: UUID | None


@dataclass(frozen=True)
class RowFilter:
    """Which rows to list; an empty word means any."""

    run: int | None = None
    outcome: str = ""
    reason: str = ""
    system: str = ""
    with_resolved: bool = False


@dataclass(frozen=True)
class RowPage:
    """One page of rows, and what there is to filter by: (word, rows)."""

    rows: tuple[RowLine, ...]
    number: int
    pages: int
    total: int
    reasons: tuple[tuple[str, int], ...] = field(default=())
    systems: tuple[tuple[str, int], ...] = field(default=())


_SUMS = {name: Sum(f"files__{name}", default=0) for name in ("received", *OUTCOMES, "unchanged", "repeated")}
_LINE = ("id", "run_id", "file_name", "row_no", "system", "kind", "outcome", "reason", "resolved_at")


def runs() -> tuple[RunLine, ...]:
    """Every run, newest first. Needs no opened access."""
    return tuple(map(_run_line, _runs().order_by("-id")))


def run(number: int) -> tuple[RunLine, tuple[FileLine, ...]] | None:
    """One run and its files in the order they were read; None for an unknown number. Needs no opened access."""
    found = _runs().filter(id=number).first()
    if found is None:
        return None
    reasons: dict[int, list[ReasonCount]] = {}
    for row in ImportReason.objects.filter(file__run_id=number).order_by("outcome", "-rows", "reason", "field"):
        reasons.setdefault(row.file_id, []).append(ReasonCount(row.outcome, row.reason, row.field, row.rows))
    files = ImportFile.objects.filter(run_id=number).order_by("id")
    return _run_line(found), tuple(
        FileLine(file.name, file.system, file.kind, _balance(file), file.notes, tuple(reasons.get(file.pk, ())))
        for file in files
    )


def unplaced_rows(wanted: RowFilter, page: int) -> RowPage:
    """One page of held and rejected rows, oldest run first. Needs access to everybody; without it there are none."""
    rows = _chosen(wanted)
    total = rows.count()
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(page, 1), pages)
    start = (number - 1) * PAGE_ROWS
    listed = rows.order_by("run_id", "file_name", "row_no", "id").values_list(*_LINE)[start : start + PAGE_ROWS]
    return RowPage(
        tuple(RowLine(*row) for row in listed),
        number,
        pages,
        total,
        _counted(wanted, "reason"),
        _counted(wanted, "system"),
    )


def unplaced_row(row: UUID) -> WholeRow | None:
    """One held or rejected row, whole; None where there is none in sight."""
    found = UnplacedRow.objects.filter(id=row).first()
    if found is None:
        return None
    person = _person_of(found.record_id) if found.record_id else None
    line = RowLine(*(getattr(found, name) for name in _LINE))
    return WholeRow(
        line, found.key, shown_payload(found.payload, found.record_id), found.resolution, found.record_id, person
    )


def _person_of(record: UUID) -> UUID | None:
    return RecordClaim.objects.filter(record_id=record).values_list("person_id", flat=True).first()


def _runs() -> QuerySet[ImportRun]:
    return ImportRun.objects.annotate(
        file_count=Count("files"), **{f"sum_{name}": sums for name, sums in _SUMS.items()}
    )


def _run_line(row: ImportRun) -> RunLine:
    sums = Balance(**{name: getattr(row, f"sum_{name}") for name in _SUMS})
    return RunLine(
        row.pk, row.folder, row.stage, row.started_at, row.published_at, row.published_by, row.model_version, sums,
        row.file_count,  # type: ignore[attr-defined]
    )  # fmt: skip


def _balance(file: ImportFile) -> Balance:
    return Balance(**{name: getattr(file, name) for name in _SUMS})


def _chosen(wanted: RowFilter) -> QuerySet[UnplacedRow]:
    rows = UnplacedRow.objects.all() if wanted.with_resolved else UnplacedRow.objects.filter(resolved_at=None)
    if wanted.run is not None:
        rows = rows.filter(run_id=wanted.run)
    for name in ("outcome", "reason", "system"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    return rows


def _counted(wanted: RowFilter, column: str) -> tuple[tuple[str, int], ...]:
    """The words of one column among the rows chosen by all the other filters, most frequent first."""
    others = RowFilter(**{**wanted.__dict__, column: ""})
    counts = _chosen(others).values_list(column).annotate(rows=Count("id")).order_by("-rows", column)
    return tuple((word, rows) for word, rows in counts)
