"""Who met a case is told once, of the day and of nothing else; orders stand in the person's codes."""

from __future__ import annotations

from uuid import UUID

import pytest

from integration.contact_tracing.made_outbreak import Outbreak, ago, day_of
from integration.quarantine.made_tracer import Tracers
from integration.quarantine.test_orders import met, passes, shift
from pccovid.notices.sending import tell_exposures


@pytest.fixture
def quiet(outbreak: Outbreak, tracers: Tracers) -> Tracers:
    outbreak.owner.execute("DELETE FROM access.notice; DELETE FROM access.code_revocation")
    return tracers


def told(outbreak: Outbreak) -> int:
    with outbreak.made.connect("jobs", autocommit=True) as jobs:
        return tell_exposures(jobs)


def notices(tracers: Tracers, person: UUID) -> list[tuple[str, list[str]]]:
    """(kind, days) of the person's own notices, the newest first."""
    return [(row[1], [day.isoformat() for day in row[7]]) for row in tracers.own(person, "notices_of(%s)", person)]


def test_who_met_a_case_is_told_the_day_once_and_again_only_of_another_meeting(
    outbreak: Outbreak, quiet: Tracers
) -> None:
    binh, _ = met(outbreak)
    assert (told(outbreak), told(outbreak)) == (1, 0)
    day = day_of(ago(1, 1))
    assert notices(quiet, binh) == [("exposure", [day])]
    chi = outbreak.person(3)
    outbreak.test(chi, ago(0.5))
    for person in (binh, chi):
        outbreak.visit(person, "BẾN", ago(0.5, 3), ago(0.5, 1))
    outbreak.trace()
    assert told(outbreak) == 1
    assert [kind for kind, _ in notices(quiet, binh)] == ["exposure", "exposure"]


def test_a_notice_names_no_person_place_or_hour(outbreak: Outbreak, quiet: Tracers) -> None:
    binh, _ = met(outbreak)
    told(outbreak)
    ((number, kind, subject, _, is_new, *text, days, child),) = quiet.own(binh, "notices_of(%s)", binh)
    ((contact,),) = outbreak.rows("SELECT id FROM access.trace_contact WHERE person_id = %s", binh)
    assert (kind, subject, is_new, text, child) == ("exposure", contact, True, [None, None], None)
    assert [type(day).__name__ for day in days] == ["date"]
    assert number > 0
    an = UUID(int=9_000_001)
    assert quiet.own(an, "notices_of(%s)", binh) == []


def make_guardian(outbreak: Outbreak, guardian: UUID, child: UUID) -> None:
    """By the population database's word; the child is nine."""
    outbreak.owner.execute("UPDATE people_person SET birth_date = current_date - 3300 WHERE id = %s", [child])
    outbreak.owner.execute(
        "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, kind, other_system, other_kind, other_key, other_record_id) SELECT gen_random_uuid(), %s,"
        " record_id, source_record_id, 'vneid', 'official', now(), 'guardian', 'vneid', 'vneid', 'x', record_id"
        " FROM people_recordclaim WHERE person_id = %s",
        [child, guardian],
    )


def of_children(tracers: Tracers, guardian: UUID) -> list[tuple[str, UUID | None]]:
    """(kind, child) of a guardian's notices, the newest first."""
    return [(row[1], row[8]) for row in tracers.own(guardian, "notices_of(%s)", guardian)]


def waiting_for(outbreak: Outbreak) -> set[UUID]:
    """Whom the program would tell beside the app, were all of them to be reached by SMS."""
    outbreak.owner.execute(
        "INSERT INTO access.notice_choice (person_id, sealed_phone) SELECT DISTINCT person_id, 's:x' FROM access.notice"
        " ON CONFLICT DO NOTHING"
    )
    with outbreak.made.connect("jobs") as jobs:
        return {row[1] for row in jobs.execute("SELECT * FROM access.people_to_notify(100)").fetchall()}


def test_a_guardian_is_told_of_a_childs_exposure_order_and_result(outbreak: Outbreak, quiet: Tracers) -> None:
    binh, contact = met(outbreak)
    mother = outbreak.person(5)
    make_guardian(outbreak, mother, binh)
    assert told(outbreak) == 1
    assert of_children(quiet, mother) == [("exposure", binh)]
    assert quiet.own(mother, "notices_of(%s)", mother)[0][7] == quiet.own(binh, "notices_of(%s)", binh)[0][7]
    quiet.asks("order_quarantine(%s)", contact)
    result = outbreak.test(binh, ago(0.2), "negative")
    outbreak.owner.execute("UPDATE lab_tests_test SET superseded_at = now() WHERE id = %s", [result])
    outbreak.owner.execute(
        "INSERT INTO lab_tests_test (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, is_pooled, result, resulted_at) SELECT gen_random_uuid(), person_id, record_id,"
        " source_record_id, 'hl7', 'facility', now(), false, 'negative', now() FROM lab_tests_test WHERE id = %s",
        [result],
    )
    assert of_children(quiet, mother) == [("result", binh), ("quarantine", binh), ("exposure", binh)]
    assert [kind for kind, _ in notices(quiet, binh)] == ["result", "quarantine", "exposure"]
    assert quiet.own(mother, "new_notices(%s)", mother) == [(3,)]
    assert mother in waiting_for(outbreak)


