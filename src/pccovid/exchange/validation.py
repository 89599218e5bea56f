"""Whether a resource is FHIR R4 and follows its profile; which element does not, and why. Pure; nothing raises.

The structure of R4 is checked by the models of `fhir.resources` (R4B, which for these types is R4); profiles are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from pccovid.exchange.outcomes import Issue
from pccovid.exchange.profiles import PROFILES, Element

_MOST_ISSUES = 20
_TYPES = {"missing": "required", "model_field_validation.missing": "required", "extra_forbidden": "structure"}


def problems_of(resource: object, at: str = "") -> list[Issue]:
    """Everything that is wrong with it, at most twenty. `at`: where it stands, such as `Bundle.entry[3].resource.`."""
    if not isinstance(resource, dict):
        return [Issue("structure", "a resource is a JSON object", at.rstrip("."))]
    kind = resource.get("resourceType")
    if not isinstance(kind, str):
        return [Issue("required", "resourceType is missing", f"{at}resourceType")]
    if kind not in PROFILES:
        return [_unknown(kind, at)]
    found = [
        *_structure(kind, resource, at),
        *_profile(kind, resource, at),
        *_not_to_be_ignored(resource, f"{at}{kind}"),
    ]
    return found[:_MOST_ISSUES]


def _not_to_be_ignored(value: object, at: str) -> Iterator[Issue]:
    """Elements that change what the others mean: R4 forbids to read on where they are not understood. And periods that
    end before they begin."""
    if isinstance(value, list):
        for place, one in enumerate(value):
            yield from _not_to_be_ignored(one, f"{at}[{place}]")
    elif isinstance(value, dict):
        if _ends_before_it_began(value.get("start"), value.get("end")):
            yield Issue("invariant", "the end lies before the start", f"{at}.end"[:300])
        for name, one in value.items():
            if name in ("modifierExtension", "implicitRules") and one:
                words = f"{name} changes what the rest means, and none is understood here"
                yield Issue("not-supported", words, f"{at}.{name}"[:300])
            else:
                yield from _not_to_be_ignored(one, f"{at}.{name}")


def _ends_before_it_began(start: object, end: object) -> bool:
    """Whether two dateTimes of a Period contradict each other, as far as both are written (R4's per-1)."""
    if not isinstance(start, str) or not isinstance(end, str):
        return False
    try:
        if "T" in start and "T" in end:
            return datetime.fromisoformat(start) > datetime.fromisoformat(end)
    except (ValueError, TypeError):
        return False
    known = min(len(start), len(end), 10)
    return start[:known] > end[:known]


def _unknown(kind: str, at: str) -> Issue:
    taken = ", ".join(sorted(PROFILES))
    if not kind.isascii() or not kind.isalpha() or len(kind) > 40:
        return Issue("structure", f"no such resource type; this server takes {taken}", f"{at}resourceType")
    return Issue("not-supported", f"{kind} is not taken in; this server takes {taken}", f"{at}resourceType")


def _structure(kind: str, resource: dict[str, Any], at: str) -> list[Issue]:
    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValidationError as error:
        return [
            Issue(_TYPES.get(one["type"], "value"), _told(one["msg"]), at + _path(kind, one["loc"]))
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return [Issue("structure", f"this is no {kind} of FHIR R4", at + kind)]
    return []


def _told(message: str) -> str:
    return message.removeprefix("Value error, ")[:300]


def _path(kind: str, location: tuple[int | str, ...]) -> str:
    path = kind
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path[:300]


def _profile(kind: str, resource: dict[str, Any], at: str) -> list[Issue]:
    profile = PROFILES[kind]
    return [issue for rule in profile.elements for issue in _rule(rule, resource, f"{at}{kind}.")]


def _rule(rule: Element, resource: dict[str, Any], at: str) -> list[Issue]:
    names = rule.name.split("|")
    given = [resource[name] for name in names if resource.get(name) not in (None, "", [], {})]
    if not given:
        return [Issue("required", f"{rule.name} is needed: {rule.why}", at + names[0])] if rule.minimum else []
    if rule.codes and not (isinstance(given[0], str) and given[0] in rule.codes):
        return [Issue("code-invalid", f"{rule.name} must be one of {', '.join(rule.codes)}", at + names[0])]
    return []
