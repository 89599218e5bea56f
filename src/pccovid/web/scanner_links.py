"""The link that makes a device a place's scanner, as text and as a code to scan; whoever has it can write scans."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from pccovid.web.qr_drawing import drawn


def scanner_link(request: HttpRequest, *, secret: str, place: str) -> dict[str, str]:
    """For the template: the link and its drawing. The secret stands behind the #, where no server is sent it."""
    link = request.build_absolute_uri(reverse("place-scanner")) + "#" + urlencode({"s": secret, "n": place})
    return {"link": link, "drawing": drawn(link)}
