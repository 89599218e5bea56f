"""The contract with the population database, held against a real process that answers well, badly, late or not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from integration.connectors.agency_process import BINH, HOA, AgencyProcess, register_file
from pccovid.connectors.calling import AddressIsWrong, Drifted, Line, NotReached, Refused
from pccovid.connectors.population_database.client import OUR_SYSTEM, PopulationDatabase
from pccovid.connectors.population_database.payloads import Question
from pccovid.connectors.population_database.schemas import agreed, read_changes, read_citizen, read_verified
from pccovid.connectors.xroad.client import XRoadClient

MODULE = "pccovid.connectors.population_database.sandbox_server"
RIGHT = Question(HOA.personal_id, "NGUYEN THI HOA", "1990-03-05", "female")


@pytest.fixture(scope="module", params=[1, 2], ids=["schema 1", "schema 2"])
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[AgencyProcess]:
    """The sandbox's server, speaking one version of the schema alone."""
    started = AgencyProcess(MODULE, register_file(tmp_path_factory.mktemp("register")))
    started.post("/sandbox/schemas", [request.param])
    yield started
    assert started.stop() == 0


@pytest.fixture
def police(server: AgencyProcess) -> PopulationDatabase:
    server.order()
    return connected(server)


def connected(server: AgencyProcess, seconds: float = 5.0) -> PopulationDatabase:
    return PopulationDatabase(XRoadClient(Line(server.url, seconds=seconds, plain_http=True), OUR_SYSTEM))


@pytest.mark.parametrize(
    ("question", "code", "name", "birth"),
    [
        (RIGHT, "000", "agree", "agree"),
        (RIGHT._replace(birth="1990"), "000", "agree", "agree"),
        (RIGHT._replace(name="Ngô Thị Hạnh"), "061", "initials_agree", "agree"),
        (RIGHT._replace(name="Trần Văn Bình"), "060", "differs", "agree"),
        (RIGHT._replace(birth="1990-05-03"), "070", "agree", "differs"),
        (RIGHT._replace(birth=""), "incomplete", "agree", "missing"),
        (RIGHT._replace(number=HOA.old_id or ""), "000", "agree", "agree"),
        (Question(BINH.personal_id, BINH.name, "1950-06-01"), "000", "agree", "agree"),
    ],
)
def test_a_question_is_answered_attribute_by_attribute(
    police: PopulationDatabase, question: Question, code: str, name: str, birth: str
) -> None:
    answer, exchanged = police.verify(question, case="XM-1")
    assert (answer.code, answer.grades["name"], answer.grades["birth_date"]) == (code, name, birth)
    assert len(exchanged.request_hash) == 88


def test_a_number_that_nobody_has_is_not_found_and_grades_nothing(police: PopulationDatabase) -> None:
    answer, _ = police.verify(RIGHT._replace(number="001190999999"), case="XM-1")
    assert answer == ("050", {})


def test_a_person_is_looked_up_by_number(police: PopulationDatabase) -> None:
    citizen, _ = police.look_up(HOA.personal_id, case="XM-1", user_id="VN001088000001")
    assert citizen is not None
    assert (citizen.name, citizen.birth, citizen.old_id, citizen.residence_commune) == (
        HOA.name, HOA.birth, HOA.old_id, "00001"
    )  # fmt: skip
    assert police.look_up("001190999999", case="XM-1", user_id="VN001088000001")[0] is None


def test_changes_come_in_order_and_each_once_however_they_are_sent(
    police: PopulationDatabase, server: AgencyProcess
) -> None:
    first, _ = police.changes_since(0)
    for name in ("Trần Văn Bính", "Trần Văn Bình"):
        server.post("/sandbox/changes", {"personalId": BINH.personal_id, "name": name})
    server.order({"kind": "duplicate"}, {"kind": "reorder"})
    page, _ = police.changes_since(first.next_since)
    assert [one.sequence for one in page.changes] == [first.next_since + 1, first.next_since + 2]
    assert {one.personal_id for one in page.changes} == {BINH.personal_id}
    assert (page.repeated, page.has_more) == (1, False)
    server.order()
    part, _ = police.changes_since(first.next_since, most=1)
    assert (len(part.changes), part.has_more) == (1, True)
    assert police.changes_since(page.next_since)[0].changes == ()


