"""Places of quarantine: no bed is given twice, whoever ends an order leaves the room, and each area sees its own."""

from __future__ import annotations

import threading
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.contact_tracing.made_outbreak import Outbreak, ago
from integration.quarantine.made_tracer import Tracers
from integration.quarantine.test_orders import passes, shift

STEPS = ("send", "admit", "home", "cancel", "order", "end")
WORDS = "theo quyết định của huyện"
ROOMS = "SELECT r.name, count(s.id), max(r.beds) FROM access.quarantine_room r LEFT JOIN access.quarantine_stay s"
ROOMS += " ON s.room_id = r.id AND s.until IS NULL GROUP BY r.name ORDER BY 1"


@pytest.fixture(autouse=True)
def nothing_of_before(outbreak: Outbreak, tracers: Tracers) -> None:
    """The outbreak's tracers come first, who empty the orders."""
    assert tracers.outbreak is outbreak
    outbreak.owner.execute("DELETE FROM access.quarantine_room; DELETE FROM access.quarantine_facility")


def ordered(outbreak: Outbreak, tracers: Tracers, people: int) -> list[int]:
    """Orders of so many people whom one case met."""
    ill = outbreak.person(1)
    others = [outbreak.person(number) for number in range(2, people + 2)]
    outbreak.test(ill, ago(1))
    for person in (ill, *others):
        outbreak.visit(person, "CHỢ", ago(1, 3), ago(1, 1))
    outbreak.trace()
    contacts = [n for (n,) in outbreak.rows("SELECT id FROM access.trace_contact WHERE level = 1 ORDER BY person_id")]
    return [tracers.asks("order_quarantine(%s)", contact)[0][0] for contact in contacts]


def opened(tracers: Tracers, *, area: str = "01", commune: str = "00001", beds: int = 1, rooms: int = 1) -> list[int]:
    """A place with rooms: its number and theirs."""
    ((place,),) = tracers.keeps("open_facility('Trường A', %s, '', '')", commune, area=area)
    for number in range(rooms):
        tracers.keeps("set_room(%s, %s, %s)", place, f"P{number}", beds, area=area)
    found = tracers.outbreak.rows("SELECT id FROM access.quarantine_room WHERE facility_id = %s ORDER BY name", place)
    return [place, *(room for (room,) in found)]


def refused(tracers: Tracers, code: str, call: str, *values: object, area: str = "01") -> None:
    with pytest.raises(psycopg.Error) as error:
        tracers.keeps(call, *values, area=area)
    assert error.value.sqlstate == code


