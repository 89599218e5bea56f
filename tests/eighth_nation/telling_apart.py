"""Who can be told apart and joined, by the evidence in the records; the package's first page defines it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from eighth_nation.identity import Evidence
from eighth_nation.people import Person
from sixth_nation.mistakes import FULL, NO_DATE, RIGHT, WRONG_YEAR, YEAR

Records = dict[int, list[Evidence]]
CARD, OLD_CARD, PASSPORT = "card", "old card", "passport"


class TellingApart:
    """Knows every record of the nation."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.doubtful = _doubtful(records)

    def is_tellable(self, person: Person) -> bool:
        """Whether all records of that person hang together, and could be nobody else's."""
        records = self.records[person.number]
        if not records or person.number in self.doubtful or _is_blank(records):
            return False
        return _hang_together(records, is_twin=person.is_twin)


def _doubtful(records: Records) -> set[int]:
    """Those with whom somebody of like name shares what should tell them apart."""
    owners: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for number, of_one in records.items():
        for evidence in of_one:
            for key in _keys(evidence):
                owners[key].add(number)
    return {number for numbers in owners.values() if len(numbers) > 1 for number in numbers}


def _keys(evidence: Evidence) -> Iterator[tuple[object, ...]]:
    """Right name with each phone and house; right name and birth date with the commune."""
    if evidence.name != RIGHT:
        return
    for value in (*_phones(evidence), *_houses(evidence)):
        yield evidence.key_of_name, value
    if evidence.birth == FULL and evidence.commune:
        yield evidence.key_of_name, evidence.born, evidence.commune


def _is_blank(records: list[Evidence]) -> bool:
    """One record alone that has neither a name nor any number."""
    (first, *rest) = records
    return not rest and not (first.name or first.numbers or first.insurance or first.qid)


def _hang_together(records: list[Evidence], *, is_twin: bool) -> bool:
    """One connected piece."""
    reached, left = [records[0]], records[1:]
    for one in reached:
        near = [other for other in left if _are_joined(one, other, is_twin=is_twin)]
        reached += near
        left = [other for other in left if other not in near]
    return not left


def _are_joined(one: Evidence, other: Evidence, *, is_twin: bool) -> bool:
    if one.names_record == other.record or other.names_record == one.record:
        return True
    return _Pair(one, other).is_one_person(is_twin=is_twin)


class _Pair:
    """What two records have in common."""

    def __init__(self, one: Evidence, other: Evidence) -> None:
        self.one, self.other = one, other
        self.names_are_right = one.name == other.name == RIGHT
        self.are_named = bool(one.name and other.name)
        births = one.birth, other.birth
        self.dates_are_whole = births == (FULL, FULL)
        self.years_are_right = min(births) >= YEAR
        self.dates_contradict = WRONG_YEAR in births and NO_DATE not in births
        same_phone, same_house = _meet(_phones(one), _phones(other)), _meet(_houses(one), _houses(other))
        self.same_phone_or_house, self.same_phone_and_house = same_phone or same_house, same_phone and same_house
        self.same_commune = _meet(_communes(one), _communes(other))

    def is_one_person(self, *, is_twin: bool) -> bool:
        """Two numbers of one kind count before all else, then one number of both, then the rest."""
        if self._numbers_contradict():
            return self._are_a_slip_apart()
        if self._have_one_number():
            is_alike = not is_twin and (self.years_are_right or self.same_phone_or_house)
            return self.names_are_right or not self.are_named or is_alike
        if self.names_are_right:
            return self._name_suffices()
        return self.are_named and not is_twin and self._near_name_suffices()

    def _are_a_slip_apart(self) -> bool:
        is_near = self.one.is_near or self.other.is_near
        return is_near and self.names_are_right and self.dates_are_whole and self.same_phone_or_house

    def _name_suffices(self) -> bool:
        """With a whole date beside it, a phone or a house; against another year only with both."""
        if self.dates_are_whole and self.same_commune:
            return True
        return self.same_phone_and_house if self.dates_contradict else self.same_phone_or_house

    def _near_name_suffices(self) -> bool:
        if self.dates_are_whole:
            return self.same_phone_or_house
        return self.years_are_right and self.same_phone_and_house

    def _numbers_contradict(self) -> bool:
        """Both have one of the same kind, none is the same, and at least one is not theirs."""
        one, other = _numbers(self.one), _numbers(self.other)
        if not (self.one.not_theirs or self.other.not_theirs) or one & other:
            return False
        return _meet(map(_kind, one), map(_kind, other))

    def _have_one_number(self) -> bool:
        one, other = self.one, self.other
        if one.numbers & other.numbers:
            return True
        return one.insurance == other.insurance != "" or one.qid == other.qid != ""


def _meet(some: Iterable[object], others: Iterable[object]) -> bool:
    return not set(some).isdisjoint(others)


def _phones(evidence: Evidence) -> set[str]:
    return {evidence.phone, evidence.phone_of_account} - {""}


def _houses(evidence: Evidence) -> set[tuple[str, str, str]]:
    return {house for house in (evidence.house, evidence.other_house) if house}


def _communes(evidence: Evidence) -> set[str]:
    return {evidence.commune, evidence.other_commune} - {""}


def _numbers(evidence: Evidence) -> frozenset[str]:
    return (evidence.numbers | {evidence.not_theirs}) - {""}


def _kind(number: str) -> str:
    """Numbers of two kinds do not contradict each other."""
    if not number.isdigit():
        return PASSPORT
    return CARD if len(number) > 10 else OLD_CARD