def test_a_guardian_hears_no_more_from_the_day_the_guardianship_ends(outbreak: Outbreak, quiet: Tracers) -> None:
    binh, contact = met(outbreak)
    mother = outbreak.person(5)
    make_guardian(outbreak, mother, binh)
    told(outbreak)
    outbreak.owner.execute(
        "UPDATE people_person SET birth_date = current_date - interval '18 years' WHERE id = %s", [binh]
    )
    assert of_children(quiet, mother) == []
    assert quiet.own(mother, "new_notices(%s)", mother) == [(0,)]
    assert mother not in waiting_for(outbreak)
    quiet.asks("order_quarantine(%s)", contact)
    assert outbreak.rows("SELECT count(*) FROM access.notice WHERE person_id = %s", mother) == [(1,)]
    assert [kind for kind, _ in notices(quiet, binh)] == ["quarantine", "exposure"]


def test_what_a_guardian_was_told_of_a_child_does_not_stand_for_their_own_exposure(
    outbreak: Outbreak, quiet: Tracers
) -> None:
    binh, _ = met(outbreak)
    mother = outbreak.person(5)
    make_guardian(outbreak, mother, binh)
    told(outbreak)
    chi = outbreak.person(3)
    outbreak.test(chi, ago(0.5))
    for person in (mother, chi):
        outbreak.visit(person, "BẾN", ago(0.5, 3), ago(0.5, 1))
    outbreak.trace()
    outbreak.owner.execute("UPDATE access.trace_contact SET found_at = now() - interval '1 hour'")
    assert told(outbreak) == 1
    assert of_children(quiet, mother)[0] == ("exposure", None)


def test_a_result_that_an_earlier_app_knew_is_no_news(outbreak: Outbreak, quiet: Tracers) -> None:
    chi = outbreak.person(3)
    outbreak.test(chi, ago(400))
    assert notices(quiet, chi) == []


def test_who_is_a_case_and_who_an_officer_found_to_be_no_contact_is_not_told(
    outbreak: Outbreak, quiet: Tracers
) -> None:
    _, contact = met(outbreak)
    outbreak.owner.execute(
        "UPDATE access.trace_contact SET outcome = 'not_a_contact', outcome_by = 1 WHERE id = %s", [contact]
    )
    assert told(outbreak) == 0
    an, chi = UUID(int=9_000_001), outbreak.person(3)
    for person in (an, chi):
        outbreak.visit(person, "BẾN", ago(1, 9), ago(1, 7))
    outbreak.test(chi, ago(0.5))
    outbreak.trace()
    assert an in {row[0] for row in outbreak.rows("SELECT person_id FROM access.trace_contact WHERE level = 1")}
    assert told(outbreak) == 0


def test_an_order_and_its_end_are_told_and_take_back_the_codes_made_before(outbreak: Outbreak, quiet: Tracers) -> None:
    binh, contact = met(outbreak)
    assert quiet.own(binh, "order_is_in_force(%s)", binh) == [(False,)]
    quiet.asks("order_quarantine(%s)", contact)
    assert quiet.own(binh, "order_is_in_force(%s)", binh) == [(True,)]
    assert [kind for kind, _ in notices(quiet, binh)] == ["quarantine"]
    ((first,),) = outbreak.rows("SELECT since FROM access.code_revocation WHERE person_id = %s", binh)
    shift(outbreak, 30)
    outbreak.owner.execute("UPDATE access.quarantine_order SET test_days = '{}'")
    assert passes(outbreak).released == 1
    assert quiet.own(binh, "order_is_in_force(%s)", binh) == [(False,)]
    assert [kind for kind, _ in notices(quiet, binh)] == ["quarantine", "quarantine"]
    ((again,),) = outbreak.rows("SELECT since FROM access.code_revocation WHERE person_id = %s", binh)
    assert again > first


def test_nobody_else_learns_whether_an_order_is_in_force(outbreak: Outbreak, quiet: Tracers) -> None:
    binh, contact = met(outbreak)
    quiet.asks("order_quarantine(%s)", contact)
    assert quiet.own(UUID(int=9_000_001), "order_is_in_force(%s)", binh) == [(False,)]
