"""Encounters, Conditions, vital signs, Procedures and MedicationAdministrations as the facts they carry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pccovid.connectors.agency_fhir.elements import codes, first, number_at, objects, text_at
from pccovid.connectors.agency_fhir.envelopes import Envelope
from pccovid.connectors.fields import Fields
from pccovid.connectors.rows import Fact
from pccovid.foundation.fhir import LOINC
from pccovid.treatment.carried import (
    CONDITION,
    MEDICATION,
    PROCEDURE,
    STAY,
    VITAL_SIGN,
    CarriedCondition,
    CarriedMedication,
    CarriedProcedure,
    CarriedStay,
    CarriedVitalSign,
)
from pccovid.treatment.fhir import CLASSES, DISCHARGES
from pccovid.treatment.signs import PANELS, SIGNS

NO_CODE = "no_code"
Read = tuple[tuple[Fact, ...], str]
_WITHDRAWN = ("entered-in-error", "cancelled", "not-done")
_STATES = {"planned": "planned", "arrived": "under_way", "triaged": "under_way", "in-progress": "under_way",
           "onleave": "under_way", "finished": "finished"}  # fmt: skip


def is_vital_sign(resource: dict[str, Any]) -> bool:
    """Whether an Observation is of a vital sign that is kept, or a panel of them."""
    return any(system == LOINC and (code in SIGNS or code in PANELS) for system, code in codes(resource.get("code")))


def read_stay(envelope: Envelope, fields: Fields) -> Read:
    """The stay, or nothing where it is withdrawn."""
    given = envelope.resource
    if given.get("status") in _WITHDRAWN:
        return (), ""
    fields.values |= {
        "facility": text_at(given, "serviceProvider", "display") or text_at(given, "location", "location", "display"),
        "start": text_at(given, "period", "start"), "end": text_at(given, "period", "end"),
    }  # fmt: skip
    discharge = next((DISCHARGES[code] for _, code in codes(first(given, "hospitalization", "dischargeDisposition"))
                      if code in DISCHARGES), None)  # fmt: skip
    stay = CarriedStay(
        stay_key=envelope.stay, stay_class=CLASSES.get(text_at(given, "class", "code") or "", "other"),
        state=_STATES.get(str(given.get("status"))), began_at=fields.time("start"), ended_at=fields.time("end"),
        facility=fields.text("facility"), discharge=discharge,
    )  # fmt: skip
    return (Fact(STAY.name, stay),), ""


def read_condition(envelope: Envelope, fields: Fields) -> Read:
    """The diagnosis; one that was ruled out is none."""
    given = envelope.resource
    certainty = next((code for _, code in codes(given.get("verificationStatus"))), None)
    if certainty in ("entered-in-error", "refuted"):
        return (), ""
    system, code, text = _coded(given.get("code"), fields)
    if not code and not text:
        return (), NO_CODE
    fields.values |= {
        "onset": given.get("onsetDateTime") or text_at(given, "onsetPeriod", "start"),
        "abatement": given.get("abatementDateTime") or text_at(given, "abatementPeriod", "end"),
    }
    known = certainty if certainty in ("confirmed", "provisional") else None
    found = CarriedCondition(envelope.stay, system, code, text, known, fields.time("onset"), fields.time("abatement"))
    return (Fact(CONDITION.name, found),), ""


def read_vital_signs(envelope: Envelope, fields: Fields) -> Read:
    """Each sign that the Observation holds, itself or in its components."""
    given = envelope.resource
    if given.get("status") in _WITHDRAWN:
        return (), ""
    fields.values["effective"] = given.get("effectiveDateTime") or text_at(given, "effectivePeriod", "start")
    at = fields.time("effective")
    signs = [_vital_sign(one, envelope.stay, fields, at) for one in (given, *objects(given, "component"))]
    facts = tuple(Fact(VITAL_SIGN.name, sign) for sign in signs if sign is not None)
    return facts, "" if facts or fields.problems else NO_CODE


def _vital_sign(one: dict[str, Any], stay: str | None, fields: Fields, at: datetime | None) -> CarriedVitalSign | None:
    """The sign with its measured value; None for another code, or without a number."""
    sign = next((code for system, code in codes(one.get("code")) if system == LOINC and code in SIGNS), None)
    number = number_at(one, "valueQuantity", "value")
    if sign is None or number is None:
        return None
    if text_at(one, "valueQuantity", "comparator"):
        # "Below 90" is no 90.
        fields.refuse("valueQuantity", "not_a_number")
        return None
    fields.values |= {"value": number, "unit": first(one, "valueQuantity", "code")
                      or first(one, "valueQuantity", "unit")}  # fmt: skip
    return CarriedVitalSign(stay, sign, fields.decimal("value"), fields.text("unit"), at)


def read_procedure(envelope: Envelope, fields: Fields) -> Read:
    """What was done; what was not, is nothing."""
    given = envelope.resource
    if given.get("status") in _WITHDRAWN:
        return (), ""
    system, code, text = _coded(given.get("code"), fields)
    if not code and not text:
        return (), NO_CODE
    fields.values |= {
        "performed": given.get("performedDateTime") or text_at(given, "performedPeriod", "start"),
        "end": text_at(given, "performedPeriod", "end"),
    }
    done = given.get("status") == "completed"
    found = CarriedProcedure(envelope.stay, system, code, text, done, fields.time("performed"), fields.time("end"))
    return (Fact(PROCEDURE.name, found),), ""


def read_medication(envelope: Envelope, fields: Fields) -> Read:
    """A drug given; one that was not, is nothing."""
    given = envelope.resource
    if given.get("status") in _WITHDRAWN:
        return (), ""
    system, code, text = _coded(given.get("medicationCodeableConcept") or _contained_drug(given), fields)
    text = text or text_at(given, "medicationReference", "display")
    if not code and not text:
        return (), NO_CODE
    fields.values |= {
        "effective": given.get("effectiveDateTime") or text_at(given, "effectivePeriod", "start"),
        "end": text_at(given, "effectivePeriod", "end"),
        "dose": number_at(given, "dosage", "dose", "value"),
        "unit": text_at(given, "dosage", "dose", "unit") or text_at(given, "dosage", "dose", "code"),
        "route": text_at(given, "dosage", "route", "text") or text_at(given, "dosage", "route", "coding", "display"),
    }  # fmt: skip
    found = CarriedMedication(
        envelope.stay, system, code, text, fields.decimal("dose"), fields.text("unit"), fields.text("route"),
        fields.time("effective"), fields.time("end"),
    )  # fmt: skip
    return (Fact(MEDICATION.name, found),), ""


def _contained_drug(given: dict[str, Any]) -> object:
    """The code of the Medication that the resource contains and refers to."""
    reference = text_at(given, "medicationReference", "reference") or ""
    contained = objects(given, "contained")
    return next((one.get("code") for one in contained if reference == f"#{one.get('id')}"), None)


def _coded(concept: object, fields: Fields) -> tuple[str | None, str | None, str | None]:
    """(system, code, words) of a concept: its first code."""
    system, code = next(codes(concept), ("", ""))
    fields.values |= {"system": system, "code": code,
                      "words": text_at(concept, "text") or text_at(concept, "coding", "display")}  # fmt: skip
    return fields.text("system"), fields.code("code"), fields.text("words")
