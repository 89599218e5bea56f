"""What senders of other make write, as R4 lets them: taken, or refused with the element and the reason; never lost."""

from __future__ import annotations

import codecs
import json
from typing import Any

import pytest

from integration.exchange.agencies import Agency, bundle, dose, national, patient, test_result
from integration.exchange.conftest import Rows

_BASE = "https://benh-vien.thu/fhir"
_DOSES = "SELECT count(*) FROM vaccination_dose WHERE person_id = %s AND superseded_at IS NULL"
_RESULTS = "SELECT result FROM lab_tests_test WHERE person_id = %s AND superseded_at IS NULL ORDER BY result"


def statuses(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [one["response"]["status"][:3] for one in answer.json()["entry"]]


def person_of(answer: Any) -> str:
    return str(answer.json()["entry"][0]["response"]["location"].split("/")[1])


def expressions(answer: Any) -> list[str]:
    return [path for one in answer.json()["issue"] for path in one.get("expression", ())]


def named(message: dict[str, Any], *urls: str) -> dict[str, Any]:
    """The bundle with other full URLs; '' leaves an entry without any."""
    for entry, url in zip(message["entry"], urls, strict=True):
        entry.pop("fullUrl")
        entry.update({"fullUrl": url} if url else {})
    return message


REFERENCES: dict[str, tuple[tuple[str, str], dict[str, Any], str]] = {
    "relative to the full URL": ((f"{_BASE}/Patient/17", f"{_BASE}/Immunization/3"), {}, "Patient/17"),
    "the full URL": ((f"{_BASE}/Patient/17", f"{_BASE}/Immunization/3"), {}, f"{_BASE}/Patient/17"),
    "a version": ((f"{_BASE}/Patient/17", f"{_BASE}/Immunization/3"), {}, "Patient/17/_history/4"),
    "an id of the sender's": (("", ""), {"id": "nguoi-17"}, "Patient/nguoi-17"),
    "a uuid": (("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "urn:uuid:b"), {"id": "x"},
               "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"),
    "a search": (("urn:uuid:1", "urn:uuid:2"), {}, "Patient?identifier=https://benh-vien.thu/ho-so|{number}"),
    "a search with signs written out": (
        ("urn:uuid:1", "urn:uuid:2"), {}, "Patient?identifier=https%3A%2F%2Fbenh-vien.thu%2Fho-so%7C{number}"),
}  # fmt: skip


@pytest.mark.parametrize("how", REFERENCES)
def test_a_patient_is_found_however_the_bundle_refers_to_them(hospital: Agency, rows: Rows, how: str) -> None:
    urls, own, reference = REFERENCES[how]
    number = f"R{list(REFERENCES).index(how)}"
    born = f"19{40 + list(REFERENCES).index(how)}-05-17"
    message = bundle(patient(number, birthDate=born, **own), dose(number, reference.format(number=number)))
    answer = hospital.post("", named(message, *urls))
    assert statuses(answer) == ["201", "201"]
    assert rows(_DOSES, person_of(answer)) == [(1,)]


def test_our_own_address_of_a_person_is_understood_as_it_was_given(hospital: Agency, rows: Rows) -> None:
    made = hospital.post("Patient", patient("OA1", birthDate="1938-05-17"))
    address = made.headers["Location"]
    assert "/_history/" in address
    assert hospital.post("Immunization", dose("OA1", address)).status_code == 201
    assert rows(_DOSES, address.split("/Patient/")[1].split("/")[0]) == [(1,)]


def test_a_patient_inside_the_resource_is_known_by_their_identifier(hospital: Agency, rows: Rows) -> None:
    person = person_of(hospital.post("", bundle(patient("CO1", birthDate="1939-05-17"))))
    inside = {"resourceType": "Patient", "id": "p", "identifier": patient("CO1")["identifier"]}
    answer = hospital.post("Immunization", dose("CO1", "#p", contained=[inside]))
    assert answer.status_code == 201, answer.content.decode()
    assert rows(_DOSES, person) == [(1,)]
    nobody = hospital.post("Immunization", dose("CO2", "#p", contained=[{"resourceType": "Patient", "id": "p"}]))
    assert nobody.status_code == 422
    assert expressions(nobody) == ["Immunization.patient"]


def test_a_report_with_its_results_inside_is_a_test(hospital: Agency, rows: Rows) -> None:
    inside = test_result("x", "urn:uuid:1")
    inside.pop("identifier")
    inside.pop("issued")
    report = {
        "resourceType": "DiagnosticReport", "identifier": [{"system": "https://benh-vien.thu/phieu", "value": "DR1"}],
        "status": "final", "code": {"text": "Xét nghiệm SARS-CoV-2"}, "subject": {"reference": "urn:uuid:1"},
        "issued": "2021-10-21T20:00:00+07:00", "result": [{"reference": "#o"}], "contained": [{**inside, "id": "o"}],
    }  # fmt: skip
    message = bundle(patient("DR1", birthDate="1937-05-17"), report)
    answer = hospital.post("", message)
    assert statuses(answer) == ["201", "201"]
    assert "location" not in answer.json()["entry"][1]["response"], "a report itself is not read back"
    person = person_of(answer)
    assert rows(_RESULTS, person) == [("positive",)]
    report["contained"][0]["valueCodeableConcept"]["coding"][0]["code"] = "260415000"  # type: ignore[index]
    report["status"] = "corrected"
    assert statuses(hospital.post("", message)) == ["200", "200"]
    assert rows(_RESULTS, person) == [("negative",)]
    report["status"] = "entered-in-error"
    assert statuses(hospital.post("", message)) == ["200", "200"]
    assert rows(_RESULTS, person) == []


@pytest.mark.parametrize(("said", "result"), [
    ({"valueCodeableConcept": {"text": "Dương tính"}}, "positive"),
    ({"valueCodeableConcept": {"coding": [{"system": "http://lab.thu", "code": "N", "display": "Not detected"}]}},
     "negative"),
    ({"valueString": "NEGATIVE"}, "negative"),
    ({"interpretation": [{"coding": [{"code": "POS"}]}]}, "positive"),
    ({"valueCodeableConcept": {"text": "POS"}, "interpretation": [{"coding": [{"code": "NEG"}]}]}, "positive"),
    ({"valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": "LA11883-8"}]}}, "negative"),
    ({"valueCodeableConcept": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                                           "code": "POS"}]}}, "positive"),
    ({"valueCodeableConcept": {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.96", "code": "260373001"}]}},
     "positive"),
])  # fmt: skip
def test_a_result_in_words_or_by_its_interpretation_is_understood(
    hospital: Agency, rows: Rows, said: dict[str, Any], result: str
) -> None:
    number = f"W{result}{len(json.dumps(said))}"
    test = {name: value for name, value in test_result(number, "urn:uuid:1").items() if name != "valueCodeableConcept"}
    answer = hospital.post("", bundle(patient(number, birthDate="1936-05-17"), {**test, **said}))
    assert statuses(answer)[1] == "201"
    assert not [one for one in answer.json()["entry"][1]["response"]["outcome"]["issue"]
                if one["severity"] != "information"]  # fmt: skip
    assert (result,) in rows(_RESULTS, person_of(answer))


