"""Every task has an owner and a deadline; hand-over is offered and answered, and what nobody holds is listed."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.contact_tracing.made_outbreak import Outbreak, ago
from integration.quarantine.made_tracer import Tracers
from integration.quarantine.test_orders import met, passes, shift


@pytest.fixture(autouse=True)
def no_tasks_of_before(outbreak: Outbreak) -> None:
    outbreak.owner.execute("DELETE FROM access.trace_task")


def open_tasks(outbreak: Outbreak) -> list[tuple[str, str]]:
    """(kind, owner) of what is to be done."""
    return outbreak.rows(
        "SELECT kind, owner_area FROM access.trace_task WHERE done_at IS NULL ORDER BY kind, owner_area"
    )


def refused(tracers: Tracers, code: str, call: str, *values: object, area: str = "01") -> None:
    with pytest.raises(psycopg.Error) as error:
        tracers.asks(call, *values, area=area)
    assert error.value.sqlstate == code


def test_a_case_and_each_contact_are_a_communes_task_until_they_are_handled(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    _, contact = met(outbreak)
    expected = [("investigate", "00001"), ("reach_contact", "00001")]
    assert open_tasks(outbreak) == expected
    outbreak.trace()
    assert open_tasks(outbreak) == expected
    tracers.asks("handle_trace_contact(%s, 'reached', '')", contact)
    outbreak.trace()
    assert open_tasks(outbreak) == expected[:1]


def test_a_task_without_an_owner_cannot_be_written(outbreak: Outbreak) -> None:
    for owner in (None, " "):
        with pytest.raises(psycopg.errors.IntegrityError):
            outbreak.owner.execute(
                "INSERT INTO access.trace_task (kind, subject, person_id, owner_area, due_at)"
                " VALUES ('investigate', 'x', gen_random_uuid(), %s, now())", [owner],
            )  # fmt: skip


def test_who_has_no_known_home_is_a_task_of_the_whole_country_and_listed_as_held_by_nobody(outbreak: Outbreak) -> None:
    an = outbreak.person(1)
    outbreak.owner.execute("UPDATE people_person SET province_code = NULL, district_code = NULL, commune_code = NULL")
    outbreak.test(an, ago(1))
    outbreak.trace()
    assert open_tasks(outbreak) == [("investigate", "*")]
    assert outbreak.rows("SELECT access.between_chairs(t) FROM access.trace_task t") == [("no_home",)]


def test_a_task_is_handed_over_only_when_the_other_area_takes_it_on(outbreak: Outbreak, tracers: Tracers) -> None:
    met(outbreak)
    ((task,),) = outbreak.rows("SELECT id FROM access.trace_task WHERE kind = 'reach_contact'")
    step = "step_trace_task(%s, %s, %s, %s)"
    words = "Người này đang ở Sài Gòn"
    refused(tracers, "PC472", step, task, "accepted", None, "", area="79")
    refused(tracers, "PC478", step, task, "handed", "99999", words)
    tracers.asks(step, task, "handed", "79", words)
    ((number, person),) = [(row[0], row[3]) for row in tracers.asks("trace_tasks_seen()", area="79")]
    assert (number, person) == (task, None)
    assert ("reach_contact", "00001") in open_tasks(outbreak)
    refused(tracers, "PC473", step, task, "declined", None, "không", area="79")
    tracers.asks(step, task, "declined", None, "Không có ở đây, đã hỏi", area="79")
    tracers.asks(step, task, "handed", "79", words)
    tracers.asks(step, task, "accepted", None, "", area="79")
    assert ("reach_contact", "79") in open_tasks(outbreak)
    ((person,),) = [(row[3],) for row in tracers.asks("trace_tasks_seen()", area="79")]
    assert isinstance(person, UUID)
    steps = [step for (step,) in outbreak.rows("SELECT step FROM access.trace_task_step ORDER BY id")]
    assert steps == ["handed", "declined", "handed", "accepted"]


def test_what_was_handed_over_and_not_answered_for_a_day_is_held_by_nobody(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    met(outbreak)
    ((task,),) = outbreak.rows("SELECT id FROM access.trace_task WHERE kind = 'reach_contact'")
    tracers.asks("step_trace_task(%s, 'handed', '79', 'Người này ở Sài Gòn')", task)
    outbreak.owner.execute("UPDATE access.trace_task SET handed_at = now() - interval '25 hours' WHERE id = %s", [task])
    assert {row[0]: row[-1] for row in tracers.asks("trace_tasks_seen()")}[task] == "unanswered"


def test_a_missed_check_is_a_task_until_somebody_checks(outbreak: Outbreak, tracers: Tracers) -> None:
    _, contact = met(outbreak)
    ((order,),) = tracers.asks("order_quarantine(%s)", contact)
    shift(outbreak, 2)
    passes(outbreak)
    assert ("missed_check", "00001") in open_tasks(outbreak)
    tracers.asks("note_quarantine_check(%s, 'call', false)", order)
    passes(outbreak)
    assert ("missed_check", "00001") not in open_tasks(outbreak)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(["handed", "handed", "accepted", "declined", "done", "no home", "trace"]),
                  st.sampled_from(["01", "79"]), st.sampled_from(["01", "79", "00001", "99999"])),
        min_size=2, max_size=8,
    )
)  # fmt: skip
def test_whatever_is_done_with_a_task_one_area_owns_it(
    outbreak: Outbreak, tracers: Tracers, steps: list[tuple[str, str, str]]
) -> None:
    outbreak.empty()
    outbreak.owner.execute("DELETE FROM access.trace_task")
    met(outbreak)
    tasks = [number for (number,) in outbreak.rows("SELECT id FROM access.trace_task ORDER BY id")]
    for place, (step, area, to_area) in enumerate(steps):
        if step == "no home":
            outbreak.owner.execute(
                "UPDATE people_person SET province_code = NULL, district_code = NULL, commune_code = NULL"
            )
        elif step == "trace":
            outbreak.trace()
        else:
            try:
                tracers.asks("step_trace_task(%s, %s, %s, %s)", tasks[place % len(tasks)], step, to_area,
                             "vì một lý do thật", area=area)  # fmt: skip
            except psycopg.Error as error:
                if not (error.sqlstate or "").startswith("PC47"):
                    raise
    owned = dict(outbreak.rows("SELECT id, owner_area FROM access.trace_task WHERE done_at IS NULL"))
    known = {code for (code,) in outbreak.rows("SELECT code FROM access.area")} | {"*"}
    assert set(owned.values()) <= known
    mine = [{row[0] for row in tracers.asks("trace_tasks_seen()", area=area) if row[11]} for area in ("01", "79")]
    assert mine[0].isdisjoint(mine[1])
    assert mine[0] | mine[1] == {number for number, owner in owned.items() if owner != "*"}
