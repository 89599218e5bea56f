"""The published description, asked by schemathesis with a token: in its manner and against it, never a fault."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from integration.console.made_index import AN
from integration.exchange.agencies import Agency
from integration.exchange.conftest import Exchange


def ask(agency: Agency, case: Any) -> Any:
    prepared = requests.Request(**case.as_transport_kwargs("http://testserver")).prepare()
    kind = prepared.headers.get("Content-Type", "application/octet-stream")
    return agency.client.generic(
        prepared.method, prepared.path_url, prepared.body or b"", content_type=kind, headers=agency._headers()
    )


def faults_of(agency: Agency, *, examples: int) -> tuple[list[Any], Counter[tuple[str, int]]]:
    """What was answered with a fault, or by no JSON; and how often which status was."""
    described = agency.client.get("/api/openapi.json").json()
    faults: list[Any] = []
    seen: Counter[tuple[str, int]] = Counter()
    for operation in (found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()):
        for mode in GenerationMode:

            @settings(
                max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def asked(case: Any) -> None:
                answer = ask(agency, case)
                seen[case.method, answer.status_code] += 1
                if answer.status_code >= 500 or (answer.content and "json" not in answer.get("Content-Type", "")):
                    faults.append(
                        (case.method, case.path, case.path_parameters, case.query, case.body, answer.status_code)
                    )

            with contextlib.suppress(Unsatisfiable):
                asked()
    return faults, seen


def test_whatever_the_description_lets_be_asked_is_answered_without_a_fault(hospital: Agency) -> None:
    faults, seen = faults_of(hospital, examples=2)
    assert [one for one in faults if one[-1] not in (400, 404, 405)] == []
    assert sum(seen.values()) >= 80
    assert seen["GET", 401] == 0


@pytest.mark.slow
def test_whatever_is_asked_at_length_is_answered_without_a_fault(exchange: Exchange) -> None:
    agency = exchange.agency(agency="hoi-nhieu", name="Cơ quan hỏi nhiều")
    faults, _ = faults_of(agency, examples=40)
    assert [one for one in faults if one[-1] not in (400, 404, 405)] == []
    assert agency.sign_in().get(f"Patient/{AN}").status_code in (200, 429)
