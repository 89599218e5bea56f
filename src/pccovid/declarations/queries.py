"""Reading declarations: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from pccovid.declarations.models import Declaration
from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_queryset
from pccovid.people.origin import ORIGIN_COLUMNS, Origin

_COLUMNS = (
    "form", "declared_at", "is_for_other", "symptoms", "symptom_note", "travel_note", "chronic_diseases", "answers",
)  # fmt: skip


@dataclass(frozen=True)
class OwnDeclaration:
    """One declaration about the person; `is_for_other` says that somebody else filled it in."""

    form: str | None
    declared_at: datetime | None
    is_for_other: bool
    symptoms: tuple[str, ...]
    symptom_note: str | None
    travel_note: str | None
    chronic_diseases: tuple[str, ...]
    answers: Mapping[str, str]
    origin: Origin


def _declarations(_: UUID, rows: Rows) -> tuple[OwnDeclaration, ...]:
    return tuple(
        OwnDeclaration(
            form, declared_at, is_for_other, tuple(symptoms), note, travel, tuple(chronic), json.loads(answers),
            Origin(*origin),
        )
        for form, declared_at, is_for_other, symptoms, note, travel, chronic, answers, *origin in rows
    )  # fmt: skip


OWN_DECLARATIONS = by_queryset(
    lambda person: (
        Declaration.objects.filter(person_id=person, superseded_at=None)
        .order_by(F("declared_at").desc(nulls_last=True), "id")
        .values_list(*_COLUMNS, *ORIGIN_COLUMNS)
    ),
    _declarations,
)
"""Declarations about the person, newest first."""


def own_declarations(person: UUID) -> tuple[OwnDeclaration, ...]:
    """The same, in the access that is open."""
    return OWN_DECLARATIONS.of(person)


def declared_by_telephone(person: UUID, call: UUID) -> OwnDeclaration | None:
    """What a station wrote down in this call, while it stands; in the access that is open."""
    found = by_queryset(
        lambda whose: Declaration.objects.filter(
            person_id=whose, superseded_at=None, source_key=f"telephone:{call}"
        ).values_list(*_COLUMNS, *ORIGIN_COLUMNS),
        _declarations,
    ).of(person)
    return found[0] if found else None
