"""Identifiers, and conditions that name one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pccovid.connectors.agency_fhir.elements import objects


@dataclass(frozen=True)
class Identified:
    """An identifier: system and value."""

    system: str
    value: str


def conditioned(condition: object) -> Identified | None:
    """The identifier that a condition names; None for any other condition."""
    if not isinstance(condition, str):
        return None
    query = parse_qs(condition.lstrip("?"), keep_blank_values=True)
    if set(query) != {"identifier"} or len(query["identifier"]) != 1:
        return None
    return read_token(query["identifier"][0])


def read_token(text: str) -> Identified | None:
    """`system|value` as an identifier; None where either is missing."""
    system, bar, value = text.partition("|")
    return Identified(system, value) if bar and system and value else None


def identifiers(resource: Mapping[str, Any]) -> list[Identified]:
    """The identifiers of a resource that have both system and value, a specimen's accession last."""
    named = [*objects(resource, "identifier"), *objects(resource, "accessionIdentifier")]
    found = [(one.get("system"), one.get("value")) for one in named]
    return [Identified(s, v) for s, v in found if isinstance(s, str) and isinstance(v, str) and s and v]
