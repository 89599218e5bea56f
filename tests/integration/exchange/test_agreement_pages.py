"""From the form to the agency's token over the officers' pages, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from integration.console.made_index import present_code
from integration.exchange.agencies import Agency, SigningKey
from integration.exchange.conftest import PASSWORD, Exchange

PAGE = "/can-bo/thoa-thuan"


@pytest.fixture(scope="module")
def desk(exchange: Exchange) -> Exchange:
    from pccovid.officers.sandbox import give_codes

    for account, _ in (exchange.steward, exchange.protector):
        give_codes(exchange.owner, officer=account)
    return exchange


def browser(desk: Exchange, username: str) -> Any:
    client = Client(HTTP_USER_AGENT="one browser", REMOTE_ADDR="10.0.0.1")
    client.post("/can-bo/dang-nhap", {"username": username, "password": PASSWORD})
    answer = client.post("/can-bo/dang-nhap/buoc-hai", {"code": present_code(desk.owner, username)})
    assert answer.status_code == 302, answer.content.decode()
    return client


def asked(key: SigningKey, **changed: Any) -> dict[str, Any]:
    return {
        "agency": "so-y-te-thu", "name": "Sở Y tế Thử", "standing": "authority", "purpose": "care", "area": "01",
        "categories": ["identity", "vaccination"], "written": ["vaccination"],
        "until": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(), "document": "Thỏa thuận thử số 2",
        "reason": "Theo kế hoạch thử, không có thật", "keys": json.dumps({"keys": [key.jwk()]}), **changed,
    }  # fmt: skip


def test_an_agreement_goes_from_the_form_to_a_token_and_ends_over_the_pages(desk: Exchange) -> None:
    key = SigningKey("khoa-1")
    steward, protector = browser(desk, "steward"), browser(desk, "protector")
    answer = steward.post(f"{PAGE}/moi", asked(key))
    assert answer.status_code == 302, answer.content.decode()
    assert "Sở Y tế Thử" in protector.get(PAGE).content.decode()
    (number,) = desk.owner.execute("SELECT max(id) FROM access.agreement").fetchone() or (0,)
    agency = Agency(desk.made, number, key)
    assert agency.ask_token().status_code == 401
    assert steward.post(f"{PAGE}/{number}/y-kien", {"said": "approve"}).status_code in (403, 404)
    assert protector.post(f"{PAGE}/{number}/y-kien", {"said": "approve"}).status_code == 302
    assert "đang hiệu lực" in steward.get(PAGE).content.decode()
    assert agency.ask_token().json()["scope"].split()[0] == "system/Patient.rs"
    assert steward.post(f"{PAGE}/{number}/cham-dut", {"reason": ""}).status_code == 422
    assert steward.post(f"{PAGE}/{number}/cham-dut", {"reason": "Hết việc"}).status_code == 302
    assert agency.ask_token().status_code == 401


def test_what_will_not_do_is_said_beside_its_field(desk: Exchange) -> None:
    steward, key = browser(desk, "steward"), SigningKey("khoa-1")
    wrong = {"keys": json.dumps({"keys": [{**key.jwk(), "d": "x"}]}), "until": "2020-01-01", "agency": "Có Dấu"}
    page = steward.post(f"{PAGE}/moi", asked(key, **wrong))
    assert page.status_code == 422
    for field in ("keys", "until", "agency"):
        assert f'id="id_{field}-loi"' in page.content.decode(), field
    beyond = steward.post(f"{PAGE}/moi", asked(key, categories=["border"]))
    assert "không cho cơ quan xem" in beyond.content.decode()


def test_the_pages_are_read_in_english_too(desk: Exchange) -> None:
    steward = browser(desk, "steward")
    steward.post("/ngon-ngu", {"language": "en", "next": PAGE})
    assert "Agreements with agencies" in steward.get(PAGE).content.decode()
    assert "The agency's public keys" in steward.get(f"{PAGE}/moi").content.decode()
