"""A health station declares for somebody who calls: for care, in its area, logged, and shown to the person as such."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from integration.citizen_desks.test_declaring import HEALTHY, an, declared, ledger
from integration.citizen_desks.test_telling_people import Carrier, tells
from integration.console.made_index import AN, BINH, NOW, Console
from integration.security.people_in_sight import citizen_browser
from pccovid.declaring.answers import VIET_NAM
from pccovid.declaring.forms import CODES, FORMS

__all__ = ["an"]
_PAGE = "/can-bo/nguoi/{}/khai-qua-dien-thoai"


@pytest.fixture
def station(console: Console, an: Any) -> Any:
    return console.sign_in("station")


def calls(station: Any, person: UUID = AN, call: UUID | None = None, **answers: Any) -> Any:
    given = {"call": str(call or uuid4()), "form": "domestic", "is_caller": "1", **HEALTHY, **answers}
    return station.post(_PAGE.format(person), given)


def test_the_form_asks_nothing_that_says_who_the_caller_is(station: Any) -> None:
    page = station.get(_PAGE.format(AN)).text
    assert 'name="symptoms"' in page
    for code in ("name", "birth_date", "document", "phone", "residence", "sex", "nationality"):
        assert f'name="{code}"' not in page


def test_what_a_caller_told_is_their_declaration_written_by_the_station(console: Console, station: Any) -> None:
    before = ledger(console)
    assert "Đọc cho người gọi nghe" in calls(station).text
    ((person, provenance, is_other, answers),) = declared(
        console, "person_id", "provenance", "is_for_other", "answers"
    )  # fmt: skip
    assert (person, provenance, is_other, answers["told_by"]) == (AN, "self_declared", True, "telephone")
    assert ledger(console) == (before[0] + 1, before[1] + 1)
    own = citizen_browser(console, AN)
    assert "gọi điện, trạm y tế ghi giúp" in own.get("/ho-so/khai-bao").text
    assert answers["written_by"] in own.get("/ho-so/khai-bao").text


def test_each_reading_of_the_call_stands_under_who_looked_with_its_case(console: Console, station: Any) -> None:
    call = uuid4()
    calls(station, call=call)
    with console.owner() as owner:
        cases = owner.execute(
            "SELECT DISTINCT l.purpose, l.case_reference FROM access.log l JOIN access.disclosure d ON d.log_id = l.id"
            " WHERE d.person_id = %s AND l.case_reference LIKE 'DT-%%'", [AN],
        ).fetchall()  # fmt: skip
    assert ("care", f"DT-{str(call)[:8]}") in cases
    assert "Chăm sóc sức khỏe" in citizen_browser(console, AN).get("/ai-da-xem").text


def test_signs_of_danger_are_read_out_and_wait_in_the_queue(console: Console, station: Any) -> None:
    page = calls(station, symptoms="dyspnoea").text
    assert "115" in page
    with console.owner() as owner:
        ((level, person, by),) = owner.execute("SELECT level, person_id, by_person FROM access.triage").fetchall()
    assert (level, person, by) == ("emergency", AN, AN)


def test_a_call_sent_twice_is_one_declaration(console: Console, station: Any) -> None:
    call = uuid4()
    assert {calls(station, call=call).status_code for _ in range(2)} == {200}
    assert len(declared(console, "id")) == 1


JOURNEY = {
    "departure_place": "Hà Nội", "destination_place": "Nam Định", "transport": "xe khách", "seat": "12A",
    "departed_at": "", "symptoms": "none", "contact_case": "no",
}  # fmt: skip
ENTRY = {
    "gate": "Sân bay Nội Bài", "vehicle_kind": "máy bay", "departed_on": "", "entered_on": "",
    "departure_country": "JP", "destination_province": "Hà Nội", "symptoms": "none", "contact_sick": "no",
    "contact_animals": "no", "vaccines_used": "Moderna, 2 mũi",
}  # fmt: skip


def test_a_journey_told_on_the_telephone_is_a_trip_and_is_read_back(console: Console, station: Any) -> None:
    left = datetime.now(UTC) + timedelta(hours=2)
    page = calls(station, form="movement", **{**JOURNEY, "departed_at": left.isoformat(timespec="minutes")}).text
    assert "Nam Định" in page
    assert "12A" in page
    with console.owner() as owner:
        trips = owner.execute(
            "SELECT t.person_id, t.destination_place, t.seat, d.answers ->> 'told_by' FROM movement_trip t"
            " JOIN declarations_declaration d ON d.record_id = t.record_id WHERE d.form = 'movement'"
        ).fetchall()
    assert trips == [(AN, "Nam Định", "12A", "telephone")]
    assert "Nam Định" in citizen_browser(console, AN).get("/ho-so/di-lai").text


def test_an_entry_told_on_the_telephone_is_a_crossing_of_the_border(console: Console, station: Any) -> None:
    today = datetime.now(VIET_NAM).date().isoformat()
    answer = calls(station, form="entry", **{**ENTRY, "departed_on": today, "entered_on": today})
    assert "Đọc cho người gọi nghe" in answer.text
    with console.owner() as owner:
        entries = owner.execute(
            "SELECT e.person_id, e.gate FROM border_entry e"
            " JOIN declarations_declaration d ON d.record_id = e.record_id WHERE d.form = 'entry'"
        ).fetchall()
    assert entries == [(AN, "Sân bay Nội Bài")]


@pytest.mark.parametrize("code", CODES)
def test_every_form_can_be_told_and_asks_nothing_that_says_who_calls(station: Any, code: str) -> None:
    page = station.get(f"{_PAGE.format(AN)}?form={code}").text
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page))
    asked = {question.code for form in FORMS if form.code == code for question in form.questions if not question.known}
    assert asked <= fields
    assert fields & {"name", "birth_date", "document", "phone", "residence", "sex", "nationality"} == set()


def test_the_person_is_told_of_the_call_and_may_object_to_it(console: Console, station: Any) -> None:
    with console.owner() as owner:
        owner.execute("DELETE FROM access.notice")
    calls(station)
    own = citizen_browser(console, AN)
    assert "1 điều mới" in own.get("/ho-so").text
    page = own.get("/thong-bao").text
    assert "Trạm y tế đã khai giúp bạn qua điện thoại" in page
    (objecting,) = set(re.findall(r"/ai-da-xem/\d+/khong-dung", page))
    assert "Chăm sóc sức khỏe" in own.get(objecting).text
    assert "khai giúp" not in citizen_browser(console, BINH).get("/thong-bao").text


def test_who_has_no_app_hears_of_the_call_by_an_sms_that_says_nothing(console: Console, station: Any) -> None:
    with console.owner() as owner:
        owner.execute(
            "DELETE FROM access.notice; DELETE FROM access.push_subscription; DELETE FROM access.notice_choice"
        )
    calls(station)
    carrier = Carrier()
    assert tells(console, carrier) == 1
    ((phone, text),) = carrier.sent
    assert phone == "0912000001"
    assert not re.search("An|khai|tram da", text)
    assert tells(console, carrier) == 0


def test_without_having_asked_who_calls_nothing_is_sent(console: Console, station: Any) -> None:
    answer = calls(station, is_caller="")
    assert (answer.status_code, "Hỏi họ tên" in answer.text) == (422, True)
    assert declared(console, "id") == []


def test_an_answer_that_is_missing_is_asked_for_again(console: Console, station: Any) -> None:
    answer = calls(station, symptoms=[])
    assert (answer.status_code, "Cần xem lại" in answer.text) == (422, True)
    assert declared(console, "id") == []


def test_nobody_of_another_area_and_no_other_office_declares_so(console: Console, station: Any) -> None:
    assert calls(station, person=BINH).status_code == 404
    assert calls(station, person=uuid4()).status_code == 404
    assert calls(console.sign_in("police")).status_code == 403
    assert calls(console.sign_in("steward")).status_code == 403
    assert declared(console, "id") == []


def test_the_database_takes_no_declaration_outside_the_access_of_its_call(console: Console, station: Any) -> None:
    call, say = (
        uuid4(),
        "SELECT access.declare_by_telephone(%s, %s, 'daily', 1, 's:x', '', '{}', NULL, NULL, 'none', '{}', '', 0)",
    )
    opening = "('officer', %s, 'health_station', 'care', 'test', 'person', ARRAY[%s]::uuid[], '00001', %s)"
    with console.owner() as owner:
        (officer,) = owner.execute("SELECT id::text FROM auth_user WHERE username = 'station'").fetchone() or ("",)
    for case, person in ((f"DT-{str(uuid4())[:8]}", AN), (None, AN), (f"DT-{str(call)[:8]}", BINH)):
        with console.made.connect("web") as web:
            web.execute(f"SELECT access.open{opening}", [officer, person, case])
            with pytest.raises(psycopg.errors.Error) as refused:
                web.execute(say, [person, call])
        assert refused.value.sqlstate == "PC451", case
    with console.made.connect("web") as web, pytest.raises(psycopg.errors.Error) as alone:
        web.execute(say, [AN, call])
    assert alone.value.sqlstate == "PC451"


def withdraws(station: Any, call: UUID, person: UUID = AN, **given: str) -> Any:
    sent = {"reason": "another_person", "told": "Người gọi là hàng xóm của bạn, trạm ghi nhầm.", **given}
    return station.post(f"{_PAGE.format(person)}/{call}/rut", sent)


def standing(console: Console) -> list[tuple[Any, ...]]:
    with console.owner() as owner:
        return owner.execute(
            "SELECT 'declaration' FROM declarations_declaration WHERE superseded_at IS NULL"
            " UNION ALL SELECT 'trip' FROM movement_trip WHERE superseded_at IS NULL"
            " UNION ALL SELECT 'waiting' FROM access.triage WHERE state IN ('waiting', 'visiting')"
        ).fetchall()


def test_a_station_takes_back_what_it_wrote_down_wrongly_and_the_person_reads_why(
    console: Console, station: Any
) -> None:
    call = uuid4()
    calls(station, call=call, form="movement", **{**JOURNEY, "symptoms": "dyspnoea",
          "departed_at": datetime.now(UTC).isoformat(timespec="minutes")})  # fmt: skip
    assert sorted(standing(console)) == [("declaration",), ("trip",), ("waiting",)]
    assert found_for_care(station, call)
    with console.owner() as owner:
        owner.execute("DELETE FROM access.notice")
    assert withdraws(station, call).status_code == 302
    assert standing(console) == []
    with console.owner() as owner:
        kept = owner.execute(
            "SELECT w.reason, w.office, u.username, l.case_reference, d.symptoms FROM access.declaration_withdrawal w"
            " JOIN auth_user u ON u.id = w.officer_id JOIN access.log l ON l.id = w.log_id"
            " JOIN declarations_declaration d ON d.id = w.fact_id"
        ).fetchall()
    office, case = "Cơ quan station", f"DT-{str(call)[:8]}"
    assert kept == [("another_person", office, "station", case, ["dyspnoea"])], "nothing is deleted"
    own = citizen_browser(console, AN)
    page = own.get("/ho-so/khai-bao").text
    assert "Tờ khai trạm y tế đã rút" in page
    assert "Người gọi là hàng xóm của bạn" in page
    assert "Cán bộ station" not in page
    assert "Nam Định" not in own.get("/ho-so/di-lai").text
    assert "đã rút tờ khai ghi nhầm" in own.get("/thong-bao").text
    assert "đã rút" not in citizen_browser(console, BINH).get("/ho-so/khai-bao").text


def found_for_care(station: Any, call: UUID) -> bool:
    """Whether the record, found for care, offers to take this call back."""
    station.post("/can-bo/tim-nguoi", {"purpose": "care", "case": "Thăm khám 7", "number": "001090000001"})
    return f"{call}/rut" in station.get(f"/can-bo/nguoi/{AN}").text


def test_taking_back_twice_is_once_and_needs_a_reason_and_words(console: Console, station: Any) -> None:
    call = uuid4()
    calls(station, call=call)
    for wrong in ({"reason": ""}, {"reason": "x"}, {"told": "ngắn"}):
        assert withdraws(station, call, **wrong).status_code == 422, wrong
    assert standing(console) == [("declaration",)]
    assert {withdraws(station, call).status_code for _ in range(2)} == {302}
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.declaration_withdrawal").fetchone() == (1,)
    assert station.get(f"{_PAGE.format(AN)}/{call}/rut").status_code == 404


def test_who_has_no_app_hears_by_sms_that_it_was_taken_back(console: Console, station: Any) -> None:
    call = uuid4()
    calls(station, call=call)
    with console.owner() as owner:
        owner.execute(
            "DELETE FROM access.notice; DELETE FROM access.push_subscription; DELETE FROM access.notice_choice"
        )
    withdraws(station, call)
    carrier = Carrier()
    assert tells(console, carrier) == 1
    assert [phone for phone, _ in carrier.sent] == ["0912000001"]


def test_no_other_office_takes_a_call_back(console: Console, station: Any) -> None:
    from pccovid.officers.operations import appoint

    call = uuid4()
    calls(station, call=call)
    for officer in ("police", "steward", "tracer"):
        assert withdraws(console.sign_in(officer), call).status_code == 403, officer
    assert withdraws(station, uuid4()).status_code == 404
    assert withdraws(station, call, person=BINH).status_code == 404
    with console.owner() as owner:
        account = owner.execute("SELECT id FROM auth_user WHERE username = 'protector'").fetchone()
        assert account
        owner.execute("DELETE FROM access.appointment WHERE officer_id = %s", [account[0]])
        appoint(owner, officer=account[0], role="health_station", area="00001", office="Trạm bên cạnh", by="t",
                now=NOW)  # fmt: skip
    neighbour = console.sign_in("protector")
    assert neighbour.get(f"{_PAGE.format(AN)}/{call}/rut").status_code == 404
    assert withdraws(neighbour, call).status_code == 404
    assert standing(console) == [("declaration",)]
