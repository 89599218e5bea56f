"""Doses as witnesses: nobody has a first dose on two days a month apart, nor the third before the second.

A dose entered under an account and naming nobody says whose it is only by that account. A child's is often entered
under the parent's; where it would give the parent what no person has, it is somebody else's, and a person must look.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import NamedTuple

SAME_DOSE_DAYS = 7
"""Two entries of one dose differ by days at most: entered late, or by two facilities."""

ABDALA_ALLOWED = date(2021, 9, 17)
"""The Ministry of Health's decision 4471/QĐ-BYT."""

CHILDREN_ALLOWED = date(2021, 10, 14)
"""The Ministry of Health's dispatch 8688/BYT-DP: from twelve years on; before, nobody under eighteen was vaccinated."""

CHILDRENS_THIRD = date(2022, 4, 1)
"""Before then nobody under eighteen was given a third dose: our choice, earlier than any permission that we know of."""

THIRD_ALLOWED = ABDALA_ALLOWED + timedelta(days=28)
"""Abdala's third, the first there was: two weeks after its second, that two weeks after its first."""

FEWEST_DAYS = 13
"""No product's next dose was due sooner than two weeks after, less a day for midnight in universal time."""

ONE_DOSE_DAYS = 2
"""Two entries so near are of one dose, whatever their numbers."""

_DAYS_TO_A_BOOSTER = 80
"""Boosters came three months after the dose before (dispatch 10722/BYT-DP of 17 December 2021), or nearly."""


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
    if one.number is None or other.number is None:
        return SAME_DOSE_DAYS < days < FEWEST_DAYS
    if one.number == other.number:
        return days > SAME_DOSE_DAYS
    if days <= ONE_DOSE_DAYS:
        # One of the two entries has the wrong number.
        return False
    in_order = (one.number < other.number) == (one.day < other.day)
    return not in_order or days < FEWEST_DAYS * abs(one.number - other.number)


def are_of_several(doses: Collection[Dose]) -> bool:
    """Whether no one person can have had all of these."""
    return any(are_of_two(one, other) for one, other in combinations(sorted(doses, key=lambda dose: dose.day), 2))


def may_have_had(dose: Dose, known: Collection[Dose]) -> bool:
    """Whether one person may have had this dose beside those known."""
    return not any(are_of_two(dose, other) for other in known)


def contradict(
    newcomers: Collection[Dose], known: Collection[Dose], *, come_alone: bool = True, of_grown: bool = False
) -> bool:
    """Whether doses that come to a person contradict each other or one that the person has.

    Not where all of them are the person's, one of them entered twice under two numbers. Nor where all are but for one
    number: it leaves a gap that its own day fills; or the one dose that comes cannot be a child's first or second; or a
    grown person's latest, months after the one before, was given that one's number again (`of_grown`).
    `come_alone`: no other row under that account names nobody.
    """
    if not are_of_several(newcomers) and all(may_have_had(dose, known) for dose in newcomers):
        return False
    row = _in_order([*newcomers, *known])
    is_no_childs = come_alone and len(set(newcomers)) == 1 and all(map(_is_no_childs, newcomers))
    is_theirs = is_no_childs and all(dose.day >= THIRD_ALLOWED for dose in row[2:])
    is_numbered_again = of_grown and come_alone and _is_numbered_again(row)
    wrong = _wrong_numbers(row)
    if wrong == 0:
        # A row that only doubles a day may be a relative's, vaccinated that day.
        return not (come_alone and all(_fits_its_place(dose, row) for dose in newcomers))
    return not (wrong == 1 and (is_theirs or is_numbered_again or _leaves_a_gap(row)))


def _is_no_childs(dose: Dose) -> bool:
    if dose.number is None:
        return False
    return dose.day < CHILDREN_ALLOWED or (dose.number > 2 and dose.day < CHILDRENS_THIRD)


class _Given(NamedTuple):
    """A dose as one or more entries have it: the first entry's day, the numbers entered; empty where none was."""

    day: date
    numbers: frozenset[int]

    def may_be(self, place: int) -> bool:
        """Whether it may be the dose of this number."""
        return not self.numbers or place in self.numbers


def _in_order(doses: Collection[Dose]) -> list[_Given]:
    """The doses by day, each once: of two entries a day or two apart one has the wrong number."""
    row: list[_Given] = []
    for dose in sorted(doses, key=lambda dose: (dose.day, dose.number or 0)):
        numbers = frozenset(() if dose.number is None else (dose.number,))
        days = (dose.day - row[-1].day).days if row else None
        if days is not None and (days <= ONE_DOSE_DAYS or (days <= SAME_DOSE_DAYS and numbers == row[-1].numbers)):
            row[-1] = row[-1]._replace(numbers=row[-1].numbers | numbers)
        else:
            row.append(_Given(dose.day, numbers))
    return row


def _fits_its_place(dose: Dose, row: Sequence[_Given]) -> bool:
    """Whether the dose has the number of its place in the row, or none."""
    places = [place for place, given in enumerate(row, start=1) if abs((dose.day - given.day).days) <= SAME_DOSE_DAYS]
    return dose.number is None or dose.number in places


def _wrong_numbers(row: Sequence[_Given]) -> int | None:
    """How many of these in order have another number than their place; None where two are too near to be a person's."""
    if any((other.day - one.day).days < FEWEST_DAYS for one, other in pairwise(row)):
        return None
    return sum(not dose.may_be(place) for place, dose in enumerate(row, start=1))


def _is_numbered_again(row: Sequence[_Given]) -> bool:
    """Whether the latest of these is a booster with the number of the dose before it.

    The screens stopped at the last number that they knew. A first dose that comes second is another's as likely.
    """
    if len(row) < 3:
        return False
    before, latest = row[-2:]
    is_again = not latest.numbers.isdisjoint(before.numbers)
    return is_again and (latest.day - before.day).days >= _DAYS_TO_A_BOOSTER


def _leaves_a_gap(row: Sequence[_Given]) -> bool:
    """Whether these are three or more, all with a number, the highest of which is how many they are.

    With one number wrong, one is missing then.
    """
    numbers = [max(dose.numbers, default=None) for dose in row]
    return len(row) > 2 and None not in numbers and max(number or 0 for number in numbers) == len(row)
