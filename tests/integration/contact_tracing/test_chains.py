"""Backward tracing: the likeliest source, chains of cases, and places where several cases were on one day."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.contact_tracing.conftest import made_for_tracing, outbreak
from integration.contact_tracing.made_outbreak import NOW, Outbreak, ago
from integration.quarantine.conftest import tracers
from integration.quarantine.made_tracer import Tracers
from pccovid.contact_tracing.queries import CaseLink
from pccovid.contact_tracing.rules import source_weight
from pccovid.web.console.case_sources import picture_of

__all__ = ["made_for_tracing", "outbreak", "tracers"]
FAR = ("79", "778", "27259")


def number_of(outbreak: Outbreak, person: object) -> int:
    ((number,),) = outbreak.rows("SELECT id FROM access.trace_case WHERE person_id = %s", person)
    return int(number)


def spread(outbreak: Outbreak) -> tuple[int, int, int]:
    """An met Bình, who met Chi, who lives far away: three cases."""
    an, binh, chi = outbreak.person(1), outbreak.person(2), outbreak.person(3, area=FAR)
    for person, days in ((an, 12), (binh, 7), (chi, 2)):
        outbreak.test(person, ago(days))
    for one, other, place, days in ((an, binh, "CHỢ", 11), (binh, chi, "QUÁN", 6)):
        for person in (one, other):
            outbreak.visit(person, place, ago(days, 3), ago(days, 1))
    outbreak.trace()
    return number_of(outbreak, an), number_of(outbreak, binh), number_of(outbreak, chi)


def test_the_chain_leads_from_source_to_source_and_hides_cases_of_other_areas(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    an, binh, _ = spread(outbreak)
    links = tracers.asks("trace_chain_seen(%s)", an)
    assert [(row[2], row[3], row[7]) for row in links] == [(an, binh, True), (binh, None, True)]
    assert [(row[0], row[1]) for row in links] == [(1, 2), (2, 3)]
    assert [row[2:4] for row in tracers.asks("trace_chain_seen(%s)", binh)] == [(an, binh), (binh, None)]
    with pytest.raises(psycopg.Error) as refused:
        tracers.asks("trace_chain_seen(%s)", an, area="79")
    assert refused.value.sqlstate == "PC472"


def test_of_two_who_may_have_been_the_source_the_likelier_is_told(outbreak: Outbreak, tracers: Tracers) -> None:
    an, binh, chi = (outbreak.person(number) for number in (1, 2, 3))
    for person, days in ((an, 9), (binh, 8), (chi, 3)):
        outbreak.test(person, ago(days))
    for one, place, days, hours in ((an, "CHỢ", 8, 4), (binh, "QUÁN", 3.3, 2)):
        for person in (one, chi):
            outbreak.visit(person, place, ago(days, hours), ago(days))
    outbreak.trace()
    links = tracers.asks("trace_chain_seen(%s)", number_of(outbreak, chi))
    likeliest = {(row[2], row[7]) for row in links if row[3] == number_of(outbreak, chi)}
    assert likeliest == {(number_of(outbreak, an), True), (number_of(outbreak, binh), False)}


def test_a_place_with_several_cases_on_one_day_is_found_though_nobody_was_a_case_then(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    people = [outbreak.person(number) for number in range(1, 6)]
    for number, person in enumerate(people):
        outbreak.visit(person, "KARAOKE", ago(9, 3), ago(9, 1))
        outbreak.visit(person, f"NHÀ {number}", ago(8, 3), ago(8, 1))
    for number in range(3):
        outbreak.test(people[number], ago(4 - number * 0.1))
    outbreak.trace()
    cases = [number_of(outbreak, person) for person in people[:3]]
    ((place, day, count, present, others),) = tracers.asks("trace_places_seen(%s)", cases[0])
    assert (place, count, present, others) == ("KARAOKE", 3, 5, cases[1:])
    assert day == (ago(9, 1) + timedelta(hours=7)).date()
    told = outbreak.rows(
        "SELECT person_id, 'movement' = ANY (categories) FROM access.disclosure"
        " WHERE log_id = (SELECT max(log_id) FROM access.disclosure)"
    )
    assert dict(told) == dict.fromkeys(people[:3], True)
    assert tracers.asks("trace_places_seen(%s)", cases[0], area="79") == []
    assert tracers.asks("trace_chain_seen(%s)", cases[0]) == []


@given(st.integers(-3 * 24, 20 * 24))
def test_only_a_meeting_of_the_fourteen_days_before_the_first_positive_may_be_the_source(hours: int) -> None:
    assert (source_weight(NOW - timedelta(hours=hours), NOW) > 0) == (0 <= hours <= 14 * 24)


def test_the_drawing_puts_each_case_one_column_after_its_likeliest_source() -> None:
    today = NOW.date()
    links = [CaseLink(1, 2, 7, 8, today, today, 0.9, True), CaseLink(2, 3, 8, None, today, today, 0.5, True),
             CaseLink(1, 3, 7, None, today, today, 0.4, False)]  # fmt: skip
    drawn = picture_of(links)
    assert drawn is not None
    first, second, third = drawn.nodes
    assert first.x < second.x < third.x
    assert (first.is_this, third.number) == (True, None)
    assert [arrow.is_likeliest for arrow in drawn.arrows] == [True, True, False]


def test_cases_in_a_circle_are_drawn_once_each() -> None:
    today = NOW.date()
    drawn = picture_of([CaseLink(1, 2, 7, 8, today, today, 0.9, True), CaseLink(2, 1, 8, 7, today, today, 0.9, True)])
    assert drawn is not None
    assert len(drawn.nodes) == 2


def test_the_database_weighs_sources_as_the_rules_do(outbreak: Outbreak) -> None:
    for days in (-1, 0, 0.5, 1, 5, 10, 10.5, 14, 14.5):
        ((weight,),) = outbreak.rows(
            "SELECT access.source_weight(%s::timestamptz, %s::timestamptz)", NOW - timedelta(days=days), NOW
        )
        assert weight == source_weight(NOW - timedelta(days=days), NOW)
