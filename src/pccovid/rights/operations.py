"""Writing the rules, a person's own acts, an officer's steps. The database's functions check and refuse.

Codes of refusal are in REFUSED; each function's own are named in rights/sql.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection as django_connection

from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call
from pccovid.rights.rules import DESKS, ERASABLE, ERASED_PROVENANCES, EXEMPT, PERIODS, REFUSALS
from pccovid.rights.states import STATES, TRANSITIONS
from pccovid.rights.working_days import specials

REFUSED = {
    "PC421": "not_held", "PC441": "not_own", "PC442": "too_few_words", "PC443": "too_many", "PC444": "waits_already",
    "PC445": "no_such_data", "PC446": "not_late", "PC451": "not_opened", "PC453": "not_now", "PC454": "too_few_words",
    "PC455": "no_such_reason", "PC456": "no_more_time", "PC457": "biased", "PC458": "overturned", "PC459": "undecided",
}  # fmt: skip
ABOUT_VALUE = "right_value"
"""What sealed values of requests are sealed about."""


@dataclass(frozen=True)
class Wish:
    """What a person asks: about kinds of data (`categories`, empty for the whole record), an attribute, or one fact."""

    kind: str
    about: str
    words: str
    categories: tuple[str, ...] = ()
    attribute: str | None = None
    wanted: str = ""
    fact_table: str | None = None
    fact: UUID | None = None


@dataclass(frozen=True)
class Step:
    """What an officer does: `told` is what the person reads, `note` stays inside.

    `granted`: kinds of data, empty for the whole record; `refusal` says why not the rest; `decided`: the right value.
    """

    act: str
    told: str = ""
    note: str = ""
    refusal: str | None = None
    days: int | None = None
    granted: tuple[str, ...] | None = None
    decided: str = ""


def write_rules() -> None:
    """Write periods, days, states, desks, refusals and exemptions to where the database's functions read them."""
    _rewrite("special_day", specials())
    _rewrite("right_period", PERIODS)
    _rewrite("right_state", STATES.values())
    _rewrite("right_transition", TRANSITIONS)
    _rewrite("right_desk", DESKS)
    _rewrite("right_refusal", (one._replace(kinds=list(one.kinds)) for one in REFUSALS.values()))  # type: ignore[arg-type]
    _rewrite("erasable", ((*one, list(ERASED_PROVENANCES)) for one in ERASABLE))
    _rewrite("restriction_exempt", EXEMPT)


def _rewrite(table: str, rows: Iterable[Sequence[Any]]) -> None:
    """The rows in the order of the table's columns."""
    given = [list(row) for row in rows]
    places = ", ".join(["%s"] * len(given[0]))
    with django_connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM access.{table}")  # noqa: S608 - our own names
        cursor.executemany(f"INSERT INTO access.{table} VALUES ({places})", given)  # noqa: S608


def ask(*, person: UUID, wish: Wish) -> int:
    """Ask inside the person's own opened access (a guardian's, for a child); returns the request's number.

    Raises Refused (PC441–PC445).
    """
    return int(
        call(
            "ask_right", person, wish.kind, wish.about, sorted(wish.categories), wish.attribute, wish.fact_table,
            wish.fact, _sealed(wish.wanted), wish.words,
        )
    )  # fmt: skip


def withdraw(*, request: int) -> str:
    """Take the request back, inside the own opened access. Raises Refused (PC441, PC453)."""
    return str(call("step_own_right", request, "withdraw", ""))


def escalate(*, request: int, words: str) -> str:
    """Hand a refusal, or what is late, to the inspectorate. Raises Refused (PC441, PC446, PC453)."""
    return str(call("step_own_right", request, "escalate", words))


def lift(*, request: int) -> str:
    """End the restrictions that came of the request. Raises Refused (PC441, PC453)."""
    return str(call("step_own_right", request, "lift", ""))


def step(*, request: int, taken: Step) -> str:
    """Take an officer's or inspector's step inside the access opened for the request; returns the state it leads to.

    Raises Refused (PC45x).
    """
    granted = None if taken.granted is None else sorted(taken.granted)
    return str(
        call(
            "step_right", request, taken.act, taken.told, taken.note, taken.refusal or None, taken.days, granted,
            _sealed(taken.decided),
        )
    )  # fmt: skip


def _sealed(value: str) -> str:
    return sealer().seal(value, ABOUT_VALUE) if value else ""
