"""What every template knows without being told by its view."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Whether this is a sandbox, where people are made and messages shown on a page."""
    return {"is_sandbox": settings.IS_SANDBOX}
