"""Treatment as hospitals send it: stays with what belongs to them, in the record, the searches and the feed alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from integration.exchange.agencies import Agency, bundle, patient
from integration.exchange.conftest import Exchange, Rows

ICD = "http://hl7.org/fhir/sid/icd-10"


def named(kind: str, number: str, **elements: Any) -> dict[str, Any]:
    identifier = [{"system": f"https://benh-vien.thu/{kind}", "value": number}]
    return {"resourceType": kind, "identifier": identifier, "subject": {"reference": "urn:uuid:1"}, **elements}


def coded(system: str, code: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def admission(number: str, **changed: Any) -> dict[str, Any]:
    """A stay with a diagnosis, a blood pressure, oxygen and a drug; entry 2 is the stay."""
    stay = {"encounter": {"reference": "urn:uuid:2"}}
    pressure = [
        {"code": coded("http://loinc.org", code), "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"}}
        for code, value in (("8480-6", 118), ("8462-4", 76))
    ]
    return bundle(
        patient(number, birthDate="1972-03-0" + number[-1]),
        named("Encounter", number, **{"status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "period": {"start": "2021-10-01T08:00:00+07:00", "end": "2021-10-12T15:00:00+07:00"},
            "serviceProvider": {"display": "Bệnh viện Thử"},
            "hospitalization": {"dischargeDisposition": coded(
                "http://terminology.hl7.org/CodeSystem/discharge-disposition", "home")}, **changed}),
        named("Condition", number, code=coded(ICD, "U07.1", "COVID-19, đã xác định vi rút"), onsetDateTime="2021-09-29",
              **stay),
        named("Observation", number, status="final", code=coded("http://loinc.org", "85354-9"), component=pressure,
              effectiveDateTime="2021-10-01T09:00:00+07:00", **stay),
        named("Procedure", number, status="completed", code=coded("http://snomed.info/sct", "371907003", "Thở oxy"),
              performedPeriod={"start": "2021-10-01T09:30:00+07:00"}, **stay),
        named("MedicationAdministration", number, status="completed", effectiveDateTime="2021-10-02T09:00:00+07:00",
              medicationCodeableConcept=coded("http://www.whocc.no/atc", "H02AB02", "Dexamethasone"),
              dosage={"dose": {"value": 6, "unit": "mg"}, "route": {"text": "uống"}},
              context={"reference": "urn:uuid:2"}),
    )  # fmt: skip


def treating(exchange: Exchange, code: str = "benh-vien-dieu-tri", **changed: Any) -> Agency:
    return exchange.agency(agency=code, name=f"Bệnh viện {code}", **{
        "categories": ["identity", "treatment"], "written": ["identity", "treatment"], **changed})  # fmt: skip


def sent(agency: Agency, message: dict[str, Any]) -> str:
    answer = agency.post("", message)
    assert answer.status_code == 200, answer.content.decode()
    assert {one["response"]["status"][:3] for one in answer.json()["entry"]} <= {"200", "201"}
    return str(answer.json()["entry"][0]["response"]["location"].split("/")[1])


def test_an_admission_is_stored_and_comes_back_as_it_was(exchange: Exchange, rows: Rows) -> None:
    agency = treating(exchange)
    person = sent(agency, admission("T1"))
    assert rows("SELECT stay_class, state, discharge, facility FROM treatment_stay WHERE person_id = %s", person) == [
        ("inpatient", "finished", "home", "Bệnh viện Thử")
    ]
    keys = {row[0] for table in ("stay", "condition", "vitalsign", "procedure", "medication")
            for row in rows(f"SELECT stay_key FROM treatment_{table} WHERE person_id = %s", person)}  # fmt: skip
    assert len(keys) == 1
    assert "T1" not in str(keys)
    found = {kind: agency.get(kind, subject=person).json()["entry"] for kind in (
        "Encounter", "Condition", "Observation", "Procedure", "MedicationAdministration")}  # fmt: skip
    assert {kind: len(entries) for kind, entries in found.items()} == {
        "Encounter": 1, "Condition": 1, "Observation": 2, "Procedure": 1, "MedicationAdministration": 1,
    }  # fmt: skip
    stay = found["Encounter"][0]["resource"]
    assert stay["hospitalization"]["dischargeDisposition"]["coding"][0]["code"] == "home"
    assert found["Condition"][0]["resource"]["encounter"]["identifier"] == stay["identifier"][0]
    assert {one["resource"]["valueQuantity"]["value"] for one in found["Observation"]} == {118, 76}
    assert found["MedicationAdministration"][0]["resource"]["dosage"]["dose"] == {"value": 6.0, "unit": "mg"}
    everything = agency.get(f"Patient/{person}/$everything").json()["entry"]
    assert len(everything) == 7


def test_a_discharge_takes_the_place_of_the_stay_under_way_and_a_second_time_is_none(
    exchange: Exchange, rows: Rows
) -> None:
    agency = treating(exchange)
    person = sent(agency, admission("T2", status="in-progress", period={"start": "2021-10-01"}, hospitalization=None))
    sent(agency, admission("T2"))
    sent(agency, admission("T2"))
    stays = rows("SELECT state, superseded_at IS NULL FROM treatment_stay WHERE person_id = %s ORDER BY 2", person)
    assert stays == [("under_way", False), ("finished", True)]
    assert rows("SELECT count(*) FROM treatment_medication WHERE person_id = %s", person) == [(1,)]


def test_what_was_not_given_not_done_or_ruled_out_is_no_fact(exchange: Exchange, rows: Rows) -> None:
    message = admission("T3")
    message["entry"][2]["resource"]["verificationStatus"] = coded(
        "http://terminology.hl7.org/CodeSystem/condition-ver-status", "refuted"
    )
    message["entry"][4]["resource"]["status"] = "not-done"
    message["entry"][5]["resource"]["status"] = "not-done"
    person = sent(treating(exchange), message)
    for table in ("condition", "procedure", "medication"):
        assert rows(f"SELECT count(*) FROM treatment_{table} WHERE person_id = %s", person) == [(0,)], table


def test_an_agency_without_treatment_in_its_agreement_neither_sends_nor_sees_it(
    exchange: Exchange, hospital: Agency
) -> None:
    person = sent(treating(exchange), admission("T4"))
    refused = hospital.post("", admission("T5"))
    assert refused.status_code == 422
    assert {one["code"] for one in refused.json()["issue"]} == {"forbidden"}
    assert hospital.get("Encounter", subject=person).status_code == 403
    assert "entry" not in hospital.get("Observation", subject=person).json()
    assert [
        one["resource"]["resourceType"] for one in hospital.get(f"Patient/{person}/$everything").json()["entry"]
    ] == ["Patient"]


def test_the_feed_tells_of_treatment_to_whom_the_agreement_names_it(exchange: Exchange, hospital: Agency) -> None:
    agency = treating(exchange)
    since = agency.get("$changes", _since="now").json()["link"][-1]["url"].split("_since=")[1].split("&")[0]
    sent(agency, admission("T6"))
    kinds = {one["fullUrl"].split("/")[-2] for one in agency.get("$changes", _since=since).json()["entry"]}
    assert {"Encounter", "Condition", "Observation", "Procedure", "MedicationAdministration"} <= kinds
    others = {one["fullUrl"].split("/")[-2] for one in hospital.get("$changes", _since=since).json().get("entry", ())}
    assert not others & {"Encounter", "Condition", "Procedure", "MedicationAdministration"}


def test_observations_are_sought_by_category_and_other_parameters_refused(exchange: Exchange) -> None:
    agency = treating(exchange)
    person = sent(agency, admission("T7"))
    assert len(agency.get("Observation", subject=person, category="vital-signs").json()["entry"]) == 2
    assert "entry" not in agency.get("Observation", subject=person, category="laboratory").json()
    assert agency.get("Observation", subject=person, category="imaging").status_code == 400
    assert agency.get("Encounter", subject=person, category="x").status_code == 400
    dated = agency.get("Encounter", subject=person, date="lt2021-10-01")
    assert "entry" not in dated.json()
    assert len(agency.get("Condition", subject=person, code="U07.1").json()["entry"]) == 1


def test_the_person_sees_their_stay_with_what_belongs_to_it(exchange: Exchange) -> None:
    from uuid import UUID

    from pccovid.foundation import access
    from pccovid.foundation.purposes import PURPOSES
    from pccovid.treatment.queries import own_treatment

    person = UUID(sent(treating(exchange), admission("T8")))
    basis = PURPOSES["own_record"].basis
    with access.open(access.citizen(person), purpose="own_record", legal_basis=basis, scope=access.own(person)):
        (stay,) = own_treatment(person)
    assert (stay.facility, stay.discharge) == ("Bệnh viện Thử", "home")
    assert sorted((item.kind, item.what, item.more) for item in stay.items) == [
        ("condition", "COVID-19, đã xác định vi rút", "U07.1"), ("medication", "Dexamethasone", "6 mg"),
        ("procedure", "Thở oxy", ""), ("vital_sign", "Huyết áp tâm thu", "118 mmHg"),
        ("vital_sign", "Huyết áp tâm trương", "76 mmHg"),
    ]  # fmt: skip
    assert own_treatment(person) == ()


def test_official_examples_that_are_supported_are_stored_once_they_name_themselves_and_their_patient(
    exchange: Exchange, shared_data: Path, rows: Rows
) -> None:
    files = ("encounter-example", "condition-example", "observation-example", "medicationadministration0301")
    found = [json.loads((shared_data / "fhir" / f"{name}.json").read_text()) for name in files]
    identifiers = [{"system": "https://hl7.org/fhir/R4", "value": "1"}]
    resources = [one | {"identifier": identifiers, "subject": {"reference": "urn:uuid:1"}} for one in found]
    person = sent(treating(exchange), bundle(patient("X9", birthDate="1958-09-09"), *resources))
    kept = {name: rows(f"SELECT * FROM treatment_{name} WHERE person_id = %s", person) for name in (
        "stay", "condition", "vitalsign", "medication")}  # fmt: skip
    assert {name: len(of) for name, of in kept.items()} == dict.fromkeys(kept, 1)
    assert rows("SELECT sign, measured, unit FROM treatment_vitalsign WHERE person_id = %s", person) == [
        ("29463-7", 185.0, "[lb_av]")
    ]
    assert rows("SELECT diagnosis, began_at FROM treatment_condition WHERE person_id = %s", person) == [
        ("Burnt Ear", None)
    ]
