"""Nothing an officer meets is without words: reasons, remedies, levels, facts and their columns."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pccovid import linkage
from pccovid.border.carried import ENTRY
from pccovid.connectors.reasons import REASONS, ROW
from pccovid.declarations.carried import DECLARATION
from pccovid.foundation.facts import StagedFact
from pccovid.insurance.carried import CARD
from pccovid.lab_tests.carried import TEST
from pccovid.linkage.comparing import COMPARISONS
from pccovid.movement.carried import SCAN, TRIP, VISIT
from pccovid.people.carried import ADDRESS, RELATIONSHIP
from pccovid.treatment.carried import FACTS as TREATMENT
from pccovid.vaccination.carried import DOSE
from pccovid.web.console import wording

FACTS = (ADDRESS, RELATIONSHIP, DOSE, TEST, DECLARATION, VISIT, TRIP, SCAN, ENTRY, CARD, *TREATMENT)
_HELD_BY_LINKAGE = ("not_enough_to_identify", "account_not_found", "ambiguous")


@pytest.mark.parametrize("code", [code for code, reason in REASONS.items() if reason.about == ROW])
def test_every_reason_of_a_row_says_what_would_make_it_acceptable(code: str) -> None:
    assert code in wording.REMEDY


@pytest.mark.parametrize("code", _HELD_BY_LINKAGE)
def test_every_reason_of_the_linkage_to_hold_has_words_and_a_remedy(code: str) -> None:
    assert code in wording.LINKAGE_REASON
    assert code in wording.REMEDY


def test_every_guard_that_keeps_people_apart_has_words() -> None:
    tree = ast.parse((Path(linkage.__file__).parent / "guards.py").read_text())
    codes = {
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    assert len(codes) >= 6
    assert codes <= set(wording.LINKAGE_REASON)


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_every_comparison_and_level_of_the_linkage_has_words(comparison: object) -> None:
    assert comparison.name in wording.ATTRIBUTE  # type: ignore[attr-defined]
    levels = {level for level in comparison.level_names if level != "missing"}  # type: ignore[attr-defined]
    assert levels <= set(wording.LEVEL)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_every_kind_of_fact_and_each_of_its_columns_has_words(fact: StagedFact) -> None:
    assert fact.name in wording.FACT
    assert set(fact.columns) <= set(wording.COLUMN)
