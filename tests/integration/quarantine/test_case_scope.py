"""A tracer opens a case's people, or the one of a task: they and nobody else, wherever they live."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from integration.contact_tracing.made_outbreak import NOW, Outbreak, ago
from integration.quarantine.made_tracer import Tracers
from integration.quarantine.test_orders import FAR, met
from pccovid.foundation.access import open_for_job
from pccovid.foundation.audit import settle
from pccovid.people.operations import merge_people

_CASE = "SELECT access.{}('officer', %s, %s, %s, 'law', 'case', '{{}}', %s, %s)"
HANDED = "step_trace_task(%s, %s, %s, %s)"
WORDS = "Người này đang ở Sài Gòn"


@pytest.fixture(autouse=True)
def no_tasks_of_before(outbreak: Outbreak) -> None:
    outbreak.owner.execute("DELETE FROM access.trace_task; DELETE FROM access.announcement")


def opened(
    tracers: Tracers, reference: str | None, *, area: str = "01", role: str = "tracer", purpose: str = "contact_tracing"
) -> set[UUID]:
    """The people in sight under the case; raises InsufficientPrivilege where it does not open."""
    letter = "q" if role == "quarantine_officer" else "t"
    with tracers.outbreak.made.connect("web") as web, web.transaction():
        web.execute(_CASE.format("open"), [str(tracers.accounts[f"{letter}{area}"]), role, purpose, area, reference])
        seen = {person for (person,) in web.execute("SELECT id FROM people_person")}
        assert {person for (person,) in web.execute("SELECT person_id FROM movement_visit")} <= seen
        return seen


def refused(tracers: Tracers, reference: str | None, **how: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        opened(tracers, reference, **how)


def case_of(outbreak: Outbreak) -> str:
    ((number,),) = outbreak.rows("SELECT id FROM access.trace_case WHERE joined_into IS NULL")
    return f"CA-{number}"


def test_a_case_opens_itself_and_whom_it_met_here_and_nobody_else_of_the_area(
    outbreak: Outbreak, tracers: Tracers
) -> None:
    met_here, _ = met(outbreak)
    an = UUID(int=9_000_001)
    neighbour, far = outbreak.person(3), outbreak.person(4, area=FAR)
    outbreak.visit(far, "CHỢ", ago(1, 3), ago(1, 1))
    outbreak.owner.execute("UPDATE access.trace_case SET traced_at = NULL")
    outbreak.trace()
    assert set(outbreak.contacts(an)) == {met_here, far}
    assert opened(tracers, case_of(outbreak)) == {an, met_here}
    assert opened(tracers, case_of(outbreak), area="79") == {far}
    assert neighbour not in opened(tracers, case_of(outbreak))


def test_what_is_no_case_of_the_area_or_no_case_at_all_opens_nothing(outbreak: Outbreak, tracers: Tracers) -> None:
    met(outbreak)
    reference = case_of(outbreak)
    refused(tracers, reference, area="79")
    for wrong in (None, "", "CA-0", "CA-999999", f"{reference} ", f"{reference}'", "vụ 1", reference.lower(), "CA-1e3"):
        refused(tracers, wrong)
    refused(tracers, f"CA-{'9' * 40}")


def test_only_a_tracer_and_only_for_tracing_opens_a_case(outbreak: Outbreak, tracers: Tracers) -> None:
    met(outbreak)
    reference = case_of(outbreak)
    refused(tracers, reference, role="quarantine_officer", purpose="quarantine")
    refused(tracers, reference, purpose="quarantine")
    refused(tracers, reference, purpose="care")
    with outbreak.made.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'law', 'case', '{}', NULL, %s)",
            [str(UUID(int=9_000_001)), reference],
        )


def test_nobody_is_added_to_a_case_by_naming_them(outbreak: Outbreak, tracers: Tracers) -> None:
    met(outbreak)
    neighbour = outbreak.person(3)
    with outbreak.made.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(
            "SELECT access.open('officer', %s, 'tracer', 'contact_tracing', 'law', 'case', %s, '01', %s)",
            [str(tracers.accounts["t01"]), [neighbour], case_of(outbreak)],
        )


def test_a_task_taken_on_opens_the_one_it_is_about_wherever_they_live(outbreak: Outbreak, tracers: Tracers) -> None:
    contact, _ = met(outbreak)
    ((task,),) = outbreak.rows("SELECT id FROM access.trace_task WHERE kind = 'reach_contact'")
    assert opened(tracers, f"V-{task}") == {contact}
    tracers.asks(HANDED, task, "handed", "79", WORDS)
    refused(tracers, f"V-{task}", area="79")
    tracers.asks(HANDED, task, "accepted", None, "", area="79")
    assert opened(tracers, f"V-{task}", area="79") == {contact}
    refused(tracers, f"V-{task}")
    tracers.asks(HANDED, task, "done", None, "Đã gặp tận nơi hôm nay", area="79")
    refused(tracers, f"V-{task}", area="79")


def test_the_log_names_whom_the_case_opened_and_tells_only_of_those_shown(outbreak: Outbreak, tracers: Tracers) -> None:
    contact, _ = met(outbreak)
    neighbour = outbreak.person(3)
    reference = case_of(outbreak)
    with outbreak.made.connect("web") as web, web.transaction():
        web.execute(_CASE.format("open"), [str(tracers.accounts["t01"]), "tracer", "contact_tracing", "01", reference])
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['contact'])", [[contact]])
        with pytest.raises(psycopg.errors.InsufficientPrivilege), web.transaction():
            web.execute("SELECT access.disclose(%s::uuid[], ARRAY['contact'])", [[neighbour]])
    ((kind, persons, case, shown),) = outbreak.rows(
        "SELECT l.scope_kind, l.scope_persons, l.case_reference, d.person_id FROM access.log l"
        " JOIN access.disclosure d ON d.log_id = l.id WHERE l.scope_kind = 'case' ORDER BY l.id DESC LIMIT 1"
    )
    assert (kind, set(persons), case, shown) == ("case", {UUID(int=9_000_001), contact}, reference, contact)


def test_a_case_read_and_rolled_back_becomes_an_entry_that_all_of_it_see(outbreak: Outbreak, tracers: Tracers) -> None:
    contact, _ = met(outbreak)
    values = [str(tracers.accounts["t01"]), "tracer", "contact_tracing", "01", case_of(outbreak)]
    with outbreak.made.connect("web", autocommit=True) as web:
        web.execute(_CASE.format("announce"), values)
    outbreak.owner.execute("UPDATE access.announcement SET announced_at = announced_at - interval '121 seconds'")
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        assert settle(jobs) == 1
    told = outbreak.rows(
        "SELECT d.person_id FROM access.left_open o JOIN access.log l ON l.id = o.log_id"
        " JOIN access.disclosure d ON d.log_id = l.id WHERE l.scope_kind = 'case'"
    )
    assert {person for (person,) in told} == {UUID(int=9_000_001), contact}


def test_who_restricted_their_record_is_not_seen_by_way_of_a_case_either(outbreak: Outbreak, tracers: Tracers) -> None:
    contact, _ = met(outbreak)
    reference = case_of(outbreak)
    assert opened(tracers, reference) == {UUID(int=9_000_001), contact}
    ((request,),) = outbreak.rows(
        "INSERT INTO access.right_request (kind, about, person_id, asked_by, log_id, words, categories, area_code,"
        " needs_two, state, acknowledge_due, finish_due) SELECT 'restriction', 'data', %s, %s, max(id),"
        " 'mười chữ là đủ', '{}', '00001', false, 'granted', now(), now() FROM access.log RETURNING id",
        contact, contact,
    )  # fmt: skip
    outbreak.owner.execute("INSERT INTO access.restriction (request_id, person_id) VALUES (%s, %s)", [request, contact])
    try:
        assert opened(tracers, reference) == {UUID(int=9_000_001)}
    finally:
        outbreak.owner.execute("UPDATE access.restriction SET lifted_at = now() WHERE request_id = %s", [request])


def test_a_record_merged_since_is_opened_under_the_number_that_stands(outbreak: Outbreak, tracers: Tracers) -> None:
    contact, _ = met(outbreak)
    standing = outbreak.person(3)
    with outbreak.made.connect("jobs") as jobs:
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis="law")
        merge_people(jobs, kept=standing, absorbed=contact, reason="test", by="test", now=NOW)
    outbreak.owner.execute("UPDATE people_person SET commune_code = '00001' WHERE id = %s", [standing])
    assert standing in opened(tracers, case_of(outbreak))