@pytest.mark.parametrize("fault", ["error", "down", "lost", "busy"])
def test_what_may_go_better_later_is_told_from_what_may_not(
    police: PopulationDatabase, server: AgencyProcess, fault: str
) -> None:
    server.order({"kind": fault})
    with pytest.raises(NotReached):
        police.verify(RIGHT, case="XM-1")
    server.order()
    assert police.verify(RIGHT, case="XM-1")[0].code == "000"


def test_a_slow_answer_is_not_waited_for(server: AgencyProcess) -> None:
    server.order({"kind": "slow", "seconds": 1.5, "times": 1})
    with pytest.raises(NotReached, match="Timeout"):
        connected(server, seconds=0.3).verify(RIGHT, case="XM-1")
    assert connected(server).verify(RIGHT, case="XM-1")[0].code == "000"


@pytest.mark.parametrize("fault", ["wrong", "drift"])
def test_another_shape_or_the_answer_to_another_question_is_taken_for_nothing(
    police: PopulationDatabase, server: AgencyProcess, fault: str
) -> None:
    server.order({"kind": fault})
    for ask in (
        lambda: police.verify(RIGHT, case="XM-1"),
        lambda: police.look_up(HOA.personal_id, case="XM-1", user_id="VN001088000001"),
        lambda: police.changes_since(0),
    ):
        with pytest.raises(Drifted):
            ask()


@pytest.mark.parametrize("content", [
    None, [], 7, "x", {}, {"schemaVersion": 1}, {"schemaVersion": 2, "reference": "r", "result": "000", "grades": {}},
    {"schemaVersion": True, "reference": "r", "result": "050", "grades": {}},
    {"schemaVersion": 3, "reference": "r", "result": "050", "grades": {}},
    {"schemaVersion": 2, "inReplyTo": "r", "outcome": "000", "attributes": []},
    {"schemaVersion": 2, "inReplyTo": "r", "outcome": "000", "attributes": [7]},
    {"schemaVersion": 2, "inReplyTo": "r", "outcome": "000", "attributes": [{"attribute": "sex", "grade": "agree"}]},
    {"schemaVersion": 1, "reference": "q", "result": "050", "grades": {}},
    {"schemaVersion": 1, "reference": "r", "result": "999", "grades": {}},
    {"schemaVersion": 1, "reference": "r", "result": "000", "grades": {}},
    {"schemaVersion": 1, "reference": "r", "result": "000",
     "grades": {"name": "yes", "birthDate": "agree", "sex": "agree"}},
    {"schemaVersion": 1, "reference": "r", "result": 0, "grades": {}},
])  # fmt: skip
def test_an_answer_of_another_shape_is_drift(content: object) -> None:
    with pytest.raises(Drifted):
        read_verified(content, "r")


def test_a_version_nobody_agreed_on_says_so_and_nothing_of_it_is_taken() -> None:
    with pytest.raises(Drifted, match="schema version 3 is none of 1, 2"):
        read_verified({"schemaVersion": 3, "reference": "r", "result": "050", "grades": {}}, "r")


def test_persons_of_the_second_schema_have_dates_in_parts_and_any_number_of_former_numbers() -> None:
    person = {"personalId": "1", "formerIds": ["9", "8"], "fullName": "A", "dateOfBirth": {"year": 1990}, "sex": None,
              "residence": {"commune": "00001"}}  # fmt: skip
    told = {"schemaVersion": 2, "inReplyTo": "r", "outcome": "000", "person": person}
    assert read_citizen(told, "r") == ("1", "9", "A", "1990", None, "00001")
    day = {"year": 1990, "month": 3, "day": 5}
    assert read_citizen({**told, "person": {**person, "dateOfBirth": day}}, "r") == ("1", "9", "A", "1990-03-05", None,
                                                                                    "00001")  # fmt: skip
    for spoiled in ({"dateOfBirth": "1990"}, {"dateOfBirth": {**day, "day": 31, "month": 2}}, {"formerIds": [9]},
                    {"dateOfBirth": {"year": True}}, {"residence": "00001"}):  # fmt: skip
        with pytest.raises(Drifted):
            read_citizen({**told, "person": {**person, **spoiled}}, "r")


