"""What a dated rule keeps back from the page of who looked is kept back from the person's copy too."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from integration.inspection.bench import Bench
from integration.inspection.test_own_view import rule
from integration.security.people_in_sight import citizen_browser


def copy_of(bench: Bench, person: UUID, form: str = "json") -> str:
    return str(citizen_browser(bench.console, person).post("/ban-sao", {"form": form}).content.decode())


def told_by_offices(text: str) -> list[dict[str, Any]]:
    return [one for one in json.loads(text)["who_looked"]["readings"] if one["purpose"] != "own_record"]


def test_a_delayed_reading_is_counted_in_the_copy_and_told_when_the_rule_is_over(bench: Bench) -> None:
    (person,) = bench.people(1)
    with rule(bench, "delay"):
        bench.steward_reads(person, case="VV-97")
        text, page = copy_of(bench, person), copy_of(bench, person, "html")
    assert told_by_offices(text) == []
    assert [(one["effect"], one["readings"]) for one in json.loads(text)["who_looked"]["withheld"]] == [("delay", 1)]
    for shown in (text, page):
        assert "Điều 1 Luật thử" in shown
        assert "VV-97" not in shown
        assert "Cơ quan steward" not in shown
    assert [one["case"] for one in told_by_offices(copy_of(bench, person))] == ["VV-97"]
    assert "Cơ quan steward" in copy_of(bench, person, "html")


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_masked_reading_is_in_the_copy_without_office_and_case(bench: Bench, form: str) -> None:
    (person,) = bench.people(1)
    with rule(bench, "mask"):
        bench.steward_reads(person, case="VV-98")
        text = copy_of(bench, person, form)
    assert "VV-98" not in text
    assert "Cơ quan steward" not in text
    assert ("data_repair" if form == "json" else "Một cơ quan, chưa nêu tên") in text
