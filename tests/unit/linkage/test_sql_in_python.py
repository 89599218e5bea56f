"""Expressions of the linkage mean the same compiled to Python as they do in DuckDB."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pccovid.linkage.one_record.expressions import NotUnderstood, compiled, condition
from pccovid.linkage.one_record.sql_functions import MOST_EDITS_TOLD, damerau_levenshtein, strip_accents

NAMES = some.one_of(some.none(), some.text("anhoưâdđy ", max_size=9))
NUMBERS = some.one_of(some.none(), some.integers(-3, 40))
DAYS = some.one_of(some.none(), some.dates(date(1930, 1, 1), date(2024, 12, 31)))
TRUTHS = some.sampled_from([None, True, False])

CONDITIONS = (
    "a = b", "a <> b", "NOT (a = b)", "a IS NULL OR b IS NULL", "p AND q", "p OR q", "NOT (p AND q)", "NOT p",
    "NOT (p OR n > 3)", "n > 3 AND NOT (n BETWEEN_ 5)", "n IN (1, 2, 3)", "n NOT IN (1, 2, 3)", "NOT (n IN (1, 2))",
    "p = q", "p <> q", "coalesce(p, FALSE)", "NOT coalesce(p AND q, FALSE)", "coalesce(a = b, TRUE)",
    "contains(a, 'a')", "NOT contains(a, b)", "ends_with(a, b)", "d > e", "abs(datediff('day', d, e)) = 1",
    "abs(n - m) < 12 AND year(d) % 100 = 21",
    "damerau_levenshtein(a, b) <= 1", "NOT (damerau_levenshtein(a, b) <= 2)", "len(a) > len(b)",
    "list_has_all(string_split(a, ' '), string_split(b, ' '))", "CASE WHEN p THEN q ELSE n > 2 END",
)  # fmt: skip
VALUES = (
    "CASE WHEN a = b THEN 1 WHEN n > 3 THEN 2 ELSE 3 END", "CASE n WHEN 1 THEN 'one' WHEN 2 THEN a END",
    "coalesce(a, b, 'neither')", "a || '|' || b", "a || CAST(d AS VARCHAR)", "CAST(n AS VARCHAR) || a",
    "least(n, m)", "greatest(n, m, 7)", "n + m * 2 - 1", "abs(n)", "right(a, 4)", "strftime(d, '%Y%m%d')",
    "array_to_string(list_sort(string_split(a, ' ')), '-')", "string_split(a, ' ')[1]", "string_split(a, ' ')[-1]",
    "strip_accents(a)", "regexp_replace(a, 'y$', 'i')", "regexp_replace(a, '[^a-z]', '', 'g')",
    "list_filter(string_split(a, ' '), lambda w: len(w) > 1)", "list_transform(string_split(a, ' '), lambda w: w || b)",
    "list_min(list_transform(string_split(a, ' '), lambda w: len(w)))", "month(d)", "dayofmonth(d)", "lower(a)",
    "CAST(year(d) AS INTEGER)", "CASE WHEN p THEN round(log2(1.5 / 7), 3) ELSE 0 END", "replace(a, 'đ', 'd')",
    "datediff('day', d, e)",
)  # fmt: skip


class Columns(NamedTuple):
    a: str | None
    b: str | None
    n: int | None
    m: int | None
    d: date | None
    e: date | None
    p: bool | None
    q: bool | None


_ROW = some.builds(Columns, NAMES, NAMES, NUMBERS, NUMBERS, DAYS, DAYS, TRUTHS, TRUTHS)
_SQL = """SELECT {} FROM (SELECT CAST($1 AS VARCHAR) a, CAST($2 AS VARCHAR) b, CAST($3 AS INTEGER) n,
    CAST($4 AS INTEGER) m, CAST($5 AS DATE) d, CAST($6 AS DATE) e, CAST($7 AS BOOLEAN) p, CAST($8 AS BOOLEAN) q)"""
_EXPRESSIONS = tuple(text.replace("n BETWEEN_ 5", "n > 5") for text in CONDITIONS) + VALUES


def source(_: str, column: str) -> str:
    return f"p.{column}"


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@settings(max_examples=40, deadline=None)
@given(row=_ROW)
def test_every_form_of_expression_has_the_databases_value(database: duckdb.DuckDBPyConnection, row: Columns) -> None:
    (expected,) = database.execute(_SQL.format(", ".join(_EXPRESSIONS)), list(row)).fetchall()
    found = [_FUNCTIONS[text](row) for text in _EXPRESSIONS]
    for text, mine, theirs in zip(_EXPRESSIONS, found, expected, strict=True):
        assert mine == (pytest.approx(theirs) if isinstance(theirs, float) else theirs), (text, row)


_FUNCTIONS: dict[str, Any] = {text: compiled(text, source) for text in _EXPRESSIONS}


@settings(max_examples=30, deadline=None)
@given(row=_ROW)
def test_a_condition_holds_only_where_it_is_true_and_not_where_it_is_null(row: Columns) -> None:
    for text in _EXPRESSIONS[: len(CONDITIONS)]:
        assert condition(text, source)(row) is (_FUNCTIONS[text](row) is True)


@settings(max_examples=80, deadline=None)
@given(one=some.text("anhoưâdđ ", max_size=12), other=some.text("anhoưâdđ ", max_size=12))
def test_edits_are_counted_as_the_database_counts_them(
    database: duckdb.DuckDBPyConnection, one: str, other: str
) -> None:
    ((edits,),) = database.execute("SELECT damerau_levenshtein(?, ?)", [one, other]).fetchall()
    assert damerau_levenshtein(one, other) == min(edits, MOST_EDITS_TOLD)


def test_letters_lose_their_marks_as_in_the_database(database: duckdb.DuckDBPyConnection) -> None:
    letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđĐÂñüç"
    assert database.execute("SELECT strip_accents(?)", [letters]).fetchall() == [(strip_accents(letters),)]


def test_sql_that_has_no_counterpart_is_refused_and_not_guessed() -> None:
    for text in ("soundex(a)", "datediff('month', d, e)", "a LIKE 'x%'", "n IN (SELECT 1)", "log10(n)"):
        with pytest.raises(NotUnderstood):
            compiled(text, source)
