"""Addresses of the citizen app. Nothing personal ever stands in one."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from pccovid.web.citizen import sandbox_messages

urlpatterns: list[URLPattern] = []
if settings.IS_SANDBOX:
    urlpatterns.append(path("sandbox/tin-nhan", sandbox_messages.show, name="sandbox-messages"))
