"""A shadow of the whole index: it changes nothing until it is swapped in, says who would change, and can be taken back."""

from __future__ import annotations

from pathlib import Path

from conftest import MadeDatabase
from relinking_shadows import every_row, make


def test_the_same_model_over_an_imported_nation_changes_nobody(nation: MadeDatabase, tmp_path: Path) -> None:
    before = every_row(nation)
    shadow = make(nation, tmp_path)
    assert shadow.stage == "ready"
    assert shadow.counts["linkage"]["records"] > 500
    assert shadow.counts["persons_changed"] == 0
    assert shadow.counts["persons_opened_or_restored"] == 0
    assert shadow.counts["by_reason"] == []
    assert every_row(nation) == before
