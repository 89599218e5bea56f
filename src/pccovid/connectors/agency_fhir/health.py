"""Immunizations, laboratory Observations and Coverages as the facts they carry, read from what FHIR says of them.

Only what the epidemic needs is taken: a dose must be of a vaccine against it, an observation one of its tests.
"""

from __future__ import annotations

from typing import Any

from pccovid.connectors.agency_fhir.elements import coded_as, codes, first, number_at, objects, text_at
from pccovid.connectors.agency_fhir.envelopes import Envelope
from pccovid.connectors.agency_fhir.patients import number_name
from pccovid.connectors.fields import Fields
from pccovid.connectors.result_words import coded_result
from pccovid.connectors.rows import Fact
from pccovid.connectors.sskdt.products import read_product
from pccovid.foundation.fhir import ATC, LOINC, OWN, OWN_NUMBERS, SNOMED
from pccovid.insurance.carried import CARD, CarriedCard
from pccovid.lab_tests.carried import TEST, CarriedTest
from pccovid.lab_tests.fhir import RESULT_CODES, TEST_CODES
from pccovid.linkage.identifiers import read_insurance
from pccovid.vaccination.carried import DOSE, CarriedDose
from pccovid.vaccination.fhir import VACCINE_CODES

NOT_EPIDEMIC_VACCINE, NOT_EPIDEMIC_TEST, ENTERED_IN_ERROR = "not_epidemic_vaccine", "not_epidemic_test", "withdrawn"
_CVX = "http://hl7.org/fhir/sid/cvx"
_COVID = (SNOMED, "840539006")
_COVID_VACCINES = {
    (ATC, "J07BX03"), *((ATC, f"J07BN0{number}") for number in range(1, 5)), (_CVX, "213"),
    *((SNOMED, code) for code in ("1119349007", "1119305005", "29061000087103", "1157024006", "28531000087107")),
}  # fmt: skip
"""Codes that say a vaccine against it and no product: ATC, CVX's "unspecified", SNOMED CT's of the EU's value set."""
_PRODUCTS = {(one.product_system, one.product): name for name, one in VACCINE_CODES.items()} | {
    (_CVX, "207"): "Moderna", (_CVX, "208"): "Pfizer", (_CVX, "210"): "AstraZeneca", (_CVX, "212"): "Janssen",
    (_CVX, "510"): "Vero Cell", (_CVX, "217"): "Pfizer", (_CVX, "218"): "Pfizer", (_CVX, "221"): "Moderna",
}  # fmt: skip
"""CVX numbers are the CDC's list of vaccines."""
_OWN_VALUES = ("code", "valueCodeableConcept", "valueString", "interpretation")
_WITH_RESULT = ("final", "amended", "corrected")
METHODS = {(LOINC, code): method for method, (code, _) in TEST_CODES.items()} | {
    **{(LOINC, code): "pcr" for code in ("94500-6", "94759-8", "94845-5", "95406-5", "94565-9")},
    **{(LOINC, code): "antigen" for code in ("97097-0", "96119-3", "95209-3")},
}  # fmt: skip
_INTERPRETED = {"POS": "positive", "DET": "positive", "NEG": "negative", "ND": "negative", "IND": "inconclusive"}
"""HL7's interpretations of observations."""
_RESULTS = {(SNOMED, code): result for result, (code, _) in RESULT_CODES.items()} | {
    (SNOMED, "10828004"): "positive",
    (SNOMED, "260385009"): "negative",
    (SNOMED, "82334004"): "inconclusive",
    (LOINC, "LA6576-8"): "positive",
    (LOINC, "LA11882-0"): "positive",
    (LOINC, "LA6577-6"): "negative",
    (LOINC, "LA11883-8"): "negative",
}
"""SNOMED CT's findings, and LOINC's answers."""  # fmt: skip