def test_a_result_that_contradicts_itself_is_none_and_that_is_told(hospital: Agency, rows: Rows) -> None:
    both = [{"system": "http://snomed.info/sct", "code": code} for code in ("260373001", "260415000")]
    answer = hospital.post("", bundle(
        patient("CX1", birthDate="1935-05-17"), test_result("CX1", "urn:uuid:1", valueCodeableConcept={"coding": both})
    ))  # fmt: skip
    assert answer.json()["entry"][1]["response"]["outcome"]["issue"][0]["severity"] == "warning"
    assert rows(_RESULTS, person_of(answer)) == [(None,)]


@pytest.mark.parametrize(("when", "is_told"), [
    ({"effectiveDateTime": "2021-10-21"}, False), ({"effectiveInstant": "2021-10-21T08:00:00.123Z"}, False),
    ({"effectivePeriod": {"start": "2021-10-21T08:00:00+07:00"}}, False), ({"effectiveDateTime": "2021-10"}, True),
    ({"effectiveDateTime": "2021"}, True), ({}, False),
])  # fmt: skip
def test_times_of_every_precision_are_taken_or_told_of(
    hospital: Agency, rows: Rows, when: dict[str, Any], is_told: bool
) -> None:
    number = f"T{len(json.dumps(when))}"
    test = {name: value for name, value in test_result(number, "urn:uuid:1").items() if name != "effectiveDateTime"}
    answer = hospital.post("", bundle(patient(number, birthDate="1934-05-17"), {**test, **when}))
    assert statuses(answer)[1] == "201"
    issues = answer.json()["entry"][1]["response"]["outcome"]["issue"]
    told = [one["expression"][0] for one in issues if one["severity"] == "warning"]
    assert bool(told) == is_told, issues
    fact = answer.json()["entry"][1]["response"]["location"].split("/")[1]
    assert rows("SELECT collected_at IS NOT NULL FROM lab_tests_test WHERE id = %s", fact) == [
        (bool(when) and not is_told,)
    ]


