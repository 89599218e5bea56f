"""What an agency sends becomes a person's record: once, with its source, counted, and held where it is doubtful."""

from __future__ import annotations

from integration.exchange.agencies import Agency, bundle, dose, national, patient, test_result
from integration.exchange.conftest import Rows

_FACTS = "SELECT source_system, provenance, product, lot_number FROM vaccination_dose WHERE person_id = %s"


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
