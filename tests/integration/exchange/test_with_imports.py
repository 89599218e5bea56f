"""What agencies sent and what imports do stand beside one another: nothing is lost, doubled or read differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from carry_over_importing import replay_held
from conftest import use_in_django
from integration.exchange.agencies import Agency, bundle, dose, patient
from integration.exchange.conftest import Exchange, Rows

_STATE = (
    "SELECT d.id, d.person_id, d.provenance, d.source_system, d.superseded_at FROM vaccination_dose d"
    " WHERE d.source_system LIKE 'facility.%%' ORDER BY 1"
)
_HELD = "SELECT kind, reason, outcome FROM people_unplacedrow WHERE system LIKE 'facility.%%' AND resolved_at IS NULL"


def test_a_replay_reads_what_was_held_again_and_leaves_what_was_placed(
    exchange: Exchange, hospital: Agency, rows: Rows, tmp_path: Path
) -> None:
    hospital.post("", bundle(patient("RA", birthDate="1941-02-03"), dose("RA", "urn:uuid:1")))
    waiting = dose("RB", "Patient?identifier=https://benh-vien.thu/ho-so|UNKNOWN")
    assert hospital.post("Immunization", waiting).status_code == 202
    before = rows(_STATE)
    assert rows(_HELD) == [("fhir_immunization", "account_not_found", "held")]
    try:
        ledger = replay_held(exchange.made, tmp_path)
    finally:
        use_in_django(exchange.made, "web")
    assert all(file.balances for file in ledger.files)
    assert rows(_STATE) == before
    assert rows(_HELD) == [("fhir_immunization", "account_not_found", "held")]
    hospital.post("Patient", patient("UNKNOWN", birthDate="1942-02-03"))
    assert rows(_HELD) == []
    assert len(rows(_STATE)) == len(before) + 1


def test_while_an_import_links_senders_are_told_to_come_again(exchange: Exchange, hospital: Agency, rows: Rows) -> None:
    before = rows("SELECT count(*) FROM people_sourcerecord")
    with exchange.made.connect("jobs", autocommit=True) as importing:
        importing.execute("SELECT pg_advisory_lock(hashtext('pccovid carry over'))")
        answer = hospital.post("", bundle(patient("RC", birthDate="1943-02-03")))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.json()["issue"][0]["code"] == "transient"
    assert rows("SELECT count(*) FROM people_sourcerecord") == before


def test_a_process_without_the_jobs_address_takes_nothing_in(hospital: Agency) -> None:
    from django.test import override_settings

    with override_settings(EXCHANGE_URL=""):
        assert hospital.post("Patient", patient("RD", birthDate="1944-02-03")).status_code == 503
        assert hospital.get("Patient", _id="00000000-0000-0000-0000-000000000001").status_code == 200


def test_too_many_readings_in_a_minute_are_put_off(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    from pccovid.web.agency_api import doors

    monkeypatch.setattr(doors, "READS_A_MINUTE", doors.READS_A_MINUTE._replace(allowed=3))
    agency = exchange.agency(agency="hay-hoi", name="Cơ quan hay hỏi")
    statuses = [agency.get("$changes", _since="now").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert agency.form("Patient/_search", phone="0912000000").status_code == 429, "what is asked in a body counts too"
    assert agency.post("Patient/$match", {"resourceType": "Parameters"}).status_code == 429
    assert agency.post("Patient", patient("HH1", birthDate="1924-05-17")).status_code == 201, "sending is no reading"
    assert int(agency.get("metadata").status_code) == 200


def test_two_senders_at_once_open_one_person(exchange: Exchange, hospital: Agency, rows: Rows) -> None:
    import threading

    from django.db import connections

    from integration.exchange.agencies import national

    other = exchange.agency(agency="tram-thu", name="Trạm Y tế Thử")
    answers = []

    def send(agency: Agency, number: str) -> None:
        who = {"identifier": [{"system": "https://x.thu/hs", "value": number}, national("001145009999")]}
        answers.append(agency.post("", bundle(patient(number, birthDate="1945-02-03", **who))))
        connections.close_all()

    threads = [threading.Thread(target=send, args=(agency, f"T{n}")) for n, agency in enumerate([hospital, other] * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 4
    found = {answer.json()["entry"][0]["response"]["location"].split("/")[1] for answer in answers}
    assert len(found) == 1
    assert rows("SELECT count(*) FROM people_person WHERE birth_date = '1945-02-03'") == [(1,)]
