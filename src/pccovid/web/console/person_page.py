"""One person's record as an officer sees it: every value with its source, every join with its evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from pccovid.foundation import access
from pccovid.foundation.classification import category_of
from pccovid.link_review.split_queries import SplitRequest, requests_of
from pccovid.officers.offices import DATA_STEWARD, HEALTH_STATION, TRACER
from pccovid.people import dossier as index
from pccovid.people.dossier import Dossier, FactTable, HeldFact, MergeLine, RecordLine, ReviewLine
from pccovid.web.console.desk import Desk, Task, categories_of, desk_page, not_in_sight, offices_that_read
from pccovid.web.console.intake_pages import readable
from pccovid.web.console.split_form import split_form
from pccovid.web.console.waterfall import Waterfall, waterfall
from pccovid.web.console.wording import said

_CALL = "telephone:"
"""What the key of a declaration told in a call begins with; the call's number follows."""


@dataclass(frozen=True)
class WeighedRecord:
    """A record and the waterfall of the decision that brought it in."""

    line: RecordLine
    waterfall: Waterfall | None


@dataclass(frozen=True)
class WeighedReview:
    """A pair under review and the waterfall of its evidence."""

    line: ReviewLine
    waterfall: Waterfall | None


@dataclass(frozen=True)
class ShownFact:
    """One fact with its values in words."""

    fact: HeldFact
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ShownFacts:
    """Facts of one kind, without the columns no fact fills; `is_readable` is False where the office may not see any."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[ShownFact, ...]
    is_readable: bool

    @property
    def pairs(self) -> list[tuple[ShownFact, list[tuple[str, str]]]]:
        """Each fact with (column, value) of what it says."""
        return [
            (row, [(column, cell) for column, cell in zip(self.columns, row.cells, strict=True) if cell])
            for row in self.rows
        ]


@require_safe
@desk_page(*offices_that_read())
def person(request: HttpRequest, desk: Desk, person_id: UUID) -> HttpResponse:
    """The whole record, as far as the office may read it for the case at hand."""
    if desk.task is None:
        return redirect("console-find")
    return shown(request, desk, desk.task, desk.only(person_id), person_id)


@require_safe
@desk_page(TRACER)
def person_of_case(request: HttpRequest, desk: Desk, number: int, person_id: UUID) -> HttpResponse:
    """The record of somebody whom a case is about or has met, opened for that case alone."""
    return shown(request, desk, Task("contact_tracing", f"CA-{number}"), desk.of_the_case(), person_id)


@require_safe
@desk_page(TRACER)
def person_of_task(request: HttpRequest, desk: Desk, number: int, person_id: UUID) -> HttpResponse:
    """The record of whom a task of the area is about, wherever they live, opened for that task alone."""
    return shown(request, desk, Task("contact_tracing", f"V-{number}"), desk.of_the_case(), person_id)


def shown(
    request: HttpRequest, desk: Desk, task: Task, scope: access.Scope, person_id: UUID, *, refused: str = ""
) -> HttpResponse:
    """The page of one person, as far as scope and task let it be seen; not in sight where they do not.

    `refused`: why what was posted about taking the person apart was not done.
    """
    desk = replace(desk, task=task)
    readable_categories = categories_of(desk.role, task.purpose)
    with desk.reading(task, scope) as disclosures:
        found = index.dossier(person_id)
        facts = index.facts_of(person_id) if found else ()
        if found is not None:
            disclosures.add([person_id], shown_categories(found, facts))
    if found is None:
        return not_in_sight(request, desk)
    merges, reviews, splits = _joins(desk, task, person_id)
    return render(
        request,
        "console/person.html",
        {
            "desk": desk, "person": found, "merges": merges,
            "records": [_weighed(line) for line in found.records],
            "facts": [shown_facts(table, readable_categories) for table in facts],
            "reviews": [WeighedReview(line, waterfall(line.evidence)) for line in reviews],
            "may_see_sources": "source_record" in readable_categories,
            "may_see_joins": desk.role == DATA_STEWARD,
            "calls": calls_of(desk, facts),
            "may_declare": desk.role == HEALTH_STATION and found.merged_into is None,
            "split": split_form(request, desk, found, splits, refused=refused),
        },
        status=400 if refused else 200,
    )  # fmt: skip


@require_safe
@desk_page(*offices_that_read())
def record(request: HttpRequest, desk: Desk, person_id: UUID, record_id: UUID) -> HttpResponse:
    """One source record in every version exactly as it was received."""
    if desk.task is None:
        return redirect("console-find")
    with desk.reading(desk.task, desk.only(person_id)) as disclosures:
        versions = index.payloads_of(person_id, record_id)
        if versions:
            disclosures.add([person_id], ["source_record"])
    if not versions:
        return not_in_sight(request, desk)
    shown = [(version, readable(version.payload)) for version in versions]
    return render(request, "console/record.html", {"desk": desk, "person_id": person_id, "versions": shown})


def shown_facts(table: FactTable, readable_categories: frozenset[str]) -> ShownFacts:
    """A table of facts in words, without the columns that no fact fills."""
    filled = [at for at, _ in enumerate(table.columns) if any(said(row.values[at]) for row in table.rows)]
    rows = tuple(ShownFact(row, tuple(said(row.values[at], table.columns[at]) for at in filled)) for row in table.rows)
    columns = tuple(table.columns[at] for at in filled)
    return ShownFacts(table.kind, columns, rows, category_of(table.table) in readable_categories)


class Call(NamedTuple):
    """A call in which the office at hand wrote down a declaration that stands."""

    number: UUID
    form: str
    at: datetime


def calls_of(desk: Desk, facts: tuple[FactTable, ...]) -> tuple[Call, ...]:
    """Those that the office may take back, newest first; nobody's but its own, and health stations' alone."""
    if desk.role != HEALTH_STATION:
        return ()
    (table,) = [each for each in facts if each.kind == "declaration"]
    found = []
    for row in table.rows:
        declared = dict(zip(table.columns, row.values, strict=True))
        told, key = _answers(declared), str(declared["source_key"])
        if row.superseded_at is None and told.get("written_by") == desk.appointment.office and key.startswith(_CALL):
            found.append(Call(UUID(key.removeprefix(_CALL)), str(declared["form"]), row.recorded_at))
    return tuple(found)


def _answers(declared: dict[str, Any]) -> dict[str, str]:
    """A cursor of Django's hands JSON on as text."""
    told = declared["answers"]
    answers: dict[str, str] = json.loads(told) if isinstance(told, str) else told
    return answers