def read_dose(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """The dose, or why the row is none."""
    given = envelope.resource
    text = text_at(given, "vaccineCode", "text") or text_at(given, "vaccineCode", "coding", "display")
    product = _product(given, text)
    if product is None and not _is_of_the_epidemic(given):
        return (), NOT_EPIDEMIC_VACCINE
    if given.get("status") != "completed":
        return (), "" if given.get("status") == "entered-in-error" else NOT_EPIDEMIC_VACCINE
    return (Fact(DOSE.name, _dose(given, fields, product, text)),), ""


def _product(given: dict[str, Any], text: str | None) -> str | None:
    """By its code, else by its name."""
    coded = coded_as(given.get("vaccineCode"), _PRODUCTS)
    if coded:
        return coded[0]
    return read_product(text) if text else None


def _is_of_the_epidemic(given: dict[str, Any]) -> bool:
    """Whether it says a vaccine against it, or that it was given against it, without a product."""
    diseases = {code for one in objects(given, "protocolApplied") for code in _diseases(one)}
    return _COVID in diseases or not _COVID_VACCINES.isdisjoint(codes(given.get("vaccineCode")))


def _dose(given: dict[str, Any], fields: Fields, product: str | None, text: str | None) -> CarriedDose:
    fields.values |= {
        "occurrenceDateTime": given.get("occurrenceDateTime"), "recorded": given.get("recorded"),
        "lotNumber": given.get("lotNumber"), "doseNumber": first(given, "protocolApplied", "doseNumberPositiveInt"),
        "site": text_at(given, "location", "display") or text_at(given, "performer", "actor", "display"),
        "siteCode": _site_code(given), "note": text_at(given, "note", "text"), "product": text,
    }  # fmt: skip
    return CarriedDose(
        product=product, product_text=fields.text("product"), lot_number=fields.text("lotNumber"),
        occurred_on=fields.day("occurrenceDateTime"), dose_number=fields.whole_number("doseNumber"),
        site_code=fields.code("siteCode"), site_name=fields.text("site"), reaction_note=fields.text("note"),
        entered_at=fields.time("recorded"),
    )  # fmt: skip


def _diseases(protocol: dict[str, Any]) -> set[tuple[str, str]]:
    return {code for one in objects(protocol, "targetDisease") for code in codes(one)}


def _site_code(given: dict[str, Any]) -> str | None:
    identifier = first(given, "location", "identifier")
    is_ours = text_at(identifier, "system") == f"{OWN_NUMBERS}vaccination-site"
    return text_at(identifier, "value") if is_ours else None


def read_test(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """The test with its result, or why the row is none."""
    given = envelope.resource
    method = next((METHODS[code] for code in codes(given.get("code")) if code in METHODS), None)
    if method is None:
        return _read_panel(envelope, fields)
    if given.get("status") in ("entered-in-error", "cancelled"):
        return (), ""
    specimen = envelope.specimen or {}
    fields.values |= {
        "effectiveDateTime": given.get("effectiveDateTime") or given.get("effectiveInstant")
        or text_at(given, "effectivePeriod", "start") or text_at(specimen, "collection", "collectedDateTime"),
        "issued": given.get("issued"), "laboratory": text_at(given, "performer", "display"),
        "barcode": text_at(specimen, "accessionIdentifier", "value")
        or text_at(given, "specimen", "identifier", "value"),
        "ct": _ct(given), "received": text_at(specimen, "receivedTime"),
    }  # fmt: skip
    return (Fact(TEST.name, _test(given, fields, method)),), ""


def _read_panel(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """The tests that stand in an Observation's components, as of a panel; or why the row is none."""
    given = envelope.resource
    facts: list[Fact] = []
    for one in objects(given, "component"):
        if any(code in METHODS for code in codes(one.get("code"))):
            common = {name: value for name, value in given.items() if name not in ("component", *_OWN_VALUES)}
            facts += read_test(envelope._replace(resource={**common, **one}), fields)[0]
    return tuple(facts), "" if facts or _is_withdrawn(given) else NOT_EPIDEMIC_TEST


def _is_withdrawn(given: dict[str, Any]) -> bool:
    """Whether it is of a panel that was taken back."""
    has_test = any(code in METHODS for one in objects(given, "component") for code in codes(one.get("code")))
    return has_test and given.get("status") in ("entered-in-error", "cancelled")


def _test(given: dict[str, Any], fields: Fields, method: str) -> CarriedTest:
    result = _result(given)
    if result is None and ("valueCodeableConcept" in given or given.get("status") in _WITH_RESULT):
        fields.refuse("valueCodeableConcept", "unknown_code")
    return CarriedTest(
        tube_barcode=fields.code("barcode"), is_pooled=False, collected_at=fields.time("effectiveDateTime"),
        site_name=None, method=method, result=result, ct_value=fields.decimal("ct"),
        resulted_at=fields.time("issued"), laboratory=fields.text("laboratory"), received_at=fields.time("received"),
    )  # fmt: skip


def _result(given: dict[str, Any]) -> str | None:
    """By SNOMED CT; else in words, or by how the laboratory interprets it. What contradicts itself is none."""
    found = next(filter(None, (read(given) for read in (_coded, _in_words, _interpreted))), set())
    return found.pop() if len(found) == 1 else None


def _coded(given: dict[str, Any]) -> set[str]:
    return set(coded_as(given.get("valueCodeableConcept"), _RESULTS))


def _in_words(given: dict[str, Any]) -> set[str]:
    value = given.get("valueCodeableConcept")
    texts = [text_at(value, "text"), text_at(given, "valueString"), *_displays(value)]
    texts += [code for _, code in codes(value)]
    said = {coded_result(text) for text in texts if text}
    return {_RESULTS[(SNOMED, code)] for code in said if code}


def _interpreted(given: dict[str, Any]) -> set[str]:
    read_as = {code for one in objects(given, "interpretation") for _, code in codes(one)}
    return {_INTERPRETED[code] for code in read_as if code in _INTERPRETED}


def _displays(concept: object) -> list[str | None]:
    return [text_at(one, "display") for one in objects(concept, "coding")]


def read_report(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """The tests that a report contains. Those that it refers to stand by themselves."""
    given = envelope.resource
    if given.get("status") in ("entered-in-error", "cancelled"):
        return (), ""
    facts: list[Fact] = []
    for one in objects(given, "contained"):
        if one.get("resourceType") == "Observation":
            facts += read_test(envelope._replace(resource={**_of_report(given), **one}), fields)[0]
    return tuple(facts), ""


def _of_report(given: dict[str, Any]) -> dict[str, Any]:
    """What an Observation inside a report need not repeat."""
    names = ("issued", "effectiveDateTime", "performer", "status")
    return {name: given[name] for name in names if name in given}


def _ct(given: dict[str, Any]) -> str | None:
    for one in objects(given, "component"):
        if (f"{OWN}field", "ct_value") in codes(one.get("code")):
            return number_at(one, "valueQuantity", "value")
    return None


def read_card(envelope: Envelope, fields: Fields) -> tuple[tuple[Fact, ...], str]:
    """The insurance number, or why the row is none."""
    given = envelope.resource
    if given.get("status") in ("entered-in-error", "cancelled"):
        return (), ""
    numbers = [one.get("value") for one in objects(given, "identifier") if number_name(one) == "insurance-no"]
    for text in [*numbers, given.get("subscriberId")]:
        if isinstance(text, str) and text.strip():
            number, card, problem = read_insurance(text)
            if not problem:
                return (Fact(CARD.name, CarriedCard(number, card)),), ""
            fields.refuse("subscriberId", problem)
    return (), "no_insurance_number"
