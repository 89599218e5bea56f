"""Finding values in resources, whatever their form: nothing here raises for a resource of another shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def listed(value: object) -> list[Any]:
    """The elements of a list; a single value counts as a list of one, nothing as none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def objects(resource: object, name: str) -> Iterator[dict[str, Any]]:
    """The objects under a member that may hold one or several."""
    if isinstance(resource, dict):
        yield from (one for one in listed(resource.get(name)) if isinstance(one, dict))


def first(resource: object, *path: str) -> Any:
    """The first value along a path of members; None where there is none."""
    found: Any = resource
    for name in path:
        found = next(iter(listed(found)), None)
        found = found.get(name) if isinstance(found, dict) else None
    return next(iter(listed(found)), None)


def text_at(resource: object, *path: str) -> str | None:
    """The same where it is a text."""
    found = first(resource, *path)
    return found if isinstance(found, str) else None


def number_at(resource: object, *path: str) -> str | None:
    """The same as it was written, where it is no truth value."""
    found = first(resource, *path)
    return None if found is None or isinstance(found, bool) else str(found)


_CALLED = {
    "http://loinc.org/": "http://loinc.org", "http://snomed.info/sct/": "http://snomed.info/sct",
    "2.16.840.1.113883.6.1": "http://loinc.org", "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx", "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
}  # fmt: skip


def system_named(system: str) -> str:
    """A code system by FHIR's own name, where a sender names it by its OID or with a slash at the end."""
    return _CALLED.get(system.removeprefix("urn:oid:"), system)


def codes(concept: object) -> Iterator[tuple[str, str]]:
    """(system, code) of every coding of a CodeableConcept."""
    for coding in objects(concept, "coding"):
        system, code = coding.get("system"), coding.get("code")
        if isinstance(code, str):
            yield (system_named(system) if isinstance(system, str) else ""), code


def coded_as(concept: object, known: Mapping[tuple[str, str], str]) -> list[str]:
    """What the codes of a CodeableConcept stand for, of those that are known; in the order of the codes."""
    return [known[code] for code in sorted(set(codes(concept))) if code in known]


def extension_codes(element: object, url: str) -> dict[str, str]:
    """name → code of an extension of our own that is made of codes (foundation/fhir.extension)."""
    for one in objects(element, "extension"):
        if one.get("url") == url:
            return {
                str(part.get("url")): part["valueCode"]
                for part in objects(one, "extension")
                if isinstance(part.get("valueCode"), str)
            }
    return {}
