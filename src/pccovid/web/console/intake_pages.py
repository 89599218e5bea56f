"""The import ledger and the rows that found no place: for the national data steward."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.officers.offices import DATA_STEWARD
from pccovid.people import intake
from pccovid.people.dossier import reviews_of_record
from pccovid.people.intake import Balance, FileLine, RowFilter
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.console.waterfall import waterfall
from pccovid.web.console.wording import remarks

REPAIR = "data_repair"
_CODE = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One outcome's part of the balance bar, in per cent of the received rows."""

    outcome: str
    rows: int
    x: float
    width: float


def parts(balance: Balance) -> tuple[Part, ...]:
    """The bar of a balance: linked, new, held, rejected side by side; nothing where nothing was received."""
    drawn: list[Part] = []
    at = 0.0
    for outcome in intake.OUTCOMES:
        rows = getattr(balance, outcome)
        width = 100 * rows / balance.received if balance.received else 0.0
        drawn.append(Part(outcome, rows, round(at, 3), round(width, 3)))
        at += width
    return tuple(drawn)


@require_safe
@desk_page(DATA_STEWARD)
def runs(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every delivery carried over, newest first."""
    lines = [(line, parts(line.balance)) for line in intake.runs()]
    return render(request, "console/runs.html", {"desk": desk, "lines": lines})


@require_safe
@desk_page(DATA_STEWARD)
def run(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One delivery: its files, each balanced to the row, and every reason counted."""
    found = intake.run(number)
    if found is None:
        return not_in_sight(request, desk)
    line, files = found
    return render(
        request,
        "console/run.html",
        {
            "desk": desk,
            "run": line,
            "parts": parts(line.balance),
            "reasons": _over_all_files(files),
            "files": [(file, parts(file.balance), remarks(file.notes)) for file in files],
        },
    )


@require_safe
@desk_page(DATA_STEWARD)
def rows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Held and rejected rows by reason and system: what they are, not what they say."""
    wanted = _wanted(request)
    with desk.reading(Task(REPAIR, "unplaced rows"), desk.everybody_in_reach()):
        page = intake.unplaced_rows(wanted, _number(request.GET.get("page")) or 1)
    chosen = {name: value for name, value in _as_query(wanted).items() if value}
    return render(
        request,
        "console/rows.html",
        {"desk": desk, "page": page, "wanted": wanted, "query": urlencode(chosen), "runs": intake.runs(),
         "before": page.number - 1 or None, "after": page.number + 1 if page.number < page.pages else None},
    )  # fmt: skip


@require_safe
@desk_page(DATA_STEWARD)
def row(request: HttpRequest, desk: Desk, row_id: UUID) -> HttpResponse:
    """One row, whole, with its reason and what would make it acceptable; reading it is logged under the row."""
    with desk.reading(Task(REPAIR, f"row {row_id}"), desk.everybody_in_reach()) as disclosures:
        found = intake.unplaced_row(row_id)
        candidates = reviews_of_record(found.record_id) if found and found.record_id else ()
        if found is not None and found.person is not None:
            disclosures.add([found.person], ["source_record"])
        disclosures.add({pair.other.person for pair in candidates if pair.other.person}, ["identity"])
    if found is None:
        return not_in_sight(request, desk)
    return render(
        request,
        "console/row.html",
        {
            "desk": desk,
            "row": found,
            "payload": readable(found.payload),
            "candidates": [(pair, waterfall(pair.evidence)) for pair in candidates],
        },
    )


def readable(payload: str) -> str:
    """JSON spread over lines; anything else exactly as it was received."""
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        return payload


def _over_all_files(files: tuple[FileLine, ...]) -> list[tuple[str, str, int]]:
    """(outcome, reason, rows) over all files of a run, the most frequent first within each outcome."""
    counted: Counter[tuple[str, str]] = Counter()
    for file in files:
        for reason in file.reasons:
            counted[reason.outcome, reason.reason] += reason.rows
    return [(*of, rows) for of, rows in sorted(counted.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))]


def _wanted(request: HttpRequest) -> RowFilter:
    given = request.GET
    return RowFilter(
        run=_number(given.get("run")), outcome=_code(given.get("outcome", "")), reason=_code(given.get("reason", "")),
        system=_code(given.get("system", "")), with_resolved=given.get("resolved") == "1",
    )  # fmt: skip


def _as_query(wanted: RowFilter) -> dict[str, object]:
    return {"run": wanted.run, "outcome": wanted.outcome, "reason": wanted.reason, "system": wanted.system,
            "resolved": "1" if wanted.with_resolved else ""}  # fmt: skip


def _code(text: str) -> str:
    """The text where it can be one of our codes, else nothing: a filter for what cannot exist filters nothing."""
    return text if _CODE.fullmatch(text) else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
