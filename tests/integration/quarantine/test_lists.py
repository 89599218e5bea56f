"""Desks list what is late first, so much at once, and say how much more there is; nobody else is named."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from integration.access.test_plans import plans_within
from integration.console.conftest import console, made_console
from integration.contact_tracing.made_outbreak import NOW, Outbreak, ago
from integration.quarantine.made_tracer import Tracers
from integration.quarantine.test_cases_and_arrivals import entered
from integration.quarantine.test_desk_pages import text
from integration.quarantine.test_pages import Traced, traced

__all__ = ["console", "made_console", "traced"]
TASKS, ORDERS = "/can-bo/viec-truy-vet", "/can-bo/cach-ly"


def person_of(number: int) -> UUID:
    return UUID(int=9_000_000 + number)


def people(outbreak: Outbreak, first: int, count: int) -> None:
    for number in range(first, first + count):
        outbreak.person(number)


def tasks(
    outbreak: Outbreak, count: int, *, kind: str = "reach_contact", late: int = 0, areas: str = "{00001}"
) -> None:
    """So many open tasks; the last of them are the late ones, the very last the latest."""
    outbreak.owner.execute(
        "INSERT INTO access.trace_task (kind, subject, person_id, owner_area, due_at)"
        " SELECT %(kind)s, %(kind)s || n, ('00000000-0000-0000-0000-' || lpad(to_hex(9000000 + n), 12, '0'))::uuid,"
        " (%(areas)s::text[]) [1 + n %% cardinality(%(areas)s::text[])],"
        " now() + make_interval(mins => %(count)s - n, hours => CASE WHEN n > %(count)s - %(late)s THEN -48 ELSE 1 END)"
        " FROM generate_series(1, %(count)s) n",
        {"kind": kind, "count": count, "late": late, "areas": areas},
    )


def orders(outbreak: Outbreak, count: int) -> None:
    """So many open orders of people of Hà Nội: nobody has heard of the n-th for n days."""
    outbreak.owner.execute(
        "INSERT INTO access.quarantine_order (person_id, because, contact_id, rule_code, document, is_verified, place,"
        " starts_on, ends_on, latest_end, monitor_days, test_days, ordered_at, ordered_by, office, area_code)"
        " SELECT ('00000000-0000-0000-0000-' || lpad(to_hex(9000000 + n), 12, '0'))::uuid, 'contact', n, 'x', 'x',"
        " false, 'home', current_date - n, current_date + 5, current_date + 9, 0, '{}',"
        " now() - make_interval(days => n), 1, 'x', '00001' FROM generate_series(1, %s) n",
        [count],
    )


def next_of(page: Any) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def numbers_on(page: Any, letters: str) -> list[int]:
    return [int(number) for number in re.findall(rf'aria-labelledby="{letters}-(\d+)"', page.content.decode())]


def test_tasks_are_listed_the_latest_first_and_the_others_are_counted_and_one_link_away(traced: Traced) -> None:
    client, outbreak = traced.console.sign_in("tracer"), traced.outbreak
    outbreak.owner.execute("DELETE FROM access.trace_task")
    people(outbreak, 10, 36)
    tasks(outbreak, 45, late=3)
    tasks(outbreak, 2, kind="missed_check")
    page = client.get(TASKS)
    shown = numbers_on(page, "viec")
    by_deadline = [one for (one,) in outbreak.rows(
        "SELECT id FROM access.trace_task WHERE kind = 'reach_contact' ORDER BY due_at")]  # fmt: skip
    assert shown[:20] == by_deadline[:20]
    assert len(shown) == 22
    told = text(page)
    assert "3 việc quá hạn" in told
    assert "còn 25 việc đến hạn sau" in told
    second = client.get(TASKS + next_of(page))
    assert numbers_on(second, "viec") == by_deadline[20:40]
    assert "còn 5 việc đến hạn sau" in text(second)
    last = client.get(TASKS + next_of(second))
    assert numbers_on(last, "viec") == by_deadline[40:]
    assert 'rel="next"' not in last.content.decode()


def test_nobody_is_told_to_have_been_seen_who_is_not_on_the_page(traced: Traced) -> None:
    client, outbreak = traced.console.sign_in("tracer"), traced.outbreak
    outbreak.owner.execute("DELETE FROM access.trace_task")
    people(outbreak, 10, 36)
    tasks(outbreak, 45)
    ((before,),) = outbreak.rows("SELECT max(id) FROM access.log")
    client.get(TASKS)
    seen = outbreak.rows("SELECT count(DISTINCT person_id) FROM access.disclosure WHERE log_id > %s", before)
    assert seen == [(20,)]


def test_a_task_written_on_a_later_page_leads_back_to_that_page(traced: Traced) -> None:
    client, outbreak = traced.console.sign_in("tracer"), traced.outbreak
    outbreak.owner.execute("DELETE FROM access.trace_task")
    tasks(outbreak, 25)
    address = TASKS + next_of(client.get(TASKS))
    number = numbers_on(client.get(address), "viec")[0]
    wrong = client.post(address, {"number": number, "step": "done", "words": "ngắn"})
    assert wrong.status_code == 422
    assert number in numbers_on(wrong, "viec")
    answer = client.post(address, {"number": number, "step": "done", "words": "Đã gặp và dặn dò xong"})
    assert answer.status_code == 302
    assert {f"vua-ghi={number}", address.split("?")[1]} == {answer["Location"].split("&")[-1], "&".join(
        answer["Location"].split("?")[1].split("&")[:-1])}  # fmt: skip
    assert number not in numbers_on(client.get(answer["Location"]), "viec")


def test_whom_nobody_has_checked_for_longest_stands_first_and_goes_to_the_end_once_checked(traced: Traced) -> None:
    client, outbreak = traced.console.sign_in("keeper"), traced.outbreak
    people(outbreak, 3, 25)
    outbreak.owner.execute(
        "UPDATE people_person SET province_code = '01', commune_code = '00001' WHERE name LIKE 'Người %'"
    )
    orders(outbreak, 25)
    page = client.get(ORDERS)
    first = numbers_on(page, "ql")
    longest = [one for (one,) in outbreak.rows("SELECT id FROM access.quarantine_order ORDER BY ordered_at")]
    assert first == longest[:20]
    told = text(page)
    assert "25 người" in told
    assert "24 người thiếu kiểm tra" in told
    assert "còn 5 người" in told
    assert numbers_on(client.get(ORDERS + next_of(page)), "ql") == longest[20:]
    assert client.post(ORDERS, {"number": first[0], "step": "call"}).status_code == 302
    assert numbers_on(client.get(ORDERS), "ql")[0] == longest[1]
    assert numbers_on(client.get(ORDERS + next_of(page)), "ql") == [*longest[20:], first[0]]


def test_needs_stand_on_the_page_the_soonest_due_first_and_of_one_order_on_its_own(traced: Traced) -> None:
    client, outbreak = traced.console.sign_in("keeper"), traced.outbreak
    people(outbreak, 3, 10)
    orders(outbreak, 12)
    outbreak.owner.execute(
        "INSERT INTO access.quarantine_need (order_id, kind, words, due_at, owner_area)"
        " SELECT id, 'food', 'gạo ' || id,"
        " now() + make_interval(hours => 5 - (row_number() OVER (ORDER BY id))::int), '00001'"
        " FROM access.quarantine_order WHERE person_id <> %s",
        [person_of(2)],
    )
    by_deadline = [one for (one,) in outbreak.rows("SELECT order_id FROM access.quarantine_need ORDER BY due_at")]
    page = client.get(ORDERS).content.decode()
    assert [int(one) for one in re.findall(r'href="/can-bo/cach-ly/(\d+)#nc-', page)] == by_deadline[:10]
    assert "7 nhu cầu quá hạn" in page
    further = client.get(f"{ORDERS}{next_of(client.get(ORDERS))}").content.decode()
    assert [int(one) for one in re.findall(r'href="/can-bo/cach-ly/(\d+)#nc-', further)] == by_deadline[10:]
    told = text(client.get(f"{ORDERS}/{by_deadline[-1]}"))
    assert f"gạo {by_deadline[-1]}" in told
    assert f"gạo {by_deadline[0]}" not in told


def test_cases_are_listed_newest_first_and_older_ones_one_link_away(traced: Traced) -> None:
    client, outbreak = traced.console.sign_in("tracer"), traced.outbreak
    for number in range(100, 152):
        outbreak.test(outbreak.person(number), ago(0.5 + number / 100))
    outbreak.trace()
    page = client.get("/can-bo/ca-benh")
    newest = [one for (one,) in outbreak.rows("SELECT id FROM access.trace_case ORDER BY first_at DESC, id DESC")]
    cases = [int(number) for number in re.findall(r">CA-(\d+)</a>", page.content.decode())]
    assert cases == newest[:50]
    older = client.get("/can-bo/ca-benh" + next_of(page)).content.decode()
    assert [int(number) for number in re.findall(r">CA-(\d+)</a>", older)] == newest[50:]


def test_arrivals_are_listed_the_last_first_each_once(outbreak: Outbreak, tracers: Tracers) -> None:
    outbreak.owner.execute("DELETE FROM border_entry")
    today = (NOW + timedelta(hours=7)).date()
    for number in range(1, 5):
        entered(outbreak, outbreak.person(number), today - timedelta(days=number))
    entered(outbreak, person_of(3), today)
    first = tracers.keeps("arrivals_seen(NULL, 2)")
    assert [row[0] for row in first] == [person_of(3), person_of(1)]
    assert [row[0] for row in tracers.keeps("arrivals_seen(%s, 2)", first[-1][5])] == [person_of(2), person_of(4)]


@pytest.mark.parametrize("residence", [
    ("01", "001", "00001"), ("01", "001", None), ("01", None, None), (None, None, None), ("79", "778", "27259"),
    ("01", "001", "xxxxx"), ("xx", "001", "00001"),
])  # fmt: skip
def test_who_lives_within_the_areas_of_an_area_is_who_lies_in_it(
    outbreak: Outbreak, residence: tuple[str | None, str | None, str | None]
) -> None:
    who = outbreak.person(1, area=residence)  # type: ignore[arg-type]
    outbreak.owner.execute("DELETE FROM access.quarantine_order")
    orders(outbreak, 1)
    for area in ("01", "001", "00001", "79", "27259"):
        told = outbreak.rows(
            "SELECT access.home_is_within(access.areas_within(%s), province_code, district_code, commune_code) IS TRUE,"
            " access.person_lies_in(id, %s) FROM people_person WHERE id = %s", area, area, who,
        )  # fmt: skip
        assert told[0][0] == told[0][1], area
        listed = outbreak.rows("SELECT 1 FROM access.orders_within(access.areas_within(%s), '{}')", area)
        assert bool(listed) == told[0][1], area


def test_a_commune_finds_its_orders_without_walking_through_the_countrys(outbreak: Outbreak) -> None:
    outbreak.owner.execute(
        "INSERT INTO people_person (id, name, birth_precision, province_code, district_code, commune_code,"
        " is_identity_verified, attribute_sources, created_at)"
        " SELECT ('00000000-0000-0000-0000-' || lpad(to_hex(9000000 + n), 12, '0'))::uuid, '', 'day', '01', '001',"
        " lpad((1 + n % 100)::text, 5, '0'), true, '{}', now() FROM generate_series(1, 4000) n",
    )
    outbreak.owner.execute("DELETE FROM access.quarantine_order")
    orders(outbreak, 4_000)
    outbreak.owner.execute("ANALYZE people_person; ANALYZE access.quarantine_order")
    within = "FROM access.orders_within('{00001}', '{}') o WHERE o.state = 'open'"
    explained = plans_within(outbreak.owner, "SELECT 1", [f"SELECT count(*) {within}"])
    nodes = [node for _, root in explained.plans for node in every_node(root)]
    assert outbreak.rows(f"SELECT count(*) {within}") == [(40,)]
    walked = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    assert not walked & {"quarantine_order", "people_person"}


@pytest.mark.parametrize(
    ("area", "indexes"), [(None, {"trace_task_due"}), ("01", {"trace_task_owned", "trace_task_handed"})]
)
def test_the_list_of_thousands_of_tasks_is_read_from_an_index_in_its_order(
    outbreak: Outbreak, area: str | None, indexes: set[str]
) -> None:
    outbreak.owner.execute("DELETE FROM access.trace_task")
    tasks(outbreak, 4_000, areas="{00001,27259,00004}")
    outbreak.owner.execute("ANALYZE access.trace_task")
    listed = (
        f"access.tasks_due(access.areas_within({'NULL' if area is None else repr(area)}), 'reach_contact', NULL, 20)"
    )
    explained = plans_within(outbreak.owner, "SELECT 1", [f"SELECT count(*) FROM {listed}"])
    nodes = [node for _, root in explained.plans for node in every_node(root)]
    used = {node["Index Name"] for node in nodes if node.get("Relation Name") == "trace_task"}
    assert used - {"trace_task_pkey"} == indexes
    assert area is not None or not any(node["Node Type"] == "Sort" for node in nodes)


def every_node(root: dict[str, Any]) -> list[dict[str, Any]]:
    return [root, *(node for below in root.get("Plans", []) for node in every_node(below))]
