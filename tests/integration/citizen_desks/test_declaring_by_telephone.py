"""A health station declares for somebody who calls: for care, in its area, logged, and shown to the person as such."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from integration.citizen_desks.test_declaring import HEALTHY, an, declared, ledger
from integration.console.made_index import AN, BINH, Console
from integration.security.people_in_sight import citizen_browser

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
    call, say = uuid4(), "SELECT access.declare_by_telephone(%s, %s, 'daily', 1, 's:x', '', '{}', 'none', '{}', '', 0)"
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
