"""Shadows for the national data steward: what linking everybody anew would change, one person's before and after."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pccovid.officers.offices import DATA_STEWARD
from pccovid.relinking import queries
from pccovid.relinking.queries import ApprovalRefused
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.console.waterfall import waterfall

_REPAIR = "data_repair"
_MOST_SHADOWS = 20
_LARGEST = 2**62


@require_safe
@desk_page(DATA_STEWARD)
def shadows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every shadow, newest first, and what became of it."""
    with desk.reading(Task(_REPAIR, "shadows"), desk.everybody_in_reach()):
        lines = queries.shadows(most=_MOST_SHADOWS)
    return render(request, "console/shadows.html", {"desk": desk, "lines": lines})


@require_safe
@desk_page(DATA_STEWARD)
def shadow(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One shadow: its numbers by reason and system, and the persons who would change, a page at a time."""
    return _page(request, desk, number)


@require_POST
@desk_page(DATA_STEWARD)
def approve(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """This officer's approval; the second of two lets the operator swap the shadow in."""
    if request.POST.get("understood") != "1":
        return _page(request, desk, number, told=_("Đánh dấu rằng bạn đã xem kết quả rồi mới duyệt."), status=422)
    if number >= _LARGEST:
        return not_in_sight(request, desk)
    told = ""
    with desk.reading(Task(_REPAIR, f"shadow {number}"), desk.everybody_in_reach()):
        try:
            queries.approve(number)
        except ApprovalRefused as refused:
            told = _said(refused)
    return _page(request, desk, number, told=told, status=409) if told else redirect("console-shadow", number)


@require_safe
@desk_page(DATA_STEWARD)
def person(request: HttpRequest, desk: Desk, number: int, person_id: UUID) -> HttpResponse:
    """One person before and after, record by record, with why each record would go; reading it is logged."""
    if number >= _LARGEST:
        return not_in_sight(request, desk)
    with desk.reading(Task(_REPAIR, f"shadow {number}"), desk.everybody_in_reach()) as disclosures:
        found = queries.person_change(number, person_id)
        if found is not None:
            disclosures.add(found.persons, ["identity", "source_record"])
    if found is None:
        return not_in_sight(request, desk)
    return render(
        request, "console/shadow_person.html",
        {"desk": desk, "number": number, "found": found,
         "before": [one for one in found.records if one.is_before],
         "after": [one for one in found.records if one.is_after],
         "moved": [(one, waterfall(one.evidence)) for one in found.records if one.kind]},
    )  # fmt: skip


def _said(refused: ApprovalRefused) -> str:
    if refused.code == "PC443":
        return _("Bạn đã duyệt rồi: cần một cán bộ khác.")
    return _("Bản ghép thử này không còn chờ duyệt.")


def _page(request: HttpRequest, desk: Desk, number: int, *, told: str = "", status: int = 200) -> HttpResponse:
    if number >= _LARGEST:
        return not_in_sight(request, desk)
    kind, reason = request.GET.get("kind", ""), request.GET.get("reason", "")[:64].replace("\0", "")
    kind = kind if kind in queries.PERSON_KINDS else ""
    with desk.reading(Task(_REPAIR, f"shadow {number}"), desk.everybody_in_reach()):
        found = queries.shadow(number)
        page = queries.changes(number, kind=kind, reason=reason, page=_number(request.GET.get("page")))
    if found is None:
        return not_in_sight(request, desk)
    chosen = {name: value for name, value in (("kind", kind), ("reason", reason)) if value}
    return render(
        request, "console/shadow.html",
        {"desk": desk, "shadow": found, "page": page, "kind": kind, "reason": reason, "query": urlencode(chosen),
         "kinds": sorted(found.counts.get("by_kind", {}).items()),
         "reasons": sorted({line["reason"] for line in found.counts.get("by_reason", ())}), "told": told,
         "is_mine": any(one.officer == desk.account for one in found.approvals),
         "before": page.number - 1 or None, "after": page.number + 1 if page.number < page.pages else None},
        status=status,
    )  # fmt: skip


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
