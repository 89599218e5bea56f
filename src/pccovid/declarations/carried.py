"""Health declaration as earlier apps hand it over."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedDeclaration(NamedTuple):
    """One declaration. Answers are 'yes', 'no' or absent: never a guess where the form left a blank."""

    form: str
    """'domestic', 'entry', 'movement' or 'daily'."""
    source_key: str
    """Key of this declaration inside its source record (a nested declarationId, else the row's key)."""
    declared_at: datetime | None
    is_for_other: bool
    symptoms: tuple[str, ...]
    """Glossary codes: fever, cough, dyspnoea, sore_throat, vomiting, diarrhoea, haemorrhage, rash, fatigue …
    Unknown words stay in symptom_note."""
    symptom_note: str | None
    travel_note: str | None
    chronic_diseases: tuple[str, ...]
    answers: dict[str, str]
    """has_symptom, has_travelled, contact_case, contact_from_sick_country, contact_sick, contact_animals …
    → 'yes' | 'no'; other answered fields as text."""


DECLARATION = StagedFact("declaration", "declarations_declaration", CarriedDeclaration)
