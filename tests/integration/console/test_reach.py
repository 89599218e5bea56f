"""What an officer can reach: by office, by area, by purpose and case; and who is told about it."""

from __future__ import annotations

from typing import Any

import pytest

from integration.console.made_index import (
    AN,
    AN_RECORD,
    BINH,
    BINH_RECORD,
    HELD_RECORD,
    ROW_HELD,
    ROW_REJECTED,
    Console,
)  # fmt: skip

FIND = "/can-bo/tim-nguoi"
RECORD_PAGE = f"/can-bo/nguoi/{AN}/ban-ghi/{AN_RECORD}"
PURPOSES = {"steward": "data_repair", "station": "care", "police": "data_repair", "tracer": "contact_tracing",
            "far-tracer": "contact_tracing", "far-police": "data_repair"}  # fmt: skip


def person_page(person: object) -> str:
    return f"/can-bo/nguoi/{person}"


def on_case(console: Console, username: str, **sought: str) -> tuple[Any, str]:
    """A signed-in officer who has searched on a case; the browser and the page with what was found."""
    client = console.sign_in(username)
    answer = client.post(FIND, {"purpose": PURPOSES[username], "case": "Vụ 12/2022", **sought})
    return client, answer.content.decode()


@pytest.mark.parametrize(
    "sought",
    [{"number": "001.090.000001"}, {"phone": "+84 912 000 001"}, {"name": "NGUYEN VAN AN", "birth": "17/5/1990"},
     {"name": "an nguyễn văn", "birth": "1990"}, {"number": "1090000001", "name": "nguyễn văn an", "birth": "1990"}],
)  # fmt: skip
def test_a_person_is_found_however_it_is_written(console: Console, sought: dict[str, str]) -> None:
    _, page = on_case(console, "steward", **sought)
    assert person_page(AN) in page
    assert person_page(BINH) not in page


@pytest.mark.parametrize(
    "sought",
    [{}, {"name": "Nguyễn Văn An"}, {"birth": "1990"}, {"number": "abc?"}, {"phone": "12"},
     {"number": "001090000001", "phone": "0912000002"}],
)  # fmt: skip
def test_too_little_or_contradicting_search_words_find_nobody(console: Console, sought: dict[str, str]) -> None:
    _, page = on_case(console, "steward", **sought)
    assert "/can-bo/nguoi/" not in page
    assert console.shown_to(AN) == []


@pytest.mark.parametrize("without", ["case", "purpose"])
def test_nobody_is_sought_without_purpose_and_case(console: Console, without: str) -> None:
    asked = {"purpose": "data_repair", "case": "Vụ 12/2022", "number": "001090000001"}
    answer = console.sign_in("steward").post(FIND, {**asked, without: ""})
    assert person_page(AN) not in answer.content.decode()
    assert console.shown_to(AN) == []


def test_the_purpose_of_another_office_is_not_accepted(console: Console) -> None:
    asked = {"purpose": "care", "case": "Vụ 12/2022", "number": "001090000001"}
    answer = console.sign_in("tracer").post(FIND, asked)
    assert person_page(AN) not in answer.content.decode()


def test_search_words_in_an_address_are_not_looked_at(console: Console) -> None:
    answer = console.sign_in("steward").get(FIND, {"purpose": "data_repair", "case": "x12", "number": "001090000001"})
    assert person_page(AN) not in answer.content.decode()


@pytest.mark.parametrize("username", ["station", "police", "tracer"])
def test_officers_find_and_open_the_people_of_their_own_area(console: Console, username: str) -> None:
    client, page = on_case(console, username, number="001090000001")
    assert person_page(AN) in page
    assert "Nguyễn Văn An" in client.get(person_page(AN)).content.decode()


@pytest.mark.parametrize("username", ["far-tracer", "far-police"])
def test_officers_of_another_area_find_nothing_and_are_told_nothing(console: Console, username: str) -> None:
    client, page = on_case(console, username, number="001090000001")
    assert person_page(AN) not in page
    opened, unknown = client.get(person_page(AN)), client.get(person_page("00000000-0000-0000-0000-00000000ffff"))
    assert opened.status_code == unknown.status_code == 404
    assert "Nguyễn Văn An" not in opened.content.decode()
    assert client.get(RECORD_PAGE).status_code == 404
    assert console.shown_to(AN) == []


def test_a_refused_look_at_another_area_still_stands_in_the_log(console: Console) -> None:
    client, _ = on_case(console, "far-tracer", number="001090000001")
    client.get(person_page(AN))
    with console.owner() as owner:
        logged = owner.execute(
            "SELECT purpose, case_reference FROM access.log WHERE role = 'tracer' AND %s = ANY (scope_persons)"
            " AND id > %s",
            [AN, console.logged_before],
        ).fetchall()
    assert logged == [("contact_tracing", "Vụ 12/2022")]


def test_a_record_is_not_opened_before_a_case_is_named(console: Console) -> None:
    client = console.sign_in("steward")
    assert client.get(person_page(AN)).headers["Location"] == FIND
    assert client.get(RECORD_PAGE).headers["Location"] == FIND


def test_the_steward_sees_sources_links_and_evidence_of_a_record(console: Console) -> None:
    client, _ = on_case(console, "steward", number="001090000001")
    page = client.get(person_page(AN)).content.decode()
    for expected in ("001090000001", "VNeID", "Khớp theo trọng số", "giống khi bỏ dấu", "model-7", "LOT-77",
                     "CHỢ-ĐỒNG-XUÂN", "Giống nhau nhưng chưa đủ để ghép", "Trần Thị Bình"):  # fmt: skip
        assert expected in page, expected
    assert "citizenId" in client.get(RECORD_PAGE).content.decode()