def _weighed(line: RecordLine) -> WeighedRecord:
    return WeighedRecord(line, waterfall(line.link.evidence) if line.link else None)


def _joins(
    desk: Desk, task: Task, person: UUID
) -> tuple[tuple[MergeLine, ...], tuple[ReviewLine, ...], tuple[SplitRequest, ...]]:
    """Merges, pairs under review and splits name other people too: only the national steward sees them, logged so."""
    if desk.role != DATA_STEWARD:
        return (), (), ()
    with desk.reading(task, desk.everybody_in_reach()) as disclosures:
        merges, reviews, splits = index.merges_of(person), index.reviews_of(person), requests_of(person)
        others = {review.other.person for review in reviews if review.other.person}
        disclosures.add(sorted(others - {person}), ["identity"])
        parted = {one for split in splits for one in (split.person, split.opened) if one}
        disclosures.add(sorted(parted - {person}), ["source_record"])
    return merges, reviews, splits


def shown_categories(found: Dossier, facts: tuple[FactTable, ...]) -> list[str]:
    """The categories of which something is really shown."""
    held = {"identity"} | {category_of(table.table) for table in facts if table.rows}
    if found.contacts:
        held.add("contact")
    if any(record.links for record in found.records):
        held.add("source_record")
    return sorted(held)
