"""Whom cases met: at places, at home, on journeys, and through whom; as the pure rules say for one pair."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from integration.contact_tracing.made_outbreak import Outbreak, ago
from pccovid.contact_tracing import rules
from pccovid.contact_tracing.rules import Span, meetings, presence, score_of
from pccovid.foundation.purposes import EPIDEMIC_LAW


def test_who_was_there_long_enough_is_a_contact_and_who_was_not_is_none(outbreak: Outbreak) -> None:
    an, binh, chi, dung = (outbreak.person(number) for number in range(1, 5))
    outbreak.test(an, ago(3))
    outbreak.visit(an, "CHỢ", ago(4, 4), ago(4, 2))
    outbreak.visit(binh, "CHỢ", ago(4, 3), ago(4, 1))
    outbreak.visit(chi, "CHỢ", ago(4, 2) - timedelta(minutes=14), ago(4, 0))
    outbreak.visit(dung, "BẾN", ago(4, 4), ago(4, 2))
    outbreak.trace()
    assert outbreak.contacts(an) == {binh: 1}
    ((minutes, started, ended, guessed),) = outbreak.rows(
        "SELECT minutes, started_at, ended_at, is_guessed FROM access.trace_exposure"
    )
    assert (minutes, started, ended, guessed) == (60, ago(4, 3), ago(4, 2), False)


def test_meetings_before_the_case_was_infectious_do_not_count(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    outbreak.visit(an, "CHỢ", ago(5, 3), ago(5, -1))
    outbreak.visit(binh, "CHỢ", ago(5, 3), ago(5, -1))
    outbreak.trace()
    assert outbreak.rows("SELECT started_at, minutes FROM access.trace_exposure") == [(ago(5), 60)]


def test_seen_by_two_devices_somebody_was_there_once(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    outbreak.visit(an, "CHỢ", ago(4, 4), ago(4, 2))
    outbreak.visit(an, "CHỢ", ago(4, 4), ago(4, 3))
    for late in (0, 1):
        outbreak.visit(binh, "CHỢ", ago(4, 3), ago(4, 2) - timedelta(minutes=late))
    outbreak.trace()
    assert outbreak.rows("SELECT minutes FROM access.trace_exposure") == [(60,)]


def test_the_household_and_near_seats_are_contacts_and_far_seats_weigh_less(outbreak: Outbreak) -> None:
    an, home = outbreak.person(1, household="h1"), outbreak.person(2, household="h1")
    near, far, unknown, other = (outbreak.person(number) for number in range(3, 7))
    outbreak.test(an, ago(3))
    for person, seat in ((an, "12A"), (near, "14F"), (far, "30C"), (unknown, None)):
        outbreak.flight(person, "VN213", seat, ago(4))
    outbreak.flight(other, "VN213", "12B", ago(3, 12))
    outbreak.trace()
    kinds = dict(outbreak.rows("SELECT person_id, kind FROM access.trace_exposure"))
    assert kinds == {home: "household", near: "journey", far: "far_seat", unknown: "journey"}
    scores = dict(outbreak.rows("SELECT person_id, score FROM access.trace_contact"))
    assert scores[home] > scores[near] > scores[far]


def test_whom_a_case_declares_is_a_contact_from_both_sides_but_not_before_the_period(outbreak: Outbreak) -> None:
    an, binh, chi, same_as_chi, early = (outbreak.person(number) for number in range(1, 6))
    outbreak.test(an, ago(4))
    outbreak.test(binh, ago(2))
    outbreak.trace()
    assert outbreak.contacts(an) == {}
    for other in (binh, same_as_chi):
        outbreak.declare(an, other, ago(5), ago(3))
    outbreak.declare(an, early, ago(12), ago(8))
    outbreak.owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [chi, same_as_chi])
    outbreak.trace()
    assert (outbreak.contacts(an), outbreak.contacts(binh)) == ({binh: 1, chi: 1}, {an: 1})
    ((kind, minutes, score, started),) = outbreak.rows(
        "SELECT kind, minutes, score, started_at FROM access.trace_exposure x WHERE x.via_person = %s", binh
    )
    assert (kind, minutes, score) == ("declared", None, 0.8)
    assert started >= ago(4)  # that of the other's period, two days before the specimen
    outbreak.test(chi, ago(1))
    outbreak.trace()
    assert outbreak.contacts(chi) == {an: 1}


def test_whom_a_contact_met_later_is_a_contact_of_a_contact(outbreak: Outbreak) -> None:
    an, binh, chi, early = (outbreak.person(number) for number in range(1, 5))
    outbreak.test(an, ago(6))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(6, 4), ago(6, 2))
    for person in (binh, chi):
        outbreak.visit(person, "QUÁN", ago(2, 4), ago(2, 2))
    for person in (binh, early):
        outbreak.visit(person, "BẾN", ago(5, 4), ago(5, 2))
    outbreak.trace()
    assert outbreak.contacts(an) == {binh: 1, chi: 2}
    ((via,),) = outbreak.rows("SELECT via_person FROM access.trace_exposure WHERE person_id = %s", chi)
    assert via == binh


def test_tracing_again_changes_nothing_and_keeps_what_officers_wrote(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(4, 4), ago(4, 2))
    outbreak.trace()
    outbreak.owner.execute("UPDATE access.trace_contact SET outcome = 'reached', outcome_by = 7")
    told = "SELECT case_id, person_id, level, score, exposures, outcome FROM access.trace_contact"
    before = outbreak.rows(told)
    outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
    outbreak.trace()
    assert outbreak.rows(told) == before


@pytest.mark.parametrize("words", [
    "outcome = 'reached'", "outcome_by = 7", "outcome = 'forgotten', outcome_by = 7", "outcome = 'forgotten'",
])  # fmt: skip
def test_an_outcome_of_a_contact_is_a_known_one_and_somebodys(outbreak: Outbreak, words: str) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(4, 4), ago(4, 2))
    outbreak.trace()
    with pytest.raises(psycopg.errors.CheckViolation, match="an_outcome_is_somebodys"):
        outbreak.owner.execute(f"UPDATE access.trace_contact SET {words}")
    outbreak.owner.execute("UPDATE access.trace_contact SET outcome = 'elsewhere', outcome_by = 7")


@pytest.mark.parametrize("call", ["meetings", "met_by_many"])
def test_who_restricted_the_use_of_their_movement_is_not_traced(outbreak: Outbreak, call: str) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(4, 4), ago(4, 2))
    given = "ARRAY[1]::bigint[], ARRAY[%s]::uuid[], ARRAY[%s], ARRAY[%s], ARRAY[1.0], true"
    asked = f"SELECT person_id FROM access.{call}({given})"
    assert outbreak.rows(asked, an, ago(9), ago(0)) == [(binh,)]
    with outbreak.owner.transaction(force_rollback=True):
        body = f"SELECT ARRAY['{binh}']::uuid[]"
        outbreak.owner.execute(
            "CREATE OR REPLACE FUNCTION access.persons_restricted(category text) RETURNS uuid[] LANGUAGE sql STABLE"
            f" SECURITY DEFINER SET search_path = access, public, pg_temp AS $$ {body} $$"
        )
        assert outbreak.rows(asked, an, ago(9), ago(0)) == []
        assert outbreak.rows(asked, binh, ago(9), ago(0)) == []


@pytest.mark.parametrize("hours", [0, 5, 11, 17])  # whatever the hour is: midnight falls among other stays
def test_the_database_finds_for_all_what_the_rules_say_of_each_pair(outbreak: Outbreak, hours: int) -> None:
    """Made visits of forty people at four places, some without entry or exit, against the rules in values."""
    dice = random.Random(5)
    people = [outbreak.person(number) for number in range(1, 41)]
    stays: dict[tuple[UUID, str], list[Span]] = {}
    with outbreak.owner.transaction():
        for _ in range(400):
            person, place = dice.choice(people), dice.choice(["A", "B", "C", "D"])
            start = ago(dice.uniform(0.5, 8), hours).replace(second=0)
            end = start + timedelta(minutes=dice.randrange(5, 300))
            kind = dice.choice(["whole"] * 6 + ["no entry", "no exit", "long"])
            entered = None if kind == "no entry" else start - timedelta(days=2 if kind == "long" else 0)
            left = None if kind == "no exit" else end
            outbreak.visit(person, place, entered, left)
            there = presence(entered, left)
            assert there is not None
            stays.setdefault((person, place), []).append(there)
    an = people[0]
    infectious = (ago(7).replace(second=0), ago(1).replace(second=0))
    found = {
        (row[0], row[1]): row[2]
        for row in outbreak.rows(
            "SELECT person_id, subject, sum(minutes) FROM access.meetings(ARRAY[1]::bigint[], ARRAY[%s]::uuid[],"
            " ARRAY[%s], ARRAY[%s], ARRAY[1.0], false) GROUP BY 1, 2",
            an, *infectious,
        )
    }  # fmt: skip
    expected = {}
    for (person, place), there in stays.items():
        met = meetings(stays.get((an, place), []), there, infectious) if person != an else []
        if met:
            expected[person, place] = sum((b - a).total_seconds() / 60 for a, b in met)
    assert len(expected) > 10
    assert found.keys() == expected.keys()
    # Each day's minutes are whole ones.
    assert {key for key in expected if abs(float(found[key]) - expected[key]) > 2} == set()


@pytest.mark.parametrize("way", ["few", "many"])
def test_a_stay_told_twice_is_counted_once_also_where_the_second_began_after_midnight(
    outbreak: Outbreak, way: str
) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    midnight = (ago(3) + timedelta(hours=7)).replace(hour=0, minute=0, second=0) - timedelta(hours=7)

    def at(minutes: int) -> datetime:
        return midnight + timedelta(minutes=minutes)

    outbreak.visit(an, "CHỢ", at(-60), at(80))
    outbreak.visit(an, "CHỢ", at(20), None)  # scanned once more by the place, and never out
    outbreak.visit(binh, "CHỢ", at(-30), at(100))
    met = outbreak.rows(
        f"SELECT day, started_at, ended_at, minutes FROM access.met_by_{way}(ARRAY[1]::bigint[], ARRAY[%s]::uuid[],"
        " ARRAY[%s], ARRAY[%s], ARRAY[1.0], true" + (", '-infinity', '{}')" if way == "few" else ")") + " ORDER BY 1",
        an, ago(9), ago(0),
    )  # fmt: skip
    before, after = (midnight + timedelta(hours=hours) for hours in (6, 8))  # the day here
    assert met == [(before.date(), at(-30), at(80), 110), (after.date(), at(80), at(100), 20)]


def test_who_came_before_midnight_without_checking_out_is_met_after_it(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    midnight = (ago(3) + timedelta(hours=7)).replace(hour=0, minute=0, second=0) - timedelta(hours=7)
    outbreak.visit(binh, "CHỢ", midnight - timedelta(minutes=30), None)
    outbreak.visit(an, "CHỢ", midnight + timedelta(minutes=20), midnight + timedelta(minutes=50))
    outbreak.trace()
    assert outbreak.contacts(an) == {binh: 1}


def test_few_and_many_are_found_the_same_and_finding_writes_nothing(outbreak: Outbreak) -> None:
    dice = random.Random(3)
    people = [outbreak.person(number) for number in range(1, 21)]
    with outbreak.owner.transaction():
        for _ in range(400):
            start = ago(dice.uniform(0, 6))
            if dice.random() < 0.3:  # about midnight here
                start = start.replace(hour=17, minute=0) + timedelta(minutes=dice.randrange(-150, 150))
            # Some stay over midnight, or nearly for a day.
            left = start + timedelta(hours=dice.random() ** 2 * 23) if dice.random() < 0.8 else None
            # Some without an entry, some with one of another day.
            entered = start if left is None or dice.random() < 0.8 else dice.choice([None, start - timedelta(days=2)])
            outbreak.visit(dice.choice(people), dice.choice("ABC"), entered, left)
    outbreak.test(people[0], ago(2))
    outbreak.trace()
    spans = "ARRAY[1, 2, 3]::bigint[], %s::uuid[], ARRAY[%s, %s, %s], ARRAY[%s, %s, %s], ARRAY[1.0, 0.5, 0.7], true"
    given = [people[:3], ago(7), ago(5), ago(3.4), ago(0), ago(1), ago(1.7)]
    few, many = (
        outbreak.rows(f"SELECT * FROM access.met_by_{name}({spans}{more}) ORDER BY 1, 2, 3, 5, 6", *given)
        for name, more in (("few", ", '-infinity', '{}'"), ("many", ""))
    )
    assert len(few) > 20
    assert few == many
    written = "SELECT via_person, person_id, subject, day, minutes, score FROM access.trace_exposure WHERE level = 1"
    ((number,),) = outbreak.rows("SELECT id FROM access.trace_case")
    outbreak.owner.execute("CREATE TEMP TABLE before AS TABLE access.trace_exposure")
    with outbreak.made.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'contact_tracing', 'contact_tracing', 'contact_tracing', %s, 'all')",
                     [EPIDEMIC_LAW])  # fmt: skip
        found = jobs.execute(
            "SELECT via, person_id, subject, day, minutes, score FROM access.find_meetings(%s)", [number]
        ).fetchall()
    assert sorted(found) == sorted(outbreak.rows(written))
    assert outbreak.rows("TABLE before EXCEPT TABLE access.trace_exposure") == []


def test_the_score_in_the_database_is_the_rules(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(3))
    outbreak.visit(an, "CHỢ", ago(4, 4), ago(4, 2))
    outbreak.visit(binh, "CHỢ", ago(4, 3), None)
    outbreak.trace()
    ((score, guessed),) = outbreak.rows("SELECT score, is_guessed FROM access.trace_exposure")
    assert guessed
    assert abs(score - (score_of(rules.CONTACT_RULES[0], 60, is_guessed=True) or 0)) < 1e-9


def test_one_cases_meetings_are_read_from_the_index_alone(outbreak: Outbreak) -> None:
    people = [outbreak.person(number) for number in range(1, 4)]
    for number in range(200):
        outbreak.visit(people[number % 3], f"NƠI {number % 20}", ago(2, number % 20), ago(2, number % 20 - 1))
    outbreak.owner.execute("VACUUM ANALYZE movement_visit")
    told: list[str] = []
    outbreak.owner.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    with outbreak.owner.transaction():
        # The server itself tells the plan of what runs inside the function.
        outbreak.owner.execute(
            "LOAD 'auto_explain'; SET LOCAL auto_explain.log_min_duration = 0; SET LOCAL client_min_messages = log;"
            " SET LOCAL auto_explain.log_nested_statements = on; SET LOCAL enable_seqscan = off;"
            " SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
        )
        met = outbreak.owner.execute(
            "SELECT count(*) FROM access.meetings(ARRAY[1]::bigint[], ARRAY[%s]::uuid[], ARRAY[%s], ARRAY[%s],"
            " ARRAY[1.0], true)",
            [people[0], ago(4), ago(0)],
        ).fetchone()
    plan = "\n".join(told)
    assert met is not None
    assert met[0] > 0
    # By when they were there, known entry or not (access.there_here).
    assert re.search(
        r"Index Only Scan using \w+_place_key_case_\w+ on movement_visit_d.*\n"
        r" *Index Cond: \(\(place_key = .*CASE .* > .*here_from\) AND .* < .*here_until\)\)",
        plan,
    )


_PLACES = (
    "INSERT INTO movement_place (id, record_id, source_record_id, place_key, name, kind, commune_code, address,"
    " recorded_at) SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'QUÁN ' || n, '',"
    " (SELECT min(place_kind) FROM access.place_class WHERE is_unmasked), '00001', '', now()"
    " FROM generate_series(1, 5000) n"
)
_READ_THROUGH = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'movement_place'"


def test_for_one_case_no_more_places_are_looked_at_than_they_went_to(outbreak: Outbreak) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.owner.execute(_PLACES)
    outbreak.owner.execute("ANALYZE movement_place")
    for place in ("QUÁN 7", "CHỢ"):
        outbreak.visit(an, place, ago(4, 4), ago(4, 2))
        outbreak.visit(binh, place, ago(4, 3), ago(4, 2))
    outbreak.rows("SELECT pg_stat_force_next_flush()")
    before = outbreak.rows(_READ_THROUGH)
    met = outbreak.rows(
        "SELECT subject, kind FROM access.met_by_few(ARRAY[1]::bigint[], ARRAY[%s]::uuid[], ARRAY[%s], ARRAY[%s],"
        " ARRAY[1.0], true, '-infinity', '{}')", an, ago(5), ago(3),
    )  # fmt: skip
    assert dict(met) == {"QUÁN 7": "unmasked_place", "CHỢ": "place"}
    outbreak.rows("SELECT pg_stat_force_next_flush()")
    assert outbreak.rows(_READ_THROUGH) == before
