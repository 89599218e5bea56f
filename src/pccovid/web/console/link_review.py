"""The review of pairs: two records side by side, what speaks for and against, and the officer's word on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.link_review import queries as review
from pccovid.link_review import split_queries
from pccovid.link_review.operations import OpinionRefused, give_opinion
from pccovid.officers.offices import DATA_STEWARD
from pccovid.people import reviewing
from pccovid.people.reviewing import ATTRIBUTES, ReviewedPair
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.console.waterfall import waterfall

_REPAIR = "data_repair"
_QUEUE_ROWS, _SPLIT_ROWS = 50, 25


@dataclass(frozen=True)
class ComparedRow:
    """One attribute of both records; `agreement` is same, differs, or one_side."""

    attribute: str
    one: object
    other: object

    @property
    def values(self) -> tuple[object, object]:
        return self.one, self.other

    @property
    def agreement(self) -> str:
        if self.one is None or self.other is None:
            return "one_side"
        return "same" if self.one == self.other else "differs"


@require_safe
@desk_page(DATA_STEWARD)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for this officer, most harm first, and how the work goes."""
    with desk.reading(Task(_REPAIR, "link review queue"), desk.everybody_in_reach()) as disclosures:
        asked = split_queries.open_requests(most=_SPLIT_ROWS + 1)
        apart = split_queries.to_split(most=_SPLIT_ROWS + 1)
        is_more = len(asked) > _SPLIT_ROWS or len(apart) > _SPLIT_ROWS
        asked, apart = asked[:_SPLIT_ROWS], apart[:_SPLIT_ROWS]
        persons = {one.person for one in asked} | {one.person for one in apart}
        disclosures.add(sorted(persons), ["source_record"])
        lines = review.queue(desk.account, limit=_QUEUE_ROWS)
        progress = review.progress(desk.account, today=_day_began(timezone.now()))
    share = progress.agreement.share
    return render(
        request, "console/link_review_queue.html",
        {"desk": desk, "asked": asked, "apart": apart, "is_more": is_more,
         "lines": lines, "progress": progress, "waiting": sum(pairs for _harm, pairs in progress.waiting),
         "agreed_percent": None if share is None else round(100 * share)},
    )  # fmt: skip


@require_safe
@desk_page(DATA_STEWARD)
def next_pair(request: HttpRequest, desk: Desk) -> HttpResponse:
    """To the first pair of the queue; to the queue where it is empty."""
    with desk.reading(Task(_REPAIR, "link review queue"), desk.everybody_in_reach()):
        lines = review.queue(desk.account, limit=1)
    return redirect("console-link-pair", lines[0].pair) if lines else redirect("console-link-queue")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DATA_STEWARD)
def pair(request: HttpRequest, desk: Desk, pair_id: UUID) -> HttpResponse:
    """One pair; a posted opinion is taken down and the next pair shown."""
    refused = ""
    if request.method == "POST":
        refused = _take_down(request, desk, pair_id)
        if not refused:
            return redirect("console-link-next")
    with desk.reading(Task(_REPAIR, f"link review {pair_id}"), desk.everybody_in_reach()) as disclosures:
        found = reviewing.pair(pair_id)
        if found is not None:
            persons = sorted({side.person for side in (found.one, found.other) if side.person})
            disclosures.add(persons, ["contact", "identity", "source_record"])
            said = _said(desk, pair_id)
    if found is None:
        return not_in_sight(request, desk)
    return render(
        request, "console/link_review_pair.html",
        {
            "desk": desk, "pair": found, "rows": _compared(found), "waterfall": waterfall(found.evidence),
            "refused": refused, "sides": (found.one, found.other), **said,
        },
        status=400 if refused else 200,
    )  # fmt: skip


def _said(desk: Desk, pair_id: UUID) -> dict[str, Any]:
    """What this officer said last of the pair; then what others did, and what it comes to."""
    opinions = review.opinions_of(pair_id)
    own = next((line for line in reversed(opinions) if line.officer == desk.account), None)
    if own is None:
        # A second look is worth something only unprompted.
        return {"own": None, "others": (), "ruling": None}
    others = tuple(line for line in opinions if line.officer != desk.account)
    return {"own": own, "others": others, "ruling": review.ruling_of(pair_id)}


def _take_down(request: HttpRequest, desk: Desk, pair_id: UUID) -> str:
    """Give the posted opinion; returns what is wrong with it, or nothing."""
    with desk.reading(Task(_REPAIR, f"link review {pair_id}"), desk.everybody_in_reach()):
        try:
            give_opinion(
                pair=pair_id, opinion=request.POST.get("opinion", ""), reason=request.POST.get("reason", "")[:500]
            )
        except OpinionRefused:
            return _("Hãy chọn một trong ba ý kiến và viết lý do.")
    return ""


def _compared(found: ReviewedPair) -> list[ComparedRow]:
    one, other = found.one.claimed, found.other.claimed
    return [ComparedRow(name, one.get(name), other.get(name)) for name in ATTRIBUTES if name in one or name in other]


def _day_began(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
