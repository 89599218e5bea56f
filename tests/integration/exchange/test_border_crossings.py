"""Crossings as gates send them: a fact of the border, for agencies whose agreement covers it and for no other."""

from __future__ import annotations

from typing import Any

import pytest

from integration.exchange.agencies import Agency, bundle, dose, patient
from integration.exchange.conftest import Exchange, Rows

OWN = "https://pccovid.invalid/fhir/"


def crossing(number: str, **changed: Any) -> dict[str, Any]:
    told = {"gate": "Cửa khẩu Mộc Bài", "vehicle_number": "51B-12345", "departure_country": "KH",
            "places_passed": "Phnom Penh, Svay Rieng", "departed_on": "2021-10-19"}  # fmt: skip
    return {
        "resourceType": "Observation", "identifier": [{"system": "https://cua-khau.thu/nhap-canh", "value": number}],
        "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "8691-8"}]},
        "subject": {"reference": "urn:uuid:1"}, "effectiveDateTime": "2021-10-20",
        "component": [{"code": {"coding": [{"system": f"{OWN}CodeSystem/field", "code": name}]}, "valueString": value}
                      for name, value in told.items()], **changed,
    }  # fmt: skip


@pytest.fixture(scope="module")
def gate(exchange: Exchange) -> Agency:
    border = ["identity", "border"]
    return exchange.agency(agency="cua-khau", name="Cửa khẩu Thử", standing="authority", purpose="contact_tracing",
                           categories=border, written=border)  # fmt: skip


def sent(gate: Agency, number: str, **changed: Any) -> Any:
    return gate.post("", bundle(patient(number, birthDate=f"1979-09-0{number[-1]}"), crossing(number, **changed)))


def test_a_crossing_is_written_once_with_what_the_traveller_declared(gate: Agency, rows: Rows) -> None:
    for _ in range(2):
        answer = sent(gate, "G1")
        assert answer.status_code == 200, answer.content.decode()
    found = rows(
        "SELECT gate, vehicle_number, departure_country, places_passed, departed_on::text, entered_on::text, provenance"
        " FROM border_entry WHERE source_system = 'authority.cua-khau'"
    )
    assert found == [("Cửa khẩu Mộc Bài", "51B-12345", "KH", ["Phnom Penh", "Svay Rieng"], "2021-10-19", "2021-10-20",
                      "official")]  # fmt: skip


def test_gates_read_crossings_back_and_whoever_cares_for_people_sees_none(
    gate: Agency, hospital: Agency, exchange: Exchange
) -> None:
    start = hospital.get("$changes", _since="now").json()["link"][1]["url"].partition("_since=")[2].partition("&")[0]
    answer = sent(gate, "G2").json()
    person, fact = (one["response"]["location"].split("/")[1] for one in answer["entry"])
    read = gate.get(f"Observation/{fact}").json()
    assert (read["code"]["coding"][0]["code"], read["effectiveDateTime"]) == ("8691-8", "2021-10-20")
    found = gate.get("Observation", subject=person, category="travel").json()
    assert [one["resource"]["id"] for one in found["entry"]] == [fact]
    assert hospital.get(f"Observation/{fact}").status_code == 404
    told = [one["fullUrl"] for one in hospital.get("$changes", _since=start).json().get("entry", [])]
    assert not [one for one in told if fact in one]


def test_a_crossing_without_its_day_is_refused_at_that_element(gate: Agency) -> None:
    answer = sent(gate, "G3", effectiveDateTime="2031-01-01")
    assert answer.status_code == 422
    assert any("effectiveDateTime" in " ".join(one.get("expression", [])) for one in answer.json()["issue"])


def test_a_crossing_that_is_withdrawn_is_no_longer_a_fact(gate: Agency, rows: Rows) -> None:
    sent(gate, "G4")
    assert sent(gate, "G4", status="entered-in-error").status_code == 200
    assert rows("SELECT count(*) FROM border_entry WHERE superseded_at IS NULL AND person_id = (SELECT person_id FROM"
                " border_entry WHERE superseded_at IS NOT NULL)") == [(0,)]  # fmt: skip


def test_a_gate_sends_no_doses_and_a_hospital_no_crossings(gate: Agency, hospital: Agency) -> None:
    for agency, resource in ((gate, dose("G5", "urn:uuid:1")), (hospital, crossing("G5"))):
        answer = agency.post("", bundle(patient("G5"), resource))
        assert answer.status_code == 422
        assert answer.json()["issue"][0]["code"] == "forbidden"
