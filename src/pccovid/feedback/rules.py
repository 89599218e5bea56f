"""Kinds of feedback with the office that answers, states as data, and how long an answer may take. Pure."""

from __future__ import annotations

from typing import NamedTuple

SHORTEST_WORDS, LONGEST_WORDS = 10, 2000
MOST_A_DAY, MOST_PHOTOS = 10, 3
WORKING_DAYS = 3
"""Until the answer; our own choice, no document names one."""


class Kind(NamedTuple):
    """What feedback can be about, and which office of the commune answers."""

    code: str
    role: str


KINDS: tuple[Kind, ...] = (
    Kind("vaccination", "health_station"), Kind("testing", "health_station"), Kind("care", "health_station"),
    Kind("crowd", "commune_police"), Kind("fraud", "commune_police"), Kind("other", "health_station"),
)  # fmt: skip
OFFICES = tuple(dict.fromkeys(kind.role for kind in KINDS))


class Transition(NamedTuple):
    """Which act of the office leads from one state to another."""

    state: str
    act: str
    next_state: str


FIRST = "received"
TRANSITIONS: tuple[Transition, ...] = (
    Transition("received", "take_up", "in_hand"), Transition("received", "answer", "answered"),
    Transition("in_hand", "answer", "answered"), Transition("received", "hand_over", "received"),
    Transition("in_hand", "hand_over", "received"),
)  # fmt: skip


def acts_of(state: str) -> tuple[str, ...]:
    """What the office may do in a state."""
    return tuple(one.act for one in TRANSITIONS if one.state == state)


def other_office(role: str) -> str:
    """Whom a thing is handed over to."""
    return OFFICES[1] if role == OFFICES[0] else OFFICES[0]