def test_a_birth_date_of_a_month_is_taken_as_far_as_it_goes(hospital: Agency, rows: Rows) -> None:
    number = national("001033000888")
    answer = hospital.post("Patient", patient(
        "BM1", birthDate="1933-05", name=[{"text": "Lường Văn Nguyệt"}], gender="male",
        identifier=[*patient("BM1")["identifier"], number],
    ))  # fmt: skip
    assert answer.status_code == 201, answer.content.decode()
    found = rows("SELECT birth_date::text, birth_precision FROM people_person WHERE name = 'Lường Văn Nguyệt'")
    assert found == [("1933-05-01", "month")]


def test_extensions_that_nobody_knows_are_kept_and_what_changes_the_meaning_is_refused(
    hospital: Agency, rows: Rows
) -> None:
    unknown = {"url": "https://noi-khac.thu/fhir/dan-toc", "valueString": "Tày"}
    taken = hospital.post("Patient", patient("EX1", birthDate="1932-05-17", extension=[unknown],
                                             _birthDate={"extension": [unknown]}))  # fmt: skip
    assert taken.status_code == 201, taken.content.decode()
    for number, changed, at in (
        ("EX2", {"modifierExtension": [unknown]}, "Immunization.modifierExtension"),
        ("EX3", {"implicitRules": "https://noi-khac.thu/quy-tac"}, "Immunization.implicitRules"),
        ("EX4", {"performer": [{"actor": {"display": "x"}, "modifierExtension": [unknown]}]},
         "Immunization.performer[0].modifierExtension"),
    ):  # fmt: skip
        refused = hospital.post(
            "Immunization", dose(number, "Patient?identifier=https://benh-vien.thu/ho-so|EX1", **changed)
        )
        assert refused.status_code == 422
        assert expressions(refused) == [at]


def test_the_same_resource_twice_in_one_bundle_is_one_fact_and_the_last_word_holds(
    hospital: Agency, rows: Rows
) -> None:
    message = bundle(patient("DU1", birthDate="1931-05-17"), dose("DU1", "urn:uuid:1"), dose("DU1", "urn:uuid:1"),
                     dose("DU1", "urn:uuid:1", lotNumber="SAU"), patient("DU1", birthDate="1931-05-17"))  # fmt: skip
    answer = hospital.post("", message)
    assert set(statuses(answer)) <= {"200", "201"}
    person = person_of(answer)
    assert rows("SELECT lot_number FROM vaccination_dose WHERE person_id = %s AND superseded_at IS NULL", person) == [
        ("SAU",)
    ]
    assert (
        len({one["response"]["location"] for one in answer.json()["entry"] if "Patient" in one["response"]["location"]})
        == 1
    )


def test_entries_in_any_order_find_each_other(hospital: Agency, rows: Rows) -> None:
    message = bundle(
        patient("OR1", birthDate="1930-05-17"), dose("OR1", "urn:uuid:1"), test_result("OR1", "urn:uuid:1")
    )
    message["entry"].reverse()
    answer = hospital.post("", message)
    assert statuses(answer) == ["201"] * 3
    person = answer.json()["entry"][2]["response"]["location"].split("/")[1]
    assert rows(_DOSES, person) == [(1,)]