def test_a_record_of_another_person_is_not_shown_under_this_one(console: Console) -> None:
    client, _ = on_case(console, "steward", number="001090000001")
    assert client.get(f"/can-bo/nguoi/{AN}/ban-ghi/{BINH_RECORD}").status_code == 404


def test_the_health_station_sees_doses_but_neither_movement_nor_sources(console: Console) -> None:
    client, _ = on_case(console, "station", number="001090000001")
    page = client.get(person_page(AN)).content.decode()
    assert "LOT-77" in page
    assert "CHỢ-ĐỒNG-XUÂN" not in page
    assert "ngoài phạm vi của chức vụ này" in page
    assert client.get(RECORD_PAGE).status_code == 404


def test_the_commune_police_see_sources_but_no_health(console: Console) -> None:
    client, _ = on_case(console, "police", number="001090000001")
    page = client.get(person_page(AN)).content.decode()
    assert "LOT-77" not in page
    assert "Khớp theo trọng số" in page
    assert "citizenId" in client.get(RECORD_PAGE).content.decode()


def test_persons_are_told_who_was_shown_what_of_theirs_and_for_which_case(console: Console) -> None:
    client, _ = on_case(console, "station", number="001090000001")
    client.get(person_page(AN))
    assert console.shown_to(AN) == [
        ("health_station", "Vụ 12/2022", ["identity"]),
        ("health_station", "Vụ 12/2022", ["contact", "identity", "vaccination"]),
    ]


def test_the_other_person_of_a_pair_under_review_is_told_too(console: Console) -> None:
    client, _ = on_case(console, "steward", number="001090000001")
    client.get(person_page(AN))
    assert console.shown_to(BINH) == [("data_steward", "Vụ 12/2022", ["identity"])]


@pytest.mark.parametrize("page", ["chuyen-du-lieu", "chuyen-du-lieu/1", "dong-cho", f"dong-cho/{ROW_HELD}"])
@pytest.mark.parametrize("username", ["station", "police", "tracer"])
def test_the_ledger_and_its_rows_are_for_the_steward_alone(console: Console, username: str, page: str) -> None:
    answer = console.sign_in(username).get(f"/can-bo/{page}")
    assert answer.status_code == 403
    assert "0912000001" not in answer.content.decode()


def test_the_ledger_shows_a_balanced_run_with_its_reasons_in_words(console: Console) -> None:
    client = console.sign_in("steward")
    (run,) = console.owner().execute("SELECT id FROM people_importrun").fetchone() or (0,)
    page = client.get(f"/can-bo/chuyen-du-lieu/{run}").content.decode()
    for expected in ("Cân đối đến từng dòng", "Có từ hai người trở lên cùng phù hợp",
                     "Số ô của dòng không khớp với số cột của tệp", "Cột vị trí đã bỏ mà không đọc"):  # fmt: skip
        assert expected in page, expected
    assert client.get("/can-bo/chuyen-du-lieu/999").status_code == 404


def test_waiting_rows_are_listed_by_reason_without_what_they_say(console: Console) -> None:
    page = console.sign_in("steward").get("/can-bo/dong-cho", {"reason": "column_count"}).content.decode()
    assert str(ROW_REJECTED) in page
    assert str(ROW_HELD) not in page
    assert "0912000001" not in page


def test_a_waiting_row_is_read_whole_with_its_remedy_and_candidates(console: Console) -> None:
    page = console.sign_in("steward").get(f"/can-bo/dong-cho/{ROW_HELD}").content.decode()
    for expected in ("Ai Đó", "0912000001", "pccovid import replay --reason ambiguous", "Nguyễn Văn An",
                     "quyết định của cán bộ"):  # fmt: skip
        assert expected in page, expected
    assert console.shown_to(AN) == [("data_steward", f"row {ROW_HELD}", ["identity"])]


@pytest.mark.parametrize("page", ["", "tim-nguoi", "chuyen-du-lieu", "dong-cho", f"dong-cho/{ROW_HELD}",
                                  f"nguoi/{AN}", f"nguoi/{AN}/ban-ghi/{AN_RECORD}", "chuc-vu"])  # fmt: skip
def test_pages_hold_no_inline_script_or_style_and_are_not_kept(console: Console, page: str) -> None:
    client, _ = on_case(console, "steward", number="001090000001")
    answer = client.get(f"/can-bo/{page}")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<script" not in body
    assert " style=" not in body
    assert "<style" not in body
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_english_is_one_press_away_and_nothing_stays_in_vietnamese(console: Console) -> None:
    client, _ = on_case(console, "steward", number="001090000001")
    client.post("/ngon-ngu", {"language": "en", "next": "/can-bo/"})
    page = client.get(person_page(AN)).content.decode()
    for expected in ("Source records, and why they are this person", "Probabilistic", "same without accents"):
        assert expected in page, expected


def test_hostile_filters_and_numbers_do_no_harm(console: Console) -> None:
    client = console.sign_in("steward")
    for query in ("run=' OR 1=1", "page=-1", "page=99999999999", "reason=%00", "system=<script>alert(1)</script>"):
        answer = client.get(f"/can-bo/dong-cho?{query}")
        assert answer.status_code == (400 if "%00" in query else 200), query
        assert "<script>alert" not in answer.content.decode()
    assert HELD_RECORD  # the row stays where it is
