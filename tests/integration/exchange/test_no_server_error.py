"""Whatever is sent, the answer is one: FHIR's own examples, hostile JSON, odd bundles; never a fault of the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from integration.exchange.agencies import Agency, bundle, dose, patient

POSTS = ("", "Patient", "Immunization", "Observation", "Coverage", "Specimen", "DiagnosticReport", "Encounter",
         "Condition", "Procedure", "MedicationAdministration", "Patient/$match")  # fmt: skip
TAKEN = {
    "Patient",
    "Immunization",
    "Observation",
    "DiagnosticReport",
    "Specimen",
    "Coverage",
    "Encounter",
    "Condition",
    "Procedure",
    "MedicationAdministration",
}


def is_answer(answer: Any) -> bool:
    """Whether an answer is a resource of FHIR, and no fault."""
    return answer.status_code < 500 and "resourceType" in answer.json()


def test_every_example_of_fhir_is_stored_or_refused_with_a_reason(hospital: Agency, shared_data: Path) -> None:
    examples = [json.loads(path.read_text()) for path in sorted((shared_data / "fhir").glob("*.json"))]
    assert len(examples) >= 70
    unsaid = []
    for example in examples:
        kind = example["resourceType"]
        answer = hospital.post("" if kind == "Bundle" else kind, example)
        assert answer.status_code < 500, kind
        issues = answer.json().get("issue", [])
        if kind not in TAKEN and not (issues and issues[0]["code"] in ("not-supported", "value", "structure")):
            unsaid.append((kind, answer.status_code, issues))
        if kind in TAKEN and answer.status_code not in (200, 201, 202):
            assert all(one.get("expression") for one in issues), (kind, issues)
    assert unsaid == []
    inside = [hospital.post("", bundle(example, kind="batch")) for example in examples]
    assert all(is_answer(answer) and answer.status_code == 200 for answer in inside)


def test_the_official_patient_is_taken_in(hospital: Agency, shared_data: Path) -> None:
    answer = hospital.post("Patient", json.loads((shared_data / "fhir" / "patient-example.json").read_text()))
    assert answer.status_code in (200, 201), answer.content.decode()


def faults_of(hospital: Agency, tries: list[tuple[Path, str]]) -> list[tuple[str, str, int]]:
    """What was not refused as it should be."""
    faults = []
    for path, address in tries:
        answer = hospital.post(address, path.read_bytes())
        if not is_answer(answer) or answer.status_code < 400:
            faults.append((path.name, address, answer.status_code))
    return faults


def test_hostile_json_is_refused_by_bundles_by_matching_and_in_turn_by_every_type(
    hospital: Agency, shared_data: Path
) -> None:
    files = sorted((shared_data / "json" / "JSONTestSuite").rglob("*.json"))
    assert len(files) >= 300
    in_turn = [(path, POSTS[number % len(POSTS)]) for number, path in enumerate(files)]
    assert faults_of(hospital, [*((path, "") for path in files), *in_turn]) == []


@pytest.mark.slow
def test_hostile_json_is_refused_at_every_address_that_takes_any(hospital: Agency, shared_data: Path) -> None:
    files = sorted((shared_data / "json" / "JSONTestSuite").rglob("*.json"))
    assert faults_of(hospital, [(path, address) for path in files for address in POSTS]) == []


def test_hostile_json_at_the_doors_of_tokens_and_keys_is_refused(hospital: Agency, shared_data: Path) -> None:
    for path in sorted((shared_data / "json" / "JSONTestSuite").rglob("*.json")):
        for address in ("token", "keys"):
            answer = hospital.client.post(
                f"/api/auth/{address}", path.read_bytes(), content_type="application/json",
                headers={"Authorization": f"Bearer {hospital.key.sign(hospital.claims())}"},
            )  # fmt: skip
            assert 400 <= answer.status_code < 500, (path.name, address)


ODD: dict[str, Any] = {
    "no entries": {"resourceType": "Bundle", "type": "transaction", "entry": []},
    "entries that are none": {"resourceType": "Bundle", "type": "batch", "entry": [1, None, "x", [], {}]},
    "another type": {"resourceType": "Bundle", "type": "document", "entry": [{}]},
    "no request": {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": patient("O1")}]},
    "a request that is none": {
        "resourceType": "Bundle", "type": "batch", "entry": [{"resource": patient("O1"), "request": [1]}],
    },
    "a deletion": {
        "resourceType": "Bundle", "type": "batch",
        "entry": [{"resource": patient("O1"), "request": {"method": "DELETE", "url": "Patient"}}],
    },
    "an address of another type": {
        "resourceType": "Bundle", "type": "batch",
        "entry": [{"resource": patient("O1"), "request": {"method": "POST", "url": "Immunization"}}],
    },
    "members of another kind": bundle({**dose("O2", "x"), "identifier": {"system": 1, "value": []}}, kind="batch"),
    "a reference that is none": bundle({**dose("O3", "x"), "patient": ["x"]}, kind="batch"),
    "codes that are none": bundle({**dose("O4", "x"), "vaccineCode": [[[]]]}, kind="batch"),
    "a name that is none": bundle({**patient("O5"), "name": [{"family": {"a": 1}, "given": [None, 3]}]}, kind="batch"),
    "a birth date that is none": bundle(patient("O6", birthDate={"year": 1}), kind="batch"),
    "a long text": bundle(patient("O7", name=[{"text": "Ă" * 20_000}]), kind="batch"),
    "a resource type that is none": bundle({"resourceType": ["Patient"]}, kind="batch"),
    "extensions that are none": bundle(patient("O8", address=[{"extension": [1, {"url": 3}]}]), kind="batch"),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_odd_bundles_are_answered_entry_by_entry_or_refused(hospital: Agency, what: str) -> None:
    answer = hospital.post("", ODD[what])
    assert is_answer(answer), answer.content
    assert answer.status_code == 400 or answer.json()["type"] == "batch-response"
    statuses = [one["response"]["status"][:3] for one in answer.json().get("entry", [])]
    assert not {"200", "201"} & set(statuses) or what in ("a long text", "extensions that are none")


def test_texts_that_no_column_holds_are_refused(hospital: Agency) -> None:
    for text in (r"\u0000", r"\ud800"):
        answer = hospital.post("Patient", json.dumps(patient("P1")).replace("1988-02-29", text))
        assert answer.status_code == 400
    assert hospital.post("Patient", b"[" * 100_000).status_code == 400
    assert hospital.post("Patient", b" " * (5 * 1024 * 1024)).status_code == 413
    many = bundle(*[patient(str(number)) for number in range(1_001)])
    assert hospital.post("", many).status_code == 413
    assert hospital.client.post("/api/fhir/R4/Patient", "<Patient/>", content_type="text/xml",
                                headers=hospital._headers()).status_code == 415  # fmt: skip


def test_every_address_that_takes_parameters_survives_hostile_ones(hospital: Agency) -> None:
    hostile = [
        "'",
        "\x01",
        "é" * 300,
        "-1",
        "9" * 30,
        "../..",
        "{}",
        "ge9999-12-31",
        "ge0000-00-00",
        "|",
        "a|b|c",
        "null",
    ]
    names = ("_id", "_count", "_cursor", "_since", "patient", "date", "_lastUpdated", "identifier", "name", "birthdate",
             "phone", "_format", "lot-number")  # fmt: skip
    for kind in ("Patient", "Immunization", "Observation", "Coverage"):
        for name in names:
            for value in hostile:
                assert hospital.get(kind, **{name: value}).status_code < 500, (kind, name, value)
    for value in hostile:
        for address in (f"Patient/{value}", f"Patient/{value}/$everything", f"Immunization/{value}/_history/{value}",
                        f"{value}", f"StructureDefinition/{value}"):  # fmt: skip
            assert hospital.get(address).status_code < 500, address
