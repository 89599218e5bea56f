"""The table of states, the desks, the refusals: whole, without dead ends, as the law bounds them."""

from __future__ import annotations

import pytest

from pccovid.foundation.purposes import PURPOSES, rules
from pccovid.rights.rules import (
    ATTRIBUTES,
    DESKS,
    ERASABLE,
    ERASED_PROVENANCES,
    EXEMPT,
    KINDS,
    RECORD,
    REFUSALS,
)
from pccovid.rights.states import FIRST, OFFICER, OPEN, PERSON, PROGRAM, STATES, TRANSITIONS, drawing, next_state


def reached_from(state: str) -> set[str]:
    found, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        new = {one.next_state for one in TRANSITIONS if one.state == here} - found
        found |= new
        waiting += new
    return found


def test_every_state_can_be_reached_from_the_first() -> None:
    assert reached_from(FIRST) == set(STATES)


def test_from_every_state_that_waits_an_end_can_be_reached() -> None:
    for state in (*OPEN, "escalated"):
        assert {"fulfilled", "refused"} <= reached_from(state), state


def test_an_act_leads_to_one_state_only() -> None:
    assert len({(one.state, one.act, one.actor) for one in TRANSITIONS}) == len(TRANSITIONS)
    assert {one.state for one in TRANSITIONS} | {one.next_state for one in TRANSITIONS} == set(STATES)


def test_a_longer_time_is_taken_once_and_only_after_the_answer() -> None:
    assert [one.state for one in TRANSITIONS if one.act == "extend"] == ["acknowledged"]
    assert next_state("extended", "extend", OFFICER) is None


def test_whoever_has_asked_may_take_it_back_until_it_is_decided() -> None:
    for state in (*OPEN, "escalated"):
        assert (next_state(state, "withdraw", PERSON) == "withdrawn") is (state != "granted")


def test_a_refusal_and_what_is_late_can_go_to_the_inspectorate() -> None:
    assert next_state("refused", "escalate", PERSON) == "escalated"
    late = {one.state for one in TRANSITIONS if (one.act, one.actor) == ("escalate_overdue", PROGRAM)}
    assert late == set(OPEN) - {"granted"}


def test_nobody_refuses_without_having_answered_first() -> None:
    assert next_state("received", "refuse", OFFICER) is None


def test_the_drawing_shows_every_transition() -> None:
    shown = drawing()
    assert shown.startswith("stateDiagram-v2")
    for one in TRANSITIONS:
        assert f"{one.state} --> {one.next_state}: " in shown
        assert f"{one.act} ({one.actor})" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_desk_that_may_read_for_it_and_reasons_to_refuse(kind: str) -> None:
    roles = {desk.role for desk in DESKS if desk.kind == kind}
    readers = {rule.role for rule in rules() if (rule.purpose, rule.actor_kind) == ("rights", "officer")}
    assert roles
    assert roles <= readers
    assert [one for one in REFUSALS.values() if kind in one.kinds]


def test_every_refusal_says_its_legal_basis_in_both_languages() -> None:
    for one in REFUSALS.values():
        assert one.legal_basis
        assert (one.text[-1], one.text_en[-1]) == (".", ".")
        assert set(one.kinds) <= set(KINDS)


def test_exempt_purposes_are_real_and_no_office_that_looks_of_its_own_accord_is_among_them() -> None:
    assert {one.purpose for one in EXEMPT} <= set(PURPOSES)
    for_everybody = {one.purpose for one in EXEMPT if not one.actor_kind}
    assert not for_everybody & {"care", "contact_tracing", "data_repair", "export"}


def test_only_what_nobody_confirmed_is_erased_when_asked() -> None:
    assert set(ERASED_PROVENANCES) == {"self_declared", "pending"}
    assert {one.category for one in ERASABLE} <= set(RECORD)


def test_what_can_be_corrected_can_be_read() -> None:
    from pccovid.people.correcting import CORRECTABLE

    assert set(ATTRIBUTES) == set(CORRECTABLE)
