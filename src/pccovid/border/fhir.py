"""A border crossing as a FHIR R4 Observation of the social history. Pure.

LOINC 8691-8 (history of travel) with every value of the declaration under our own names.
"""

from __future__ import annotations

from pccovid.border.carried import CarriedEntry
from pccovid.foundation.fhir import LOINC, OWN, About, Resource, coding, concept, observation


def entry_observation(entry: CarriedEntry, about: About) -> Resource:
    """The crossing; it counts from the day of entry."""
    values = {name: value for name, value in entry._asdict().items() if name != "entered_on"}
    code = concept(coding(LOINC, "8691-8", "History of travel"), coding(f"{OWN}movement", "entry"))
    entered = entry.entered_on.isoformat() if entry.entered_on else None
    return observation(code, about, values=values, effectiveDateTime=entered)
