"""Every address the service answers."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from pccovid.web import languages

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("pccovid.web.agency_api.urls")),
    path("", include("pccovid.web.citizen.urls")),
    path("ngon-ngu", languages.choose, name="language"),
]
if find_spec("pccovid.web.console.urls") is not None:
    urlpatterns.append(path("can-bo/", include("pccovid.web.console.urls")))