def test_somebody_is_sent_gets_a_room_and_changes_it_and_is_seen_where_they_are(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    (order,) = ordered(outbreak, tracers, 1)
    place, one, other = opened(tracers, rooms=2)
    tracers.asks("send_to_facility(%s, %s, %s)", order, place, WORDS)
    coming = tracers.keeps("facility_seen(%s)", place)[0]
    assert (coming[0], coming[3]) == (None, order)
    for room in (one, other, other):
        tracers.keeps("admit(%s, %s)", order, room)
    assert outbreak.rows(ROOMS) == [("P0", 0, 1), ("P1", 1, 1)]
    (own,) = tracers.own(UUID(int=9_000_002), "quarantine_of(%s)", UUID(int=9_000_002))
    assert own[-3:] == ("Trường A", "", "P1")
    assert [row[14:17] for row in tracers.keeps("quarantine_seen()")] == [("contact", "Trường A", "P1")]
    steps = [step for (step,) in outbreak.rows("SELECT step FROM access.quarantine_step ORDER BY id")]
    assert steps == ["ordered", "sent", "admitted", "admitted"]


def test_a_full_room_takes_nobody_even_from_the_owner_and_taken_beds_are_not_taken_away(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    first, second, third = ordered(outbreak, tracers, 3)
    place, room, _ = opened(tracers, rooms=2)
    for order in (first, second):
        tracers.asks("send_to_facility(%s, %s, %s)", order, place, WORDS)
    refused(tracers, "PC479", "send_to_facility(%s, %s, %s)", third, place, WORDS)
    tracers.keeps("admit(%s, %s)", first, room)
    refused(tracers, "PC479", "admit(%s, %s)", second, room)
    with pytest.raises(psycopg.Error) as error:
        outbreak.owner.execute(
            "INSERT INTO access.quarantine_stay (order_id, room_id, by_officer, office) VALUES (%s, %s, 1, '')",
            [second, room],
        )
    assert error.value.sqlstate == "PC479"
    refused(tracers, "PC479", "set_room(%s, 'P0', 0)", place)
    refused(tracers, "PC479", "close_facility(%s)", place)


def test_two_officers_who_give_the_last_bed_at_once_do_not_both(outbreak: Outbreak, tracers: Tracers) -> None:
    orders = ordered(outbreak, tracers, 2)
    place, room, _ = opened(tracers, rooms=2)
    for order in orders:
        tracers.asks("send_to_facility(%s, %s, %s)", order, place, WORDS)
    came: list[str] = []
    begin = threading.Barrier(2)

    def admits(order: int) -> None:
        begin.wait(30)
        try:
            tracers.keeps("admit(%s, %s)", order, room)
            came.append("in")
        except psycopg.Error as error:
            came.append(error.sqlstate or "")

    both = [threading.Thread(target=admits, args=[order]) for order in orders]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(came) == ["PC479", "in"]
    assert outbreak.rows(ROOMS)[0] == ("P0", 1, 1)


def test_a_place_elsewhere_sees_who_is_sent_there_and_nobody_else_keeps_it(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    first, _ = ordered(outbreak, tracers, 2)
    place, room = opened(tracers, area="79", commune="27259")
    refused(tracers, "PC472", "facility_seen(%s)", place)
    assert tracers.keeps("quarantine_seen()", area="79") == []
    tracers.asks("send_to_facility(%s, %s, %s)", first, place, WORDS)
    assert [row[0] for row in tracers.keeps("quarantine_seen()", area="79")] == [first]
    refused(tracers, "PC472", "admit(%s, %s)", first, room)
    tracers.keeps("admit(%s, %s)", first, room, area="79")
    tracers.keeps("note_quarantine_check(%s, 'visit', false)", first, area="79")


def test_an_officer_of_quarantine_sees_no_case_and_a_tracer_keeps_no_rooms(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    ordered(outbreak, tracers, 1)
    place, _ = opened(tracers)
    assert tracers.asks("quarantine_seen()")[0][10] is not None
    assert tracers.keeps("quarantine_seen()")[0][10] is None
    for call in ("trace_cases_seen()", "contacts_from_elsewhere()", "trace_tasks_seen()"):
        refused(tracers, "PC471", call)
    for call in (f"facility_seen({place})", f"set_room({place}, 'P9', 1)", f"close_facility({place})"):
        with pytest.raises(psycopg.Error) as error:
            tracers.asks(call)
        assert error.value.sqlstate == "PC471"


def test_a_need_has_an_owner_is_answered_and_ends_with_the_order(outbreak: Outbreak, tracers: Tracers) -> None:
    (order,) = ordered(outbreak, tracers, 1)
    who = UUID(int=9_000_002)
    tracers.own(who, "ask_need(%s, 'medicine', 'hết thuốc huyết áp')", who)
    tracers.keeps("note_need(%s, 'food', 'gạo và rau')", order)
    (medicine, food) = tracers.keeps("needs_seen()")
    assert (medicine[2], medicine[5], food[2], food[5]) == ("medicine", True, "food", False)
    assert outbreak.rows("SELECT DISTINCT owner_area FROM access.quarantine_need") == [("00001",)]
    refused(tracers, "PC473", "answer_need(%s, 'not_met', 'không')", medicine[0])
    tracers.keeps("answer_need(%s, 'met', 'đã mang đến')", medicine[0])
    refused(tracers, "PC472", "answer_need(%s, 'met', '')", medicine[0])
    assert [row[4:6] for row in tracers.own(who, "needs_of(%s)", who)] == [(None, ""), ("met", "đã mang đến")]
    tracers.asks("change_quarantine(%s, 'cancelled', 'nhầm người, đã hỏi lại', NULL)", order)
    assert tracers.keeps("needs_seen()") == []
    assert outbreak.rows("SELECT outcome FROM access.quarantine_need WHERE kind = 'food'") == [("not_needed",)]
    with pytest.raises(psycopg.errors.CheckViolation):
        outbreak.owner.execute("UPDATE access.quarantine_need SET owner_area = ' '")


def test_being_scanned_elsewhere_is_a_day_to_decide_and_the_person_is_told_the_decision(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    (order,) = ordered(outbreak, tracers, 1)
    who = UUID(int=9_000_002)
    shift(outbreak, 1)
    outbreak.owner.execute("UPDATE access.quarantine_order SET ordered_at = now() - interval '1 day'")
    outbreak.visit(who, "QUÁN", ago(0, 2), ago(0, 1))
    for _ in range(2):
        passes(outbreak)
    ((number, day, by, verdict, _words),) = tracers.keeps("breaches_of_quarantine_seen(%s)", order)
    assert (number, by, verdict) == (order, "scan", None)
    assert tracers.own(who, "breaches_of_own_quarantine(%s)", who) == []
    refused(tracers, "PC473", "note_breach(%s, %s, 'left', 'ngắn')", order, day)
    tracers.keeps("note_breach(%s, %s, 'allowed', 'Đi xét nghiệm theo hẹn')", order, day)
    passes(outbreak)
    assert [row[2:] for row in tracers.own(who, "breaches_of_own_quarantine(%s)", who)] == [
        ("allowed", "Đi xét nghiệm theo hẹn")
    ]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 2)),
        min_size=4, max_size=14,
    )
)  # fmt: skip
def test_whatever_is_done_no_room_is_overfull_and_nobody_without_an_open_order_has_one(
    outbreak: Outbreak, tracers: Tracers, steps: list[tuple[str, int, int]]
) -> None:
    outbreak.owner.execute("DELETE FROM access.quarantine_order; DELETE FROM access.quarantine_room;")
    outbreak.owner.execute("DELETE FROM access.quarantine_facility")
    outbreak.empty()
    orders = ordered(outbreak, tracers, 3)
    near, far = opened(tracers, rooms=2), opened(tracers)
    rooms = near[1:] + far[1:]
    for step, which, where in steps:
        order = orders[which]
        try:
            if step == "send":
                tracers.keeps("send_to_facility(%s, %s, %s)", order, (near, far)[where % 2][0], WORDS)
            elif step == "admit":
                tracers.keeps("admit(%s, %s)", order, rooms[where])
            elif step in ("home", "cancel"):
                new = "home" if step == "home" else "cancelled"
                tracers.keeps("change_quarantine(%s, %s, 'vì một lý do thật', NULL)", order, new)
            elif step == "order":
                ((contact,),) = outbreak.rows("SELECT contact_id FROM access.quarantine_order WHERE id = %s", order)
                orders[which] = tracers.asks("order_quarantine(%s)", contact)[0][0]
            else:
                outbreak.owner.execute("UPDATE access.quarantine_order SET ends_on = current_date - 1, starts_on ="
                                       " current_date - 9, test_days = '{}' WHERE state = 'open'")  # fmt: skip
                passes(outbreak)
        except psycopg.Error as error:
            if not (error.sqlstate or "").startswith("PC47"):
                raise
        assert all(people <= beds for _, people, beds in outbreak.rows(ROOMS))
        assert outbreak.rows(
            "SELECT s.id FROM access.quarantine_stay s JOIN access.quarantine_order o ON o.id = s.order_id"
            " JOIN access.quarantine_room r ON r.id = s.room_id"
            " WHERE s.until IS NULL AND (o.state <> 'open' OR o.place <> 'central' OR o.facility_id <> r.facility_id)"
        ) == []  # fmt: skip
