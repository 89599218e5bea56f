"""Every table kept for accountability is erased by a rule, or has a reason to outlive its years; both are told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from conftest import MadeDatabase
from pccovid.foundation.classification import columns
from pccovid.retention.accountable import OUTLIVES, WHOLES, written

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "retention.md"
OF_ANOTHER_RETENTION = {"access.agency_token", "access.agency_assertion", "access.feed_notice", "relinking_move",
                        "relinking_change", "relinking_pair", "relinking_undo"}  # fmt: skip
"""What would go by itself as well, and goes at the latest with the whole that it refers to."""


def test_every_table_kept_for_accountability_is_erased_by_a_rule_or_says_why_not() -> None:
    kept = {name.rpartition(".")[0] for name, column in columns().items() if column.retention == "accountability"}
    ruled = [one.table_name for one in written()]
    assert [table for table, times in Counter(ruled).items() if times > 1] == []
    assert set(ruled) - OF_ANOTHER_RETENTION == kept


def test_the_page_of_retention_names_every_table_and_what_outlives_its_years() -> None:
    page = PAGE.read_text()
    assert [one.table_name for one in written() if f"`{one.table_name}`" not in page] == []
    assert [why for why in OUTLIVES.values() if why not in page] == []
    assert [whole.stays for whole in WHOLES if whole.stays not in page] == []


def test_the_database_holds_the_rules_that_the_code_names(database: MadeDatabase) -> None:
    with database.connect("owner") as owner:
        held = owner.execute("SELECT * FROM access.accountable ORDER BY position").fetchall()
    assert held == list(written())
