"""What a steward's page of a person shows of taking that person apart: ticked records, the open request, past ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from pccovid.link_review.rules import LEAST_REASON
from pccovid.link_review.split_queries import SplitRequest
from pccovid.officers.offices import DATA_STEWARD
from pccovid.people.dossier import Dossier, RecordLine
from pccovid.web.console.desk import Desk

MOST_WORDS = 500


@dataclass(frozen=True)
class TickedRecord:
    """A record, and whether it is among those to go."""

    line: RecordLine
    is_ticked: bool


@dataclass(frozen=True)
class SplitForm:
    """`waiting`: the request that nobody has settled, which `is_own` of the officer at the desk or not."""

    records: tuple[TickedRecord, ...]
    waiting: SplitRequest | None
    is_own: bool
    past: tuple[SplitRequest, ...]
    reason: str
    refused: str
    may_ask: bool
    least: int = LEAST_REASON
    most: int = MOST_WORDS


def split_form(
    request: HttpRequest, desk: Desk, person: Dossier, requests: tuple[SplitRequest, ...], *, refused: str
) -> SplitForm | None:
    """The form as asked for in the address, as posted, or with the records of the open request; stewards' alone."""
    if desk.role != DATA_STEWARD:
        return None
    waiting = next((one for one in requests if one.is_open and one.person == person.person), None)
    ticked = set(waiting.records) if waiting else set(record_ids(_asked(request)))
    return SplitForm(
        records=tuple(TickedRecord(line, line.record_id in ticked) for line in person.records),
        waiting=waiting, is_own=waiting is not None and waiting.asked_by == desk.account,
        past=tuple(one for one in requests if not one.is_open), reason=request.POST.get("reason", "")[:MOST_WORDS],
        refused=refused, may_ask=waiting is None and person.merged_into is None and len(person.records) > 1,
    )  # fmt: skip


def record_ids(words: Iterable[str]) -> tuple[UUID, ...]:
    """Those of the words that are the number of a record."""
    found = []
    for word in words:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return tuple(found)


def _asked(request: HttpRequest) -> list[str]:
    return request.POST.getlist("record") if request.method == "POST" else request.GET.getlist("record")
