"""Shares of verified identities by area and campaign: agree, disagree, no number, not verifiable."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pccovid.identity_verification import queries
from pccovid.identity_verification.rules import VERDICTS
from pccovid.officers.database import Refused
from pccovid.officers.offices import COMMUNE_POLICE, DATA_PROTECTION, DATA_STEWARD, HEALTH_STATION
from pccovid.web.console.desk import Desk, desk_page, not_in_sight

OFFICES = (DATA_STEWARD, COMMUNE_POLICE, HEALTH_STATION, DATA_PROTECTION)
VERDICT: dict[str, Promise | str] = {
    "agree": gettext_lazy("Khớp"), "disagree": gettext_lazy("Không khớp"), "no_id": gettext_lazy("Không có số"),
    "not_verifiable": gettext_lazy("Không xác minh được"),
}  # fmt: skip
_AREA = re.compile(r"\d{2,5}")


@require_safe
@desk_page(*OFFICES)
def shares(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The last campaigns, all together and by the areas right below the one asked for."""
    asked = request.GET.get("khu-vuc", "")
    below = asked if _AREA.fullmatch(asked) else None
    try:
        found = queries.shares(
            officer=desk.account, through=desk.appointment.id, within=desk.appointment.area, below=below
        )
    except Refused:
        return not_in_sight(request, desk)
    page = {"desk": desk, "campaigns": found, "newest": found[0] if found else None, "below": below,
            "verdicts": [VERDICT[one] for one in VERDICTS]}  # fmt: skip
    return render(request, "console/verification.html", page)
