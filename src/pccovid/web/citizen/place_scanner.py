"""The scanner of a place, on the place's own device. Nobody signs in there.

A link that the place's registrant or commune made holds the device's secret behind the #, and the hot lane takes scans
under that secret alone.

The page is the same program for every place and names nobody. It knows the public keys that check codes and no key that
reads a standing, so it can say of somebody only that they were written down.
"""

from __future__ import annotations

import base64
import json

from django.contrib.staticfiles.finders import find
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from pccovid.personal_codes.keys import code_keys
from pccovid.web.lane_asking import hand_on


@require_safe
def scanner(request: HttpRequest) -> HttpResponse:
    """The scanner's page."""
    checks = {
        str(number): base64.b64encode(check.public_bytes_raw()).decode()
        for number, check in code_keys().signature_checks().items()
    }
    return render(request, "place_scanner.html", {"checks": json.dumps(checks)})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from beside the scanner's page, for that page alone."""
    path = find("js/scanner-worker.js")
    assert isinstance(path, str)
    with open(path, "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


@csrf_exempt  # no session is looked at: the device's secret in a header of its own is all there is
@require_POST
def send_on(request: HttpRequest) -> HttpResponse:
    """Hand the device's scans to the hot lane under the device's own secret."""
    return hand_on(request)
