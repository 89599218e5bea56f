"""Doses as witnesses: nobody has a first dose on two days a month apart, nor the third before the second.

A dose entered under an account and naming nobody says whose it is only by that account. A child's is often entered
under the parent's; where it would give the parent what no person has, it is somebody else's, and a person must look.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import combinations
from typing import NamedTuple

SAME_DOSE_DAYS = 7
"""Two entries of one dose differ by days at most: entered late, or by two facilities."""

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
    if days <= 2:
        # One dose of which one entry has the wrong number.
        return False
    in_order = (one.number < other.number) == (one.day < other.day)
    return not in_order or days < fewest * abs(one.number - other.number)


def are_of_several(doses: Collection[Dose]) -> bool:
    """Whether no one person can have had all of these."""
    return any(are_of_two(one, other) for one, other in combinations(sorted(doses, key=lambda dose: dose.day), 2))


def may_have_had(dose: Dose, known: Collection[Dose]) -> bool:
    """Whether one person may have had this dose beside those known."""
    return not any(are_of_two(dose, other) for other in known)


def contradict(newcomers: Collection[Dose], known: Collection[Dose]) -> bool:
    """Whether doses that come to a person contradict each other or one that the person has.

    Not where all of them are the person's but for one number: it leaves a gap that its own day fills.
    """
    apart = are_of_several(newcomers) or any(are_of_two(one, other) for one in newcomers for other in known)
    return apart and not _has_one_wrong_number([*newcomers, *known])


def _has_one_wrong_number(doses: Collection[Dose]) -> bool:
    """Whether these are the first to the last dose, each on its day, and the number of one of them is not its place."""
    row: list[Dose] = []
    for dose in sorted(doses, key=lambda dose: dose.day):
        if row and dose.number == row[-1].number and (dose.day - row[-1].day).days <= SAME_DOSE_DAYS:
            continue
        row.append(dose)
    numbers = [dose.number for dose in row]
    if len(row) < 3 or None in numbers or max(number or 0 for number in numbers) != len(row):
        return False
    in_place = [Dose(place, dose.day) for place, dose in enumerate(row, start=1)]
    return sum(one != other for one, other in zip(row, in_place, strict=True)) == 1 and not are_of_several(in_place)
