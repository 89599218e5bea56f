"""Movement for those who plan: published flows between areas as picture, table and file. Counts alone."""

from __future__ import annotations

import csv
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pccovid.officers.offices import OFFICES
from pccovid.published_statistics import queries
from pccovid.published_statistics.queries import LEVELS, PublishedWeek
from pccovid.web.console.case_forms import LARGEST
from pccovid.web.console.case_wording import Words
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.console.flow_picture import picture_of
from pccovid.web.words import area_name

LEVEL: Words = {
    "province": gettext_lazy("tỉnh, thành"),
    "district": gettext_lazy("huyện, quận"),
    "commune": gettext_lazy("xã, phường"),
}
_DRAWN, _LISTED = 12, 200


@require_safe
@desk_page(*OFFICES)
def flows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The chosen week's flows at the chosen level, the most people first."""
    weeks = queries.weeks()
    level = request.GET.get("cap", "district")
    level = level if level in LEVELS else "district"
    chosen = _chosen(weeks, request.GET.get("tuan", ""))
    found = queries.flows(chosen.release, level=level) if chosen else ()
    told = [(one.origin, one.destination, one.people) for one in found if one.people][:_DRAWN]
    page = {
        "desk": desk, "weeks": weeks, "chosen": chosen, "level": level, "levels": LEVEL,
        "lines": [(one, area_name(one.origin), area_name(one.destination)) for one in found[:_LISTED]],
        "left_out": max(len(found) - _LISTED, 0), "picture": picture_of(told), "days": _days(chosen),
        "rest": queries.rest(chosen.release) if chosen else None,
        "everybody": queries.everybody(chosen.release) if chosen else None,
    }  # fmt: skip
    return render(request, "console/flows.html", page)


@require_safe
@desk_page(*OFFICES)
def as_csv(request: HttpRequest, desk: Desk, release: int) -> HttpResponse:
    """A release as a file; a cell left blank is empty."""
    cells = queries.cells(release) if release < LARGEST else ()
    if not cells:
        return not_in_sight(request, desk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="di-lai-{release}.csv"'
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(("from", "to", "from_name", "to_name", "day", "people"))
    for area, day, people in cells:
        origin, _, destination = area.partition(">")
        writer.writerow(
            (origin, destination, area_name(origin), area_name(destination), day, "" if people is None else people)
        )
    return answer


def _chosen(weeks: tuple[PublishedWeek, ...], week: str) -> PublishedWeek | None:
    return next((one for one in weeks if one.week.isoformat() == week), weeks[0] if weeks else None)


def _days(chosen: PublishedWeek | None) -> list[date]:
    return [chosen.week + timedelta(days=n) for n in range(7)] if chosen else []
