"""Files of a delivery made in a temporary folder, and what reading them gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pccovid.areas.vendor import VendorAreas
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.delivery import recognise
from pccovid.connectors.reading import read_file
from pccovid.connectors.registry import FILE_KINDS
from pccovid.connectors.rows import ParsedRow
from unit.connectors.delivered_rows import BA_DINH, HA_NOI, PHUC_XA, TODAY, VIET_NAM_ID, Read, csv_text


@pytest.fixture(scope="session")
def vendor_areas() -> VendorAreas:
    rows = [
        (HA_NOI, "province", "Hà Nội", ""),
        (BA_DINH, "district", "Quận Ba Đình", HA_NOI),
        (PHUC_XA, "ward", "Phường Phúc Xá", BA_DINH),
    ]
    return VendorAreas(rows, on=TODAY)


@pytest.fixture
def context(tmp_path: Path, vendor_areas: VendorAreas) -> ReadingContext:
    return ReadingContext(TODAY, tmp_path / "spill", vendor_areas, {VIET_NAM_ID: "VN"})


@pytest.fixture
def read_bytes(tmp_path: Path, context: ReadingContext) -> Callable[[str, bytes], Read]:
    """Write a file under its delivery name and read it."""

    def read(name: str, content: bytes) -> Read:
        path = tmp_path / name
        path.write_bytes(content)
        file = recognise(path)
        assert file is not None, f"{name} is no name of a delivered file"
        reading = read_file(file, context=context)
        return Read(list(reading), reading.notes)

    return read


@pytest.fixture
def read_row(read_bytes: Callable[[str, bytes], Read]) -> Callable[..., ParsedRow]:
    """One row of a file kind, its columns given by name; the others are empty."""

    def read(kind: str, /, **values: Any) -> ParsedRow:
        file_kind = FILE_KINDS[kind]
        content = csv_text(kind, values) if file_kind.format == "csv" else json.dumps(values, ensure_ascii=False)
        return read_bytes(file_kind.file_name, content.encode()).only

    return read
