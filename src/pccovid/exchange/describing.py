"""What the interface says of itself: capabilities (FHIR), configuration (SMART), and an OpenAPI description. Pure."""

from __future__ import annotations

from typing import Any

from pccovid.agreements.rules import RESOURCE_TYPES
from pccovid.exchange.mapping import READ_TYPES
from pccovid.exchange.profiles import FHIR_VERSION, PROFILES
from pccovid.exchange.searching import PATIENT_PARAMETERS, names_of
from pccovid.foundation.fhir import HL7, Resource, coding, concept

_DATES = {"date", "_lastUpdated", "birthdate", "onset-date", "effective-time"}
_OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_MATCH = "http://hl7.org/fhir/OperationDefinition/Patient-match"
_EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"


def parameters_of(kind: str) -> tuple[str, ...]:
    """The search parameters of a resource type."""
    return PATIENT_PARAMETERS if kind == "Patient" else names_of(kind)


def capabilities(base: str, origin: str, on: str) -> Resource:
    """The CapabilityStatement."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": on,
        "kind": "instance",
        "software": {"name": "PcCovid"},
        "implementation": {"description": "PcCovid, exchange with agencies", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "json"],
        "rest": [{
            "mode": "server",
            "security": {
                "cors": False,
                "service": [concept(coding(f"{HL7}restful-security-service", "SMART-on-FHIR"))],
                "description": "SMART Backend Services; every reading opens an access within one agreement",
                "extension": [{"url": _OAUTH,
                               "extension": [{"url": "token", "valueUri": f"{origin}/api/auth/token"}]}],
            },
            "resource": [_capability(kind) for kind in PROFILES],
            "interaction": [{"code": "transaction"}, {"code": "batch"}],
        }],
    }  # fmt: skip


def _capability(kind: str) -> Resource:
    is_read = _is_read(kind)
    reading = ("read", "vread", "history-instance", "search-type") if is_read else ()
    told: Resource = {
        "type": kind, "profile": PROFILES[kind].url, "versioning": "versioned", "conditionalCreate": True,
        "conditionalUpdate": True, "updateCreate": False, "readHistory": is_read,
        "interaction": [{"code": code} for code in ("create", *reading)],
    }  # fmt: skip
    if is_read:
        told["searchParam"] = [
            _parameter(name) for name in parameters_of(kind) if name not in ("_count", "_cursor", "_format")
        ]
    if kind == "Patient":
        told["operation"] = [{"name": "match", "definition": _MATCH}, {"name": "everything", "definition": _EVERYTHING}]
    return told


def _is_read(kind: str) -> bool:
    return kind in READ_TYPES


def _parameter(name: str) -> Resource:
    kinds = {"_id": "token", "identifier": "token", "patient": "reference", "subject": "reference",
             "beneficiary": "reference", "category": "token"}  # fmt: skip
    return {"name": name, "type": "date" if name in _DATES else kinds.get(name, "string")}


def smart_configuration(origin: str) -> dict[str, Any]:
    """What SMART clients read first."""
    return {
        "token_endpoint": f"{origin}/api/auth/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES384", "RS384"],
        "scopes_supported": [f"system/{kind}.{'crus' if _is_read(kind) else 'cu'}" for kind in RESOURCE_TYPES],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }  # fmt: skip


def openapi(origin: str) -> dict[str, Any]:
    """Every address with what it takes and how it answers."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "PcCovid exchange", "version": "1",
                 "description": "FHIR R4 for agencies with an agreement; see the connection guide."},
        "servers": [{"url": origin}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Resource": {
                "type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}},
            }},
        },
    }  # fmt: skip


