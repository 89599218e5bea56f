"""What the interface says of itself, to anybody: no record of a person is behind these addresses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pccovid.exchange.describing import capabilities, smart_configuration
from pccovid.exchange.describing import openapi as described
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.exchange.profiles import PROFILES, structure_definition
from pccovid.web.agency_api.answers import as_fhir, as_json, base_of
from pccovid.web.agency_api.doors import door


@door("GET")
def metadata(request: HttpRequest) -> HttpResponse:
    """The CapabilityStatement."""
    return as_fhir(capabilities(base_of(request), _origin(request), timezone.localdate().isoformat()))


@door("GET")
def smart(request: HttpRequest) -> HttpResponse:
    """SMART's configuration."""
    return as_json(smart_configuration(_origin(request)))


@door("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    """Every address in OpenAPI's form."""
    return as_json(described(_origin(request)))


@door("GET")
def profiles(request: HttpRequest) -> HttpResponse:
    """Every profile that is published."""
    base = base_of(request)
    entries = [
        {"fullUrl": f"{base}/StructureDefinition/{one.name}", "resource": structure_definition(one)}
        for one in PROFILES.values()
    ]
    return as_fhir({"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})


@door("GET")
def profile_of(request: HttpRequest, profile: str) -> HttpResponse:
    """One profile."""
    found = next((one for one in PROFILES.values() if one.name == profile), None)
    if found is None:
        raise Refusal(404, Issue("not-found", "there is no such profile"))
    return as_fhir(structure_definition(found))


def _origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
