"""What the app does without a connection, and what it leaves on a device that many people share."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.web.citizen import session
from pccovid.web.shared_device import forget_shared, is_shared, mark_shared

_FILES = (
    "css/pccovid.css", "js/app.js", "js/check-in.js", "js/camera.js", "js/declare.js", "js/push.js", "img/sign.svg",
    "app.webmanifest",
)  # fmt: skip
_PAGES = ("home", "my-qr", "my-qr-unified", "my-card", "my-doses", "my-tests", "read-code")
"""Pages of the record that open without a connection, as they were last confirmed; the reader, to check in."""
_ALONG = ("my-qr", "my-qr-unified", "my-card", "read-code")
"""Those that the device fetches by itself beside the first that somebody looks at."""


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its version changes with any of its files, and with PCCOVID_BUILD."""
    files = [static(name) for name in _FILES]
    with translation.override("vi"):
        news = _("Có điều mới trong PC-Covid.")
    page = {
        "files": json.dumps(files), "pages": json.dumps([reverse(name) for name in _PAGES]), "news": news,
        "along": json.dumps([reverse(name) for name in _ALONG]),
        "offline": reverse("offline"), "sign_out": reverse("sign-out"), "notices": reverse("my-notices"),
        "icon": static("img/icon-192.png"),
        "version": hashlib.sha256(json.dumps([files, settings.BUILD]).encode()).hexdigest()[:12],
    }  # fmt: skip
    return render(request, "sw.js", page, content_type="text/javascript; charset=utf-8")


@require_safe
def without_connection(request: HttpRequest) -> HttpResponse:
    """What a page says that is not kept. It names nobody."""
    return render(request, "citizen/offline.html")


@require_http_methods(["GET", "HEAD", "POST"])
def shared_device(request: HttpRequest) -> HttpResponse:
    """A station's device for many people: sessions end after three minutes, and nothing is kept on it."""
    if request.method != "POST":
        return render(request, "citizen/shared_device.html", {"is_shared_now": is_shared(request)})
    session.end(request)
    response = HttpResponseRedirect(reverse("shared-device"))
    if request.POST.get("act") == "on":
        mark_shared(response)
        # Whatever the device kept before goes, the app for use without a connection among it.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    else:
        forget_shared(response)
    return response
