"""What an agency sends becomes a person's record: once, with its source, counted, and held where it is doubtful."""

from __future__ import annotations

from integration.exchange.agencies import Agency, bundle, dose, national, patient, test_result
from integration.exchange.conftest import Rows

_FACTS = "SELECT source_system, provenance, product, lot_number FROM vaccination_dose WHERE person_id = %s"

_HELD = (
    "SELECT kind, reason FROM people_unplacedrow WHERE outcome = 'held' AND resolved_at IS NULL"
    " AND system = 'facility.benh-vien-thu' ORDER BY 1"
)


def person_of(answer: object) -> str:
    return answer.json()["entry"][0]["response"]["location"].split("/")[1]  # type: ignore[attr-defined]


def test_a_transaction_opens_a_person_with_a_dose_and_a_test(hospital: Agency, rows: Rows) -> None:
    answer = hospital.post("", bundle(
        patient("A1", identifier=[{"system": "https://benh-vien.thu/ho-so", "value": "A1"}, national("001188000017")]),
        dose("A1", "urn:uuid:1"), test_result("A1", "urn:uuid:1"),
    ))  # fmt: skip
    assert answer.status_code == 200, answer.content.decode()
    assert [one["response"]["status"] for one in answer.json()["entry"]] == ["201 Created"] * 3
    person = person_of(answer)
    assert rows(_FACTS, person) == [("facility.benh-vien-thu", "facility", "AstraZeneca", "TESTLOT1")]
    assert rows("SELECT result, method FROM lab_tests_test WHERE person_id = %s", person) == [("positive", "pcr")]
    assert rows("SELECT name, sex FROM people_person WHERE id = %s", person) == [("Đỗ Thử Nghiệm", "female")]


def test_what_is_sent_again_is_no_second_fact_and_changes_nothing(hospital: Agency, rows: Rows) -> None:
    message = bundle(patient("B1", birthDate="1961-05-06"), dose("B1", "urn:uuid:1"))
    first, again = hospital.post("", message), hospital.post("", message)
    assert person_of(first) == person_of(again)
    assert [one["response"]["status"] for one in again.json()["entry"]] == ["200 OK"] * 2
    locations = [[one["response"]["location"] for one in answer.json()["entry"]] for answer in (first, again)]
    assert locations[0] == locations[1]
    assert len(rows(_FACTS, person_of(first))) == 1
    stored = (
        "SELECT count(*) FROM people_sourcerecord s JOIN people_recordclaim c USING (record_id) WHERE c.person_id = %s"
    )
    assert rows(stored, person_of(first)) == [(2,)]


def test_a_changed_resource_takes_the_place_of_what_it_said_before(hospital: Agency, rows: Rows) -> None:
    message = bundle(patient("C1", birthDate="1962-05-06"), dose("C1", "urn:uuid:1", lotNumber="WRONG"))
    person = person_of(hospital.post("", message))
    message["entry"][1]["resource"]["lotNumber"] = "RIGHT"
    assert hospital.post("", message).status_code == 200
    found = rows(
        "SELECT lot_number, superseded_at IS NULL FROM vaccination_dose WHERE person_id = %s ORDER BY 1", person
    )
    assert found == [("RIGHT", True), ("WRONG", False)]
    message["entry"][1]["resource"]["status"] = "entered-in-error"
    assert hospital.post("", message).status_code == 200
    assert rows("SELECT count(*) FROM vaccination_dose WHERE person_id = %s AND superseded_at IS NULL", person) == [
        (0,)
    ]


def test_a_conditional_create_leaves_what_is_known_as_it_is(hospital: Agency, rows: Rows) -> None:
    condition = "identifier=https://benh-vien.thu/mui|D1"
    message = bundle(patient("D1", birthDate="1963-05-06"), dose("D1", "urn:uuid:1"))
    message["entry"][1]["request"]["ifNoneExist"] = condition
    person = person_of(hospital.post("", message))
    message["entry"][1]["resource"]["lotNumber"] = "OTHER"
    answer = hospital.post("", message)
    assert answer.json()["entry"][1]["response"]["status"] == "200 OK"
    assert rows(_FACTS, person)[0][3] == "TESTLOT1"
    again = hospital.post(
        "Immunization", dose("D1", f"Patient/{person}", lotNumber="THIRD"), **{"If-None-Exist": condition}
    )
    assert again.status_code == 200
    assert [row[3] for row in rows(_FACTS, person)] == ["TESTLOT1"]
    other = hospital.post("Immunization", dose("D1", f"Patient/{person}"), **{"If-None-Exist": condition + "9"})
    assert other.status_code == 422
    assert other.json()["issue"][0]["code"] == "business-rule"


def test_a_dose_for_a_person_named_by_our_own_id_reaches_that_person(hospital: Agency, rows: Rows) -> None:
    person = person_of(hospital.post("", bundle(patient("E1", birthDate="1964-05-06"))))
    answer = hospital.post("Immunization", dose("E1", f"Patient/{person}"))
    assert answer.status_code == 201, answer.content.decode()
    assert "/Immunization/" in answer.headers["Location"]
    assert len(rows(_FACTS, person)) == 1


def test_a_dose_for_nobody_we_know_is_refused_with_the_element(hospital: Agency) -> None:
    answer = hospital.post("Immunization", dose("F1", "Patient/00000000-0000-0000-0000-00000000abcd"))
    assert answer.status_code == 422
    assert "Immunization" in answer.json()["issue"][0]["expression"][0]
    answer = hospital.post("Immunization", dose("F1", "Patient/1"))
    assert answer.json()["issue"][0]["expression"] == ["Immunization.patient"]