def test_a_batch_takes_what_can_be_taken_and_says_of_each_other_entry_why_not(hospital: Agency, rows: Rows) -> None:
    message = bundle(
        patient("BA1", birthDate="1929-05-17"), dose("BA1", "urn:uuid:1"), dose("BA2", "urn:uuid:nobody"),
        {"resourceType": "Medication", "code": {"text": "x"}}, dose("BA3", "urn:uuid:1", status="unknown"),
        kind="batch",
    )  # fmt: skip
    message["entry"].append({"request": {"method": "GET", "url": "Patient"}})
    answer = hospital.post("", message)
    assert statuses(answer) == ["201", "201", "422", "422", "422", "422"]
    assert all(one["response"]["outcome"]["issue"][0].get("expression") for one in answer.json()["entry"][2:])
    assert rows(_DOSES, person_of(answer)) == [(1,)]


def test_a_large_bundle_is_taken_whole(hospital: Agency, rows: Rows) -> None:
    doses = [dose(f"LB{at}", "urn:uuid:1", lotNumber=f"L{at}", occurrenceDateTime=f"2021-0{1 + at % 9}-1{at % 9}")
             for at in range(399)]  # fmt: skip
    answer = hospital.post("", bundle(patient("LB", birthDate="1928-05-17"), *doses))
    assert set(statuses(answer)) == {"201"}
    assert rows(_DOSES, person_of(answer)) == [(399,)]


def test_a_mark_before_utf_8_is_borne_with_and_a_packed_or_other_body_is_refused_with_the_reason(
    hospital: Agency,
) -> None:
    body = json.dumps(patient("UB1", birthDate="1927-05-17"), ensure_ascii=False).encode()
    assert hospital.post("Patient", codecs.BOM_UTF8 + body).status_code == 201
    packed = hospital.post("Patient", body, **{"Content-Encoding": "gzip"})
    assert (packed.status_code, expressions(packed)) == (415, ["http.content-encoding"])
    assert hospital.post("Patient", body.decode().encode("utf-16")).status_code == 400


def test_a_number_that_two_people_of_one_bundle_bear_joins_neither_to_the_other(hospital: Agency, rows: Rows) -> None:
    number = national("001085000777")
    answer = hospital.post("", bundle(*[
        patient(name, identifier=[*patient(name)["identifier"], number], name=[{"text": text}], birthDate=born)
        for name, text, born in (("TN1", "Tòng Văn Một", "1985-02-03"), ("TN2", "Vàng Thị Hai", "1955-08-09"))
    ]))  # fmt: skip
    assert {one[:1] for one in statuses(answer)} == {"2"}
    people = {one["response"].get("location", "") for one in answer.json()["entry"]}
    assert len(people) == 2


def test_a_relative_reference_is_meant_at_the_server_of_its_own_entry(hospital: Agency, rows: Rows) -> None:
    message = named(
        bundle(patient("SV1", birthDate="1926-05-17"),
               patient("SV2", birthDate="1956-05-18", name=[{"text": "Lò Thị Khác"}]), dose("SV1", "Patient/17")),
        "https://mot.thu/fhir/Patient/17", "https://hai.thu/fhir/Patient/17", "https://hai.thu/fhir/Immunization/3",
    )  # fmt: skip
    answer = hospital.post("", message)
    assert statuses(answer) == ["201"] * 3
    first, second = (one["response"]["location"].split("/")[1] for one in answer.json()["entry"][:2])
    assert (rows(_DOSES, first), rows(_DOSES, second)) == ([(0,)], [(1,)])


def test_what_may_be_of_two_persons_is_refused_and_nothing_of_it_written(hospital: Agency, rows: Rows) -> None:
    people = (patient("AM1", birthDate="1925-05-17"),
              patient("AM2", birthDate="1955-05-18", name=[{"text": "Lò Thị Khác"}]))  # fmt: skip
    twice = hospital.post("", named(bundle(*people, dose("AM1", "urn:uuid:1")), *["urn:uuid:1"] * 2, "urn:uuid:3"))
    assert (twice.status_code, expressions(twice)) == (422, ["Bundle.entry[2].resource.Immunization.patient"])
    pool = hospital.post("", bundle(*people, test_result("AM", "urn:uuid:1"), test_result("AM", "urn:uuid:2")))
    assert pool.status_code == 422
    assert [one["code"] for one in pool.json()["issue"]] == ["duplicate"] * 2
    assert rows("SELECT count(*) FROM people_person WHERE birth_date IN ('1925-05-17', '1955-05-18')") == [(0,)]


