"""A laboratory's list of results, CSV or XLSX, as the FHIR resources it says; a row that says nothing is none. Bounded.

Columns are known by their Vietnamese or English names, in any order. Days as 2021-10-21 or 21/10/2021.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import openpyxl

from pccovid.connectors.result_words import coded_result
from pccovid.foundation.fhir import LOINC, OWN, OWN_NUMBERS, SNOMED
from pccovid.foundation.sheet_cells import shown
from pccovid.lab_tests.fhir import TEST_CODES

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_UNPACKED = 4 * 1024 * 1024, 5_000, 60, 64 * 1024 * 1024
COLUMNS: dict[str, tuple[str, ...]] = {
    "patient": ("ma benh nhan", "ma nguoi benh", "patient id"), "name": ("ho ten", "ho va ten", "name"),
    "birth": ("ngay sinh", "nam sinh", "birth date", "dob"), "sex": ("gioi tinh", "sex", "gender"),
    "national": ("so cccd", "cccd", "so can cuoc", "personal id"), "phone": ("dien thoai", "so dien thoai", "phone"),
    "test": ("ma xet nghiem", "ma phieu", "test id"), "tube": ("ma mau", "ma ong mau", "specimen id"),
    "taken": ("ngay lay mau", "lay mau luc", "collected at"), "method": ("phuong phap", "method"),
    "result": ("ket qua", "result"), "ct": ("ct", "gia tri ct"), "resulted": ("ngay tra ket qua", "resulted at"),
}  # fmt: skip
NEEDED = ("name", "method", "result")
_MOST_ABOVE = 10
"""Rows of titles above the columns' names."""
_METHODS = {"pcr": "pcr", "naat": "pcr", "antigen": "antigen", "nhanh": "antigen", "khang nguyen": "antigen",
            "ag": "antigen"}  # fmt: skip
"""Words that a method may be written with."""
_SEXES = {"nam": "male", "male": "male", "m": "male", "nu": "female", "female": "female", "f": "female"}
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2}):(\d{2}))?")


class SheetIsWrong(ValueError):
    """The file is no list of results: `code` says why."""


class SheetRow(NamedTuple):
    """One row: its number as the file counts, and its resources."""

    number: int
    patient: dict[str, Any]
    test: dict[str, Any]


def read_sheet(octets: bytes, agency: str) -> list[SheetRow]:
    """The rows of a file. Raises SheetIsWrong."""
    if len(octets) > MOST_BYTES:
        raise SheetIsWrong("too_large")
    rows = enumerate(_workbook(octets) if octets.startswith(b"PK") else _csv(octets), start=1)
    places = _header(rows)
    return [_row(number, cells, places, agency) for number, cells in rows if any(cells)]


def _header(rows: Iterator[tuple[int, list[str]]]) -> dict[str, int]:
    """Column → where it stands, by the first row that names all that is needed: titles may stand above it.

    Raises SheetIsWrong.
    """
    nearest: dict[str, int] = {}
    for _, cells in islice(rows, _MOST_ABOVE + 1):
        places = _places(cells)
        if all(name in places for name in NEEDED):
            return places
        nearest = max(nearest, places, key=len)
    raise SheetIsWrong(f"column_missing:{next(name for name in NEEDED if name not in nearest)}")


