"""What the process that takes in agencies' messages answers: their interface, and nothing of the app or the console."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("api/", include("pccovid.web.agency_api.urls"))]
