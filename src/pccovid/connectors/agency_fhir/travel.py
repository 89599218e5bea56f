"""Border crossings as gates send them: Observations of LOINC 8691-8 (history of travel), one for each entry.

What the traveller declared stands in components under our own names, as border/fhir.py writes them; the day of entry is
the Observation's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pccovid.border.carried import ENTRY, CarriedEntry
from pccovid.connectors.agency_fhir.elements import codes, objects, text_at
from pccovid.connectors.agency_fhir.envelopes import Envelope
from pccovid.connectors.fields import Fields
from pccovid.connectors.rows import Fact
from pccovid.foundation.fhir import LOINC, OWN

NO_DAY = "no_entry_day"
_TRAVEL = {(LOINC, "8691-8"), (f"{OWN}movement", "entry")}
_TEXTS = ("gate", "vehicle_kind", "vehicle_number", "seat", "departure_country", "departure_province",
          "destination_province", "vaccines_used", "places_passed")  # fmt: skip


def is_travel(resource: Mapping[str, Any]) -> bool:
    """Whether an Observation is of a journey into the country."""
    return any(code in _TRAVEL for code in codes(resource.get("code")))


def read_entry(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """The crossing, or why the row is none; nothing where it is withdrawn."""
    given = envelope.resource
    if given.get("status") in ("entered-in-error", "cancelled"):
        return (), ""
    fields.values |= {**_told(given), "entered": text_at(given, "effectiveDateTime")}
    entered = fields.day("entered")
    if entered is None:
        return (), NO_DAY
    texts = {name: fields.text(name) for name in _TEXTS}
    passed = tuple(filter(None, ((texts.pop("places_passed") or "").split(", "))))
    made = CarriedEntry(**texts, departed_on=fields.day("departed_on"), entered_on=entered, places_passed=passed)
    return (Fact(ENTRY.name, made),), ""


def _told(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Name of a field → what a component of that name says."""
    found: dict[str, str | None] = {}
    for one in objects(given, "component"):
        name = next((code for system, code in codes(one.get("code")) if system == f"{OWN}field"), None)
        if name is not None:
            found.setdefault(name, text_at(one, "valueString") or text_at(one, "valueDateTime"))
    return found
