"""The states of a correction, what leads from one to another, and how long each may last: tables of data."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

PERSON, STATION, SOURCE, PROGRAM = "person", "station", "source", "program"
"""Who acts: the person, the commune's health station, whoever speaks for the source, the program."""


class State(NamedTuple):
    """A state and whose turn it is ('' where it is over)."""

    code: str
    turn: str


class Transition(NamedTuple):
    """Who may lead a correction from one state to another, by which act. `needs_words`: the person reads why."""

    state: str
    act: str
    actor: str
    next_state: str
    needs_words: bool = False


class Period(NamedTuple):
    """How many working days a state may last, from one day on (None: still)."""

    state: str
    working_days: int
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool


STATES: tuple[State, ...] = (
    State("received", STATION), State("checking", STATION), State("needs_more", PERSON), State("confirmed", SOURCE),
    State("signed", PROGRAM), State("corrected", ""), State("refused", ""), State("withdrawn", ""),
)  # fmt: skip
FIRST = "received"
ENDS = tuple(state.code for state in STATES if not state.turn)

TRANSITIONS: tuple[Transition, ...] = (
    Transition("received", "take_up", STATION, "checking", True),
    Transition("checking", "ask_more", STATION, "needs_more", True),
    Transition("needs_more", "add", PERSON, "checking"),
    Transition("checking", "confirm", STATION, "confirmed", True),
    Transition("checking", "refuse", STATION, "refused", True),
    Transition("confirmed", "sign", SOURCE, "signed"),
    Transition("confirmed", "object", SOURCE, "checking", True),
    Transition("signed", "carry_out", PROGRAM, "corrected"),
    *(Transition(state, "withdraw", PERSON, "withdrawn") for state in ("received", "checking", "needs_more")),
)

_OWN = "lựa chọn của hệ thống, trong mười ngày của Nghị định 356/2025/NĐ-CP"
PERIODS: tuple[Period, ...] = tuple(
    Period(state, days, date(2021, 1, 1), None, "", _OWN, False)
    for state, days in (("received", 1), ("checking", 3), ("needs_more", 5), ("confirmed", 2), ("signed", 1))
)


def acts_of(state: str, actor: str) -> tuple[str, ...]:
    """What the actor may do in a state, in the order of the table."""
    return tuple(one.act for one in TRANSITIONS if (one.state, one.actor) == (state, actor))


def drawing() -> str:
    """The states as a Mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST}"]
    lines += [f"    {one.state} --> {one.next_state}: {one.act} ({one.actor})" for one in TRANSITIONS]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in ENDS)])
