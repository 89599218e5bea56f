"""The second factor: nothing is seen without it, a code works once, guessing is stopped, leavers are out."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from integration.console.made_index import NOW, PASSWORD, Console

SIGN_IN, FACTOR, ENROL, HOME = (
    "/can-bo/dang-nhap",
    "/can-bo/dang-nhap/buoc-hai",
    "/can-bo/dang-nhap/thiet-lap",
    "/can-bo/",
)


def half_signed_in(console: Console, username: str = "steward", **environ: str) -> Any:
    client = console.browser(**environ)
    assert client.post(SIGN_IN, {"username": username, "password": PASSWORD}).status_code == 302
    return client


def newcomer(console: Console) -> Any:
    """A browser of an officer just appointed, without any factor."""
    from pccovid.officers.operations import appoint, enrol

    with console.owner() as owner:
        officer = enrol(owner, username="moi", full_name="Người mới", password=PASSWORD, now=datetime.now(UTC))
        appoint(owner, officer=officer, role="tracer", area="01", office="CDC", by="test", now=NOW)
    return half_signed_in(console, "moi")


def shown_secret(client: Any) -> bytes:
    import base64

    page = client.get(ENROL).content.decode()
    spelled = re.search(r'class="code breakable">([A-Z2-7 ]+)<', page)
    assert spelled
    text = spelled.group(1).replace(" ", "")
    return base64.b32decode(text + "=" * (-len(text) % 8))


def present(secret: bytes, steps: int = 0) -> str:
    from pccovid.officers.rules import code_at, step_of

    return code_at(secret, step_of(datetime.now(UTC)) + steps)


def test_a_password_alone_opens_no_page(console: Console) -> None:
    client = half_signed_in(console)
    for page in ("", "tim-nguoi", "bao-mat", "chuc-vu"):
        assert client.get(f"/can-bo/{page}").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_newcomer_sees_nothing_before_a_factor_is_set_up(console: Console) -> None:
    client = newcomer(console)
    assert client.get(FACTOR).headers["Location"] == ENROL
    assert client.get(HOME).status_code == 302
    answer = client.post(ENROL, {"code": present(shown_secret(client))})
    assert len(re.findall(r'<li class="code">[2-9a-z-]{14}</li>', answer.content.decode())) == 10
    assert client.get(HOME).status_code == 200


def test_recovery_codes_are_shown_once_and_each_works_once(console: Console) -> None:
    client = newcomer(console)
    answer = client.post(ENROL, {"code": present(shown_secret(client))})
    codes = re.findall(r'<li class="code">([^<]+)</li>', answer.content.decode())
    assert codes[0] not in client.get("/can-bo/bao-mat").content.decode()
    first = half_signed_in(console, "moi")
    assert first.post(FACTOR, {"code": codes[0]}).headers["Location"] == "/can-bo/bao-mat"
    assert "Còn 9 mã" in first.get("/can-bo/bao-mat").content.decode()
    second = half_signed_in(console, "moi")
    assert second.post(FACTOR, {"code": codes[0].upper()}).status_code == 422
    assert second.post(FACTOR, {"code": codes[1].upper().replace("-", " ")}).status_code == 302


def test_enrolling_is_closed_after_its_days(console: Console) -> None:
    client = newcomer(console)
    with console.owner() as owner:
        owner.execute("UPDATE auth_user SET date_joined = now() - interval '8 days' WHERE username = 'moi'")
    assert client.get(ENROL).status_code == 403


def test_a_code_cannot_be_used_twice(console: Console) -> None:
    code = console.code_of("steward")
    assert half_signed_in(console).post(FACTOR, {"code": code}).status_code == 302
    again = half_signed_in(console)
    assert again.post(FACTOR, {"code": code}).status_code == 422
    assert again.get(HOME).status_code == 302


def test_five_wrong_codes_close_the_step_here_but_not_elsewhere(console: Console) -> None:
    guesser, desk = half_signed_in(console), half_signed_in(console, REMOTE_ADDR="172.16.0.1")
    right = console.code_of("steward")
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert guesser.post(FACTOR, {"code": wrong}).status_code == 422
    refused = guesser.post(FACTOR, {"code": right})
    assert refused.status_code == 429
    assert "15 phút" in refused.content.decode()
    assert desk.post(FACTOR, {"code": right}).status_code == 302


def test_twenty_wrong_codes_from_anywhere_close_the_step_for_an_hour(console: Console) -> None:
    from pccovid.officers.limits import TooManyTurns, take_turn
    from pccovid.officers.rules import CODES_OF_OFFICER

    for _ in range(20):
        take_turn(CODES_OF_OFFICER, "77")
    with pytest.raises(TooManyTurns) as too_many:
        take_turn(CODES_OF_OFFICER, "77")
    assert 3500 < too_many.value.seconds <= 3600


def test_secrets_are_sealed_and_bound_to_their_officer(console: Console) -> None:
    from pccovid.officers.sealing import SealIsBroken, seal, unseal

    client = newcomer(console)
    secret = shown_secret(client)
    with console.owner() as owner:
        sealed = owner.execute(
            "SELECT f.secret, u.id FROM access.officer_factor f JOIN auth_user u ON u.id = f.officer_id"
            " WHERE u.username = 'moi'"
        ).fetchone()
    assert sealed is not None
    assert secret not in bytes(sealed[0])
    assert unseal(bytes(sealed[0]), officer=sealed[1]) == secret
    with pytest.raises(SealIsBroken):
        unseal(bytes(sealed[0]), officer=sealed[1] + 1)
    with pytest.raises(SealIsBroken):
        unseal(seal(secret, officer=1, keys=["another key entirely"]), officer=1)


def test_from_another_network_the_factor_is_asked_again(console: Console) -> None:
    client = console.sign_in("steward")
    client.defaults["REMOTE_ADDR"] = "10.0.200.1"
    assert client.get(HOME).status_code == 200
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert client.get(HOME).status_code == 302
    client.defaults["REMOTE_ADDR"] = "10.0.0.1"
    assert client.get(HOME).status_code == 302
    assert client.post(FACTOR, {"code": console.code_of("steward")}).status_code == 302
    assert client.get(HOME).status_code == 200


def test_signing_out_everywhere_ends_the_other_browser_too(console: Console) -> None:
    here, there = console.sign_in("steward"), console.sign_in("steward")
    here.post("/can-bo/bao-mat/dang-xuat-moi-noi")
    assert there.get(HOME).status_code == 302
    assert "officer" not in there.session


def test_factors_are_changed_only_shortly_after_one_was_shown(console: Console) -> None:
    client = console.sign_in("steward")
    session = client.session
    session["officer"] = {**session["officer"], "since": datetime.now(UTC).timestamp() - 11 * 60}
    session.save()
    assert client.post("/can-bo/bao-mat/ma-du-phong").headers["Location"] == FACTOR
    answer = client.post(FACTOR, {"code": console.code_of("steward")})
    assert answer.headers["Location"] == "/can-bo/bao-mat"
    assert client.post("/can-bo/bao-mat/ma-du-phong").status_code == 200


def test_the_last_factor_cannot_be_removed(console: Console) -> None:
    client = console.sign_in("steward")
    with console.owner() as owner:
        (factor,) = owner.execute(
            "SELECT f.id FROM access.officer_factor f JOIN auth_user u ON u.id = f.officer_id"
            " WHERE u.username = 'steward' AND f.removed_at IS NULL"
        ).fetchone() or (0,)
    assert client.post("/can-bo/bao-mat/bo", {"factor": factor}).status_code == 422
    assert half_signed_in(console).post(FACTOR, {"code": console.code_of("steward")}).status_code == 302


def test_the_sandbox_page_shows_a_code_that_is_accepted(console: Console) -> None:
    console.code_of("tracer")
    page = console.browser().get("/can-bo/sandbox/ma").content.decode()
    code = re.search(r">tracer</th><td>[^<]*</td><td class=\"code\">(\d{6})<", page)
    assert code
    assert half_signed_in(console, "tracer").post(FACTOR, {"code": code.group(1)}).status_code == 302


def test_too_many_searches_are_told_to_wait_while_other_pages_stay_open(console: Console) -> None:
    client = console.sign_in("tracer")
    wanted = {"purpose": "contact_tracing", "case": "case 1", "name": "Nguyễn Văn An", "birth": "1990"}
    with console.owner() as owner:
        (officer,) = owner.execute("SELECT id FROM auth_user WHERE username = 'tracer'").fetchone() or (0,)
        owner.execute(
            "INSERT INTO access.turn (kind, key_hash)"
            " SELECT 'officer_look_up', sha256(convert_to('officer_look_up:' || %s, 'UTF8'))"
            " FROM generate_series(1, 30)",
            [str(officer)],
        )
    answer = client.post("/can-bo/tim-nguoi", wanted).content.decode()
    assert "tìm quá nhiều lần" in answer
    assert "Nguyễn Văn An</a>" not in answer
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("table", ["officer_factor", "officer_recovery_code", "officer_account", "officer_act",
                                   "turn", "break_glass", "office_term", "appointment"])  # fmt: skip
@pytest.mark.parametrize("statement", ["SELECT * FROM access.{}", "DELETE FROM access.{}", "TRUNCATE access.{}"])
def test_the_web_role_reaches_no_table_of_officers_directly(console: Console, table: str, statement: str) -> None:
    with console.made.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement.format(table))


def test_what_officers_did_cannot_be_rewritten_even_by_the_owner(console: Console) -> None:
    console.sign_in("steward").post("/can-bo/bao-mat/dang-xuat-moi-noi")
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.officer_act WHERE act = 'sessions_ended'").fetchone() != (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("UPDATE access.officer_act SET act = 'nothing'")


def test_one_code_shown_to_two_workers_at_once_opens_one_session(console: Console) -> None:
    with console.owner() as owner:
        officer, factor = owner.execute(
            "SELECT f.officer_id, f.id FROM access.officer_factor f JOIN auth_user u ON u.id = f.officer_id"
            " WHERE u.username = 'steward' AND f.removed_at IS NULL"
        ).fetchone() or (0, 0)
        owner.execute("UPDATE access.officer_factor SET uses = 0 WHERE id = %s", [factor])

    def uses_it(_: int) -> bool:
        with console.made.connect("web", autocommit=True) as web:
            row = web.execute("SELECT access.use_totp(%s, %s, 77)", [officer, factor]).fetchone()
            return row == (True,)

    with ThreadPoolExecutor(6) as workers:
        assert sorted(workers.map(uses_it, range(6))) == [False] * 5 + [True]


def test_workers_count_their_turns_together(console: Console) -> None:
    def takes_one(_: int) -> bool:
        with console.made.connect("web", autocommit=True) as web:
            row = web.execute("SELECT access.take_turn('try', 'somebody', 5, interval '1 minute')").fetchone()
            return row == (0,)

    with ThreadPoolExecutor(6) as workers:
        assert sum(workers.map(takes_one, range(18))) == 5
