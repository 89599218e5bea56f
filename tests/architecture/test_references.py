"""Pages that commands and messages point to exist and know what the code knows."""

from __future__ import annotations

import re
from pathlib import Path

import django
import pytest

from pccovid.bulk_export.rules import PURPOSES as EXPORT_PURPOSES
from pccovid.config.governance_pages import PAGES
from pccovid.config.purposes_page import as_markdown
from pccovid.config.rights_page import filled
from pccovid.connectors.registry import FILE_KINDS
from pccovid.consents.rules import TEXTS
from pccovid.corrections.states import PERIODS, drawing
from pccovid.declaring.forms import FORMS
from pccovid.foundation.classification import TECHNICAL, columns
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


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_of_governance_are_what_the_tables_say(name: str) -> None:
    page = (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")
    told = f"run: python -m pccovid.config.governance_pages {name} > docs/reference/{name}.md"
    assert page == PAGES[name](), told


def test_the_record_of_processing_names_every_purpose_and_every_personal_column() -> None:
    page = (DOCS / "reference" / "processing-record.md").read_text(encoding="utf-8")
    assert [code for code in PURPOSES if f"(`{code}`)" not in page] == []
    lines = {line.split("|")[1].strip(" `"): line for line in page.splitlines() if line.startswith("| `")}
    missing = [
        name
        for name, column in columns().items()
        if column.sensitivity != TECHNICAL
        and name.rpartition(".")[2] not in lines.get(name.rpartition(".")[0], "").replace(",", " ").split()
    ]
    assert missing == []


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


def test_reference_of_the_personal_copy_lists_every_kind_with_its_values_and_its_mapping() -> None:
    django.setup()
    from pccovid.config.copy_page import with_table

    page = (DOCS / "reference" / "personal-copy.md").read_text(encoding="utf-8")
    assert page == with_table(page), "run: python -m pccovid.config.copy_page"


def test_reference_of_the_personal_copy_names_every_part_of_the_json() -> None:
    django.setup()
    from pccovid.personal_copy import as_json

    source = Path(as_json.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'^        "(\w+)":', source[: source.index("def written")], re.MULTILINE))
    page = (DOCS / "reference" / "personal-copy.md").read_text(encoding="utf-8")
    assert len(written) >= 10
    assert [name for name in sorted(written) if f"`{name}" not in page] == []


def test_reference_of_consents_names_every_text_and_the_exports_it_binds() -> None:
    page = (DOCS / "reference" / "consents.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(\w+)` \| (.+) \| export `(\w+)` \|$", page, re.MULTILINE))
    titles = {text.purpose: text.title_en for text in TEXTS}
    assert rows == {(one.consent, titles[one.consent], one.code) for one in EXPORT_PURPOSES.values() if one.consent}


def test_reference_of_corrections_draws_the_states_and_lists_every_deadline() -> None:
    page = (DOCS / "reference" / "corrections.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{drawing()}\n```" in page
    rows = dict(re.findall(r"^\| (\w+) \| (\d+) \|", page, re.MULTILINE))
    assert rows == {one.state: str(one.working_days) for one in PERIODS}


def test_reference_of_declaring_lists_every_version_of_every_form() -> None:
    page = (DOCS / "reference" / "declaring.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\w+) \| (\d+) \| (\S+) \|.*\| (yes|no)\b", page, re.MULTILINE))
    assert rows == {
        (one.code, str(one.version), f"{one.valid_from:%d/%m/%Y}", "yes" if one.is_verified else "no") for one in FORMS
    }
