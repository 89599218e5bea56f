"""Pages that commands and messages point to exist and know what the code knows."""

from __future__ import annotations

from pathlib import Path

from pccovid.config.purposes_page import as_markdown
from pccovid.config.rights_page import filled
from pccovid.connectors.registry import FILE_KINDS
from pccovid.foundation.purposes import BASES, PURPOSES, rules

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_reference_of_exports_names_every_file_kind_with_its_columns() -> None:
    page = (DOCS / "reference" / "exports.md").read_text(encoding="utf-8")
    for name, kind in FILE_KINDS.items():
        (line,) = [line for line in page.splitlines() if f"`{name}." in line]
        missing = [column for column in kind.columns if column not in line]
        assert not missing, (name, missing)


def test_reference_of_purposes_is_what_the_table_of_rules_says() -> None:
    page = (DOCS / "reference" / "purposes.md").read_text(encoding="utf-8")
    assert page == as_markdown(), "run: python -m pccovid.config.purposes_page > docs/reference/purposes.md"


def test_reference_of_rights_is_what_its_tables_say() -> None:
    page = (DOCS / "reference" / "rights.md").read_text(encoding="utf-8")
    assert page == filled(page), "run: python -m pccovid.config.rights_page docs/reference/rights.md"
    assert filled(page.replace("`epidemic_control`", "`because`")) == page


def test_every_purpose_is_told_in_both_languages_with_a_known_basis() -> None:
    for purpose in PURPOSES.values():
        texts = (purpose.title, purpose.title_en, purpose.explanation, purpose.explanation_en)
        assert all(len(text) >= 4 for text in texts), purpose.code
        assert (purpose.explanation[-1], purpose.explanation_en[-1]) == (".", "."), purpose.code
        assert purpose.basis in BASES, purpose.code


def test_no_purpose_rests_on_a_decree_that_is_no_longer_in_force() -> None:
    assert not [basis.text for basis in BASES.values() if "13/2023" in basis.text]
    assert {rule.legal_basis for rule in rules()} <= set(BASES)
