"""Every reason code has words in both languages, and every code that the code can give is among them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pccovid
from pccovid.connectors.reasons import FILE, REASONS, ROW, VALUE, as_markdown

SOURCE = Path(pccovid.__file__).parent
# Name of the call → which of its arguments is a reason code.
REASON_ARGUMENT = {
    "refuse": 1, "refused": 1, "remark": 0, "_made": 3, "Unreadable": 1, "ParsedJson": 1, "TimeReading": 1,
    "CleanText": 1, "raw_values": 1,
}  # fmt: skip
REASON_KEYWORDS = {"held", "problem", "reason"}


def _texts(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
            yield part.value


def _reasons_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = REASON_ARGUMENT.get(name)
        if place is not None and len(node.args) > place:
            yield from _texts(node.args[place])
        for keyword in node.keywords:
            if keyword.arg in REASON_KEYWORDS:
                yield from _texts(keyword.value)


def _reading_modules() -> list[Path]:
    linkage = [SOURCE / "linkage" / f"{name}.py" for name in ("identifiers", "phones")]
    return [*(SOURCE / "connectors").rglob("*.py"), *linkage, SOURCE / "people" / "qr_codes.py"]


def test_every_reason_that_the_code_gives_has_its_words() -> None:
    used = {reason for path in _reading_modules() for reason in _reasons_in(path)}
    assert len(used) > 40
    assert used <= REASONS.keys()


@pytest.mark.parametrize("code", sorted(REASONS))
def test_reasons_speak_both_languages_and_stay_short(code: str) -> None:
    reason = REASONS[code]
    assert reason.about in (ROW, VALUE, FILE)
    assert 0 < len(reason.vi) <= 90
    assert 0 < len(reason.en) <= 90
    assert reason.vi != reason.en


def test_the_reference_page_shows_the_table_as_it_is() -> None:
    page = SOURCE.parents[1] / "docs" / "reference" / "reasons.md"
    assert page.read_text() == as_markdown()
