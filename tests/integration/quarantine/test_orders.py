"""From a contact to an order, its checks and its end; each sees only what is theirs to see."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.contact_tracing.made_outbreak import NOW, Outbreak, ago
from integration.quarantine.made_tracer import Tracers
from pccovid.quarantine.operations import Settled, settle
from pccovid.quarantine.rules import CONTACT, RULES, Standing, rule_for

FAR = ("79", "778", "27259")
RULE = rule_for(RULES, CONTACT, NOW.date(), Standing())
assert RULE is not None


def met(
    outbreak: Outbreak, *, days: float = 1, area: tuple[str, str, str] = ("01", "001", "00001")
) -> tuple[UUID, int]:
    """Somebody whom a case met so many days ago, and the contact's number."""
    an, binh = outbreak.person(1), outbreak.person(2, area=area)
    outbreak.test(an, ago(days))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(days, 3), ago(days, 1))
    outbreak.trace()
    ((number,),) = outbreak.rows("SELECT id FROM access.trace_contact WHERE person_id = %s", binh)
    return binh, number


def passes(outbreak: Outbreak) -> Settled:
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        return settle(jobs)


def shift(outbreak: Outbreak, days: int) -> None:
    """As if the order had begun so many days earlier."""
    outbreak.owner.execute(
        "UPDATE access.quarantine_order SET starts_on = starts_on - %s, ends_on = ends_on - %s,"
        " latest_end = latest_end - %s, ordered_at = ordered_at - make_interval(days => %s)",
        [days, days, days, days],
    )


def dose(outbreak: Outbreak, person: UUID, days: int) -> None:
    record = UUID(int=person.int + 500_000)
    outbreak.owner.execute(
        "INSERT INTO vaccination_dose (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, product, occurred_on) VALUES (%s, %s, %s, %s, 'test', 'facility', %s, 'Pfizer', %s)",
        [uuid4(), person, record, record, NOW, ago(days).date()],
    )


