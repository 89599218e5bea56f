"""A steward asks that records be split off a person; another agrees, or declines in words."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from pccovid.link_review.splitting import SplitRequestRefused, answer_split, ask_for_split, take_back_split
from pccovid.officers.offices import DATA_STEWARD
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.console.person_page import shown
from pccovid.web.console.review_wording import SPLIT_REFUSAL
from pccovid.web.console.split_form import MOST_WORDS, record_ids

_TASK = Task("data_repair", "tách hồ sơ")
_LARGEST = 2**62


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(DATA_STEWARD)
def person(request: HttpRequest, desk: Desk, person_id: UUID) -> HttpResponse:
    """The person's page, opened to take them apart; posted records and a reason become a request."""
    if request.method != "POST":
        return shown(request, desk, _TASK, desk.only(person_id), person_id)
    records, reason = record_ids(request.POST.getlist("record")), request.POST.get("reason", "")[:MOST_WORDS]
    return _done(request, desk, person_id, lambda: ask_for_split(person=person_id, records=records, reason=reason))


@require_POST
@desk_page(DATA_STEWARD)
def answer(request: HttpRequest, desk: Desk, person_id: UUID, number: int) -> HttpResponse:
    """A second steward's yes, or anybody's no with its words."""
    agrees, words = request.POST.get("answer") == "agree", request.POST.get("words", "")[:MOST_WORDS]
    if number >= _LARGEST:
        return not_in_sight(request, desk)
    return _done(
        request, desk, person_id,
        lambda: answer_split(person=person_id, request=number, agrees=agrees, words="" if agrees else words),
    )  # fmt: skip


@require_POST
@desk_page(DATA_STEWARD)
def take_back(request: HttpRequest, desk: Desk, person_id: UUID, number: int) -> HttpResponse:
    """A steward's word that what was split is one person after all; where one is verified, a second one's as well."""
    reason = request.POST.get("reason", "")[:MOST_WORDS]
    if number >= _LARGEST:
        return not_in_sight(request, desk)
    return _done(
        request, desk, person_id, lambda: take_back_split(person=person_id, request=number, reason=reason)
    )  # fmt: skip


def _done(request: HttpRequest, desk: Desk, person_id: UUID, verb: Callable[[], object]) -> HttpResponse:
    """Do it and show the person's page again, with what is wrong where it was refused."""
    code = ""
    with desk.reading(_TASK, desk.everybody_in_reach()):
        try:
            verb()
        except SplitRequestRefused as refused:
            code = refused.code
    if not code:
        return redirect("console-split-person", person_id)
    return shown(request, desk, _TASK, desk.only(person_id), person_id, refused=str(SPLIT_REFUSAL[code]))
