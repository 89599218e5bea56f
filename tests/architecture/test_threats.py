"""The page of threats names only tests and pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

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
