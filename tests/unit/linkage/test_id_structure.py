"""What a personal id's digits say is the same in Python and in SQL."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.id_structure import birth_year_sql, read_digits, sex_sql


def asked_of_sql(value: str) -> tuple[object, ...] | None:
    query = f"SELECT {birth_year_sql('n')}, {sex_sql('n')} FROM (SELECT {value} AS n)"
    return duckdb.connect().execute(query).fetchone()


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_sql_reads_year_and_sex_as_python_does(personal_id: str) -> None:
    digits = read_digits(personal_id)
    assert asked_of_sql(f"'{personal_id}'") == (digits.birth_year, digits.sex)


def test_without_a_number_sql_says_nothing() -> None:
    assert asked_of_sql("CAST(NULL AS VARCHAR)") == (None, None)
