"""Addresses for machines. Fixed ones stand before those of resource types."""

from __future__ import annotations

from django.urls import URLPattern, path

from pccovid.web.agency_api import asking, describing, feeding, taking_in, tokens

_FHIR = "fhir/R4"

urlpatterns: list[URLPattern] = [
    path("openapi.json", describing.openapi, name="api-openapi"),
    path("auth/token", tokens.token, name="api-token"),
    path("auth/keys", tokens.keys, name="api-keys"),
    path("auth/signing-keys", feeding.signing_keys, name="api-signing-keys"),
    path(f"{_FHIR}/$changes", feeding.changes, name="fhir-changes"),
    path(_FHIR, taking_in.bundle, name="fhir-bundle"),
    path(f"{_FHIR}/", taking_in.bundle, name="fhir-bundle-slash"),
    path(f"{_FHIR}/metadata", describing.metadata, name="fhir-metadata"),
    path(f"{_FHIR}/.well-known/smart-configuration", describing.smart, name="fhir-smart"),
    path(f"{_FHIR}/StructureDefinition", describing.profiles, name="fhir-profiles"),
    path(f"{_FHIR}/StructureDefinition/<str:profile>", describing.profile_of, name="fhir-profile"),
    path(f"{_FHIR}/Patient/$match", asking.match, name="fhir-match"),
    path(f"{_FHIR}/Patient/<str:number>/$everything", asking.everything, name="fhir-everything"),
    path(f"{_FHIR}/<str:kind>", asking.of_kind, name="fhir-kind"),
    path(f"{_FHIR}/<str:kind>/_search", asking.search, name="fhir-search"),
    path(f"{_FHIR}/<str:kind>/<str:number>", asking.read, name="fhir-read"),
    path(f"{_FHIR}/<str:kind>/<str:number>/_history", asking.history, name="fhir-history"),
    path(f"{_FHIR}/<str:kind>/<str:number>/_history/<str:which>", asking.version, name="fhir-version"),
]