def _csv(octets: bytes) -> Iterator[list[str]]:
    try:
        text = octets.decode("utf-16" if octets.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        raise SheetIsWrong("not_utf8") from None
    if "\x00" in text:
        raise SheetIsWrong("nul_character")
    delimiter = max(
        ",;\t", key=lambda one: max(line.count(one) for line in text.split("\n", _MOST_ABOVE)[:_MOST_ABOVE])
    )
    try:
        yield from _bounded(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise SheetIsWrong("not_csv") from None


def _workbook(octets: bytes) -> Iterator[list[str]]:
    """The cells of the first sheet as they show; formulas by the value that was kept with them."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise SheetIsWrong("too_large")
        book = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from _bounded([shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
    except SheetIsWrong:
        raise
    except Exception:
        # Whatever a strange archive makes the reader stumble over.
        raise SheetIsWrong("not_a_workbook") from None


def _bounded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise SheetIsWrong("too_many_rows")
        yield [cell.strip()[:500] for cell in row[:MOST_COLUMNS]]


def _places(header: list[str]) -> dict[str, int]:
    """Column → where it stands, by any of its names."""
    plain = [_plain(cell) for cell in header]
    return {name: plain.index(word) for name, words in COLUMNS.items() for word in words[::-1] if word in plain}


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(one for one in bare if not unicodedata.combining(one)).replace("_", " ").split())


def _row(number: int, cells: list[str], places: dict[str, int], agency: str) -> SheetRow:
    told = dict.fromkeys(COLUMNS, "")
    told |= {name: cells[place] for name, place in places.items() if place < len(cells)}
    system = f"urn:pccovid:sheet:{agency}"
    key = told["patient"] or told["national"] or f"{_plain(told['name'])}/{told['birth']}/{told['phone']}"
    return SheetRow(number, _patient(told, system, key), _test(told, system, key, f"urn:row:{number}"))


def _patient(told: Mapping[str, str], system: str, key: str) -> dict[str, Any]:
    number, name, phone = told["national"], told["name"], told["phone"]
    national = [{"system": f"{OWN_NUMBERS}personal-id", "value": number}] if number else []
    return _without_nothing({
        "resourceType": "Patient", "identifier": [{"system": f"{system}:patient", "value": key}, *national],
        "name": [{"text": name}] if name else None, "birthDate": _day(told["birth"]),
        "gender": _SEXES.get(_plain(told["sex"])), "telecom": [{"system": "phone", "value": phone}] if phone else None,
    })  # fmt: skip


def _test(told: Mapping[str, str], system: str, key: str, patient: str) -> dict[str, Any]:
    method, taken, tube = _method(told["method"]), _moment(told["taken"]), told["tube"]
    named = told["test"] or tube or f"{key}/{taken}/{method}"
    code = coded_result(told["result"])
    return _without_nothing({
        "resourceType": "Observation", "identifier": [{"system": f"{system}:test", "value": named}], "status": "final",
        "code": {"coding": [{"system": LOINC, "code": TEST_CODES[method][0]}]} if method else {"text": told["method"]},
        "subject": {"reference": patient}, "effectiveDateTime": taken, "issued": _instant(told["resulted"]),
        "specimen": {"identifier": {"value": tube}} if tube else None, "component": _ct(told["ct"]),
        "valueCodeableConcept": {"coding": [{"system": SNOMED, "code": code}]} if code else {"text": told["result"]},
    })  # fmt: skip


def _method(text: str) -> str | None:
    """PCR or antigen, as far as the words say one of them alone."""
    plain = _plain(text)
    said = {method for word, method in _METHODS.items() if re.search(rf"\b{word}\b", plain)}
    return said.pop() if len(said) == 1 else None


def _moment(text: str) -> str | None:
    """A day, or a time of it, as FHIR writes it; what is none stands as it was typed, and is refused by its element."""
    found = _DAY.fullmatch(text)
    if found is not None:
        day, month, year, hour, minute = found.groups()
        text = f"{year}-{int(month):02}-{int(day):02}" + (f" {int(hour):02}:{minute}" if hour else "")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", text):
        return f"{text[:10]}T{text[11:]}:00+07:00"
    return text or None


def _day(text: str) -> str | None:
    return (_moment(text) or "")[:10] or None


def _instant(text: str) -> str | None:
    """A time of day; a bare day is none."""
    found = _moment(text)
    return found if found and "T" in found else None


def _ct(text: str) -> list[dict[str, Any]] | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    if not 0 < value < 100:
        return None
    return [{"code": {"coding": [{"system": f"{OWN}field", "code": "ct_value"}]}, "valueQuantity": {"value": value}}]


def _without_nothing(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if value not in (None, [], "")}
