"""What an agency may read: within its agreement, its scopes and its area; and every answer is told to the person."""

from __future__ import annotations

from typing import Any

import pytest

from integration.console.made_index import AN, BINH
from integration.exchange.agencies import Agency, bundle, dose, national, patient, test_result
from integration.exchange.conftest import Exchange, Rows


@pytest.fixture(scope="module")
def known(hospital: Agency) -> dict[str, str]:
    """A person with two doses and a test, as the hospital sent them."""
    number = {"identifier": [{"system": "https://benh-vien.thu/ho-so", "value": "R1"}, national("001190000123")]}
    answer = hospital.post("", bundle(
        patient("R1", birthDate="1990-03-04", **number), dose("R1", "urn:uuid:1"),
        dose("R2", "urn:uuid:1", occurrenceDateTime="2021-08-01", vaccineCode={"text": "Vero Cell"}, lotNumber="V2"),
        test_result("R1", "urn:uuid:1"),
    ))  # fmt: skip
    assert answer.status_code == 200, answer.content.decode()
    found = [one["response"]["location"].split("/")[1] for one in answer.json()["entry"]]
    return dict(zip(("person", "first", "second", "test"), found, strict=True))


def listed(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content.decode()
    return [one["resource"] for one in answer.json().get("entry", [])]


def test_a_dose_is_read_with_its_source_and_version(hospital: Agency, known: dict[str, str]) -> None:
    answer = hospital.get(f"Immunization/{known['first']}")
    assert answer.headers["ETag"] == 'W/"1"'
    read = answer.json()
    assert read["patient"] == {"reference": f"Patient/{known['person']}"}
    assert {"code": "facility", "system": "https://pccovid.invalid/fhir/CodeSystem/provenance"} in read["meta"]["tag"]


def test_a_persons_doses_are_sought_by_date_and_paged(hospital: Agency, known: dict[str, str]) -> None:
    whole = listed(hospital.get("Immunization", patient=known["person"]))
    assert {one["id"] for one in whole} == {known["first"], known["second"]}
    late = listed(hospital.get("Immunization", patient=f"Patient/{known['person']}", date="ge2021-10"))
    assert [one["id"] for one in late] == [known["first"]]
    assert listed(hospital.get("Immunization", patient=known["person"], date="lt2021-08-01")) == []
    page = hospital.get("Immunization", patient=known["person"], _count="1")
    following = {link["relation"]: link["url"] for link in page.json()["link"]}["next"]
    last = hospital.client.get(following, headers=hospital._headers())
    assert {one["id"] for one in listed(page) + listed(last)} == {known["first"], known["second"]}
    assert "next" not in {link["relation"] for link in last.json()["link"]}


def test_a_parameter_that_is_not_known_is_refused_and_named(hospital: Agency, known: dict[str, str]) -> None:
    answer = hospital.get("Immunization", patient=known["person"], status="completed")
    assert answer.status_code == 400
    assert "lot-number" in answer.json()["issue"][0]["diagnostics"]
    assert hospital.get("Immunization").status_code == 400
    assert hospital.get("Immunization", patient=known["person"], date="2021-99").status_code == 400


def test_a_person_is_found_by_number_and_by_name_with_birth_date(hospital: Agency, known: dict[str, str]) -> None:
    token = "https://pccovid.invalid/fhir/NamingSystem/personal-id|001190000123"
    for answer in (hospital.form("Patient/_search", identifier=token),
                   hospital.form("Patient/_search", name="Do Thu Nghiem", birthdate="1990-03-04")):  # fmt: skip
        (found,) = listed(answer)
        assert found["id"] == known["person"]
        assert "001190000123" not in str(answer.json()["link"])
    assert hospital.form("Patient/_search", name="Đỗ Thử Nghiệm").status_code == 400


def test_a_superseded_dose_is_told_as_entered_in_error_with_its_history(hospital: Agency) -> None:
    message = bundle(patient("S1", birthDate="1971-03-04"), dose("S1", "urn:uuid:1"))
    old = hospital.post("", message).json()["entry"][1]["response"]["location"].split("/")[1]
    message["entry"][1]["resource"]["lotNumber"] = "NEWER"
    new = hospital.post("", message).json()["entry"][1]["response"]["location"].split("/")[1]
    assert hospital.get(f"Immunization/{old}").json()["status"] == "entered-in-error"
    versions = listed(hospital.get(f"Immunization/{old}/_history"))
    assert [(one["meta"]["versionId"], one["status"]) for one in versions] == [
        ("2", "entered-in-error"), ("1", "completed"),
    ]  # fmt: skip
    assert hospital.get(f"Immunization/{old}/_history/1").json()["status"] == "completed"
    assert hospital.get(f"Immunization/{old}/_history/3").status_code == 404
    assert hospital.get(f"Immunization/{new}").json()["status"] == "completed"


def test_everything_about_a_person_comes_in_one_bundle(hospital: Agency, known: dict[str, str]) -> None:
    kinds = sorted(one["resourceType"] for one in listed(hospital.get(f"Patient/{known['person']}/$everything")))
    assert kinds == ["Immunization", "Immunization", "Observation", "Patient"]


def test_a_match_tells_who_it_is_how_surely_and_who_it_may_be(hospital: Agency, known: dict[str, str]) -> None:
    def asked(**changed: Any) -> dict[str, Any]:
        return {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": patient("?", **changed)}]}

    sure = hospital.post("Patient/$match", asked(birthDate="1990-03-04", identifier=[national("001190000123")]))
    (entry,) = sure.json()["entry"]
    assert entry["resource"]["id"] == known["person"]
    assert entry["search"]["extension"][0]["valueCode"] == "certain"
    assert entry["search"]["score"] >= 0.99
    assert "entry" not in hospital.post("Patient/$match", asked(birthDate="1931-01-05")).json()
    nobody = hospital.post("Patient/$match", asked(name=[{"text": "123"}], birthDate=None))
    assert nobody.status_code in (400, 422)
    assert hospital.post("Patient/$match", {"resourceType": "Patient"}).status_code == 400


def test_a_question_leaves_no_record_behind(hospital: Agency, rows: Rows) -> None:
    before = rows("SELECT count(*) FROM people_sourcerecord")
    question = {"name": "resource", "resource": patient("T1", birthDate="1972-01-05")}
    assert hospital.post("Patient/$match", {"resourceType": "Parameters", "parameter": [question]}).status_code == 200
    assert rows("SELECT count(*) FROM people_sourcerecord") == before


def test_every_answer_about_a_person_is_told_to_the_person(hospital: Agency, exchange: Exchange) -> None:
    from pccovid.foundation.access import citizen, open, own
    from pccovid.foundation.purposes import OWN_RIGHT
    from pccovid.inspection.queries import own_view

    assert hospital.get(f"Patient/{AN}").status_code == 200
    assert hospital.get("Observation", patient=str(AN)).status_code == 200
    with open(citizen(AN), purpose="own_record", legal_basis=OWN_RIGHT, scope=own(AN)):
        readings = own_view(AN, page=1).readings
    told = {(one.role, one.office, one.purpose, one.case) for one in readings}
    assert ("agency", "Bệnh viện Thử", "care", f"CS-{hospital.agreement}") in told


def test_nothing_is_answered_outside_the_agreements_area(exchange: Exchange, hospital: Agency) -> None:
    local = exchange.agency(agency="cdc-thu", name="CDC Thử", area="01")
    assert local.get(f"Patient/{AN}").status_code == 200
    assert local.get(f"Patient/{BINH}").status_code == 404
    assert local.get("Immunization", patient=str(BINH)).json().get("entry") is None
    assert local.get(f"Patient/{BINH}/$everything").status_code == 404
    assert hospital.get(f"Patient/{BINH}").status_code == 200


def test_nothing_is_answered_beyond_categories_and_scopes(exchange: Exchange, hospital: Agency) -> None:
    few = exchange.agency(agency="cdc-thu-2", name="CDC Thử hai", categories=["identity"], written=[])
    assert few.get("Immunization", patient=str(AN)).status_code == 403
    person = few.get(f"Patient/{AN}").json()
    assert "telecom" not in person
    assert few.post("Patient", patient("U1")).status_code == 422
    narrow = Agency(hospital.made, hospital.agreement, hospital.key).sign_in("system/Immunization.rs")
    assert narrow.get(f"Patient/{AN}").status_code == 403
    assert narrow.get("Immunization", patient=str(AN)).status_code == 200


def test_an_ended_agreement_answers_nothing_from_that_moment(exchange: Exchange) -> None:
    agency = exchange.agency(agency="cdc-thu-3", name="CDC Thử ba")
    assert agency.get(f"Patient/{AN}").status_code == 200
    exchange.call("end_agreement", *exchange.protector, agency.agreement, "Hết việc, chỉ để thử")
    assert agency.get(f"Patient/{AN}").status_code == 401
    assert agency.ask_token().status_code == 401


def test_unknown_types_and_ids_are_not_found_and_say_so(hospital: Agency) -> None:
    for address in ("Immunization/1", "Nonsense/1", "Specimen", "Patient/%00", f"Patient/{AN}/_history/7"):
        answer = hospital.get(address)
        assert answer.status_code in (400, 404), address
    assert hospital.get("Account/1").json()["issue"][0]["code"] == "not-supported"
    assert hospital.get(f"Patient/{AN}", _format="xml").status_code == 406
