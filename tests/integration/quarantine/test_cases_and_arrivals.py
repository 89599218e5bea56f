"""Orders of those who are no contacts: a case who stays at home, and somebody who entered the country."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from integration.contact_tracing.made_outbreak import NOW, Outbreak, ago
from integration.quarantine.made_tracer import Tracers
from integration.quarantine.test_orders import dose, passes, shift
from pccovid.quarantine.operations import Settled
from pccovid.quarantine.rules import ARRIVAL, RULES, Standing, rule_for

HERE = timedelta(hours=7)


@pytest.fixture(autouse=True)
def no_doses_of_before(outbreak: Outbreak) -> None:
    outbreak.owner.execute("DELETE FROM vaccination_dose")


def case_at_home(outbreak: Outbreak, tracers: Tracers, *, doses: int = 0) -> tuple[UUID, int]:
    """Somebody ill since yesterday, ordered to stay at home; who, and the case."""
    an = outbreak.person(1)
    for number in range(doses):
        dose(outbreak, an, 100 + 60 * number)
    outbreak.test(an, ago(1))
    outbreak.trace()
    ((case,),) = outbreak.rows("SELECT id FROM access.trace_case")
    tracers.asks("order_case(%s)", case)
    return an, case


def entered(outbreak: Outbreak, person: UUID, on: date) -> None:
    record = UUID(int=person.int + 500_000)
    outbreak.owner.execute(
        "INSERT INTO border_entry (id, person_id, record_id, source_record_id, source_system, provenance, recorded_at,"
        " entered_on, departure_country, places_passed)"
        " VALUES (%s, %s, %s, %s, 'test', 'official', %s, %s, 'JP', '{}')",
        [uuid4(), person, record, record, NOW, on],
    )


def test_a_case_at_home_goes_after_seven_days_with_a_negative(outbreak: Outbreak, tracers: Tracers) -> None:
    an, case = case_at_home(outbreak, tracers)
    told = "SELECT because, case_id, rule_code, place, ends_on - starts_on, is_verified FROM access.quarantine_order"
    assert outbreak.rows(told) == [("case", case, "f0_2022_01", "home", 7, False)]
    # Being a case ends the order of a contact, not this one.
    assert passes(outbreak) == Settled(0, 0, 0)
    shift(outbreak, 7)
    assert passes(outbreak).released == 0
    outbreak.test(an, ago(0.1), "negative")
    assert passes(outbreak).released == 1


@pytest.mark.parametrize(("doses", "days"), [(0, 14), (2, 10)])
def test_a_case_who_is_still_positive_goes_after_the_longest_days_of_their_doses(
    outbreak: Outbreak, tracers: Tracers, doses: int, days: int
) -> None:
    an, _ = case_at_home(outbreak, tracers, doses=doses)
    shift(outbreak, days - 2)
    outbreak.test(an, ago(0.1))
    assert passes(outbreak).released == 0
    shift(outbreak, 1)
    assert passes(outbreak).released == 1


def test_a_case_is_not_lodged_with_contacts_and_no_order_of_a_contact_stays_beside(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    an, binh = outbreak.person(1), outbreak.person(2)
    outbreak.test(an, ago(2))
    for person in (an, binh):
        outbreak.visit(person, "CHỢ", ago(2, 3), ago(2, 1))
    outbreak.trace()
    ((contact,),) = outbreak.rows("SELECT id FROM access.trace_contact WHERE person_id = %s", binh)
    tracers.asks("order_quarantine(%s)", contact)
    outbreak.test(binh, ago(0.1))
    outbreak.trace()
    ((case,),) = outbreak.rows("SELECT id FROM access.trace_case WHERE person_id = %s", binh)
    ((order,),) = tracers.asks("order_case(%s)", case)
    assert outbreak.rows("SELECT because, state FROM access.quarantine_order ORDER BY id") == [
        ("contact", "became_case"), ("case", "open"),
    ]  # fmt: skip
    outbreak.owner.execute("DELETE FROM access.quarantine_facility")
    ((place,),) = tracers.keeps("open_facility('Trường B', '00001', '', '')")
    with pytest.raises(psycopg.Error) as refused:
        tracers.keeps("send_to_facility(%s, %s, 'theo quyết định của huyện')", order, place)
    assert refused.value.sqlstate == "PC474"


def test_an_arrival_is_ordered_by_the_table_of_that_day_and_not_without_one(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    an, far = outbreak.person(1), outbreak.person(2, area=("79", "778", "27259"))
    came = (ago(2) + HERE).date()
    outbreak.owner.execute("DELETE FROM border_entry")
    entered(outbreak, an, came)
    assert [(row[0], row[2:5]) for row in tracers.keeps("arrivals_seen()")] == [(an, (came, "JP", False))]
    for person, code in ((an, "PC476"), (far, "PC472")):
        with pytest.raises(psycopg.Error) as refused:
            tracers.keeps("order_arrival(%s)", person)
        assert refused.value.sqlstate == code
    with pytest.raises(psycopg.Error) as refused:
        tracers.asks("order_arrival(%s)", an)
    assert refused.value.sqlstate == "PC471"
    outbreak.owner.execute(
        "UPDATE access.quarantine_rule SET valid_to = NULL WHERE code IN ('arrival_2022_01', 'arrival_full_2022_01')"
    )
    try:
        tracers.keeps("order_arrival(%s)", an)
    finally:
        outbreak.owner.execute("UPDATE access.quarantine_rule SET valid_to = '2022-03-15' WHERE who = 'arrival'"
                               " AND valid_from = '2022-01-01'")  # fmt: skip
    assert outbreak.rows("SELECT because, starts_on, ends_on - starts_on FROM access.quarantine_order") == [
        ("arrival", came, 7)
    ]
    assert [row[4] for row in tracers.keeps("arrivals_seen()")] == [True]


def test_the_tables_of_arrivals_and_of_cases_give_what_their_documents_say() -> None:
    full = Standing(doses=2, last_dose_on=date(2021, 11, 1))
    expected = {
        (ARRIVAL, date(2021, 6, 1), Standing()): 21, (ARRIVAL, date(2021, 8, 1), Standing()): 14,
        (ARRIVAL, date(2022, 1, 10), full): 3, (ARRIVAL, date(2022, 1, 10), Standing()): 7,
        (ARRIVAL, date(2022, 3, 15), Standing()): None,
    }  # fmt: skip
    found = {key: (rule := rule_for(RULES, *key)) and rule.days for key in expected}
    assert found == expected
    assert [
        (rule := rule_for(RULES, "case", date(2022, 2, 1), of)) and (rule.days, rule.without_test_days)
        for of in (full, Standing())
    ] == [(7, 10), (7, 14)]
