"""A specimen with its result as a FHIR R4 Observation. Pure.

LOINC names the test, SNOMED CT the result. A method this version does not know gets a code of our own, and so does the
Ct value: which gene a laboratory reports is not told to us.
"""

from __future__ import annotations

from pccovid.foundation.fhir import (
    HL7,
    LOINC,
    OWN,
    SNOMED,
    About,
    Resource,
    coding,
    concept,
    instant,
    reference,
    resource,
)  # fmt: skip
from pccovid.lab_tests.carried import CarriedTest

TEST_CODES = {
    "pcr": ("94309-2", "SARS-CoV-2 (COVID-19) RNA [Presence] in Specimen by NAA with probe detection"),
    "antigen": ("94558-4", "SARS-CoV-2 (COVID-19) Ag [Presence] in Respiratory specimen by Rapid immunoassay"),
}
RESULT_CODES = {
    "positive": ("260373001", "Detected"),
    "negative": ("260415000", "Not detected"),
    "inconclusive": ("419984006", "Inconclusive"),
}


def specimen_observation(test: CarriedTest, about: About) -> Resource:
    """The test: final with its result, registered while one is awaited. The tube is not told: a pool's names others."""
    return resource(
        "Observation", about,
        status=_status(test, about),
        category=[concept(coding(f"{HL7}observation-category", "laboratory"))],
        code=_method(test),
        subject=reference(about.person),
        effectiveDateTime=instant(test.collected_at) if test.collected_at else None,
        issued=instant(test.resulted_at) if test.resulted_at else None,
        performer=[{"display": name} for name in (test.laboratory, test.site_name) if name],
        valueCodeableConcept=_result(test.result) if test.result else None,
        note=[{"text": "pooled specimen"}] if test.is_pooled else None,
        component=_ct(test),
    )  # fmt: skip


def _status(test: CarriedTest, about: About) -> str:
    if not about.is_standing:
        return "entered-in-error"
    return "final" if test.result else "registered"


def _method(test: CarriedTest) -> Resource:
    known = TEST_CODES.get(test.method or "")
    return concept(coding(LOINC, *known)) if known else concept(coding(f"{OWN}test-method", test.method or "unknown"))


def _result(result: str) -> Resource:
    known = RESULT_CODES.get(result)
    return concept(coding(SNOMED, *known)) if known else concept(coding(f"{OWN}test-result", result), text=result)


def _ct(test: CarriedTest) -> list[Resource] | None:
    if test.ct_value is None:
        return None
    return [{"code": concept(coding(f"{OWN}field", "ct_value")), "valueQuantity": {"value": test.ct_value}}]
