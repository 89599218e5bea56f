"""Colour rules of provinces as dated data, and the decision with its reasons. Pure: values in, values out.

Only what a facility or an authority recorded counts: what somebody said of themselves colours nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

GREEN, YELLOW, RED, NEUTRAL = "green", "yellow", "red", "neutral"


class Condition(NamedTuple):
    """One way to a colour. `days` or `hours` bound it: doses at least so old, tests and recovery at most."""

    code: str
    days: int = 0
    hours: int = 0


class ColourRule(NamedTuple):
    """The rule of one province from one day to another (None: its end is not known). Colours are tried in order."""

    province: str
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool
    colours: tuple[tuple[str, tuple[Condition, ...]], ...]


RULES: tuple[ColourRule, ...] = (
    ColourRule(
        "56", date(2021, 10, 1), None, "Khánh Hòa",
        "Quy định màu thẻ của Khánh Hòa, tháng 10/2021; số văn bản và ngày hết hiệu lực chưa rõ", False,
        (
            (GREEN, (Condition("full_doses", days=14), Condition("recovered", days=180))),
            (YELLOW, (Condition("first_dose", days=14), Condition("negative_pcr", hours=72))),
            (RED, (Condition("everybody_else"),)),
        ),
    ),
)  # fmt: skip

FULL_DOSES = {"Janssen": 1, "Abdala": 3}
"""Doses of a full course where it is not two. Three of Abdala is our reading, not found in a source."""
_COUNTED = ("official", "facility")


class Injection(NamedTuple):
    """A dose as far as colours ask: product, day, how it is known."""

    product: str | None
    on: date | None
    provenance: str


class Result(NamedTuple):
    """A test as far as colours ask."""

    method: str | None
    result: str | None
    collected_at: datetime | None
    provenance: str


@dataclass(frozen=True)
class Known:
    """What is known of the person. `recovered_on` None: nothing is known of a certificate."""

    doses: Sequence[Injection]
    tests: Sequence[Result]
    recovered_on: date | None = None


class Looked(NamedTuple):
    """A condition that was looked at: for which colour, and whether it is met."""

    colour: str
    code: str
    is_met: bool


@dataclass(frozen=True)
class Card:
    """The colour at a moment, by which rule (None: no province's), and everything that was looked at."""

    colour: str
    at: datetime
    province: str | None
    rule: ColourRule | None
    looked: tuple[Looked, ...]


def rule_of(province: str | None, on: date, rules: Sequence[ColourRule] = RULES) -> ColourRule | None:
    """The rule in force in a province on a day; None where there is none."""
    for rule in rules:
        if rule.province == province and rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to):
            return rule
    return None


def card(known: Known, *, province: str | None, at: datetime, rules: Sequence[ColourRule] = RULES) -> Card:
    """The card of a person in a province at a moment (local time). No rule, no colour."""
    rule = rule_of(province, at.date(), rules)
    if rule is None:
        return Card(NEUTRAL, at, province, None, ())
    looked = tuple(
        Looked(colour, one.code, _MEETS[one.code](one, known, at)) for colour, ways in rule.colours for one in ways
    )
    colour = next((one.colour for one in looked if one.is_met), NEUTRAL)
    return Card(colour, at, province, rule, looked)


def doses_of_course(doses: Sequence[Injection]) -> int:
    """How many doses make a full course of what was injected first."""
    first = min((one for one in doses if one.on), key=lambda one: one.on or date.max, default=None)
    return FULL_DOSES.get(first.product or "", 2) if first else 2


def is_short_of_course(doses: Sequence[Injection]) -> bool:
    """Whether a course was begun and not finished, as facilities recorded it."""
    counted = [one for one in doses if one.provenance in _COUNTED and one.on]
    return 0 < len(counted) < doses_of_course(counted)


def _old_enough(known: Known, condition: Condition, at: datetime) -> list[Injection]:
    latest = at.date() - timedelta(days=condition.days)
    return [one for one in known.doses if one.provenance in _COUNTED and one.on and one.on <= latest]


def _full(condition: Condition, known: Known, at: datetime) -> bool:
    found = _old_enough(known, condition, at)
    return bool(found) and len(found) >= doses_of_course(found)


def _first(condition: Condition, known: Known, at: datetime) -> bool:
    return bool(_old_enough(known, condition, at))


def _recovered(condition: Condition, known: Known, at: datetime) -> bool:
    day = known.recovered_on
    return day is not None and timedelta(0) <= at.date() - day <= timedelta(days=condition.days)


def _negative_pcr(condition: Condition, known: Known, at: datetime) -> bool:
    return any(
        one.method == "pcr" and one.result == "negative" and one.provenance in _COUNTED and one.collected_at is not None
        and timedelta(0) <= at - one.collected_at <= timedelta(hours=condition.hours)
        for one in known.tests
    )  # fmt: skip


_MEETS: dict[str, Callable[[Condition, Known, datetime], bool]] = {
    "full_doses": _full, "first_dose": _first, "recovered": _recovered, "negative_pcr": _negative_pcr,
    "everybody_else": lambda _condition, _known, _at: True,
}  # fmt: skip