def test_a_contact_is_ordered_home_by_the_rule_in_force_and_two_doses_make_it_shorter(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    binh, contact = met(outbreak)
    tracers.asks("order_quarantine(%s)", contact)
    told = "SELECT rule_code, place, ends_on - starts_on FROM access.quarantine_order WHERE state = 'open'"
    assert RULE is not None
    assert outbreak.rows(told) == [(RULE.code, RULE.place, RULE.days)]
    outbreak.owner.execute("DELETE FROM access.quarantine_order")
    for days in (200, 100):
        dose(outbreak, binh, days)
    tracers.asks("order_quarantine(%s)", contact)
    assert outbreak.rows(told) == [("f1_two_doses_2022_02", "home", 5)]


def test_nobody_has_two_open_orders(outbreak: Outbreak, tracers: Tracers) -> None:
    _, contact = met(outbreak)
    tracers.asks("order_quarantine(%s)", contact)
    with pytest.raises(psycopg.Error) as refused:
        tracers.asks("order_quarantine(%s)", contact)
    assert refused.value.sqlstate == "PC475"


def test_release_waits_for_the_days_and_for_the_test_and_gives_a_certificate(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    binh, contact = met(outbreak)
    tracers.asks("order_quarantine(%s)", contact)
    assert RULE is not None
    outbreak.test(binh, ago(0.5), "negative")
    assert passes(outbreak).released == 0
    shift(outbreak, RULE.days)
    outbreak.owner.execute("DELETE FROM lab_tests_test WHERE person_id = %s", [binh])
    assert passes(outbreak).released == 0
    ((waits,),) = [row[-2:-1] for row in tracers.asks("quarantine_seen()")]
    assert waits
    outbreak.test(binh, ago(0.1), "negative")
    assert passes(outbreak).released == 1
    assert passes(outbreak) == Settled(0, 0, 0)
    (own,) = tracers.own(binh, "quarantine_of(%s)", binh)
    assert own[1] == "released"
    assert own[13] is not None


def test_who_becomes_a_case_leaves_the_order_of_a_contact(outbreak: Outbreak, tracers: Tracers) -> None:
    binh, contact = met(outbreak)
    tracers.asks("order_quarantine(%s)", contact)
    outbreak.test(binh, ago(0.1))
    outbreak.trace()
    assert passes(outbreak).became_case == 1


def test_a_tracer_elsewhere_can_neither_see_nor_order(outbreak: Outbreak, tracers: Tracers) -> None:
    _, contact = met(outbreak)
    assert tracers.asks("trace_cases_seen()", area="79") == []
    for call, values in (
        ("order_quarantine(%s)", [contact]), ("handle_trace_contact(%s, 'reached', '')", [contact]),
        ("trace_contacts_seen(%s)", [outbreak.rows("SELECT id FROM access.trace_case")[0][0]]),
    ):  # fmt: skip
        with pytest.raises(psycopg.Error) as refused:
            tracers.asks(call, *values, area="79")
        assert refused.value.sqlstate == "PC472"


def test_a_contact_elsewhere_is_named_there_and_not_here(outbreak: Outbreak, tracers: Tracers) -> None:
    binh, contact = met(outbreak, area=FAR)
    ((case,),) = outbreak.rows("SELECT id FROM access.trace_case")
    ((number, person, name, *_),) = tracers.asks("trace_contacts_seen(%s)", case)
    assert (number, person, name) == (contact, None, None)
    ((number, person, name, *_),) = tracers.asks("contacts_from_elsewhere()", area="79")
    assert (number, person, name) == (contact, binh, "Người 2")
    assert tracers.asks("contacts_from_elsewhere()") == []
    tracers.asks("order_quarantine(%s)", contact, area="79")


def test_everybody_named_at_the_desk_stands_in_the_log(outbreak: Outbreak, tracers: Tracers) -> None:
    binh, _ = met(outbreak)
    ((case,),) = outbreak.rows("SELECT id FROM access.trace_case")
    tracers.asks("trace_contacts_seen(%s)", case)
    ((role, categories),) = outbreak.rows(
        "SELECT l.role, d.categories FROM access.disclosure d JOIN access.log l ON l.id = d.log_id"
        " WHERE d.person_id = %s ORDER BY l.id DESC LIMIT 1", binh,
    )  # fmt: skip
    assert (role, categories) == ("tracer", ["identity", "movement"])


def test_a_person_is_told_the_day_and_nothing_of_the_case(outbreak: Outbreak, tracers: Tracers) -> None:
    binh, _ = met(outbreak)
    ((level, days, found),) = tracers.own(binh, "exposures_told(%s)", binh)
    assert (level, len(days)) == (1, 1)
    assert found is not None
    assert tracers.own(UUID(int=9_000_001), "exposures_told(%s)", binh) == []


def test_a_missed_check_is_listed_and_a_check_takes_it_off(outbreak: Outbreak, tracers: Tracers) -> None:
    binh, contact = met(outbreak)
    tracers.asks("order_quarantine(%s)", contact)
    shift(outbreak, 2)
    missed = "SELECT is_missed FROM access.quarantine_seen()"
    with tracers.at_desk() as web:
        assert web.execute(missed).fetchall() == [(True,)]
    tracers.own(binh, "check_in_quarantine(%s, false)", binh)
    with tracers.at_desk() as web:
        assert web.execute(missed).fetchall() == [(False,)]


def test_an_objection_is_shown_until_it_is_answered(outbreak: Outbreak, tracers: Tracers) -> None:
    binh, contact = met(outbreak)
    ((number,),) = tracers.asks("order_quarantine(%s)", contact)
    with pytest.raises(psycopg.Error) as refused:
        tracers.own(binh, "object_to_quarantine(%s, 'ngắn')", binh)
    assert refused.value.sqlstate == "PC473"
    tracers.own(binh, "object_to_quarantine(%s, 'Hôm đó tôi ở nơi khác')", binh)
    assert tracers.asks("quarantine_seen()")[0][-1] == "Hôm đó tôi ở nơi khác"
    tracers.asks("change_quarantine(%s, 'answered', 'Sổ của chợ ghi tên anh', NULL)", number)
    assert tracers.asks("quarantine_seen()")[0][-1] is None
    assert tracers.own(binh, "quarantine_of(%s)", binh)[0][12] == "Sổ của chợ ghi tên anh"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["order", "extend", "cancel", "test", "pass", "later"]), min_size=3, max_size=9))
def test_whatever_is_done_a_released_person_has_no_open_order(
    outbreak: Outbreak, tracers: Tracers, steps: list[str]
) -> None:
    outbreak.empty()
    outbreak.owner.execute("DELETE FROM access.quarantine_order")
    binh, contact = met(outbreak)
    for step in steps:
        try:
            if step == "order":
                tracers.asks("order_quarantine(%s)", contact)
            elif step in ("extend", "cancel"):
                outbreak_order = outbreak.rows("SELECT max(id), max(ends_on) FROM access.quarantine_order")[0]
                tracers.asks(
                    "change_quarantine(%s, %s, 'vì một lý do thật', %s)", outbreak_order[0],
                    "extended" if step == "extend" else "cancelled",
                    outbreak_order[1] and outbreak_order[1] + timedelta(days=1),
                )  # fmt: skip
            elif step == "test":
                outbreak.test(binh, ago(0.05), "negative")
            elif step == "later":
                with outbreak.owner.transaction():
                    outbreak.owner.execute("ALTER TABLE access.quarantine_order DISABLE TRIGGER USER")
                    shift(outbreak, 6)
                    outbreak.owner.execute("ALTER TABLE access.quarantine_order ENABLE TRIGGER USER")
            else:
                passes(outbreak)
        except psycopg.Error as error:
            if not (error.sqlstate or "").startswith("PC47"):
                raise
        ((open_now, closed_open),) = outbreak.rows(
            "SELECT count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE (state = 'open') = (closed_at IS NOT"
            " NULL)) FROM access.quarantine_order WHERE person_id = %s", binh,
        )  # fmt: skip
        assert open_now <= 1
        assert closed_open == 0
        if step == "pass":
            newest = outbreak.rows("SELECT state FROM access.quarantine_order ORDER BY id DESC LIMIT 1")
            assert newest != [("released",)] or open_now == 0
