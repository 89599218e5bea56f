"""Whatever visits, tests and declared meetings there are: exposures lie where they may, the same from both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from integration.contact_tracing.made_outbreak import Outbreak, ago

PEOPLE = 5


class Stay(NamedTuple):
    """One of few people at one of two places; ended `half_hours` ago, without an entry or an exit as `lacks` says."""

    person: int
    place: str
    half_hours: int
    minutes: int
    lacks: str


STAYS = st.lists(
    st.builds(
        Stay, st.integers(0, PEOPLE - 1), st.sampled_from("AB"), st.integers(0, 20 * 24), st.integers(1, 1500),
        st.sampled_from(["", "", "", "entry", "exit"]),
    ),
    min_size=2, max_size=20,
)  # fmt: skip
TESTS = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 7)), min_size=1, max_size=4)
DECLARED = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 12), st.integers(0, 4)),
    max_size=3,
    unique_by=lambda one: one[0],
)
# Two who are together nearly all the time, from before the first of them is infectious until they were tested.
_LONG = [Stay(person, "A", half_hours, 1400, "") for half_hours in range(3 * 48, 9 * 48, 47) for person in (0, 1)]
# What fails is told as it was found: making it smaller would run for minutes against a database.
few = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip


def fill(outbreak: Outbreak, stays: list[Stay]) -> list[UUID]:
    outbreak.empty()
    with outbreak.owner.transaction():
        people = [outbreak.person(number) for number in range(1, PEOPLE + 1)]
        for stay in set(stays):
            left = ago(0, stay.half_hours / 2)
            entered = left - timedelta(minutes=stay.minutes)
            outbreak.visit(people[stay.person], stay.place, None if stay.lacks == "entry" else entered,
                           None if stay.lacks == "exit" else left)  # fmt: skip
    return people


@few
@given(STAYS, TESTS, DECLARED)
@example(_LONG, [(0, 4)], [(1, 12, 9)])
def test_no_exposure_lies_outside_the_infectious_period_of_its_case_or_contact(
    outbreak: Outbreak, stays: list[Stay], tests: list[tuple[int, int]], declared: list[tuple[int, int, int]]
) -> None:
    people = fill(outbreak, stays)
    for person, days in tests:
        outbreak.test(people[person], ago(days))
    outbreak.trace()
    for other, first, last in declared:
        if people[other] != people[tests[0][0]]:
            outbreak.declare(people[tests[0][0]], people[other], ago(max(first, last)), ago(min(first, last)))
    outbreak.trace()
    outside = outbreak.rows(
        "SELECT x.level, x.kind, x.started_at, x.ended_at FROM access.trace_exposure x"
        " JOIN access.trace_case c ON c.id = x.case_id"
        " LEFT JOIN access.trace_contact k ON k.case_id = x.case_id AND k.person_id = x.via_person AND x.level = 2"
        " WHERE x.started_at < coalesce(k.first_at + interval '2 days', c.starts_at)"
        " OR x.ended_at > CASE WHEN x.level = 2 THEN k.last_at + interval '14 days' ELSE c.ends_at END"
        " OR x.person_id = c.person_id OR (x.level = 2 AND k.level <> 1)"
    )
    assert outside == []
    if stays is _LONG:
        assert outbreak.rows("SELECT count(*) FROM access.trace_exposure WHERE level = 1")[0][0] > 2


@few
@given(STAYS)
@example(_LONG)
@example([Stay(0, "A", 60, 1450, ""), Stay(1, "A", 60, 100, "")])
def test_who_met_somebody_was_met_by_them_at_the_same_place_and_for_as_long(
    outbreak: Outbreak, stays: list[Stay]
) -> None:
    people = fill(outbreak, stays)
    spans = [list(range(PEOPLE)), people, [ago(11)] * PEOPLE, [ago(0)] * PEOPLE, [1.0] * PEOPLE]
    found = [
        outbreak.rows(
            "SELECT via, person_id, subject, day, minutes, started_at, ended_at, is_guessed, score"
            f" FROM access.{call}(%s::bigint[], %s::uuid[], %s, %s, %s::float8[], false{more})", *spans,
        )
        for call, more in (("met_by_many", ""), ("met_by_few", ", '-infinity', '{}'"))
    ]  # fmt: skip
    assert sorted(found[0]) == sorted(found[1])
    assert sorted(found[0]) == sorted((row[1], row[0], *row[2:]) for row in found[0])
    if stays is _LONG:
        assert len(found[0]) > 2
