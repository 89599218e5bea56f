"""What the process that takes in agencies' messages answers: their interface, and nothing of the app or the console."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("api/", include("pccovid.web.agency_api.urls"))]

# Pages of the app name addresses that are not here: what goes wrong is told in the interface's own form.
handler400 = "pccovid.web.agency_api.answers.bad_request"
handler403 = "pccovid.web.agency_api.answers.forbidden"
handler404 = "pccovid.web.agency_api.answers.not_found"
handler500 = "pccovid.web.agency_api.answers.server_error"
