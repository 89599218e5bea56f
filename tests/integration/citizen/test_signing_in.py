"""Who gets in with which phone, code, name and birth date; and what those who do not get in learn."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from django.utils import timezone

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor
from sealed_rows import findable

HOME, WHO = "/ho-so", "/dang-nhap/ban-la-ai"
LAN, LAN_BORN, PHONE = "Nguyễn Thị Lan", date(1990, 5, 17), "0912345678"


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.client.get(HOME).status_code == 200)


def test_a_person_known_behind_the_phone_gets_in_by_code_name_and_birth_date(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    assert visitor.signs_in(PHONE, LAN, LAN_BORN).headers["Location"] == HOME
    assert LAN in visitor.client.get(HOME).text


@pytest.mark.parametrize("phone", ["+84 912 345 678", "84912345678", "0912.345.678"])
def test_the_phone_may_be_written_in_every_usual_way(index: Index, visitor: Visitor, phone: str) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    assert visitor.signs_in(phone, LAN, LAN_BORN).headers["Location"] == HOME


@pytest.mark.parametrize("name", ["NGUYEN THI LAN", "nguyễn thị lan", "Lan Nguyễn Thị", "  Nguyễn  Thị   Lan "])
def test_the_name_may_be_typed_without_diacritics_in_any_case_and_order(
    index: Index, visitor: Visitor, name: str
) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    assert visitor.signs_in(PHONE, name, LAN_BORN).headers["Location"] == HOME


def test_name_and_birth_date_may_stand_in_two_records_of_the_same_person(index: Index, visitor: Visitor) -> None:
    lan = index.person("Nguyễn Thị Lam", LAN_BORN, PHONE)
    index.claim(lan, LAN, None, system="sskdt")
    assert visitor.signs_in(PHONE, LAN, LAN_BORN).headers["Location"] == HOME


@pytest.mark.parametrize(("name", "born"), [(LAN, date(1990, 5, 18)), ("Trần Thị Lan", LAN_BORN), (LAN, 1991)])
def test_a_wrong_name_or_birth_date_opens_nothing(index: Index, visitor: Visitor, name: str, born: date | int) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    visitor.proves(PHONE)
    assert visitor.says_who(name, born).status_code == 422
    assert not is_in(visitor)


def test_a_phone_nobody_declared_shows_the_very_same_pages_as_one_that_is_known(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    pages = {}
    for phone in (PHONE, "0976540312"):
        asked = visitor.asks_code(phone)
        code_page = visitor.client.get("/dang-nhap/ma").text
        typed = visitor.types_code(visitor.reads_code())
        refused = visitor.says_who("Lê Văn Không", date(1980, 2, 2))
        pages[phone] = [
            asked.status_code, typed.headers["Location"], refused.status_code,
            *(without_tokens(page) for page in (code_page.replace(phone[-3:], ""), refused.text)),
        ]  # fmt: skip
    known, unknown = pages.values()
    assert known == unknown


def without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_whoever_is_not_found_is_told_what_to_do_next(visitor: Visitor) -> None:
    visitor.proves("0976540312")
    refused = visitor.says_who("Lê Văn Không", date(1980, 2, 2))
    assert "/dang-nhap/lam-gi-tiep" in refused.text
    assert "trạm y tế" in visitor.client.get("/dang-nhap/lam-gi-tiep").text.lower()


def test_a_number_that_changed_hands_opens_nothing_to_its_new_owner(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    index.person("Phạm Văn Mới", date(1985, 3, 3), "0977000111")
    assert visitor.signs_in(PHONE, "Phạm Văn Mới", date(1985, 3, 3)).status_code == 422
    assert not is_in(visitor)


def test_each_of_a_family_on_one_phone_reaches_only_their_own_record(index: Index, visitor: Visitor) -> None:
    index.person("Lê Văn Bố", date(1960, 4, 4), PHONE)
    index.person("Lê Thị Con", date(1992, 6, 6), PHONE)
    visitor.signs_in(PHONE, "Lê Thị Con", date(1992, 6, 6))
    page = visitor.client.get(HOME).text
    assert "Lê Thị Con" in page
    assert "Lê Văn Bố" not in page


def test_two_people_of_one_name_and_birth_date_on_one_phone_are_not_guessed_between(
    index: Index, visitor: Visitor
) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    index.person(LAN, LAN_BORN, PHONE)
    assert visitor.signs_in(PHONE, LAN, LAN_BORN).status_code == 422


def test_twins_whose_names_differ_by_a_mark_each_reach_their_own_record_by_typing_it(
    index: Index, visitor: Visitor
) -> None:
    index.person("Nguyễn Đức Hùng", LAN_BORN, PHONE)
    index.person("Nguyễn Đức Hưng", LAN_BORN, PHONE)
    assert visitor.signs_in(PHONE, "NGUYEN DUC HUNG", LAN_BORN).status_code == 422
    assert visitor.says_who("Nguyễn Đức Hưng", LAN_BORN).headers["Location"] == HOME
    page = visitor.client.get(HOME).text
    assert "Nguyễn Đức Hưng" in page
    assert "Nguyễn Đức Hùng" not in page


def test_the_year_alone_is_enough_only_where_no_source_knows_the_day(index: Index, visitor: Visitor) -> None:
    index.person("Vũ Thị Già", date(1941, 1, 1), PHONE, precision="year")
    index.person(LAN, LAN_BORN, PHONE)
    assert visitor.signs_in(PHONE, LAN, 1990).status_code == 422
    assert visitor.says_who("Vũ Thị Già", 1941).headers["Location"] == HOME


def test_a_written_first_of_january_counts_as_a_year(index: Index, visitor: Visitor) -> None:
    index.person("Vũ Thị Già", date(1941, 1, 1), PHONE)
    assert visitor.signs_in(PHONE, "Vũ Thị Già", 1941).headers["Location"] == HOME


def test_somebody_born_on_the_first_of_january_gets_in_though_one_record_is_a_day_off(
    index: Index, visitor: Visitor
) -> None:
    hoa = index.person("Nguyễn Thị Hoa", date(1989, 1, 1), PHONE)
    index.claim(hoa, "Nguyễn Thị Hoa", date(1988, 12, 31), system="sampling")
    assert visitor.signs_in(PHONE, "Nguyễn Thị Hoa", 1989).status_code == 422
    assert visitor.says_who("Nguyễn Thị Hoa", date(1989, 1, 2)).status_code == 422
    assert visitor.says_who("Nguyễn Thị Hoa", date(1989, 1, 1)).headers["Location"] == HOME


def test_day_and_month_that_a_source_turned_round_still_open_the_record(index: Index, visitor: Visitor) -> None:
    lan = index.person(LAN, date(1990, 7, 5), PHONE)
    index.claim(lan, LAN, date(1990, 7, 5), swapped=date(1990, 5, 7), system="sskdt")
    assert visitor.signs_in(PHONE, LAN, date(1990, 5, 7)).headers["Location"] == HOME


def test_five_wrong_codes_spend_the_code_and_the_right_one_comes_too_late(visitor: Visitor) -> None:
    visitor.asks_code(PHONE)
    right = visitor.reads_code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    left = [visitor.types_code(wrong).text for _ in range(5)]
    assert "Còn 4 lần thử" in left[0]
    assert "không còn dùng được" in left[4]
    assert visitor.types_code(right).status_code == 422


def test_a_code_is_over_after_five_minutes(database: MadeDatabase, visitor: Visitor) -> None:
    visitor.asks_code(PHONE)
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(
            "UPDATE accounts_signincode SET asked_at = asked_at - interval '6 min', expires_at = now() - interval '1 s'"
        )
    assert visitor.types_code(visitor.reads_code()).status_code == 422


def test_a_used_code_opens_no_second_session(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    visitor.proves(PHONE)
    stolen = dict(visitor.client.cookies)
    visitor.says_who(LAN, LAN_BORN)
    visitor.client.post("/dang-xuat")
    visitor.client.cookies.update(stolen)
    assert visitor.says_who(LAN, LAN_BORN).headers["Location"] == "/"
    assert not is_in(visitor)


def test_five_wrong_names_end_the_sign_in_with_what_to_do_next(visitor: Visitor) -> None:
    visitor.proves(PHONE)
    answers = [visitor.says_who("Lê Văn Không", date(1980, 2, 2)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 302]
    assert answers[-1].headers["Location"] == "/dang-nhap/lam-gi-tiep"
    assert visitor.client.get(WHO).headers["Location"] == "/"


def test_a_fourth_unproven_code_for_one_number_must_wait(visitor: Visitor) -> None:
    answers = [visitor.asks_code(PHONE).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert visitor.asks_code("0976540312").status_code == 302


def test_a_network_that_proves_none_of_a_thousand_codes_must_wait(database: MadeDatabase, visitor: Visitor) -> None:
    visitor.asks_code(PHONE)
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO accounts_signincode SELECT gen_random_uuid(), 'other ' || n, network_hash, code_hash,"
            " asked_at, expires_at, tries_left, proven_at, names_left, used_at"
            " FROM accounts_signincode, generate_series(1, 999) n"
        )
    assert visitor.asks_code("0976540312").status_code == 429
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("UPDATE accounts_signincode SET proven_at = now() WHERE phone_hash LIKE 'other%'")
    assert visitor.asks_code("0976540312").status_code == 302


def test_neither_number_nor_code_can_be_read_from_the_table_of_codes(database: MadeDatabase, visitor: Visitor) -> None:
    visitor.asks_code(PHONE)
    with database.connect("owner") as owner:
        kept = str(owner.execute("SELECT * FROM accounts_signincode").fetchall())
    assert PHONE not in kept
    assert visitor.reads_code() not in kept


def test_no_page_and_no_address_of_the_sign_in_tells_the_whole_number(visitor: Visitor) -> None:
    asked = visitor.asks_code(PHONE)
    assert PHONE not in asked.headers["Location"]
    assert PHONE not in visitor.client.get("/dang-nhap/ma").text


def test_a_forged_sign_in_under_way_is_refused(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, "0976540312")
    visitor.proves(PHONE)
    held = visitor.client.cookies["pccovid_dang_nhap"]
    forged = ("A" if held.value[0] != "A" else "B") + held.value[1:]
    held.set("pccovid_dang_nhap", forged, forged)
    assert visitor.says_who(LAN, LAN_BORN).headers["Location"] == "/"


def test_signing_in_changes_the_session_key_of_the_browser(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    index.person("Lê Thị Con", date(1992, 6, 6), PHONE)
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    before = visitor.client.cookies["sessionid"].value
    visitor.signs_in(PHONE, "Lê Thị Con", date(1992, 6, 6))
    assert visitor.client.cookies["sessionid"].value != before
    visitor.client.cookies["sessionid"] = before
    assert not is_in(visitor)


def test_a_stray_record_known_by_year_alone_does_not_keep_its_owner_out(index: Index, visitor: Visitor) -> None:
    own = index.person(LAN, LAN_BORN, PHONE)
    index.person(LAN, date(LAN_BORN.year, 1, 1), PHONE, precision="year")
    index.identified_by(own, "001190029317")
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    assert "29317" in visitor.client.get("/ho-so/danh-tinh").text.replace(" ", "")


def test_of_two_who_are_both_known_by_year_alone_neither_gets_in(index: Index, visitor: Visitor) -> None:
    for _ in range(2):
        index.person(LAN, date(LAN_BORN.year, 1, 1), PHONE, precision="year")
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    assert not is_in(visitor)


def test_an_idle_session_ends_by_itself(index: Index, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert visitor.client.get(HOME).headers["Location"] == "/"


def test_after_signing_out_no_page_of_the_record_opens(index: Index, visitor: Visitor) -> None:
    index.person(LAN, LAN_BORN, PHONE)
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    visitor.client.post("/dang-xuat")
    for path in (HOME, "/ma-qr", "/ai-da-xem", "/ho-so/danh-tinh"):
        assert visitor.client.get(path).headers["Location"] == "/"


def test_a_session_of_a_person_who_is_no_longer_in_the_index_ends(
    database: MadeDatabase, index: Index, visitor: Visitor
) -> None:
    lan = index.person(LAN, LAN_BORN, PHONE)
    visitor.signs_in(PHONE, LAN, LAN_BORN)
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM people_person WHERE id = %s", [lan])
    assert visitor.client.get(HOME).headers["Location"] == "/"
    assert visitor.client.get("/ma-qr").headers["Location"] == "/"


def test_web_learns_nothing_from_the_matching_function_but_one_person_or_none(
    database: MadeDatabase, index: Index
) -> None:
    lan = index.person(LAN, LAN_BORN, PHONE)
    with database.connect("web") as web:
        ask = "SELECT access.person_signing_in(%s, 'lan nguyen thi', '', %s, false)"
        assert web.execute(ask, [findable("phone", PHONE), LAN_BORN]).fetchone() == (lan,)
        assert web.execute(ask, [findable("phone", "0900000001"), LAN_BORN]).fetchone() == (None,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("UPDATE accounts_signincode SET expires_at = now() + interval '1 day'")
