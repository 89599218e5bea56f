"""The vectors that partners run hold against this very hub, and a hub that answers otherwise is told of."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from integration.exchange.agencies import Agency
from integration.exchange.conftest import Exchange
from integration.exchange.test_treatment import treating
from pccovid.exchange.conformance import Vector, judge, read_vector, vectors


@pytest.fixture(scope="module")
def agency(exchange: Exchange) -> Agency:
    every = ["identity", "vaccination", "test", "treatment"]
    return treating(exchange, "doi-tac-thu", categories=every, written=every)


def asked(agency: Agency) -> Any:
    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, Any]:
        own = {"Authorization": f"Bearer {agency.token}", **headers}
        answer = agency.client.generic(method, path, body or b"", content_type="application/fhir+json", headers=own)
        return answer.status_code, answer.json()

    return ask


@pytest.mark.parametrize("vector", vectors(), ids=lambda one: one.name)
def test_the_hub_answers_every_vector_as_it_must(agency: Agency, vector: Vector) -> None:
    assert judge(vector, asked(agency), secrets.token_hex(4)).fault == ""


def test_the_command_finds_that_every_vector_holds_over_http(exchange: Exchange, agency: Agency) -> None:
    from pccovid.config.benches.exchanging import hub
    from pccovid.foundation.environment import read_environment

    with hub(exchange.made.owner_url, read_environment()) as (port, _):
        done = subprocess.run(
            [sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "conformance", "--hub",
             f"http://127.0.0.1:{port}", "--json"],
            env={**os.environ, "PCCOVID_CONFORMANCE_TOKEN": agency.sign_in().token}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    count = len(vectors())
    assert json.loads(done.stdout.splitlines()[-1]) == {"held": count, "of": count, "faults": {}}, done.stderr
    assert done.returncode == 0


def test_another_answer_is_told_with_its_step_and_place(agency: Agency) -> None:
    def other(method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, Any]:
        status, answer = asked(agency)(method, path, headers, body)
        return status, {**answer, "fhirVersion": "5.0.0"}

    assert judge(vectors()[0], other, "x").fault == "step 1: fhirVersion: '4.0.1' is wanted"
    assert judge(vectors()[0], lambda *_: (500, None), "x").fault == "step 1: status 500 in place of 200"


def test_a_vector_of_another_form_is_not_read() -> None:
    with pytest.raises(ValueError, match="form 2"):
        read_vector('{"form": 2}')
