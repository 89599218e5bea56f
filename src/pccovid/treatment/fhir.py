"""Facts of treatment as FHIR R4: Encounter, Condition, Observation, Procedure, MedicationAdministration. Pure.

What belongs to one stay says so by its hidden key, as a logical reference; a panel comes back as its parts.
"""

from __future__ import annotations

from pccovid.foundation.fhir import (
    HL7,
    LOINC,
    OWN_NUMBERS,
    About,
    Resource,
    coding,
    concept,
    instant,
    period,
    reference,
    resource,
    without_empty,
)  # fmt: skip
from pccovid.treatment.carried import (
    CarriedCondition,
    CarriedMedication,
    CarriedProcedure,
    CarriedStay,
    CarriedVitalSign,
)
from pccovid.treatment.signs import SIGNS

CLASSES = {"IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "OBSENC": "inpatient",
           "EMER": "emergency", "AMB": "outpatient", "SS": "outpatient", "VR": "outpatient", "HH": "home",
           "FLD": "other"}  # fmt: skip
"""HL7's ActCode of an encounter → our word; the first code of a word is the one told."""
DISCHARGES = {"home": "home", "alt-home": "home", "other-hcf": "transferred", "hosp": "transferred",
              "long": "transferred", "rehab": "transferred", "psy": "transferred", "snf": "transferred",
              "aadvice": "against_advice", "exp": "died", "oth": "other"}  # fmt: skip
_STATES = {"planned": "planned", "under_way": "in-progress", "finished": "finished"}
_STAY = f"{OWN_NUMBERS}stay"


def stay_encounter(stay: CarriedStay, about: About) -> Resource:
    """The stay, with how it ended."""
    discharge = _code_of(DISCHARGES, stay.discharge)
    return resource(
        "Encounter", about,
        identifier=[{"system": _STAY, "value": stay.stay_key}] if stay.stay_key else None,
        status=_STATES.get(stay.state or "", "unknown") if about.is_standing else "entered-in-error",
        **{"class": coding(f"{HL7}v3-ActCode", _code_of(CLASSES, stay.stay_class) or "AMB")},
        subject=reference(about.person),
        period=period(stay.began_at, stay.ended_at),
        hospitalization={"dischargeDisposition": concept(coding(f"{HL7}discharge-disposition", discharge))}
        if discharge else None,
        serviceProvider={"display": stay.facility} if stay.facility else None,
    )  # fmt: skip


def condition(given: CarriedCondition, about: About) -> Resource:
    """The diagnosis."""
    known = given.certainty if given.certainty in ("confirmed", "provisional") else ""
    certainty = known if about.is_standing else "entered-in-error"
    clinical = ("resolved" if given.ended_at else "active") if about.is_standing else ""
    return resource(
        "Condition", about,
        clinicalStatus=concept(coding(f"{HL7}condition-clinical", clinical)) if clinical else None,
        verificationStatus=concept(coding(f"{HL7}condition-ver-status", certainty)) if certainty else None,
        code=_coded(given.code_system, given.code, given.diagnosis),
        subject=reference(about.person),
        encounter=_of_stay(given.stay_key),
        onsetDateTime=instant(given.began_at) if given.began_at else None,
        abatementDateTime=instant(given.ended_at) if given.ended_at else None,
    )  # fmt: skip


def vital_sign(given: CarriedVitalSign, about: About) -> Resource:
    """One measured value."""
    known = SIGNS.get(given.sign or "")
    quantity = without_empty({"value": given.measured, "unit": given.unit})
    if known and given.unit == known.unit:
        quantity |= {"system": "http://unitsofmeasure.org", "code": given.unit}
    return resource(
        "Observation", about,
        status="final" if about.is_standing else "entered-in-error",
        category=[concept(coding(f"{HL7}observation-category", "vital-signs"))],
        code=concept(coding(LOINC, given.sign or "unknown", known.display if known else None)),
        subject=reference(about.person),
        encounter=_of_stay(given.stay_key),
        effectiveDateTime=instant(given.measured_at) if given.measured_at else None,
        valueQuantity=quantity if given.measured is not None else None,
    )  # fmt: skip


def procedure(given: CarriedProcedure, about: About) -> Resource:
    """What was done."""
    return resource(
        "Procedure", about,
        status=("completed" if given.is_done else "in-progress") if about.is_standing else "entered-in-error",
        code=_coded(given.code_system, given.code, given.procedure),
        subject=reference(about.person),
        encounter=_of_stay(given.stay_key),
        performedPeriod=period(given.began_at, given.ended_at),
    )  # fmt: skip


def medication_administration(given: CarriedMedication, about: About) -> Resource:
    """What was given."""
    dose = without_empty({"value": given.dose, "unit": given.dose_unit}) if given.dose is not None else None
    when = period(given.began_at, given.ended_at)
    return resource(
        "MedicationAdministration", about,
        status="completed" if about.is_standing else "entered-in-error",
        medicationCodeableConcept=_coded(given.code_system, given.code, given.drug),
        subject=reference(about.person),
        context=_of_stay(given.stay_key),
        effectivePeriod=when,
        effectiveDateTime=None if when else instant(about.recorded_at),
        # A dosage must name its dose (mad-1): a route alone goes into a note.
        dosage=without_empty({"route": {"text": given.route} if given.route else None, "dose": dose}) if dose else None,
        note=[{"text": given.route}] if given.route and not dose else None,
    )  # fmt: skip


def _coded(system: str | None, code: str | None, text: str | None) -> Resource:
    codes = [coding(system or "", code)] if code else []
    return concept(*codes, text=text) or {"text": "không rõ"}


def _of_stay(key: str | None) -> Resource | None:
    return {"identifier": {"system": _STAY, "value": key}} if key else None


def _code_of(words: dict[str, str], word: str | None) -> str:
    return next((code for code, meant in words.items() if meant == word), "")
