"""The pages of who looked and of the desk: what they say, refuse and record, without a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

from integration.console.made_index import AN, BINH
from integration.inspection.bench import Bench
from integration.security.people_in_sight import citizen_browser

REASON = "Đã hỏi cơ quan, việc xem đúng là để sửa hồ sơ"


def words_of(answer: Any) -> str:
    """The words of a page, blanks single."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def inspector(bench: Bench) -> Any:
    return bench.console.sign_in("inspector")


def test_who_looked_is_paged_and_says_in_words_what_a_purpose_means(bench: Bench) -> None:
    (person,) = bench.people(1)
    for number in range(21):
        bench.steward_reads(person, case=f"VV-{number}")
    client = citizen_browser(bench.console, person)
    first, second = words_of(client.get("/ai-da-xem")), words_of(client.get("/ai-da-xem/trang/2"))
    assert "vụ việc VV-20" in first
    assert "vụ việc VV-0 " not in first
    assert "vụ việc VV-0 " in second
    assert "đối chiếu, sửa hồ sơ bị sai" in first
    assert "Không lượt xem nào của bạn đang bị giữ lại" in first
    assert client.get("/ai-da-xem/trang/3").status_code == 404


def test_a_complaint_page_is_only_for_readings_of_ones_own(bench: Bench) -> None:
    (person,) = bench.people(1)
    reading = bench.steward_reads(BINH)
    client = citizen_browser(bench.console, person)
    for number in (reading, 0, 2**63, 10**30):
        assert client.get(f"/ai-da-xem/{number}/khong-dung").status_code == 404, number
        assert client.post(f"/ai-da-xem/{number}/khong-dung", {"words": "Không đúng chút nào"}).status_code == 404


def test_a_second_complaint_about_one_reading_is_answered_with_where_the_first_is(bench: Bench) -> None:
    (person,) = bench.people(1)
    path = f"/ai-da-xem/{bench.steward_reads(person)}/khong-dung"
    client = citizen_browser(bench.console, person)
    assert client.post(path, {"words": "Tôi không quen nơi này"}).status_code == 302
    again = client.post(path, {"words": "Tôi không quen nơi này"})
    assert again.status_code == 422
    assert "Bạn đã phản ánh lượt xem này" in words_of(again)


def test_what_a_person_wrote_is_shown_to_inspectors_as_text_never_as_markup(bench: Bench, inspector: Any) -> None:
    case = bench.complains(AN, bench.steward_reads(AN), "<script>alert(1)</script> không đúng")
    page = inspector.get(f"/can-bo/thanh-tra/{case}").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_queue_filters_by_kind_and_state(bench: Bench, inspector: Any) -> None:
    case = bench.complains(AN, bench.steward_reads(AN))
    listed = f'/can-bo/thanh-tra/{case}"'
    assert listed in inspector.get("/can-bo/thanh-tra?kind=complaint").content.decode()
    assert listed not in inspector.get("/can-bo/thanh-tra?kind=volume").content.decode()
    assert listed not in inspector.get("/can-bo/thanh-tra?state=decided").content.decode()
    assert listed not in inspector.get("/can-bo/thanh-tra?overdue=1").content.decode()


def test_odd_filters_filter_nothing_and_break_nothing(inspector: Any) -> None:
    for odd in ("kind=%27", "state=x", "page=99999999999", "page=-1", "page=%C2%B2", "overdue=x"):
        assert inspector.get(f"/can-bo/thanh-tra?{odd}").status_code == 200, odd


def test_a_decision_is_taken_down_and_shown(bench: Bench, inspector: Any) -> None:
    case = bench.complains(AN, bench.steward_reads(AN))
    path = f"/can-bo/thanh-tra/{case}"
    for wrong in (
        {}, {"outcome": "justified"}, {"outcome": "x", "reason": REASON}, {"outcome": "justified", "reason": "ngắn"},
        {"outcome": "justified", "reason": REASON},
    ):  # fmt: skip
        assert inspector.post(path, wrong).status_code == 422, wrong
    given = {"outcome": "justified", "reason": REASON, "answer": "Cán bộ xem để sửa ngày sinh của bạn"}
    assert inspector.post(path, given).status_code == 302
    page = words_of(inspector.get(path))
    assert REASON in page
    assert "Ghi kết luận" not in page


def test_an_unknown_case_and_one_out_of_sight_look_the_same(bench: Bench, inspector: Any) -> None:
    for number in (0, 999_999_999, 10**30):
        assert inspector.get(f"/can-bo/thanh-tra/{number}").status_code == 404
        assert (
            inspector.post(f"/can-bo/thanh-tra/{number}", {"outcome": "justified", "reason": REASON}).status_code == 404
        )


def test_the_inspector_has_no_page_of_persons_and_no_emergency(bench: Bench, inspector: Any) -> None:
    for path in ("/can-bo/tim-nguoi", f"/can-bo/nguoi/{AN}", "/can-bo/khan-cap"):
        assert inspector.get(path).status_code == 403, path
    home = inspector.get("/can-bo/").content.decode()
    assert "/can-bo/thanh-tra" in home
    assert "/can-bo/tim-nguoi" not in home


def test_the_desks_own_reading_is_logged_with_the_number_of_the_case(bench: Bench, inspector: Any) -> None:
    case = bench.complains(AN, bench.steward_reads(AN))
    inspector.get(f"/can-bo/thanh-tra/{case}")
    assert ("inspector", f"TT-{case}", ["reading_log"]) in bench.console.shown_to(AN)


def test_a_head_sees_what_inspectors_hand_on_and_can_end_the_term_there(bench: Bench) -> None:
    bench.owner.execute(
        "UPDATE access.appointment SET is_head = true WHERE officer_id = %s", [bench.accounts["tracer"]]
    )
    bench.new_officer("lower", "tracer", "00001")
    with bench.officer("lower", "tracer", "contact_tracing", "area", area="00001") as web:
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[AN]])
        reading = int(bench.one(web, "SELECT (access.current_entry()).id"))
    case = bench.complains(AN, reading)
    bench.decides(case, "not_justified", end_term=True, reason=REASON)
    head = bench.console.sign_in("tracer")
    page = words_of(head.get("/can-bo/thanh-tra/chuyen-den"))
    assert f"TT-{case} · Cán bộ lower" in page
    assert REASON in page
    assert "Nguyễn Văn An" not in page
    appointment = bench.one(bench.owner, "SELECT appointment_id FROM access.inspection_case WHERE id = %s", case)
    assert head.post(f"/can-bo/bo-nhiem/{appointment}/ket-thuc", {"why": f"TT-{case}"}).status_code == 302
    assert "nhiệm kỳ đã chấm dứt" in words_of(head.get("/can-bo/thanh-tra/chuyen-den"))
    assert bench.console.sign_in("station").get("/can-bo/thanh-tra/chuyen-den").status_code == 403