def test_a_patient_of_the_bundle_is_found_by_any_of_their_identifiers(hospital: Agency, rows: Rows) -> None:
    number = national("001150000018")
    one = patient("ID1", birthDate="1950-05-17", identifier=[*patient("ID1")["identifier"], number])
    answer = hospital.post("", bundle(one, dose("ID1", "") | {"patient": {"identifier": number}}))
    assert statuses(answer) == ["201", "201"]
    assert rows(_DOSES, person_of(answer)) == [(1,)]


def test_the_tests_of_a_panel_stand_in_its_components(hospital: Agency, rows: Rows) -> None:
    part = test_result("x", "urn:uuid:1", code={"coding": [{"system": "http://loinc.org/", "code": "94500-6"}]})
    panel = {name: value for name, value in test_result("PN1", "urn:uuid:1").items() if name != "valueCodeableConcept"}
    panel |= {"code": {"coding": [{"system": "http://loinc.org", "code": "94531-1"}]},
              "component": [{"code": part["code"], "valueCodeableConcept": part["valueCodeableConcept"]},
                            {"code": {"text": "Ct"}, "valueQuantity": {"value": 22}}]}  # fmt: skip
    message = bundle(patient("PN1", birthDate="1924-05-17"), panel)
    answer = hospital.post("", message)
    assert statuses(answer) == ["201", "201"]
    assert rows(_RESULTS, person_of(answer)) == [("positive",)]
    panel["status"] = "entered-in-error"
    assert statuses(hospital.post("", message)) == ["200", "200"]
    assert rows(_RESULTS, person_of(answer)) == []


@pytest.mark.parametrize("code", [
    {"system": "http://snomed.info/sct", "code": "1119349007"},
    {"system": "http://hl7.org/fhir/sid/cvx", "code": "213"},
    {"system": "urn:oid:2.16.840.1.113883.12.292", "code": "208"},
    {"system": "http://www.whocc.no/atc", "code": "J07BN01"},
])  # fmt: skip
def test_a_vaccine_is_known_by_codes_that_name_no_product(hospital: Agency, code: dict[str, str]) -> None:
    number = f"VC{code['code']}"
    answer = hospital.post("", bundle(patient("VC", birthDate="1923-05-17"),
                                      dose(number, "urn:uuid:1", vaccineCode={"coding": [code]})))  # fmt: skip
    assert statuses(answer)[1] == "201"


def test_a_name_that_is_no_longer_borne_is_not_the_persons(hospital: Agency, rows: Rows) -> None:
    names = [{"use": "old", "text": "Tên Đã Bỏ"}, {"family": "Đặng", "given": ["Thị", "Mới"]}]
    answer = hospital.post("Patient", patient("OLD1", birthDate="1922-05-17", name=names))
    assert answer.status_code == 201
    person = answer.headers["Location"].split("/Patient/")[1].split("/")[0]
    assert rows("SELECT name FROM people_person WHERE id = %s", person) == [("Đặng Thị Mới",)]


@pytest.mark.parametrize(("start", "end", "status"), [
    ("2021-10-01", "2021-09-30", 422), ("2021-10-01T08:00:00+07:00", "2021-10-01T00:30:00Z", 422),
    ("2021-10-01T08:00:00+07:00", "2021-10-01T01:30:00Z", 201), ("2021-10", "2021-10-01", 201),
])  # fmt: skip
def test_an_address_for_a_time_that_ends_before_it_began_is_refused(
    hospital: Agency, start: str, end: str, status: int
) -> None:
    home = {"text": "Nhà Thử", "period": {"start": start, "end": end}}
    answer = hospital.post("Patient", patient(f"PE{start}{end}", birthDate="1921-05-17", address=[home]))
    assert answer.status_code == status
    assert status == 201 or expressions(answer) == ["Patient.address[0].period.end"]
