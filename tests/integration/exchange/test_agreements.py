"""Agreements are made by two officers; their machines get short tokens for signed assertions, each used once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from integration.exchange.agencies import Agency, SigningKey, b64
from integration.exchange.conftest import Exchange


def test_an_agreement_opens_nothing_until_another_officer_has_granted_it(exchange: Exchange) -> None:
    key = SigningKey("k1")
    agency = Agency(exchange.made, exchange.ask(key), key)
    assert agency.ask_token().status_code == 401
    exchange.grant(agency.agreement)
    assert agency.ask_token().status_code == 200


def test_nobody_grants_what_they_asked_and_only_the_office_grants(exchange: Exchange) -> None:
    agreement = exchange.ask(SigningKey("k1"))
    with pytest.raises(psycopg.Error) as refused:
        exchange.call("judge_agreement", *exchange.steward, agreement, True, "")
    assert refused.value.sqlstate == "PC431"


def test_more_than_the_purpose_allows_cannot_be_asked(exchange: Exchange) -> None:
    for changed in ({"categories": ["movement"]}, {"purpose": "own_record"}, {"written": ["reading_log"]}):
        with pytest.raises(psycopg.Error) as refused:
            exchange.ask(SigningKey("k1"), **changed)
        assert refused.value.sqlstate == "PC432", changed
    with pytest.raises(psycopg.Error) as refused:
        exchange.ask(SigningKey("k1"), name="Bệnh viện mạo danh")
    assert refused.value.sqlstate == "PC434"


@pytest.mark.parametrize("algorithm", ["ES384", "RS384"])
def test_both_algorithms_of_smart_are_taken(exchange: Exchange, algorithm: str) -> None:
    agency = exchange.agency(algorithm)
    answer = agency.ask_token(scope="system/Patient.rs system/Appointment.rs nonsense")
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("bearer", 300, "system/Patient.rs")


def test_an_assertion_is_taken_once(hospital: Agency) -> None:
    assertion = hospital.key.sign(hospital.claims())
    assert hospital.ask_token(assertion).status_code == 200
    again = hospital.ask_token(assertion)
    assert (again.status_code, again.json()["error_description"]) == (401, "replayed")


def forged(agency: Agency) -> dict[str, str]:
    """Assertions that must not be taken, each under what is wrong with it."""
    other, now = SigningKey("k1"), int(datetime.now(UTC).timestamp())
    good = agency.key.sign(agency.claims())
    head, claims, signature = good.split(".")
    return {
        "signed by another": other.sign(agency.claims()),
        "no algorithm": f"{b64(json.dumps({'alg': 'none', 'kid': 'k1'}).encode())}.{claims}.",
        "a symmetric algorithm": f"{b64(json.dumps({'alg': 'HS384', 'kid': 'k1'}).encode())}.{claims}.{signature}",
        "another content": f"{head}.{b64(json.dumps(agency.claims()).encode())}.{signature}",
        "another audience": agency.key.sign(agency.claims(aud="https://other.invalid/token")),
        "no audience": agency.key.sign(agency.claims(aud=7)),
        "expired": agency.key.sign(agency.claims(exp=now - 120)),
        "alive too long": agency.key.sign(agency.claims(exp=now + 4_000)),
        "no number": agency.key.sign(agency.claims(jti=None)),
        "not yet": agency.key.sign(agency.claims(nbf=now + 3_600)),
        "another subject": agency.key.sign(agency.claims(sub="CS-999")),
        "an unknown client": agency.key.sign(agency.claims(iss="CS-999999", sub="CS-999999")),
        "a client that is none": agency.key.sign(agency.claims(iss="x", sub="x")),
        "an unknown key": agency.key.sign(agency.claims(), kid="k9"),
        "a critical header": agency.key.sign(agency.claims(), crit=["exp"]),
        "no JWT": "abc", "empty": "", "three empty parts": "..",
    }  # fmt: skip


def test_no_forged_assertion_gets_a_token(hospital: Agency) -> None:
    got = {why: hospital.ask_token(text).status_code for why, text in forged(hospital).items() if text}
    assert set(got.values()) == {401}, got
    for given in ({}, {"grant_type": "password"}, {"grant_type": "client_credentials"}):
        assert hospital.client.post("/api/auth/token", given).status_code in (400, 401)


def test_keys_are_rotated_by_a_key_in_force_and_the_old_ones_end(exchange: Exchange) -> None:
    agency = exchange.agency()
    new, keys_url = SigningKey("k2"), "http://testserver/api/auth/keys"

    def rotate(signer: SigningKey, keys: list[dict[str, Any]]) -> Any:
        return agency.client.post(
            "/api/auth/keys", json.dumps({"keys": keys}), content_type="application/json",
            headers={"Authorization": f"Bearer {signer.sign(agency.claims(aud=keys_url))}"},
        )  # fmt: skip

    assert rotate(new, [new.jwk()]).status_code == 401
    assert rotate(agency.key, [{**new.jwk(), "d": "secret"}]).status_code == 401
    assert rotate(agency.key, [new.jwk()]).status_code == 200
    assert agency.get("Patient", _id="x").status_code == 401, "tokens of an ended key end with it"
    assert agency.ask_token().status_code == 401
    old, agency.key = agency.key, new
    assert agency.ask_token().status_code == 200
    assert rotate(new, [new.jwk(), old.jwk()]).status_code == 401, "an ended key does not come back"


def test_a_token_ends_after_its_time_and_with_another_text_there_is_none(exchange: Exchange) -> None:
    agency = exchange.agency()
    assert agency.get("Patient", _id="x").status_code == 404
    exchange.owner.execute(
        "UPDATE access.agency_token SET expires_at = now() - interval '1 second' WHERE agreement_id = %s",
        [agency.agreement],
    )
    answer = agency.get("Patient", _id="x")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    agency.token = "é" * 20
    assert agency.get("Patient", _id="x").status_code == 401


def test_what_was_agreed_is_kept_as_it_was(exchange: Exchange, hospital: Agency) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        exchange.owner.execute("UPDATE access.agreement SET area_code = '01' WHERE id = %s", [hospital.agreement])


def test_the_web_cannot_open_an_access_in_an_agencys_name_beyond_its_agreement(
    exchange: Exchange, hospital: Agency
) -> None:
    opened = "SELECT access.open('agency', %s, 'agency', %s, 'test', %s, '{}', NULL, %s)"
    tries = [
        ("benh-vien-thu", "care", "all", "CS-999999"), ("khac", "care", "all", f"CS-{hospital.agreement}"),
        ("benh-vien-thu", "contact_tracing", "all", f"CS-{hospital.agreement}"), ("benh-vien-thu", "care", "all", None),
    ]  # fmt: skip
    for values in tries:
        with exchange.made.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(opened, list(values))
    with exchange.made.connect("web") as web:
        web.execute(opened, ["benh-vien-thu", "care", "all", f"CS-{hospital.agreement}"])
        assert web.execute("SELECT count(*) FROM movement_visit").fetchone() == (0,)


def test_an_agreement_past_its_day_opens_nothing(exchange: Exchange) -> None:
    key = SigningKey("k1")
    until = datetime.now(UTC) + timedelta(seconds=1)
    agency = Agency(exchange.made, exchange.ask(key, valid_until=until), key)
    exchange.grant(agency.agreement)
    exchange.owner.execute("SELECT pg_sleep(1.1)")
    assert agency.ask_token().status_code == 401