def test_the_version_asked_in_is_the_newest_in_force_or_the_one_that_was_agreed() -> None:
    assert (agreed(date(2026, 6, 30)), agreed(date(2026, 7, 1)), agreed(date(2026, 7, 1), named=1)) == (1, 2, 1)
    with pytest.raises(ValueError, match="none of 1, 2"):
        agreed(date(2026, 7, 1), named=3)


def test_who_is_asked_in_a_version_it_does_not_read_is_asked_again_in_one_it_does(server: AgencyProcess) -> None:
    server.order()
    line = Line(server.url, seconds=5, plain_http=True)
    refused = []
    for version in (1, 2):
        police = PopulationDatabase(XRoadClient(line, OUR_SYSTEM), version)
        first, second = (police.verify(RIGHT, case="XM-1")[1] for _ in range(2))
        assert (first.id in first.refused, second.refused) == (False, ())
        refused.append(len(first.refused))
    assert sorted(refused) == [0, 1]


def test_who_reads_no_version_of_ours_is_told_as_drift(tmp_path: Path) -> None:
    newer = AgencyProcess(MODULE, register_file(tmp_path))
    try:
        newer.post("/sandbox/schemas", [3, 4])
        with pytest.raises(Drifted, match="asked in schema version 1; the source reads 3, 4"):
            connected(newer).verify(RIGHT, case="XM-1")
    finally:
        newer.stop()


def test_fields_that_a_source_adds_are_let_pass_and_shapes_that_change_are_not() -> None:
    person = {"personalId": "1", "name": "A", "birthDate": "1990", "photo": "…"}
    told = {"schemaVersion": 1, "reference": "r", "result": "000", "person": person, "more": 1}
    assert read_citizen(told, "r") == ("1", None, "A", "1990", None, None)
    for spoiled in ({**person, "birthDate": "05/03/1990"}, {**person, "name": None}, {**person, "oldId": 9}):
        with pytest.raises(Drifted):
            read_citizen({**told, "person": spoiled}, "r")


@pytest.mark.parametrize("change", [
    {"sequence": 4, "kind": "changed", "personalId": "1", "at": "2021-10-01T00:00:00+07:00"},
    {"sequence": 6, "kind": "unheard", "personalId": "1", "at": "2021-10-01T00:00:00+07:00"},
    {"sequence": 6, "kind": "changed", "personalId": "1", "at": "2021-10-01T00:00:00"},
    {"sequence": True, "kind": "changed", "personalId": "1", "at": "2021-10-01T00:00:00+07:00"},
    "x",
])  # fmt: skip
def test_a_change_out_of_its_place_is_drift(change: object) -> None:
    with pytest.raises(Drifted):
        read_changes({"schemaVersion": 1, "changes": [change], "nextSince": 9, "hasMore": False}, 5)


def test_nobody_there_is_told_in_time_and_no_address_without_tls_is_called() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NotReached):
        PopulationDatabase(XRoadClient(Line(f"http://127.0.0.1:{port}", plain_http=True), OUR_SYSTEM)).verify(
            RIGHT, case="XM-1"
        )
    for address in ("http://127.0.0.1:1", "ftp://x", "", "https://"):
        with pytest.raises(AddressIsWrong):
            Line(address)
    with pytest.raises(AddressIsWrong):
        Line("http://192.0.2.1", plain_http=True)


def test_a_refused_question_is_not_asked_again(police: PopulationDatabase) -> None:
    with pytest.raises(Refused, match="status 400"):
        police.verify(Question(None, "A", "1990"), case="XM-1")  # type: ignore[arg-type]
