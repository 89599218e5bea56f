"""The contract with the insurer's look-up, every code of it, held against a real process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from integration.connectors.agency_process import BINH, HOA, AgencyProcess, register_file
from pccovid.connectors.calling import Drifted, Line, NotReached, Refused
from pccovid.connectors.population_database.register import Entry
from pccovid.connectors.social_insurance.client import Account, OfficerRefused, SocialInsurance
from pccovid.connectors.social_insurance.codes import RESULTS
from pccovid.connectors.social_insurance.payloads import Officer, Question, read_answer, written_birth
from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT
from pccovid.linkage.verification import CODES

MODULE = "pccovid.connectors.social_insurance.sandbox_server"
CHILD = Entry("001221000031", None, "Lê Thị Bé", "2021-02-03", "female", "00001", None)
OFFICER = Officer("Trần Văn Bình", BINH.personal_id)
RIGHT = Question("DN401" + (HOA.insurance_no or ""), "NGUYEN THI HOA", "05/03/1990")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgencyProcess]:
    started = AgencyProcess(MODULE, register_file(tmp_path_factory.mktemp("register"), (HOA, BINH, CHILD)))
    yield started
    assert started.stop() == 0


@pytest.fixture
def insurer(server: AgencyProcess) -> SocialInsurance:
    server.order()
    server.post("/sandbox/cards", {"insuranceNo": HOA.insurance_no, "code": "000"})
    return connected(server)


def connected(server: AgencyProcess, account: Account = SANDBOX_ACCOUNT, seconds: float = 5.0) -> SocialInsurance:
    return SocialInsurance(Line(server.url, seconds=seconds, plain_http=True), account)


def code_of(insurer: SocialInsurance, question: Question) -> str:
    return insurer.look_up(question, officer=OFFICER)[0].result.code


def test_every_code_of_the_handbook_is_known_and_says_what_it_means_for_the_person() -> None:
    handbook = ["000", "001", "002", "003", "004", "010", "050", "051", "052", "053", "054", "055", "060", "061", "070",
                "110", "120", "121", "122", "123", "124", "130", "205", "401", "500"]  # fmt: skip
    assert sorted(RESULTS) == handbook
    assert {one.about_person for one in RESULTS.values() if one.about_person} <= set(CODES)
    assert [one.code for one in RESULTS.values() if one.about_person is None] == ["401", "054", "055", "500"]


@pytest.mark.parametrize("code", ["000", "001", "002", "003", "004", "010", "110", "120", "121", "122", "123", "124"])
def test_the_state_of_a_card_is_told_of_a_person_who_agrees(
    insurer: SocialInsurance, server: AgencyProcess, code: str
) -> None:
    server.post("/sandbox/cards", {"insuranceNo": HOA.insurance_no, "code": code})
    answer, _ = insurer.look_up(RIGHT, officer=OFFICER)
    assert (answer.result.code, answer.result.about_person) == (code, "000")
    assert answer.card is not None
    assert (answer.card.insurance_no, answer.card.valid_to) == (HOA.insurance_no, date(2021, 12, 31))
    assert bool(answer.card.number_now) == (code in ("003", "004"))


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (RIGHT._replace(number=HOA.insurance_no or ""), "000"), (RIGHT._replace(number=HOA.personal_id), "000"),
        (RIGHT._replace(birth="1990"), "000"),
        (RIGHT._replace(number="DN4010999999999"), "050"), (RIGHT._replace(number="12345"), "051"),
        (RIGHT._replace(number="DN4000123456789"), "052"), (RIGHT._replace(number="DN9010123456789"), "053"),
        (RIGHT._replace(name="Lê Thị Mai"), "060"), (RIGHT._replace(name="Ngô Thị Hạnh"), "061"),
        (RIGHT._replace(birth="06/03/1990"), "070"), (RIGHT._replace(birth="5.3.90"), "205"),
        (RIGHT._replace(name=""), "205"),
        (Question(CHILD.personal_id, "Lê Thị Bé", "03/02/2021"), "130"),
    ],
)  # fmt: skip
def test_a_question_is_answered_with_the_insurers_code(insurer: SocialInsurance, question: Question, code: str) -> None:
    assert code_of(insurer, question) == code


def test_an_officer_who_is_unknown_or_named_otherwise_is_told_apart(insurer: SocialInsurance) -> None:
    for officer, code in (
        (Officer("Trần Văn Bình", "001050999999"), "054"),
        (Officer("Ai Đó", BINH.personal_id), "055"),
    ):
        with pytest.raises(OfficerRefused, match=code):
            insurer.look_up(RIGHT, officer=officer)


def test_who_looked_a_card_up_is_read_back(insurer: SocialInsurance) -> None:
    before = len(insurer.look_up(RIGHT, officer=OFFICER)[0].look_ups)
    code_of(insurer, RIGHT._replace(name="Lê Thị Mai"))
    answer, _ = insurer.look_up(RIGHT, officer=OFFICER)
    assert len(answer.look_ups) == before + 2
    assert [(one.user, one.code) for one in answer.look_ups[-2:]] == [(OFFICER.name, "000"), (OFFICER.name, "060")]
    assert abs(answer.look_ups[-1].at - datetime.now(UTC)) < timedelta(minutes=2)


def test_a_token_is_taken_again_when_it_has_run_out_and_a_wrong_password_is_refused(server: AgencyProcess) -> None:
    insurer = connected(server)
    assert code_of(insurer, RIGHT) == "000"
    insurer._token = "run out"
    assert code_of(insurer, RIGHT) == "000"
    with pytest.raises(Refused, match="signing in"):
        code_of(connected(server, Account("pccovid-sandbox", "sai")), RIGHT)


@pytest.mark.parametrize("fault", ["error", "down", "lost", "busy"])
def test_what_may_go_better_later_is_told_from_what_may_not(
    insurer: SocialInsurance, server: AgencyProcess, fault: str
) -> None:
    assert code_of(insurer, RIGHT) == "000"
    server.order({"kind": fault})
    with pytest.raises(NotReached):
        code_of(insurer, RIGHT)
    server.order()
    assert code_of(insurer, RIGHT) == "000"


@pytest.mark.parametrize("fault", ["wrong", "drift"])
def test_another_shape_or_the_answer_about_another_card_is_taken_for_nothing(
    insurer: SocialInsurance, server: AgencyProcess, fault: str
) -> None:
    assert code_of(insurer, RIGHT) == "000"
    server.order({"kind": fault})
    for question in (RIGHT, RIGHT._replace(number="0199999999")):
        with pytest.raises(Drifted):
            insurer.look_up(question, officer=OFFICER)


def test_a_slow_answer_is_not_waited_for(server: AgencyProcess) -> None:
    insurer = connected(server, seconds=0.3)
    server.order()
    assert code_of(insurer, RIGHT) == "000"
    server.order({"kind": "slow", "seconds": 1.0, "times": 1})
    with pytest.raises(NotReached, match="Timeout"):
        code_of(insurer, RIGHT)


def test_visits_are_read_and_an_answer_of_another_shape_is_drift(insurer: SocialInsurance) -> None:
    import json

    _, body = insurer.look_up(RIGHT, officer=OFFICER)
    told = json.loads(body)
    visit = {"maHoSo": "7", "maCSKCB": "01001", "ngayVao": "202110010830", "ngayRa": None, "tenBenh": "U07.1",
             "tinhTrang": "1", "kqDieuTri": None, "lyDoVV": "1"}  # fmt: skip
    ((read,),) = [read_answer({**told, "dsLichSuKCB2018": [visit]}).visits]
    assert read.came_at == datetime(2021, 10, 1, 1, 30, tzinfo=UTC)
    assert read.left_at is None
    for spoiled in ({**told, "maKetQua": "999"}, {**told, "gtTheTu": "2021-01-01"}, {**told, "dsLichSuKT2018": None},
                    {**told, "dsLichSuKCB2018": [{**visit, "ngayVao": ""}]}, {**told, "hoTen": 7}, [told],
                    {key: value for key, value in told.items() if key != "ghiChu"}):  # fmt: skip
        with pytest.raises(Drifted):
            read_answer(spoiled)


def test_birth_dates_are_written_as_the_insurer_has_them() -> None:
    assert [written_birth(iso) for iso in ("1990-03-05", "1990", "1990-03")] == ["05/03/1990", "1990", "1990"]