def test_of_a_transaction_with_one_bad_entry_nothing_is_written(hospital: Agency, rows: Rows) -> None:
    before = rows("SELECT count(*) FROM people_recordclaim")
    answer = hospital.post("", bundle(
        patient("G1", birthDate="1965-05-06"), dose("G1", "urn:uuid:1", vaccineCode={"text": "Fluvax"}),
    ))  # fmt: skip
    assert answer.status_code == 422
    (issue,) = answer.json()["issue"]
    assert issue["expression"] == ["Bundle.entry[1].resource.Immunization.vaccineCode"]
    assert rows("SELECT count(*) FROM people_recordclaim") == before
    last = rows("SELECT received, rejected FROM access.exchange_message ORDER BY id DESC LIMIT 1")
    assert last == [(2, 2)]


def test_of_a_batch_each_entry_stands_for_itself(hospital: Agency, rows: Rows) -> None:
    answer = hospital.post("", bundle(
        patient("H1", birthDate="1966-05-06"), dose("H1", "urn:uuid:1", occurrenceDateTime="2021-13-40"),
        dose("H2", "urn:uuid:1"), {"resourceType": "Appointment"}, kind="batch",
    ))  # fmt: skip
    statuses = [one["response"]["status"][:3] for one in answer.json()["entry"]]
    assert statuses == ["201", "422", "201", "422"]
    said = answer.json()["entry"][3]["response"]["outcome"]["issue"][0]
    assert said["code"] == "not-supported"
    assert "Appointment" in said["diagnostics"]
    kept = rows("SELECT outcome, reason FROM people_unplacedrow WHERE kind = 'fhir_immunization' ORDER BY id")
    assert ("rejected", "profile") in kept


def test_whoever_is_doubtful_is_held_with_the_dose_until_it_is_known_who(hospital: Agency, rows: Rows) -> None:
    message = bundle(patient("I1", name=[{"text": "test"}]), dose("I1", "urn:uuid:1"))
    answer = hospital.post("", message)
    assert [one["response"]["status"][:3] for one in answer.json()["entry"]] == ["202", "202"]
    assert rows(_HELD) == [("fhir_immunization", "account_not_found"), ("fhir_patient", "not_a_person")]
    message["entry"][0]["resource"] = patient("I1", birthDate="1967-05-06")
    person = person_of(hospital.post("", bundle(message["entry"][0]["resource"])))
    assert len(rows(_FACTS, person)) == 1
    assert rows(_HELD) == []


def test_received_is_linked_and_new_and_held_and_rejected_to_the_row(hospital: Agency, rows: Rows) -> None:
    lines = rows("SELECT sum(received), sum(linked + new + held + rejected), sum(unchanged) FROM people_importfile"
                 " WHERE system = 'facility.benh-vien-thu'")  # fmt: skip
    messages = rows("SELECT sum(received), sum(linked + new + held + rejected), sum(unchanged)"
                    " FROM access.exchange_message WHERE agency_code = 'benh-vien-thu'")  # fmt: skip
    assert lines == messages
    assert lines[0][0] > 10


def test_what_the_agreement_does_not_let_be_sent_is_refused(exchange: object, hospital: Agency) -> None:
    laboratory = exchange.agency(agency="phong-xn-thu", name="Phòng xét nghiệm Thử", written=["identity", "test"])  # type: ignore[attr-defined]
    answer = laboratory.post("", bundle(patient("J1", birthDate="1968-05-06"), dose("J1", "urn:uuid:1")))
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["code"] == "forbidden"
    narrow = Agency(hospital.made, hospital.agreement, hospital.key).sign_in("system/Observation.c")
    assert narrow.post("Patient", patient("J2")).json()["issue"][0]["code"] == "forbidden"


def test_numbers_of_persons_and_file_numbers_lie_nowhere_in_the_clear(hospital: Agency, rows: Rows) -> None:
    number = "001188123456"
    hospital.post("", bundle(patient("K-FILE-1", birthDate="1988-01-02", identifier=[national(number)])))
    for table in ("people_sourcerecord", "people_recordclaim", "people_unplacedrow", "people_identifier"):
        assert rows(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", f"%{number}%") == [(0,)], table


def test_of_two_entries_of_one_name_the_later_stands_and_both_are_kept(hospital: Agency, rows: Rows) -> None:
    answer = hospital.post("", bundle(
        patient("L1", birthDate="1969-05-06"), dose("L1", "urn:uuid:1", lotNumber="FIRST"),
        dose("L1", "urn:uuid:1", lotNumber="SECOND"), dose("L1", "urn:uuid:1", vaccineCode={"text": "Fluvax"}),
        dose("L1", "urn:uuid:1", lotNumber="SECOND"), kind="batch",
    ))  # fmt: skip
    assert [one["response"]["status"][:3] for one in answer.json()["entry"]] == ["201", "201", "200", "422", "200"]
    found = rows("SELECT lot_number, superseded_at IS NULL, version FROM vaccination_dose JOIN people_sourcerecord s"
                 " ON s.id = source_record_id WHERE person_id = %s ORDER BY version", person_of(answer))  # fmt: skip
    assert found == [("FIRST", False, 1), ("SECOND", True, 2)]
    assert rows("SELECT outcome, resolved_at IS NULL FROM people_unplacedrow WHERE record_id = (SELECT record_id"
                " FROM vaccination_dose WHERE lot_number = 'SECOND')") == [("rejected", True)]  # fmt: skip
