"""What search parameters mean."""

from __future__ import annotations

from datetime import date

import pytest

from pccovid.exchange.outcomes import Refusal
from pccovid.exchange.searching import cursor, read_cursor, read_fact_query, read_person_query

PERSON = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("2021-10", [(">=", date(2021, 10, 1)), ("<", date(2021, 11, 1))]),
        ("eq2021-02-28", [(">=", date(2021, 2, 28)), ("<", date(2021, 3, 1))]),
        ("ge2021", [(">=", date(2021, 1, 1))]), ("gt2021", [(">=", date(2022, 1, 1))]),
        ("lt2021-12", [("<", date(2021, 12, 1))]), ("le2021-12", [("<", date(2022, 1, 1))]),
    ],
)  # fmt: skip
def test_a_date_means_the_whole_of_its_day_month_or_year(text: str, spans: list[tuple[str, date]]) -> None:
    asked = read_fact_query("Immunization", {"patient": [PERSON], "date": [text]})
    assert [(one.operator, one.value) for one in asked.conditions] == spans


@pytest.mark.parametrize(
    "given",
    [
        {}, {"patient": [PERSON, PERSON]}, {"patient": [PERSON], "date": ["soon"]},
        {"patient": [PERSON], "date": ["ge2021-02-30"]},
        {"patient": [PERSON], "status": ["final"]}, {"patient": [PERSON], "_count": ["many"]},
        {"patient": [PERSON], "_cursor": ["x"]}, {"patient": ["x"]}, {"_id": [""]}, {"patient": [""]},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(given: dict[str, list[str]]) -> None:
    with pytest.raises(Refusal):
        read_fact_query("Immunization", given)


def test_pages_go_on_where_they_ended() -> None:
    assert read_cursor(cursor(150)) == 150
    asked = read_fact_query("Coverage", {"patient": [PERSON], "_count": ["9999"], "_cursor": [cursor(50)]})
    assert (asked.most, asked.skipped) == (200, 50)


def test_a_person_is_sought_by_numbers_of_our_systems_alone() -> None:
    ours = "https://pccovid.invalid/fhir/NamingSystem/personal-id|001188000017"
    assert read_person_query({"identifier": [ours]})[1]["number"] == "001188000017"
    assert read_person_query({"name": ["An"], "birthdate": ["1990-01-02"]})[1]["birth"] == "02/01/1990"
    with pytest.raises(Refusal):
        read_person_query({"identifier": ["https://other.invalid|1"]})
