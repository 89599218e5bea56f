"""Reading treatment: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import Read, by_queryset, joined
from pccovid.people.origin import ORIGIN_COLUMNS, Origin, with_origin
from pccovid.treatment.models import Condition, Medication, Procedure, Stay, VitalSign
from pccovid.treatment.signs import SIGNS

MOST_OF_A_STAY = 200
"""Rows of each kind that are shown of one person; the copy of one's data holds them all."""


@dataclass(frozen=True)
class Item:
    """Something that belongs to a stay: `what` in words, `more` such as a value or a dose, and when."""

    origin: Origin
    kind: str
    what: str
    more: str
    at: datetime | None


@dataclass(frozen=True)
class OwnTreatment:
    """One stay with what belongs to it; without a stay (`origin` None), what names none."""

    origin: Origin | None = None
    stay_class: str | None = None
    state: str | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    facility: str | None = None
    discharge: str | None = None
    items: tuple[Item, ...] = ()


def _rows(rows: QuerySet[Any], moment: str, columns: tuple[str, ...]) -> Read[Rows]:
    def of_person(person: UUID) -> QuerySet[Any, Any]:
        standing = rows.filter(person_id=person, superseded_at=None).order_by(F(moment).desc(nulls_last=True), "id")
        return standing.values_list(*columns, *ORIGIN_COLUMNS)[:MOST_OF_A_STAY]

    return by_queryset(of_person, lambda _, found: found)


_STAY = ("stay_key", "stay_class", "state", "began_at", "ended_at", "facility", "discharge")


def _treatment(_: UUID, stays: Rows, *belonging: Rows) -> tuple[OwnTreatment, ...]:
    by_stay: dict[str, list[Item]] = {}
    for key, item in _items(*belonging):
        by_stay.setdefault(key or "", []).append(item)
    known = [
        OwnTreatment(origin, **dict(zip(_STAY[1:], rest, strict=True)), items=tuple(by_stay.pop(key or "-", ())))
        for (key, *rest), origin in map(with_origin, stays)
    ]
    without = [item for items in by_stay.values() for item in items]
    return (*known, OwnTreatment(items=tuple(without))) if without else tuple(known)


def _items(conditions: Rows, signs: Rows, procedures: Rows, drugs: Rows) -> Iterator[tuple[str | None, Item]]:
    """(stay key, item) of everything that may belong to a stay, the newest of each kind first."""
    kinds = ((conditions, _condition), (signs, _vital_sign), (procedures, _procedure), (drugs, _medication))
    for rows, told in kinds:
        for (key, *values), origin in map(with_origin, rows):
            yield key, told(origin, *values)


def _condition(origin: Origin, text: str | None, code: str | None, at: datetime | None) -> Item:
    return Item(origin, "condition", text or code or "", code if text and code else "", at)


def _vital_sign(
    origin: Origin, sign: str | None, measured: float | None, unit: str | None, at: datetime | None
) -> Item:  # fmt: skip
    name = SIGNS[sign].name if sign in SIGNS else sign or ""
    return Item(origin, "vital_sign", name, _amount(measured, unit), at)


def _procedure(origin: Origin, text: str | None, code: str | None, at: datetime | None) -> Item:
    return Item(origin, "procedure", text or code or "", "", at)


def _medication(
    origin: Origin, text: str | None, code: str | None, dose: float | None, unit: str | None, at: datetime | None
) -> Item:  # fmt: skip
    return Item(origin, "medication", text or code or "", _amount(dose, unit), at)


OWN_TREATMENT = joined(
    _treatment,
    _rows(Stay.objects.all(), "began_at", _STAY),
    _rows(Condition.objects.all(), "began_at", ("stay_key", "diagnosis", "code", "began_at")),
    _rows(VitalSign.objects.all(), "measured_at", ("stay_key", "sign", "measured", "unit", "measured_at")),
    _rows(Procedure.objects.all(), "began_at", ("stay_key", "procedure", "code", "began_at")),
    _rows(Medication.objects.all(), "began_at", ("stay_key", "drug", "code", "dose", "dose_unit", "began_at")),
)
"""The person's stays, newest first, each with its diagnoses, signs, procedures and drugs; last what has no stay."""


def own_treatment(person: UUID) -> tuple[OwnTreatment, ...]:
    """The same, in the access that is open."""
    return OWN_TREATMENT.of(person)


def _amount(value: float | None, unit: str | None) -> str:
    if value is None:
        return ""
    shown = {"Cel": "°C", "/min": "/phút", "mm[Hg]": "mmHg", "kg/m2": "kg/m²"}.get(unit or "", unit or "")
    return f"{value:g} {shown}".strip()
