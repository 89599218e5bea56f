"""Positive tests open cases by the definitions of their day, once for each illness, and go with their person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from integration.contact_tracing.made_outbreak import Outbreak, ago
from pccovid.contact_tracing.rules import INFECTIOUS_RULES, in_force


def test_a_positive_opens_one_case_infectious_from_two_days_before(outbreak: Outbreak) -> None:
    an = outbreak.person(1)
    outbreak.test(an, ago(5))
    assert outbreak.trace().opened == 1
    rule = in_force(INFECTIOUS_RULES, ago(5).date())
    assert rule is not None
    assert outbreak.cases() == [(an, "pcr", ago(7), ago(5) + timedelta(days=rule.longest_days), "longest")]
    assert outbreak.trace().opened == 0


def test_positives_of_one_illness_are_one_case_and_a_later_illness_another(outbreak: Outbreak) -> None:
    an = outbreak.person(1)
    for days in (200, 195, 5, 3):
        outbreak.test(an, ago(days))
    assert outbreak.trace().opened == 2
    outbreak.test(an, ago(4))
    assert outbreak.trace().opened == 0
    assert [row[2] for row in outbreak.cases()] == [ago(202), ago(7)]


def test_a_case_is_infectious_until_a_negative_or_a_high_ct(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(9))
    outbreak.test(an, ago(4), "negative")
    outbreak.test(binh, ago(9))
    outbreak.test(binh, ago(3), ct=33.5)
    outbreak.trace()
    assert {(row[0], row[3], row[4]) for row in outbreak.cases()} == {
        (an, ago(4), "negative"), (binh, ago(3), "ct"),
    }  # fmt: skip


def test_a_pooled_tube_is_nobodys_own_result(outbreak: Outbreak) -> None:
    outbreak.test(outbreak.person(1), ago(3), pooled=True)
    assert outbreak.trace().opened == 0


def test_an_antigen_test_makes_a_case_of_a_contact_and_of_nobody_else(outbreak: Outbreak) -> None:
    an, binh, chi = (outbreak.person(number) for number in (1, 2, 3))
    outbreak.test(an, ago(5))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(5, 3), ago(5, 1))
    for person in (binh, chi):
        outbreak.test(person, ago(1), method="antigen")
    assert outbreak.trace().opened == 2
    assert [row[:2] for row in outbreak.cases()] == [(an, "pcr"), (binh, "contact_antigen")]


def test_two_antigen_positives_within_eight_hours_need_a_case_in_the_commune(outbreak: Outbreak) -> None:
    binh, chi = outbreak.person(2), outbreak.person(3, area=("79", "778", "27259"))
    for person in (binh, chi):
        outbreak.test(person, ago(1), method="antigen")
        outbreak.test(person, ago(1, -7), method="antigen")
    assert outbreak.trace().opened == 0
    outbreak.test(outbreak.person(1), ago(5))
    outbreak.trace()
    assert [row[0] for row in outbreak.cases() if row[1] == "two_antigen"] == [binh]


def test_the_definition_of_the_day_decides(outbreak: Outbreak) -> None:
    an = outbreak.person(1)
    for hours in (0, 7):
        outbreak.test(an, datetime(2021, 12, 1, 8 + hours, tzinfo=UTC), method="antigen")
    assert outbreak.trace().opened == 0


def test_a_case_goes_with_its_test_and_joins_the_illness_it_turns_out_to_be(outbreak: Outbreak) -> None:
    an, again = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(6))
    moved = outbreak.test(again, ago(5))
    assert outbreak.trace().opened == 2
    outbreak.owner.execute("UPDATE lab_tests_test SET person_id = %s WHERE id = %s", [an, moved])
    outbreak.trace()
    assert [row[0] for row in outbreak.cases()] == [an]
    outbreak.owner.execute("UPDATE lab_tests_test SET person_id = %s WHERE id = %s", [again, moved])
    outbreak.trace()
    assert [row[0] for row in outbreak.cases()] == [an, again]


@pytest.mark.parametrize("call", ["open_cases()", "trace_contacts(ARRAY[1]::bigint[], true)", "cases_to_trace(5)"])
def test_nobody_but_the_tracing_program_opens_or_traces_cases(outbreak: Outbreak, call: str) -> None:
    with outbreak.made.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(f"SELECT * FROM access.{call}")
    with outbreak.made.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'link_repair', 'link_repair', 'data_repair', 'x', 'all')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            jobs.execute(f"SELECT * FROM access.{call}")
