"""The checkpoint: a shift's device, the scanner that works without a connection, and sending on what it has scanned.

The scanner shows what a code itself says to a device of that day: whether the identity is verified and whether an order
is in force. No row of the index is read here, so no access is opened; each scan reaches the person's record by the hot
lane.
"""

from __future__ import annotations

from django.contrib.staticfiles.finders import find
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pccovid.officers.database import Refused
from pccovid.officers.offices import COMMUNE_POLICE, HEALTH_STATION
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.shifts import Revocation, shift_bundle
from pccovid.places import operations, queries
from pccovid.places.operations import Office
from pccovid.web.console.desk import Desk, desk_page
from pccovid.web.lane_asking import hand_on

_OFFICES = (COMMUNE_POLICE, HEALTH_STATION)


@require_safe
@desk_page(*_OFFICES)
def scanner(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The scanner's page. It names nobody, since the device keeps it for hours without a connection."""
    return render(request, "console/scanner.html")


@require_safe
@desk_page(*_OFFICES)
def worker(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The service worker, from beside the scanner's page, for that page alone."""
    path = find("js/scanner-worker.js")
    assert isinstance(path, str)
    with open(path, "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


@require_POST
@desk_page(*_OFFICES)
def start_shift(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A shift at the named checkpoint: what the device needs for it, once."""
    by, now = Office(desk.account, desk.appointment.id), timezone.now()
    name = request.POST.get("name", "")[:100]
    try:
        secret, ends = operations.start_shift(by=by, name=name)
        revoked = [Revocation(*one) for one in queries.revoked_codes(by)]
    except Refused:
        return JsonResponse({"told": _("Ghi tên chốt, ít nhất hai chữ.")}, status=422)
    bundle = shift_bundle(code_keys(), revoked, starts=now, ends=ends)
    return JsonResponse({**bundle, "secret": secret, "name": name})


@require_POST
@desk_page(*_OFFICES)
def send_on(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Hand the device's scans to the hot lane under the device's own secret; the lane's answer is the answer."""
    return hand_on(request)
