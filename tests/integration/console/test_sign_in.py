"""Signing in to the console: one answer for every failure, slowed down, and sessions that end."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from integration.console.made_index import NOW, PASSWORD, Console

SIGN_IN, HOME = "/can-bo/dang-nhap", "/can-bo/"
WRONG = {"username": "steward", "password": "sai rồi"}
RIGHT = {"username": "steward", "password": PASSWORD}


def is_inside(client: Any) -> bool:
    return bool(client.get(HOME).status_code == 200)


def without_tokens(answer: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def officer_session(client: Any, **changes: object) -> None:
    session = client.session
    session["officer"] = {**session["officer"], **changes}
    session.save()


def test_an_officer_with_an_office_signs_in_and_sees_the_tasks(console: Console) -> None:
    assert "Việc hôm nay" in console.sign_in("steward").get(HOME).content.decode()


def test_unknown_names_and_wrong_passwords_get_the_same_answer(console: Console) -> None:
    unknown = console.browser().post(SIGN_IN, {**WRONG, "username": "nobody"})
    wrong = console.browser().post(SIGN_IN, WRONG)
    assert without_tokens(unknown).replace("nobody", "steward") == without_tokens(wrong)
    assert unknown.status_code == wrong.status_code == 200


def test_an_account_without_an_office_does_not_get_in(console: Console) -> None:
    from pccovid.officers.operations import enrol

    with console.owner() as owner:
        enrol(owner, username="idle", full_name="Không chức vụ", password=PASSWORD, now=NOW)
    client = console.browser()
    client.post(SIGN_IN, {"username": "idle", "password": PASSWORD})
    assert not is_inside(client)


def test_five_failures_close_the_name_at_that_address_but_not_at_another(console: Console) -> None:
    stranger, office = console.browser(), console.browser(REMOTE_ADDR="10.0.0.2")
    for _ in range(5):
        assert stranger.post(SIGN_IN, WRONG).status_code == 200
    refused = stranger.post(SIGN_IN, RIGHT)
    assert refused.status_code == 429
    assert "15 phút" in refused.content.decode()
    assert office.post(SIGN_IN, RIGHT).status_code == 302


def test_the_name_opens_again_after_a_quarter_of_an_hour(console: Console) -> None:
    client = console.browser()
    for _ in range(5):
        client.post(SIGN_IN, WRONG)
    with console.owner() as owner:
        owner.execute("UPDATE access.officer_sign_in SET tried_at = tried_at - interval '16 minutes'")
    assert client.post(SIGN_IN, RIGHT).status_code == 302


def test_a_success_forgives_the_failures_before_it(console: Console) -> None:
    client = console.browser()
    for _ in range(4):
        client.post(SIGN_IN, WRONG)
    client.post(SIGN_IN, RIGHT)
    for _ in range(4):
        assert client.post(SIGN_IN, WRONG).status_code == 200


def test_guessing_one_name_from_many_addresses_is_slowed_down_too(console: Console) -> None:
    with console.owner() as owner:
        owner.execute(
            "INSERT INTO access.officer_sign_in (name_hash, address, succeeded)"
            " SELECT sha256('steward'), 'a' || n, false FROM generate_series(1, 50) n"
        )
    assert console.browser().post(SIGN_IN, RIGHT).status_code == 429


def test_signing_in_leaves_nothing_of_whoever_used_the_browser_before(console: Console) -> None:
    client = console.browser()
    session = client.session
    session["citizen"] = {"person": "somebody", "since": 0, "seen": 0}
    session.save()
    before = session.session_key
    client.post(SIGN_IN, RIGHT)
    assert client.session.session_key != before
    assert "citizen" not in client.session


def test_a_session_carried_to_another_browser_ends(console: Console) -> None:
    client = console.sign_in("steward")
    thief = console.browser(HTTP_USER_AGENT="another browser")
    thief.cookies = client.cookies
    assert not is_inside(thief)
    assert not is_inside(client)


def test_a_session_ends_after_fifteen_idle_minutes(console: Console) -> None:
    client = console.sign_in("steward")
    officer_session(client, seen=datetime.now(UTC).timestamp() - 14 * 60)
    assert is_inside(client)
    officer_session(client, seen=datetime.now(UTC).timestamp() - 16 * 60)
    assert not is_inside(client)


def test_a_session_ends_after_eight_hours_however_busy(console: Console) -> None:
    client = console.sign_in("steward")
    officer_session(client, since=datetime.now(UTC).timestamp() - 8 * 3600 - 1)
    assert not is_inside(client)


def test_a_dismissed_officer_is_out_with_the_next_request(console: Console) -> None:
    from pccovid.officers.operations import dismiss

    client = console.sign_in("steward")
    with console.owner() as owner:
        (held,) = owner.execute("SELECT id FROM access.appointment WHERE role = 'data_steward'").fetchone() or (0,)
        dismiss(owner, appointment=held, by="test", now=datetime.now(UTC))
    assert not is_inside(client)


def test_signing_out_ends_the_session(console: Console) -> None:
    client = console.sign_in("steward")
    assert client.get("/can-bo/dang-xuat").status_code == 405
    client.post("/can-bo/dang-xuat")
    assert not is_inside(client)


def test_an_officer_cannot_act_in_the_office_of_another(console: Console) -> None:
    client = console.sign_in("tracer")
    with console.owner() as owner:
        (steward,) = owner.execute("SELECT id FROM access.appointment WHERE role = 'data_steward'").fetchone() or (0,)
    assert client.post("/can-bo/chuc-vu", {"appointment": steward}).status_code == 403
    officer_session(client, appointment=steward)
    assert client.get("/can-bo/chuyen-du-lieu").status_code == 403


def test_changing_the_office_puts_the_case_at_hand_away(console: Console) -> None:
    from pccovid.officers.operations import appoint

    with console.owner() as owner:
        (officer,) = owner.execute("SELECT id FROM auth_user WHERE username = 'tracer'").fetchone() or (0,)
        second = appoint(
            owner, officer=officer, role="health_station", area="00001", office="Trạm", by="test", now=NOW
        )  # fmt: skip
    client = console.sign_in("tracer")
    officer_session(client, task=["contact_tracing", "case 1"])
    client.post("/can-bo/chuc-vu", {"appointment": second})
    assert client.session["officer"]["task"] is None
    assert "Trạm y tế" in client.get(HOME).content.decode()
