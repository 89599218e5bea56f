"""Sandbox only: the one-time codes that made officers' phones would show."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pccovid.officers.sandbox_codes import present_codes


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The present code of every made officer; the address exists in the sandbox only, and so does the answer."""
    if not settings.IS_SANDBOX:
        raise Http404
    return render(request, "console/sandbox_codes.html", {"codes": present_codes(timezone.now())})
