"""What a resource claims and carries; which element is wrong and why; what dates and marks mean."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.exchange.agencies import dose, national, patient, test_result
from pccovid.connectors.agency_fhir.envelopes import KIND_OF, Envelope, opened
from pccovid.connectors.agency_fhir.reading import read_envelope, read_stored
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.rows import ParsedRow
from pccovid.exchange.bundles import read_json
from pccovid.exchange.marks import mark, read_mark
from pccovid.exchange.outcomes import Refusal
from pccovid.exchange.profiles import PROFILES, structure_definition
from pccovid.exchange.validation import problems_of

CONTEXT = ReadingContext(today=date(2021, 11, 20), spill=Path())
ACCOUNT = "facility.x:fhir_patient:k"


def read(resource: dict[str, Any], **parts: Any) -> ParsedRow:
    return read_envelope("facility.x", KIND_OF[resource["resourceType"]], "k", Envelope(resource, **parts), CONTEXT)


def test_a_patient_claims_name_birth_numbers_phone_and_home() -> None:
    area = {"url": "https://pccovid.invalid/fhir/StructureDefinition/area",
            "extension": [{"url": "commune", "valueCode": "00001"}]}  # fmt: skip
    passport = {"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PPN"}]},
                "value": "B1234567"}  # fmt: skip
    claim = read(patient(
        "1", identifier=[national("001188000017"), passport], telecom=[{"system": "phone", "value": "+84 912 345 678"}],
        address=[{"extension": [area], "text": "Số 1 phố Thử"}],
    )).claim  # fmt: skip
    assert claim is not None
    assert (claim.name, claim.birth_date, claim.sex) == ("Đỗ Thử Nghiệm", date(1988, 2, 29), "female")
    assert (claim.personal_id, claim.passport, claim.phone) == ("001188000017", "B1234567", "0912345678")
    assert (claim.commune_code, claim.address) == ("00001", "Số 1 phố Thử")


@pytest.mark.parametrize(("birth", "precision"), [("1988", "year"), ("1988-02-29", "day")])
def test_a_birth_date_is_as_fine_as_it_was_sent(birth: str, precision: str) -> None:
    claim = read(patient("1", birthDate=birth)).claim
    assert claim is not None
    assert (claim.birth_date and claim.birth_date.year, claim.birth_precision) == (1988, precision)


def test_a_dose_is_known_by_eu_product_cvx_or_name_and_another_vaccine_is_refused() -> None:
    eu = {"system": "https://ec.europa.eu/health/documents/community-register/html/", "code": "EU/1/20/1528"}
    cvx = {"system": "http://hl7.org/fhir/sid/cvx", "code": "212"}
    products = [
        read(dose("1", "x", vaccineCode=code), account=ACCOUNT).facts[0].values[0]
        for code in ({"coding": [eu]}, {"coding": [cvx]}, {"text": "Vero Cell"})
    ]
    assert products == ["Pfizer", "Janssen", "Vero Cell"]
    unknown = {"coding": [{"system": "http://www.whocc.no/atc", "code": "J07BX03"}], "text": "Một tên khác"}
    assert read(dose("1", "x", vaccineCode=unknown), account=ACCOUNT).facts[0].values[:2] == (None, "Một tên khác")
    other = read(dose("1", "x", vaccineCode={"text": "Fluvax"}), account=ACCOUNT)
    assert (other.verdict, other.reason) == ("rejected", "not_epidemic_vaccine")
    withdrawn = read(dose("1", "x", status="entered-in-error"), account=ACCOUNT)
    assert (withdrawn.verdict, withdrawn.facts) == ("accepted", ())


def test_a_test_takes_its_tube_and_time_from_the_specimen_of_its_bundle() -> None:
    specimen = {"resourceType": "Specimen", "accessionIdentifier": {"value": "TUBE-9"},
                "collection": {"collectedDateTime": "2021-10-21T07:00:00+07:00"}}  # fmt: skip
    resource = test_result("1", "x")
    del resource["effectiveDateTime"]
    (fact,) = read(resource, account=ACCOUNT, specimen=specimen).facts
    assert (fact.values[0], fact.values[5]) == ("TUBE-9", "positive")
    assert fact.values[2] is not None


def test_a_final_test_without_a_result_that_can_be_read_says_so_and_a_cancelled_one_is_no_fact() -> None:
    without = test_result("1", "x", valueString="chưa đọc được")
    del without["valueCodeableConcept"]
    row = read(without, account=ACCOUNT)
    assert [problem.field for problem in row.problems] == ["valueCodeableConcept"]
    assert row.facts[0].values[5] is None
    assert read(test_result("1", "x", status="cancelled"), account=ACCOUNT).facts == ()


def test_a_stored_resource_is_read_again_as_it_was() -> None:
    row = read(dose("1", "x"), account=ACCOUNT)
    (again,) = read_stored(row.system, row.kind, row.key, row.payload, CONTEXT)
    assert again == row
    assert opened(row.payload).account == ACCOUNT


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3), max_leaves=8,
)  # fmt: skip
MEMBERS = (
    "identifier", "name", "birthDate", "telecom", "address", "vaccineCode", "status", "protocolApplied", "code",
    "valueCodeableConcept", "component", "performer", "location", "note", "subscriberId", "occurrenceDateTime",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(KIND_OF)), st.dictionaries(st.sampled_from(MEMBERS), json_values, max_size=6))
def test_no_resource_of_any_shape_breaks_reading_or_validation(kind: str, members: dict[str, Any]) -> None:
    resource = {"resourceType": kind, **members}
    assert isinstance(read(resource, account=ACCOUNT), ParsedRow)
    assert isinstance(problems_of(resource), list)


def test_a_resource_that_follows_its_profile_has_no_problems_and_each_fault_is_told_with_its_element() -> None:
    assert problems_of(dose("1", "Patient/x")) == []
    assert problems_of(patient("1")) == []
    assert problems_of(test_result("1", "Patient/x")) == []
    wrong = {**dose("1", "Patient/x"), "status": "done", "occurrenceDateTime": "2021-13-01", "colour": "red"}
    told = {one.element: one.code for one in problems_of(wrong, "Bundle.entry[2].resource.")}
    assert told["Bundle.entry[2].resource.Immunization.status"] == "code-invalid"
    assert told["Bundle.entry[2].resource.Immunization.colour"] == "structure"
    assert told["Bundle.entry[2].resource.Immunization.occurrenceDateTime"] == "value"


def test_every_profile_is_a_structure_definition_of_r4() -> None:
    from fhir.resources.R4B.structuredefinition import StructureDefinition

    for profile in PROFILES.values():
        made = structure_definition(profile)
        StructureDefinition.model_validate(made)
        assert made["type"] == profile.kind


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"\xff", b'{"a":1,"a":2}', b'{"a": NaN}', b'{"a": 1e999}', b'{"a":"\\ud800"}']
)
def test_bodies_that_are_no_storable_object_are_refused(body: bytes) -> None:
    with pytest.raises(Refusal):
        read_json(body)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**63 - 1))
def test_a_mark_reads_back_as_the_place_it_was_given_for(transaction: int, number: int) -> None:
    assert read_mark(mark(f"{transaction}-{number}")) == f"{transaction}-{number}"
