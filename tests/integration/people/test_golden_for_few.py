"""The one statement that derives a few persons gives what the steps for many give, whatever changed hands before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from conftest import MadeDatabase
from integration.people.test_merge_and_split import PEOPLE, Row, everything, index_of, made

__all__ = ["made"]

_FORGET = """
    DELETE FROM people_identifier; DELETE FROM people_contactpoint; UPDATE vaccination_dose SET duplicate_of = NULL;
    UPDATE people_person SET name = NULL, name_key = NULL, birth_date = NULL, birth_precision = NULL, sex = NULL,
        nationality = NULL, province_code = NULL, district_code = NULL, commune_code = NULL, address = NULL,
        is_identity_verified = false, attribute_sources = '{}'"""


def derive_few(connection: psycopg.Connection, persons: list[UUID]) -> None:
    from pccovid.foundation.facts import settle_few
    from pccovid.people.golden import refresh_few

    refresh_few(connection, persons)
    settle_few(connection, persons, ["dose"])


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(those=PEOPLE)
def test_a_few_are_derived_as_many_are(made: MadeDatabase, those: list[list[Row]]) -> None:  # noqa: F811
    with index_of(made, those) as (connection, persons):
        wanted = everything(connection)
        connection.execute(_FORGET)
        derive_few(connection, persons)
        assert everything(connection) == wanted


@pytest.mark.parametrize(
    "moves",
    [
        {"a": ("001085000001", False), "b": ("001085000001", True)},
        {"a": ("001085000002", True), "b": ("001085000001", True)},
        {"a": (None, False), "b": ("001085000001", True)},
    ],
    ids=["one gives way to another", "two change places", "one has it no longer"],
)
def test_a_verified_number_goes_from_one_to_another_in_one_statement(
    made: MadeDatabase,  # noqa: F811
    moves: dict[str, Any],
) -> None:
    first = [
        [Row("population", "001085000001", True, None, None, "Đỗ Văn Trước", None, None)],
        [Row("population", "001085000002", True, None, None, "Bùi Văn Sau", None, None)],
    ]
    with index_of(made, first) as (connection, persons):
        for person, (number, is_verified) in zip(persons, moves.values(), strict=True):
            connection.execute(
                "UPDATE people_recordclaim SET personal_id = %s, id_verified = %s WHERE person_id = %s",
                [number, is_verified, person],
            )
        derive_few(connection, persons)
        verified = connection.execute(
            "SELECT person_id, value FROM people_identifier WHERE is_verified ORDER BY value"
        ).fetchall()
        assert verified == sorted(
            ((person, number) for person, (number, is_verified) in zip(persons, moves.values(), strict=True)
             if is_verified), key=lambda one: one[1],
        )  # fmt: skip
