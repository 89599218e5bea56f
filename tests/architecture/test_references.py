"""Pages that commands and messages point to exist and know what the code knows."""

from __future__ import annotations

from pathlib import Path

from pccovid.connectors.registry import FILE_KINDS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_reference_of_exports_names_every_file_kind_with_its_columns() -> None:
    page = (DOCS / "reference" / "exports.md").read_text(encoding="utf-8")
    for name, kind in FILE_KINDS.items():
        (line,) = [line for line in page.splitlines() if f"`{name}." in line]
        missing = [column for column in kind.columns if column not in line]
        assert not missing, (name, missing)
