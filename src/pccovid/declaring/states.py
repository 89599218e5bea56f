"""The states of a line in the commune's queue, and what leads from one to another: a table of data."""

from __future__ import annotations

from typing import NamedTuple

WAITING, VISITING = "waiting", "visiting"
OPEN = (WAITING, VISITING)
CLOSED = ("advised", "to_test", "in_hospital")
WITHDRAWN = "withdrawn"
"""The station took back the declaration itself: no step of the queue's own leads there."""
NOT_REACHED = "not_reached"
WITHDRAWAL_REASONS = ("another_person", "not_as_told", "written_twice")
"""Why a station takes back what it wrote down by telephone."""


class Transition(NamedTuple):
    """Which act leads from one state to another; all are the health station's."""

    state: str
    act: str
    next_state: str


TRANSITIONS: tuple[Transition, ...] = tuple(
    Transition(state, act, next_state)
    for state in OPEN
    for act, next_state in (
        (NOT_REACHED, state), ("advise", "advised"), ("order_test", "to_test"), ("visit", VISITING),
        ("send_to_hospital", "in_hospital"),
    )
    if (state, act) != (VISITING, "visit")
)  # fmt: skip


def acts_of(state: str) -> tuple[str, ...]:
    """What the station may do in a state, in the order of the table."""
    return tuple(one.act for one in TRANSITIONS if one.state == state)
