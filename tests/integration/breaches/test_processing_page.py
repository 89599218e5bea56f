"""The record of processing in the console: what is in force, for those who watch over it alone."""

from __future__ import annotations

from integration.breaches.conftest import Register
from integration.inspection.test_pages import words_of

PAGE = "/can-bo/xu-ly-du-lieu"


def test_the_page_shows_every_purpose_and_risk_in_both_languages(register: Register) -> None:
    from pccovid.foundation.purposes import PURPOSES
    from pccovid.web.governance.threat_list import THREATS

    browser = register.bench.console.sign_in("protector")
    seen = words_of(browser.get(PAGE))
    assert [one.code for one in PURPOSES.values() if one.title not in seen] == []
    assert [one.code for one in THREATS if one.title_vi not in seen] == []
    assert "Quy tắc đang có hiệu lực trùng với bản phát hành." in seen
    browser.post("/ngon-ngu", {"language": "en", "next": "/can-bo/"})
    seen = words_of(browser.get(PAGE)).replace("&#x27;", "'")
    assert [one.code for one in PURPOSES.values() if one.title_en not in seen] == []
    assert [one.code for one in THREATS if one.title not in seen] == []


def test_a_rule_changed_in_the_database_is_shown_as_in_force_and_as_different(register: Register) -> None:
    browser = register.bench.console.sign_in("inspector")
    register.owner.execute("UPDATE access.rule SET max_days = 400 WHERE purpose = 'care' AND category = 'declaration'")
    try:
        seen = words_of(browser.get(PAGE))
    finally:
        register.owner.execute(
            "UPDATE access.rule SET max_days = 30 WHERE purpose = 'care' AND category = 'declaration'"
        )
    assert "2 quy tắc trong cơ sở dữ liệu khác với bản phát hành" in seen
    assert "khai báo y tế: 400" in seen
    assert "trùng với bản phát hành" in words_of(browser.get(PAGE))


def test_a_cell_slipped_into_the_database_is_named(register: Register) -> None:
    register.owner.execute(
        "INSERT INTO access.rule (purpose, category, actor_kind, role, may_write, widest_scope, legal_basis)"
        " VALUES ('police_work', 'movement', 'officer', 'commune_police', false, 'all', 'x')"
    )
    try:
        seen = words_of(register.bench.console.sign_in("protector").get(PAGE))
    finally:
        register.owner.execute("DELETE FROM access.rule WHERE purpose = 'police_work'")
    assert "police_work · movement · officer commune_police · all" in seen


def test_offices_that_read_people_do_not_see_the_page(register: Register) -> None:
    for username in ("steward", "station", "police", "tracer"):
        assert register.bench.console.sign_in(username).get(PAGE).status_code == 403, username
