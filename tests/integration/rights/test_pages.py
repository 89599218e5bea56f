"""The pages of requests, as citizens and officers use them over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from integration.console.made_index import AN, BINH, Console
from integration.rights.bench import TOLD, WORDS, Bench
from integration.security.people_in_sight import citizen_browser

_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(autouse=True)
def plain_files() -> Iterator[None]:
    with override_settings(STORAGES=_PLAIN_FILES):
        yield


def citizen(bench: Bench, person: Any) -> Any:
    return citizen_browser(Console(bench.made, 0), person)


def officer(bench: Bench, username: str) -> Any:
    return Console(bench.made, 0).sign_in(username)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def asks(client: Any, slug: str, **given: Any) -> int:
    answer = client.post(f"/quyen-cua-toi/{slug}", {"words": WORDS, **given})
    assert answer.status_code == 302, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def steps(client: Any, number: int, act: str, **given: Any) -> Any:
    return client.post(f"/can-bo/yeu-cau/{number}", {"act": act, "told": TOLD, **given})


def test_a_request_is_sent_answered_granted_and_ended_on_the_pages(bench: Bench) -> None:
    person = citizen(bench, AN)
    number = asks(person, "han-che", categories=["vaccination"])
    assert "Đã gửi, chờ cơ quan trả lời" in text_of(person.get(f"/quyen-cua-toi/{number}"))
    desk = officer(bench, "protector")
    assert f"YC-{number}" in text_of(desk.get("/can-bo/yeu-cau"))
    assert "Nguyễn Văn An" not in text_of(desk.get("/can-bo/yeu-cau"))
    page = text_of(desk.get(f"/can-bo/yeu-cau/{number}"))
    assert "Nguyễn Văn An" in page
    assert WORDS in page
    assert steps(desk, number, "acknowledge").status_code == 302
    assert steps(desk, number, "accept", granted=["vaccination"]).status_code == 302
    shown = text_of(person.get(f"/quyen-cua-toi/{number}"))
    assert TOLD in shown
    assert "Cơ quan protector" in shown
    assert "Cán bộ protector" not in shown
    assert "Bỏ hạn chế" in shown
    assert f"YC-{number}" in text_of(person.get("/ai-da-xem"))
    assert person.post(f"/quyen-cua-toi/{number}", {"act": "lift"}).status_code == 302
    assert bench.state(number) == "lifted"


def test_every_form_of_asking_opens_and_says_by_when(bench: Bench) -> None:
    person = citizen(bench, AN)
    for slug in ("sua-thong-tin", "xoa", "han-che", "phan-doi", "rut-dong-y", "ban-giay"):
        page = person.get(f"/quyen-cua-toi/{slug}")
        assert page.status_code == 200
        assert "chậm nhất" in text_of(page)
    for slug in ("sua-thong-tin", "xoa", "han-che"):
        answer = person.post(f"/quyen-cua-toi/{slug}", {"words": "ngắn"})
        assert answer.status_code == 422
        assert "ít nhất 10 ký tự" in text_of(answer)


@pytest.mark.parametrize(
    ("attribute", "value", "is_read"),
    [
        ("birth_date", "17/05/1991", True), ("birth_date", "1991", False), ("sex", "Nữ", True), ("sex", "khác", False),
        ("nationality", "Việt Nam", True), ("nationality", "Xứ Lạ", False), ("phone", "0934182705", True),
        ("phone", "12", False), ("email", "an@vi.du.vn", True), ("email", "an", False), ("name", "", False),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_not_sent(bench: Bench, attribute: str, value: str, is_read: bool) -> None:
    given = {"attribute": attribute, "value": value, "words": WORDS}
    answer = citizen(bench, AN).post("/quyen-cua-toi/sua-thong-tin", given)
    assert answer.status_code == (302 if is_read else 422)


def test_two_officers_correct_a_verified_birth_date_on_the_pages(own_bench: Bench) -> None:
    person = citizen(own_bench, AN)
    number = asks(person, "sua-thong-tin", attribute="birth_date", value="18/05/1990")
    first = officer(own_bench, "police")
    page = text_of(first.get(f"/can-bo/yeu-cau/{number}"))
    assert "1990-05-17" in page
    assert steps(first, number, "acknowledge").status_code == 302
    assert 'value="18/05/1990"' in text_of(first.get(f"/can-bo/yeu-cau/{number}"))
    assert steps(first, number, "accept", value="18/05/1990", note="").status_code == 422
    assert steps(first, number, "accept", value="18/05/1990", note=WORDS).status_code == 302
    assert "cán bộ thứ hai phải đồng ý" in text_of(first.get(f"/can-bo/yeu-cau/{number}"))
    assert steps(officer(own_bench, "steward"), number, "agree").status_code == 302
    own_bench.works()
    shown = text_of(person.get("/ho-so/danh-tinh"))
    assert "18/05/1990" in shown
    assert "Đính chính theo yêu cầu của bạn" in shown


def test_a_dose_that_is_not_mine_is_pointed_at_and_superseded(own_bench: Bench) -> None:
    person = citizen(own_bench, AN)
    listed = text_of(person.get("/quyen-cua-toi/muc-sai/my-doses"))
    assert "Mục này sai" in listed
    fact = {"fact": "00000000-0000-0000-0000-0000000003ec"}
    assert "Vero Cell" in text_of(person.post("/quyen-cua-toi/muc-sai/my-doses", fact))
    answer = person.post("/quyen-cua-toi/muc-sai/my-doses", {**fact, "words": WORDS})
    number = int(answer.headers["Location"].rpartition("/")[2])
    desk = officer(own_bench, "steward")
    assert "Vero Cell" in text_of(desk.get(f"/can-bo/yeu-cau/{number}"))
    steps(desk, number, "acknowledge")
    assert steps(desk, number, "accept").status_code == 302
    own_bench.works()
    assert "Vero Cell" not in text_of(person.get("/ho-so/tiem-chung"))


def test_another_persons_fact_cannot_be_pointed_at(bench: Bench) -> None:
    fact = {"fact": "00000000-0000-0000-0000-0000000007d4", "words": WORDS}
    answer = citizen(bench, AN).post("/quyen-cua-toi/muc-sai/my-doses", fact)
    assert answer.status_code in (200, 422)
    assert bench.rows("SELECT count(*) FROM access.right_request") == [(0,)]


def test_another_persons_request_is_not_found_by_any_act(bench: Bench) -> None:
    number = asks(citizen(bench, AN), "phan-doi")
    other = citizen(bench, BINH)
    assert other.get(f"/quyen-cua-toi/{number}").status_code == 404
    for act in ("withdraw", "escalate", "lift"):
        assert other.post(f"/quyen-cua-toi/{number}", {"act": act}).status_code == 404
    assert bench.state(number) == "received"


def test_the_copy_to_print_is_the_whole_record_for_its_request_alone(bench: Bench) -> None:
    person = citizen(bench, AN)
    paper, other = asks(person, "ban-giay"), asks(person, "phan-doi")
    desk = officer(bench, "protector")
    page = text_of(desk.get(f"/can-bo/yeu-cau/{paper}/ban-sao"))
    for known in ("Nguyễn Văn An", "001090000001", "0912000001", "Vero Cell", "CHỢ-ĐỒNG-XUÂN"):
        assert known in page
    assert desk.get(f"/can-bo/yeu-cau/{other}/ban-sao").status_code == 404
    assert officer(bench, "steward").get(f"/can-bo/yeu-cau/{paper}/ban-sao").status_code == 403


def test_the_wrong_office_and_the_wrong_area_find_no_request(bench: Bench) -> None:
    number = asks(citizen(bench, AN), "sua-thong-tin", attribute="email", value="an@vi.du.vn")
    for username, status in (("far-police", 404), ("protector", 404), ("inspector", 404), ("tracer", 403)):
        desk = officer(bench, username)
        assert desk.get(f"/can-bo/yeu-cau/{number}").status_code == status, username
        assert steps(desk, number, "acknowledge").status_code == status, username
    assert bench.state(number) == "received"


def test_a_refused_part_needs_its_reason_and_the_person_reads_it(bench: Bench) -> None:
    person = citizen(bench, AN)
    number = asks(person, "xoa", categories=["declaration", "movement"])
    desk = officer(bench, "protector")
    steps(desk, number, "acknowledge")
    assert steps(desk, number, "accept", granted=["declaration"]).status_code == 422
    assert steps(desk, number, "accept", granted=["declaration"], refusal="epidemic_control").status_code == 302
    assert bench.state(number) == "granted"


def test_the_inspectorate_decides_on_its_page(bench: Bench) -> None:
    person = citizen(bench, AN)
    number = asks(person, "phan-doi")
    desk = officer(bench, "protector")
    steps(desk, number, "acknowledge")
    assert steps(desk, number, "refuse").status_code == 422
    assert steps(desk, number, "refuse", refusal="epidemic_control").status_code == 302
    assert "Luật 91/2025/QH15 Điều 19" in text_of(person.get(f"/quyen-cua-toi/{number}"))
    assert person.post(f"/quyen-cua-toi/{number}", {"act": "escalate", "words": WORDS}).status_code == 302
    inspector = officer(bench, "inspector")
    assert WORDS in text_of(inspector.get(f"/can-bo/yeu-cau/{number}"))
    assert steps(inspector, number, "overturn", note=WORDS).status_code == 302
    assert "Không chấp thuận</label>" not in text_of(desk.get(f"/can-bo/yeu-cau/{number}"))
    everything = [
        "identity", "contact", "source_record", "declaration", "vaccination", "test", "treatment", "movement", "border",
        "insurance",
    ]  # fmt: skip
    assert steps(desk, number, "accept", granted=everything).status_code == 302
    assert bench.rows("SELECT category FROM access.restriction") == [(None,)]
    person.post(f"/quyen-cua-toi/{number}", {"act": "lift"})
