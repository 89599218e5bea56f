"""Doses as witnesses: nobody has a first dose on two days a month apart, nor the third before the second.

A dose entered under an account and naming nobody says whose it is only by that account. A child's is often entered
under the parent's; where it would give the parent what no person has, it is somebody else's, and a person must look.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import combinations, product
from math import prod
from typing import NamedTuple

SAME_DOSE_DAYS = 7
"""Two entries of one dose differ by days at most: entered late, or by two facilities."""

ONE_DOSE_DAYS = 2
"""Entries so close are one dose whatever their numbers: one of them is wrong."""

_MOST_READINGS = 64
"""Ways of reading doses entered under several numbers; who has more is nobody's dose list."""

ABDALA_ALLOWED = date(2021, 9, 17)
"""The Ministry of Health's decision 4471/QĐ-BYT."""

_FEWEST_DAYS_WITH_ABDALA, _FEWEST_DAYS_BEFORE = 13, 20
"""No product's next dose was due sooner than two weeks after (Abdala's), before it was allowed three weeks (Sputnik
V's, Vero Cell's, Comirnaty's; the others': four and more), less a day for midnight in universal time."""


class Dose(NamedTuple):
    """Which dose (1, 2 … as entered, None where left out) and the day it was given."""

    number: int | None
    day: date


def dose_text(number: int | None, day: date | None) -> str | None:
    """As a claim carries it: '2 2021-09-14', ' 2021-09-14' without a number; None where the day is unknown."""
    return None if day is None else f"{number or ''} {day.isoformat()}"


def read_dose(text: str) -> Dose:
    """Reads what `dose_text` wrote. Raises ValueError for anything else."""
    number, _, day = text.partition(" ")
    return Dose(int(number) if number else None, date.fromisoformat(day))


def are_of_two(one: Dose, other: Dose) -> bool:
    """Whether no one person can have had both."""
    days = abs((one.day - other.day).days)
    fewest = _FEWEST_DAYS_WITH_ABDALA if max(one.day, other.day) >= ABDALA_ALLOWED else _FEWEST_DAYS_BEFORE
    if one.number is None or other.number is None:
        return SAME_DOSE_DAYS < days < fewest
    if one.number == other.number:
        return days > SAME_DOSE_DAYS
    if days <= ONE_DOSE_DAYS:
        return False
    in_order = (one.number < other.number) == (one.day < other.day)
    return not in_order or days < fewest * abs(one.number - other.number)


def are_of_several(doses: Collection[Dose]) -> bool:
    """Whether no one person can have had all of these."""
    return contradict(doses, ())


def may_have_had(dose: Dose, known: Collection[Dose]) -> bool:
    """Whether one person may have had this dose beside those known."""
    return not any(are_of_two(dose, other) for other in known)


def contradict(newcomers: Collection[Dose], known: Collection[Dose]) -> bool:
    """Whether doses that come to a person contradict each other or one that the person has.

    Of a dose entered twice under two numbers the number is whichever leaves no contradiction.
    """
    as_entered = [*combinations(newcomers, 2), *product(newcomers, known)]
    if not any(are_of_two(one, other) for one, other in as_entered):
        return False
    groups = _entries_of_each_dose([*newcomers, *known])
    readings = [_readings(entries) for entries in groups]
    if prod(map(len, readings)) > _MOST_READINGS:
        return True
    is_new = [not set(newcomers).isdisjoint(entries) for entries in groups]
    pairs = [pair for pair in combinations(range(len(groups)), 2) if any(is_new[at] for at in pair)]
    return not any(_is_possible(reading, pairs) for reading in product(*readings))


def _entries_of_each_dose(doses: Collection[Dose]) -> list[list[Dose]]:
    """The entries by dose, in order of day: each is at most ONE_DOSE_DAYS after the first of its dose."""
    groups: list[list[Dose]] = []
    for dose in sorted(set(doses), key=lambda dose: dose.day):
        if groups and (dose.day - groups[-1][0].day).days <= ONE_DOSE_DAYS:
            groups[-1].append(dose)
        else:
            groups.append([dose])
    return groups


def _readings(entries: Sequence[Dose]) -> list[list[Dose]]:
    """The entries of one dose under each of the numbers it was entered under; without a number it stays."""
    numbers = sorted({dose.number for dose in entries if dose.number is not None})
    return [[dose if dose.number is None else Dose(number, dose.day) for dose in entries] for number in numbers or [0]]


def _is_possible(reading: Sequence[Sequence[Dose]], pairs: Collection[tuple[int, int]]) -> bool:
    """Whether one person can have had these, as far as these pairs of them say."""
    return not any(are_of_two(*both) for one, other in pairs for both in product(reading[one], reading[other]))
