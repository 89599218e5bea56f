"""What every template knows without being told by its view."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from pccovid.web.shared_device import is_shared


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Whether this is a sandbox, where people are made, and whether many people share this device."""
    return {"is_sandbox": settings.IS_SANDBOX, "is_shared": is_shared(request)}
