"""The hub's process: it serves the agencies' interface and nothing else, and says so in that interface's form."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from integration.exchange.conftest import Exchange


@pytest.mark.parametrize("address", ["/", "/can-bo/", "/api/", "/api/fhir/R5/Patient", "/ho-so"])
def test_the_hub_answers_nothing_of_app_and_console(exchange: Exchange, address: str) -> None:
    with override_settings(ROOT_URLCONF="pccovid.config.hub_urls"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert answer.json()["issue"][0]["code"] == "not-found"
        assert Client().get("/api/fhir/R4/metadata").status_code == 200
        assert Client().get("/api/fhir/R4/metadata?x=%00").status_code == 400
