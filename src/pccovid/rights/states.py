"""The states of a request and what leads from one to another: a table of data, which the database holds.

Drawn in docs/reference/rights.md; written into access.right_transition, against which every step is checked.
"""

from __future__ import annotations

from typing import NamedTuple

PERSON, OFFICER, INSPECTOR, PROGRAM = "person", "officer", "inspector", "program"


class State(NamedTuple):
    """A state: whether a deadline runs in it ('acknowledge', 'finish', 'escalation'), and what it means."""

    code: str
    clock: str
    meaning: str


class Transition(NamedTuple):
    """Who may lead a request from one state to another, by which act."""

    state: str
    act: str
    actor: str
    next_state: str


STATES: dict[str, State] = {
    state.code: state
    for state in (
        State("received", "acknowledge", "written down; the office has not answered yet"),
        State("acknowledged", "finish", "the office has told the person what it will do"),
        State("extended", "finish", "the one longer time was taken, with a reason"),
        State("proposed", "finish", "one officer would grant it; a second one must agree"),
        State("granted", "finish", "decided for the person; the program carries it out"),
        State("overturned", "finish", "the inspectorate found for the person; the office must decide anew"),
        State("fulfilled", "", "done"),
        State("partly_fulfilled", "", "done as far as the law lets it; the rest was refused with reasons"),
        State("refused", "", "not done, with the reason and its legal basis"),
        State("withdrawn", "", "taken back by the person"),
        State("lifted", "", "a restriction that the person has ended"),
        State("escalated", "escalation", "before the inspectorate"),
        State("upheld", "", "the inspectorate found that the office was right"),
    )
}
FIRST = "received"
OPEN = tuple(code for code, state in STATES.items() if state.clock and code != "escalated")
"""States in which the office has something to do."""
DECIDING = ("acknowledged", "extended", "overturned")

_WITH_THE_OFFICE = ("received", "acknowledged", "extended", "proposed", "overturned")


def _each(states: tuple[str, ...], act: str, actor: str, next_state: str) -> tuple[Transition, ...]:
    return tuple(Transition(state, act, actor, next_state) for state in states)


TRANSITIONS: tuple[Transition, ...] = (
    Transition("received", "acknowledge", OFFICER, "acknowledged"),
    Transition("acknowledged", "extend", OFFICER, "extended"),
    *_each(DECIDING, "propose", OFFICER, "proposed"),
    Transition("proposed", "agree", OFFICER, "granted"),
    Transition("proposed", "send_back", OFFICER, "acknowledged"),
    *_each(DECIDING, "grant", OFFICER, "granted"),
    *_each(DECIDING, "fulfil", OFFICER, "fulfilled"),
    *_each(DECIDING, "fulfil_partly", OFFICER, "partly_fulfilled"),
    *_each(DECIDING, "refuse", OFFICER, "refused"),
    Transition("granted", "carry_out", PROGRAM, "fulfilled"),
    Transition("granted", "carry_out_partly", PROGRAM, "partly_fulfilled"),
    Transition("granted", "find_nothing", PROGRAM, "refused"),
    *_each((*_WITH_THE_OFFICE, "escalated"), "withdraw", PERSON, "withdrawn"),
    *_each(("fulfilled", "partly_fulfilled"), "lift", PERSON, "lifted"),
    *_each((*_WITH_THE_OFFICE, "refused", "partly_fulfilled"), "escalate", PERSON, "escalated"),
    *_each(_WITH_THE_OFFICE, "escalate_overdue", PROGRAM, "escalated"),
    Transition("escalated", "uphold", INSPECTOR, "upheld"),
    Transition("escalated", "overturn", INSPECTOR, "overturned"),
)  # fmt: skip


def next_state(state: str, act: str, actor: str) -> str | None:
    """Where the act leads, or None where it is not the actor's to do."""
    for one in TRANSITIONS:
        if (one.state, one.act, one.actor) == (state, act, actor):
            return one.next_state
    return None


def acts_of(state: str, actor: str) -> tuple[str, ...]:
    """What the actor may do in a state, in the order of the table."""
    return tuple(one.act for one in TRANSITIONS if (one.state, one.actor) == (state, actor))


def drawing() -> str:
    """The states as a Mermaid diagram, acts that lead the same way on one line."""
    together: dict[tuple[str, str], list[str]] = {}
    for one in TRANSITIONS:
        together.setdefault((one.state, one.next_state), []).append(f"{one.act} ({one.actor})")
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST}"]
    lines += [f"    {before} --> {after}: {', '.join(acts)}" for (before, after), acts in together.items()]
    ends = [code for code in STATES if not any(one.state == code for one in TRANSITIONS)]
    return "\n".join([*lines, *(f"    {code} --> [*]" for code in ends)])
