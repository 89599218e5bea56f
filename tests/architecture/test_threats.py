"""The page of threats names only tests and pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

from pccovid.web.governance.threat_list import THREATS, grade

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "threats.md"


def test_the_page_of_threats_names_only_tests_that_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    real = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text())
    }
    assert len(named) >= 60
    assert sorted(named - real) == []


def test_the_page_of_threats_links_to_pages_that_exist() -> None:
    linked = re.findall(r"\]\(([\w./-]+\.md)\)", PAGE.read_text(encoding="utf-8"))
    assert [link for link in linked if not (PAGE.parent / link).exists()] == []


def test_every_threat_says_what_is_not_stopped() -> None:
    threats = PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    assert len(threats) >= 14
    assert [threat.partition("\n")[0] for threat in threats if "**Not stopped:**" not in threat] == []


def test_every_threat_has_measures_with_tests_and_is_told_in_both_languages() -> None:
    assert [one.code for one in THREATS if not one.measures or not one.tests] == []
    told = [(one.title, one.title_vi, one.who, one.harm_vi, one.not_stopped, one.not_stopped_vi) for one in THREATS]
    assert [texts for texts in told if not all(text.strip() for text in texts)] == []
    assert len({one.code for one in THREATS}) == len(THREATS)


def test_no_measure_is_said_to_make_a_threat_likelier_and_no_risk_leaves_the_scale() -> None:
    assert [
        one.code for one in THREATS if not 1 <= one.after <= one.likelihood <= 4 or not 1 <= one.severity <= 4
    ] == []
    assert {grade(one.residual) for one in THREATS} <= {"low", "medium"}
