"""Signing in with an electronic identity, over real HTTP with a provider of our own."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
import pytest
import requests
from django.test import Client, override_settings

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.vneid.conftest import LAN, LEVEL_ONE, MINH, UNKNOWN
from pccovid.sandbox.vneid_provider import Provider
from sealed_rows import hash_and_seal, hash_of


@pytest.fixture(scope="session")
def people(index_of: MadeDatabase) -> None:
    """Lan and whoever is of level 1 are verified; Minh's number is only declared."""
    with index_of.connect("owner", autocommit=True) as owner:
        index = Index(owner)
        for number, name, is_verified in (
            (LAN, "Nguyễn Thị Lan", True), (LEVEL_ONE, "Nguyễn Thị Lan", True), (MINH, "Trần Văn Minh", False),
        ):  # fmt: skip
            _holds(owner, index.person(name, date(1990, 5, 17)), number, is_verified)


def _holds(owner: psycopg.Connection, person: object, number: str, is_verified: bool) -> None:
    owner.execute(
        "INSERT INTO people_identifier (id, person_id, system, value, sealed, is_verified, verified_by, sources)"
        " VALUES (gen_random_uuid(), %s, 'personal_id', %s, %s, %s, 'vneid', ARRAY['vneid:made:1'])",
        [person, *hash_and_seal(number, "personal_id"), is_verified],
    )
    owner.execute(
        "UPDATE people_recordclaim SET personal_id = %s, id_verified = %s WHERE person_id = %s",
        [hash_of(number, "personal_id"), is_verified, person],
    )


def sent_away(browser: Client) -> str:
    """The provider's address to which the browser is sent."""
    answer = browser.get("/dang-nhap/vneid")
    assert answer.status_code == 302
    return answer.headers["Location"]


def agrees(address: str, number: str, act: str = "in") -> str:
    """What somebody does on the provider's page; where they are sent then, as a path of ours."""
    answer = requests.post(address, data={"number": number, "act": act}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/dang-nhap/vneid/xong"
    return f"{back.path}?{back.query}"


def comes_back(browser: Client, number: str) -> Any:
    return browser.get(agrees(sent_away(browser), number))


def test_whoever_is_verified_at_level_two_sees_their_own_record(people: None, browser: Client) -> None:
    answer = comes_back(browser, LAN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ho-so")
    assert "Nguyễn Thị Lan" in browser.get("/ho-so").text
    assert "VNeID, mức 2" in browser.get("/ho-so/danh-tinh").text


def test_what_is_asked_of_the_provider_carries_state_nonce_and_a_hashed_verifier(browser: Client) -> None:
    first, second = (parse_qs(urlsplit(sent_away(browser)).query) for _ in range(2))
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert "openid" in first["scope"][0]
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


@pytest.mark.parametrize(
    ("number", "why"),
    [(LEVEL_ONE, "chưa đủ mức"), (MINH, "Chưa có hồ sơ nào"), (UNKNOWN, "Chưa có hồ sơ nào")],
)
def test_who_is_not_let_in_reads_why_and_what_to_do(people: None, browser: Client, number: str, why: str) -> None:
    answer = comes_back(browser, number)
    assert answer.status_code == 403
    assert why in answer.text
    assert "/dang-nhap/lam-gi-tiep" in answer.text
    assert browser.get("/ho-so").headers["Location"] == "/"


def test_who_does_not_agree_is_not_signed_in(people: None, browser: Client) -> None:
    answer = browser.get(agrees(sent_away(browser), LAN, act="no"))
    assert "chưa đồng ý" in answer.text
    assert browser.get("/ho-so").headers["Location"] == "/"


def test_a_state_of_another_browser_signs_nobody_in(people: None, browser: Client) -> None:
    back = agrees(sent_away(browser), LAN)
    assert Client().get(back).status_code == 403
    assert browser.get(back.replace("state=", "state=x")).status_code == 403


def test_an_answer_serves_once(people: None, browser: Client) -> None:
    back = agrees(sent_away(browser), LAN)
    assert browser.get(back).status_code == 302
    browser.post("/dang-xuat")
    assert browser.get(back).status_code == 403


@pytest.mark.parametrize("claim", ["nonce", "aud", "iss", "exp", "key"])
def test_an_answer_that_is_not_ours_is_refused(
    people: None, browser: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    from joserfc import jwt
    from joserfc.jwk import ECKey

    signed = jwt.encode

    def spoilt(header: dict[str, Any], claims: dict[str, Any], key: ECKey) -> str:
        if claim == "key":
            return signed(header, claims, ECKey.generate_key("P-256", {"kid": key.kid}))
        return signed(header, {**claims, claim: 1 if claim == "exp" else "https://elsewhere.invalid"}, key)

    back = agrees(sent_away(browser), LAN)
    monkeypatch.setattr(jwt, "encode", spoilt)
    answer = browser.get(back)
    assert (answer.status_code, "không còn dùng được" in answer.text) == (403, True)
    assert browser.get("/ho-so").headers["Location"] == "/"


def test_a_code_is_of_no_use_without_its_verifier(browser: Client, issuer: str) -> None:
    back = parse_qs(urlsplit(agrees(sent_away(browser), LAN)).query)
    asked = {"grant_type": "authorization_code", "code": back["code"][0], "code_verifier": "guessed" * 8,
             "redirect_uri": "http://testserver/dang-nhap/vneid/xong"}  # fmt: skip
    answer = requests.post(f"{issuer}/token", data=asked, auth=("pccovid", "s" * 40), timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_a_provider_that_is_away_is_said_to_be(browser: Client) -> None:
    from pccovid.accounts.vneid import _provider

    _provider.cache_clear()
    with override_settings(VNEID={"issuer": "http://127.0.0.1:9", "client": "pccovid", "secret": "s" * 40}):
        answer = browser.get("/dang-nhap/vneid")
    assert (answer.status_code, "Chưa kết nối được" in answer.text) == (502, True)


def test_where_no_provider_is_named_nobody_is_offered_one(browser: Client) -> None:
    assert "VNeID</a>" in browser.get("/").text
    with override_settings(VNEID={"issuer": "", "client": "", "secret": ""}):
        assert "VNeID</a>" not in browser.get("/").text
        assert browser.get("/dang-nhap/vneid").status_code == 404
        assert browser.get("/dang-nhap/vneid/xong?" + urlencode({"code": "x", "state": "y"})).status_code == 404


def test_a_verified_id_opens_nothing_for_whoever_fits_neither_its_name_nor_its_birth_date(
    people: None, browser: Client
) -> None:
    from pccovid.linkage.names import read_name
    from pccovid.people.queries import person_by_verified_id

    other, own = read_name("Trần Văn Minh"), read_name("Nguyễn Thị Lan")
    assert person_by_verified_id(LAN, other, date(1971, 1, 1)) is None
    assert person_by_verified_id(LAN, other, None) is None
    assert person_by_verified_id(LAN, other, date(1990, 5, 17)) is not None
    assert person_by_verified_id(LAN, own, None) is not None
