"""The sandbox and the connectors were written from one format list by different hands: they must meet."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pccovid.connectors.context import context_for
from pccovid.connectors.delivery import find
from pccovid.connectors.reading import read_file
from pccovid.connectors.rows import ACCEPTED, REJECTED, ParsedRow

from .conftest import Delivered

DAY_OF_IMPORT = date(2022, 6, 1)


@pytest.fixture(scope="module")
def parsed(nation_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[ParsedRow]:
    delivery = find(nation_folder / "exports")
    context = context_for(delivery, DAY_OF_IMPORT, tmp_path_factory.mktemp("spill"))
    return [row for file in delivery.files for row in read_file(file, context=context)]


def test_connectors_find_exactly_the_keys_of_the_truth(parsed: list[ParsedRow], delivered: Delivered) -> None:
    assert {(row.kind, row.key) for row in parsed} == set(delivered.truth)


def test_no_row_of_a_made_nation_is_rejected(parsed: list[ParsedRow]) -> None:
    assert [row.reason for row in parsed if row.verdict == REJECTED] == []


def test_rows_that_are_held_are_mostly_the_garbled_ones(parsed: list[ParsedRow], delivered: Delivered) -> None:
    held = Counter(delivered.truth[(row.kind, row.key)]["fault"] for row in parsed if row.verdict != ACCEPTED)
    assert held["garbled"] > 0.5 * held.total()
    assert held.total() < 0.02 * len(parsed)


def test_clean_rows_claim_the_sex_that_their_id_says(parsed: list[ParsedRow], delivered: Delivered) -> None:
    claims = [
        row.claim for row in parsed if row.claim and delivered.truth[(row.kind, row.key)]["fault"] in ("", "old_id")
    ]
    told = [(claim.sex, claim.personal_id[3]) for claim in claims if claim.sex and claim.personal_id]
    assert len(told) > 1000
    assert all((sex == "female") == (int(digit) % 2 == 1) for sex, digit in told)
