"""Handing a device's scans on to the hot lane under the device's own secret; what the lane answers is the answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse

_MOST_BYTES = 200_000
_PATIENCE_SECONDS = 10.0


def hand_on(request: HttpRequest) -> JsonResponse:
    """The scans of the request's body, sent on; 401 without a secret, 413 where there are too many."""
    secret = request.headers.get("Device-Secret", "")
    if not secret:
        return JsonResponse({"error": "no_secret"}, status=401)
    if len(request.body) > _MOST_BYTES:
        return JsonResponse({"error": "too_large"}, status=413)
    status, answer = _asked_of_lane(request.body, secret, request.headers.get("Device-Time", ""))
    return JsonResponse(answer, status=status)


def _asked_of_lane(body: bytes, secret: str, clock: str) -> tuple[int, dict[str, Any]]:
    if not secret.isascii() or not secret.isprintable() or not clock.isascii() or not clock.isprintable():
        return 400, {"error": "malformed"}
    asked = urllib.request.Request(  # noqa: S310 - the address is a setting
        f"{settings.SCAN_LANE}/scans", body, {"Authorization": f"Bearer {secret}", "Device-Time": clock}, method="POST"
    )
    try:
        with urllib.request.urlopen(asked, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310
            return 200, dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return refused.code, {"error": "refused"}
    except (OSError, ValueError):
        return 503, {"error": "away"}
