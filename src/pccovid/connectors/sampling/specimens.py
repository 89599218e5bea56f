"""One person's specimen (`sampling.csv`); a pooled tube stands on several rows with one barcode."""

from __future__ import annotations

from datetime import date

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import (
    PersonColumns,
    about_person,
    address_fact,
    read_commune,
    read_person,
)
from pccovid.connectors.rows import Fact
from pccovid.connectors.words import YES_NO_WORDS
from pccovid.lab_tests.carried import TEST, CarriedTest

_TESTED = PersonColumns()
_YES_NO = YES_NO_WORDS | {"1": "yes", "0": "no"}
_METHODS = {"pcr": "pcr", "rt-pcr": "pcr", "antigen": "antigen"}
_RESULTS = {result: result for result in ("positive", "negative", "inconclusive")}
_NO_RESULT = "empty"
"""exports.md names the column's fourth value so: some write the word where others leave the cell blank."""


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim, the commune as address, and the specimen with its result."""
    test = _test(fields)
    on = test.collected_at.date() if test.collected_at else min(context.today, date(2021, 12, 31))
    residence = read_commune(fields, ("communeCode",), on)
    claim = read_person(fields, _TESTED, context, residence)
    return about_person(claim, (Fact(TEST.name, test), *address_fact("residence", residence, None)))


def _test(fields: Fields) -> CarriedTest:
    return CarriedTest(
        tube_barcode=fields.code("tubeBarcode"),
        is_pooled=fields.answer("pooled", _YES_NO) == "yes",
        collected_at=fields.time("collectedAt"),
        site_name=fields.text("siteName"),
        method=fields.coded("method", _METHODS),
        result=_result(fields),
        ct_value=fields.decimal("ctValue"),
        resulted_at=fields.time("resultAt"),
        laboratory=fields.text("labName"),
    )


def _result(fields: Fields) -> str | None:
    is_empty = (fields.text("result") or "").casefold() == _NO_RESULT
    return None if is_empty else fields.coded("result", _RESULTS)


SPECIMENS = FileKind(
    system="sampling",
    name="sampling",
    format=CSV,
    key="sampleId",
    columns=(
        *("sampleId", "tubeBarcode", "pooled", "collectedAt", "siteName"),
        *("fullName", "dob", "sex", "phone", "idNumber", "communeCode"),
        *("method", "result", "ctValue", "resultAt", "labName"),
    ),
    read=read,
    optional=frozenset({"ctValue", "resultAt", "labName"}),
)
