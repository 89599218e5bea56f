"""The register's pages and the person's page: what they say, refuse and keep, without a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from integration.breaches.conftest import WORDS, Register, hours_ago
from integration.console.made_index import AN, BINH
from integration.inspection.test_pages import words_of
from integration.security.people_in_sight import citizen_browser

ADVICE = "Không đưa mã OTP cho ai, kể cả người xưng là cán bộ"
REASON = "Đã kiểm tra, không có dữ liệu nào rời khỏi hệ thống"
FACTS_GIVEN = {
    "step": "assess", "kinds": ["confidentiality"], "categories": ["identity"], "persons_basis": "estimated",
    "persons": "120", "consequences": "Có thể bị gọi điện lừa đảo", "measures": "Đã thu hồi quyền", "advice": ADVICE,
}  # fmt: skip


def as_typed(moment: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def browsers(register: Register) -> Any:
    """Browsers of officers who have codes: the made ones, put into the offices this test needs."""
    owner, accounts = register.owner, register.bench.accounts
    for username in ("steward", "police"):
        owner.execute(
            "UPDATE access.appointment SET role = 'data_protection', area_code = NULL WHERE officer_id = %s",
            [accounts[username]],
        )
    return {name: register.bench.console.sign_in(name) for name in ("steward", "police", "inspector")}


def enters(browser: Any, **given: Any) -> int:
    sent = {"discovered_at": as_typed(hours_ago(1)), "kinds": ["confidentiality"], "words": WORDS, **given}
    answer = browser.post("/can-bo/su-co/moi", sent)
    assert answer.status_code == 302, words_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def test_a_breach_goes_from_discovery_to_its_end_on_the_pages(register: Register, browsers: Any) -> None:
    first, second = browsers["steward"], browsers["police"]
    (person,) = register.bench.people(1)
    register.bench.station_has_read("station", person)
    number = enters(first)
    path = f"/can-bo/su-co/{number}"
    page = words_of(first.get(path))
    assert "còn 70 giờ" in page or "còn 71 giờ" in page
    assert "Ghi việc đã báo" not in page
    assert first.post(path, FACTS_GIVEN).status_code == 302
    assert "120 người (ước tính)" in words_of(first.get(path))
    drawn = {"kind": "officer_read", "username": "station", "from_at": as_typed(hours_ago(1)),
             "to_at": as_typed(hours_ago(-1))}  # fmt: skip
    assert first.post(f"{path}/nguoi", drawn).status_code == 302
    assert (
        first.post(path, {"step": "notify", "told_at": as_typed(hours_ago(0)), "reference": "1/CV"}).status_code == 302
    )
    assert "còn" not in words_of(first.get(path)).partition("Điều đã biết")[0]
    told = {"step": "inform", "words": WORDS, "measures": "Đã thu hồi quyền", "advice": ADVICE}
    assert first.post(path, told).status_code == 302
    assert first.post(path, {"step": "close", "words": REASON}).status_code == 302
    assert register.state(number) == "persons_told"
    assert first.post(path, {"step": "close", "words": REASON}).status_code == 422
    assert second.post(path, {"step": "close", "words": REASON}).status_code == 302
    assert register.state(number) == "closed"
    assert "Việc làm được bây giờ" not in words_of(second.get(path))


def test_a_notification_says_what_is_not_known_and_later_that_it_is_a_supplement(browsers: Any) -> None:
    browser = browsers["steward"]
    number = enters(browser)
    path = f"/can-bo/su-co/{number}"
    notice = words_of(browser.get(f"{path}/thong-bao"))
    assert "thông báo lần đầu" in notice
    assert notice.count("chưa biết; sẽ bổ sung") >= 6
    assert WORDS in notice
    browser.post(path, FACTS_GIVEN)
    browser.post(path, {"step": "notify", "told_at": as_typed(hours_ago(0)), "reference": "15/CV-BYT"})
    notice = words_of(browser.get(f"{path}/thong-bao"))
    assert "bản bổ sung cho thông báo đã gửi" in notice
    assert "15/CV-BYT" in notice
    assert "120 người (ước tính)" in notice
    browser.post("/ngon-ngu", {"language": "en", "next": "/can-bo/"})
    notice = words_of(browser.get(f"{path}/thong-bao"))
    assert "Notification of a violation of personal-data protection" in notice
    assert "supplement to the notification of" in notice


def test_what_is_overdue_is_loud_and_its_late_notification_must_say_why(browsers: Any) -> None:
    browser = browsers["steward"]
    number = enters(browser, discovered_at=as_typed(hours_ago(80)))
    listed = words_of(browser.get("/can-bo/su-co"))
    assert "quá thời hạn mà chưa báo" in listed
    assert "quá hạn 8 giờ" in listed
    assert "quá thời hạn mà chưa báo" in words_of(browser.get("/can-bo/"))
    path = f"/can-bo/su-co/{number}"
    browser.post(path, FACTS_GIVEN)
    late = {"step": "notify", "told_at": as_typed(hours_ago(0))}
    refused = browser.post(path, late)
    assert refused.status_code == 422
    assert "phải ghi vì sao chậm" in words_of(refused)
    assert browser.post(path, {**late, "words": "Cán bộ trực nghỉ Tết, không ai đọc báo động"}).status_code == 302
    assert "báo chậm" in words_of(browser.get("/can-bo/su-co"))
    assert "Cán bộ trực nghỉ Tết" in words_of(browser.get(f"{path}/thong-bao"))


@pytest.mark.parametrize(
    "wrong",
    [{"discovered_at": ""}, {"discovered_at": "hôm qua"}, {"kinds": []}, {"kinds": ["x"]}, {"words": "ngắn"},
     {"discovered_at": "2099-01-01T00:00"}, {"discovered_at": "1999-01-01T00:00"},
     {"happened_from": "2098-01-01T00:00"}],
)  # fmt: skip
def test_a_form_that_says_too_little_or_cannot_be_is_told_what_is_wrong(browsers: Any, wrong: dict[str, Any]) -> None:
    sent = {"discovered_at": as_typed(hours_ago(1)), "kinds": ["integrity"], "words": WORDS, **wrong}
    answer = browsers["steward"].post("/can-bo/su-co/moi", sent)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.content.decode()


def test_odd_numbers_steps_and_sources_break_nothing(browsers: Any) -> None:
    browser = browsers["steward"]
    number = enters(browser)
    for odd in (0, 999_999_999, 2**62, 10**30):
        for path in (f"/can-bo/su-co/{odd}", f"/can-bo/su-co/{odd}/thong-bao"):
            assert browser.get(path).status_code == 404, path
        assert browser.post(f"/can-bo/su-co/{odd}/nguoi", {}).status_code == 404
    for step in ("", "overdue", "x" * 500, "close"):
        answer = browser.post(f"/can-bo/su-co/{number}", {"step": step, "words": REASON})
        assert answer.status_code == 422, step
    for kind in ("", "x", "officer_read", "export", "case"):
        assert browser.post(f"/can-bo/su-co/{number}/nguoi", {"kind": kind}).status_code == 422, kind


def test_an_inspector_reports_from_a_case_and_data_protection_sees_it(register: Register, browsers: Any) -> None:
    (person,) = register.bench.people(1)
    with register.bench.officer("tracer", "tracer", "contact_tracing", "area", area="00001") as web:
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[person]])
        reading = int(register.bench.one(web, "SELECT (access.current_entry()).id"))
    case = register.bench.complains(person, reading)
    page = browsers["inspector"].get(f"/can-bo/thanh-tra/{case}").content.decode()
    (link,) = re.findall(r'href="(/can-bo/su-co/moi\?case=\d+)"', page)
    assert f"TT-{case}" in words_of(browsers["inspector"].get(link))
    number = enters(browsers["inspector"], case=str(case))
    assert f"TT-{case}" in words_of(browsers["steward"].get(f"/can-bo/su-co/{number}"))


def test_data_protection_of_an_area_has_no_page_of_breaches(register: Register, browsers: Any) -> None:
    register.owner.execute(
        "UPDATE access.appointment SET area_code = '01' WHERE officer_id = %s", [register.bench.accounts["police"]]
    )
    for path in ("/can-bo/su-co", "/can-bo/su-co/moi"):
        assert browsers["police"].get(path).status_code == 403
    assert "/can-bo/su-co" not in browsers["police"].get("/can-bo/").content.decode()


def test_the_register_names_no_affected_person(register: Register, browsers: Any) -> None:
    (person,) = register.bench.people(1, name="Người Bị Lộ")
    register.bench.station_has_read("station", person)
    number = enters(browsers["steward"])
    drawn = {"kind": "officer_read", "username": "station", "from_at": as_typed(hours_ago(1)),
             "to_at": as_typed(hours_ago(-1))}  # fmt: skip
    browsers["steward"].post(f"/can-bo/su-co/{number}/nguoi", drawn)
    for path in ("/can-bo/su-co", f"/can-bo/su-co/{number}", f"/can-bo/su-co/{number}/thong-bao"):
        page = browsers["steward"].get(path).content.decode()
        assert "Người Bị Lộ" not in page
        assert str(person) not in page


def test_the_affected_read_in_the_app_what_happened_and_what_to_do_and_others_do_not(register: Register) -> None:
    (person,) = register.bench.people(1)
    since = hours_ago(0)
    register.bench.steward_reads(person)
    breach = register.assessed()
    register.draws(breach, since=since, until=hours_ago(-1))
    register.steps(breach, "notify", told_at=hours_ago(0))
    client = citizen_browser(register.bench.console, person)
    assert f"SC-{breach}" not in words_of(client.get("/su-co"))
    told = "Một cán bộ đã mở <b>hồ sơ</b> của bạn khi không có việc"
    register.steps(breach, "inform", words=told, measures="Đã thu hồi quyền", advice=ADVICE)
    page = client.get("/su-co")
    assert "&lt;b&gt;hồ sơ&lt;/b&gt;" in page.content.decode()
    seen = words_of(page)
    assert f"SC-{breach}" in seen
    assert ADVICE in seen
    assert "danh tính" in seen
    assert "steward" not in seen
    assert "sự cố đã chạm tới dữ liệu của bạn" in words_of(client.get("/ho-so"))
    for other in (AN, BINH):
        assert f"SC-{breach}" not in words_of(citizen_browser(register.bench.console, other).get("/su-co"))


def test_a_breach_told_later_than_it_was_drawn_is_told_with_the_moment_of_telling(register: Register) -> None:
    (person,) = register.bench.people(1)
    since = hours_ago(0)
    register.bench.steward_reads(person)
    breach = register.assessed()
    register.draws(breach, since=since, until=hours_ago(-1))
    register.steps(breach, "notify", told_at=hours_ago(0))
    before = hours_ago(0)
    register.steps(breach, "inform", words=WORDS, measures="Đã thu hồi quyền", advice=ADVICE)
    with register.bench.own(person) as web:
        told_at = register.bench.one(web, "SELECT told_at FROM access.breaches_of(%s)", person)
    assert before - timedelta(seconds=1) <= told_at <= hours_ago(0)