def _paths() -> dict[str, Any]:
    fhir, paths = "/api/fhir/R4", {}
    paths["/api/auth/token"] = {"post": _token()}
    paths["/api/auth/keys"] = {"post": _written("Other public keys for those in force", "application/json", {})}
    for address in ("metadata", ".well-known/smart-configuration", "StructureDefinition"):
        paths[f"{fhir}/{address}"] = {"get": _answered("Description", [], is_open=True)}
    paths[f"{fhir}/StructureDefinition/{{name}}"] = {"get": _answered("A profile", [_profile_name()], is_open=True)}
    paths[fhir] = {"post": _written("A transaction or batch", "application/fhir+json", _bundle_schema())}
    paths[f"{fhir}/$changes"] = {"get": _answered("What has changed", [_query("_count"), _query("_since")])}
    paths[f"{fhir}/Patient/$match"] = {"post": _written("Whom a record may be", "application/fhir+json", _question())}
    paths[f"{fhir}/Patient/{{id}}/$everything"] = {"get": _answered("All about a person", [_in_path("id")])}
    for kind in PROFILES:
        paths |= _of_kind(f"{fhir}/{kind}", kind)
    return paths


def _of_kind(address: str, kind: str) -> dict[str, Any]:
    create = _written(PROFILES[kind].title, "application/fhir+json", _resource_schema(kind))
    if not _is_read(kind):
        return {address: {"post": create}}
    search = _answered(f"{kind} sought", [_query(name) for name in parameters_of(kind)])
    read = [_in_path("id")]
    return {
        address: {"get": search, "post": create},
        f"{address}/_search": {"post": _form(parameters_of(kind))},
        f"{address}/{{id}}": {"get": _answered(f"One {kind}", read)},
        f"{address}/{{id}}/_history": {"get": _answered(f"Versions of one {kind}", read)},
        f"{address}/{{id}}/_history/{{version}}": {
            "get": _answered(f"One version of a {kind}", [*read, _in_path("version")])
        },
    }


_RESOURCE = {"application/fhir+json": {"schema": {"$ref": "#/components/schemas/Resource"}}}
_SAID = "the answer, or an OperationOutcome that says what was wrong"
_ANSWERS = {"default": {"description": _SAID, "content": _RESOURCE}}
_PLAIN = {"default": {"description": "plain JSON, as OAuth speaks", "content": {"application/json": {}}}}


def _answered(summary: str, parameters: list[dict[str, Any]], *, is_open: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {"summary": summary, "parameters": parameters, "responses": _ANSWERS}
    return told if is_open else told | {"security": [{"token": []}]}


def _written(summary: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {media: {"schema": schema or {"type": "object"}}}}
    return _answered(summary, []) | {"requestBody": body}


def _form(names: tuple[str, ...]) -> dict[str, Any]:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return _answered("The same, asked in the body", []) | {
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    }


def _token() -> dict[str, Any]:
    names = ("grant_type", "scope", "client_assertion_type", "client_assertion")
    schema = {"type": "object", "required": list(names), "properties": {name: {"type": "string"} for name in names}}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return {"summary": "A token for a signed assertion", "requestBody": body, "responses": _PLAIN}


def _profile_name() -> dict[str, Any]:
    return {"name": "name", "in": "path", "required": True,
            "schema": {"type": "string", "enum": [profile.name for profile in PROFILES.values()]}}  # fmt: skip


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _resource_schema(kind: str) -> dict[str, Any]:
    required = ["resourceType", *(one.name for one in PROFILES[kind].elements if one.minimum and "|" not in one.name)]
    codes = {one.name: {"type": "string", "enum": list(one.codes)} for one in PROFILES[kind].elements if one.codes}
    return {"type": "object", "required": required, "properties": {"resourceType": {"const": kind}, **codes}}


def _bundle_schema() -> dict[str, Any]:
    entry = {"type": "object", "required": ["resource", "request"], "properties": {
        "fullUrl": {"type": "string"}, "resource": {"$ref": "#/components/schemas/Resource"},
        "request": {"type": "object", "required": ["method", "url"],
                    "properties": {"method": {"enum": ["POST", "PUT"]}, "url": {"type": "string"},
                                   "ifNoneExist": {"type": "string"}}},
    }}  # fmt: skip
    return {"type": "object", "required": ["resourceType", "type", "entry"], "properties": {
        "resourceType": {"const": "Bundle"}, "type": {"enum": ["transaction", "batch"]},
        "entry": {"type": "array", "minItems": 1, "items": entry},
    }}  # fmt: skip


def _question() -> dict[str, Any]:
    return {"type": "object", "required": ["resourceType", "parameter"],
            "properties": {"resourceType": {"const": "Parameters"}, "parameter": {"type": "array"}}}  # fmt: skip
