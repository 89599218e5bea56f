"""Breaches as data: how long the law leaves, which step leads where, what a notification must say. Pure.

The database is filled with these tables and refuses every other step (breaches/sql/tables.sql).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pccovid.officers.offices import DATA_PROTECTION, INSPECTOR

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
KINDS = ("confidentiality", "integrity", "availability")
BASES = ("known", "estimated", "unknown")
"""How well the number of affected persons is known."""
SOURCES = ("officer", "inspection", "audit", "export_trace", "operator")
"""Who entered a breach: an officer, an inspector from a case, or a program with what it found."""
SHORTEST_WORDS = 20
SOON_HOURS = 12
"""From how many hours left the desk warns. Our own choice."""


class Period(NamedTuple):
    """How long may pass from discovery until the authority is told: hours as they pass, nights and holidays too.

    Days are of Viet Nam; `valid_to` is the first day on which it holds no more, None while it is in force.
    """

    hours: int
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    verified: bool


PERIODS = (
    Period(72, date(2023, 7, 1), date(2026, 1, 1), "Chính phủ", "Nghị định 13/2023/NĐ-CP, Điều 23", False),
    Period(
        72, date(2026, 1, 1), None, "Quốc hội; Chính phủ",
        "Luật 91/2025/QH15; Nghị định 356/2025/NĐ-CP (thông báo vi phạm trong 72 giờ)", False,
    ),
)  # fmt: skip
"""Our own reading: which breaches must be notified, and in which form, is for a lawyer to say."""

DISCOVERED, ASSESSED, AUTHORITY_TOLD, NOT_NOTIFIABLE = "discovered", "assessed", "authority_told", "not_notifiable"
PERSONS_TOLD, PERSONS_NOT_NEEDED, CLOSED = "persons_told", "persons_not_needed", "closed"
STATES = (DISCOVERED, ASSESSED, AUTHORITY_TOLD, NOT_NOTIFIABLE, PERSONS_TOLD, PERSONS_NOT_NEEDED, CLOSED)
RUNNING = (DISCOVERED, ASSESSED)
"""States in which the hours run."""


class Move(NamedTuple):
    """One step that may be taken in one state, by whom, and where it leads.

    `needs_two`: the first officer's step changes nothing until another one takes the same; `needs_words`: a reason of
    at least SHORTEST_WORDS characters. No roles: only a program takes it.
    """

    step: str
    from_state: str
    to_state: str
    needs_two: bool = False
    needs_words: bool = False
    roles: tuple[str, ...] = (DATA_PROTECTION,)


_BOTH = (DATA_PROTECTION, INSPECTOR)
MOVES: tuple[Move, ...] = (
    Move("assess", DISCOVERED, ASSESSED),
    *(
        Move("supplement", state, state)
        for state in (ASSESSED, AUTHORITY_TOLD, NOT_NOTIFIABLE, PERSONS_TOLD, PERSONS_NOT_NEEDED)
    ),
    *(Move("overdue", state, state, roles=()) for state in RUNNING),
    Move("notify", ASSESSED, AUTHORITY_TOLD),
    Move("notify", NOT_NOTIFIABLE, AUTHORITY_TOLD),
    Move("notify", PERSONS_TOLD, PERSONS_TOLD),
    Move("notify", PERSONS_NOT_NEEDED, PERSONS_NOT_NEEDED),
    *(Move("notify_more", state, state) for state in (AUTHORITY_TOLD, PERSONS_TOLD, PERSONS_NOT_NEEDED)),
    Move("not_notifiable", ASSESSED, NOT_NOTIFIABLE, needs_two=True, needs_words=True, roles=_BOTH),
    *(
        Move("inform", state, PERSONS_TOLD, needs_words=True)
        for state in (AUTHORITY_TOLD, NOT_NOTIFIABLE, PERSONS_NOT_NEEDED, PERSONS_TOLD)
    ),
    *(
        Move("inform_not_needed", state, PERSONS_NOT_NEEDED, needs_words=True)
        for state in (AUTHORITY_TOLD, NOT_NOTIFIABLE)
    ),
    *(
        Move("close", state, CLOSED, needs_two=True, needs_words=True, roles=_BOTH)
        for state in (PERSONS_TOLD, PERSONS_NOT_NEEDED)
    ),
    *(
        Move("disagree", state, state, needs_words=True, roles=_BOTH)
        for state in (ASSESSED, PERSONS_TOLD, PERSONS_NOT_NEEDED)
    ),
)


def steps_from(state: str, role: str) -> tuple[Move, ...]:
    """What an office may do in a state, in the order of MOVES."""
    return tuple(move for move in MOVES if move.from_state == state and role in move.roles)


def period_on(discovered_at: datetime) -> Period | None:
    """The period in force on the day of discovery in Viet Nam; None where none was."""
    day = discovered_at.astimezone(VIET_NAM).date()
    return next(
        (one for one in PERIODS if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)), None
    )


def due_at(discovered_at: datetime) -> datetime | None:
    """The moment by which the authority must have been told; None where no period was in force."""
    period = period_on(discovered_at)
    return discovered_at + timedelta(hours=period.hours) if period else None


class Timer(NamedTuple):
    """What is left of the hours, or by how much they passed; `look`: running, soon, overdue, or stopped."""

    look: str
    hours: int
    minutes: int


def timer(state: str, due: datetime, now: datetime) -> Timer:
    """The timer of a breach: hours and minutes left, or passed where it is overdue. Stopped once decided or told."""
    if state not in RUNNING:
        return Timer("stopped", 0, 0)
    is_overdue = now > due
    minutes = int((now - due if is_overdue else due - now).total_seconds()) // 60
    look = "overdue" if is_overdue else "soon" if minutes < SOON_HOURS * 60 else "running"
    return Timer(look, *divmod(minutes, 60))


class Facts(NamedTuple):
    """What is known of a breach by its last assessment; '' and () where nothing is yet."""

    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    persons: int | None = None
    persons_basis: str = "unknown"
    consequences: str = ""
    measures: str = ""
    advice: str = ""


TOLD = ("when", "kinds", "categories", "persons", "consequences", "measures")
"""What a notification says about the breach, in this order; what is missing is said to be, and sent later."""


def missing(facts: Facts, happened_from: datetime | None) -> tuple[str, ...]:
    """The parts of TOLD that are not known yet."""
    known = {
        "when": happened_from is not None, "kinds": bool(facts.kinds), "categories": bool(facts.categories),
        "persons": facts.persons_basis != "unknown", "consequences": bool(facts.consequences),
        "measures": bool(facts.measures),
    }  # fmt: skip
    return tuple(part for part in TOLD if not known[part])
