"""What is said where a form comes without its token: it stood open too long, or another site sent it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without a right token, in our words; `reason` is for the log alone."""
    return render(request, "form_expired.html", status=403)
