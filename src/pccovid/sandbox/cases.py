"""The hard cases of linkage, put into a block of the nation at realistic low rates.

Each case changes the people themselves (names, dates, phones, ids) before a single row is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from pccovid.sandbox import faults, names
from pccovid.sandbox.drawing import count_around
from pccovid.sandbox.identifiers import Registrar, twin_id
from pccovid.sandbox.names import Name
from pccovid.sandbox.people import Person

Household = list[Person]
_SWAPS_TRIED = 12


class Block:
    """Some hundred households that know of each other, so that one person's error can point to another person."""

    def __init__(self, households: list[Household], registrar: Registrar, rng: Random) -> None:
        self.households = households
        self.people = [person for members in households for person in members]
        self.registrar = registrar
        self.rng = rng

    def free_people(self, fits: Callable[[Person], bool]) -> Iterator[Person]:
        """People who stand for no case yet and fit, in random order."""
        order = list(self.people)
        self.rng.shuffle(order)
        return (person for person in order if person.case in ("", "child_without_id", "phone_changed") and fits(person))

    def pair(self, fits: Callable[[Person], bool]) -> tuple[Person, Person] | None:
        """Two fitting people of one sex and different households, or None if the block has none."""
        free = self.free_people(fits)
        first = next(free, None)
        if first is None:
            return None
        second = next((p for p in free if p.household != first.household and p.sex == first.sex), None)
        return (first, second) if second else None


WITH_PHONE_AND_BIRTH = frozenset(("sskdt", "sampling", "tokhaiyte"))
"""Systems whose forms ask for name, birth and phone."""


def put_cases(block: Block, at_least_one: bool) -> None:
    """Put every kind of case into `block`; its rate is for 1,000 people. `at_least_one` for the first block."""
    for put, rate in _RATES:
        number = count_around(rate * len(block.people) / 1000, block.rng)
        for _ in range(max(number, int(at_least_one))):
            put(block)


def _is_adult(person: Person) -> bool:
    return 19 <= person.age < 80 and person.nationality == "VN" and person.ethnicity == "Kinh"


def _is_child(person: Person) -> bool:
    return person.relation == "con" and person.age < 18


def _twins(block: Block) -> None:
    """Two children of one household: one birthday, ids in sequence, names that may differ in diacritics only."""
    for members in block.households:
        first, second = _children_alike(members)
        if first is None or second is None:
            continue
        if block.rng.random() < 0.5 and first.number % 7:
            continue
        second.birth, second.birth_known_to_day, second.sex = first.birth, first.birth_known_to_day, first.sex
        second.carries, second.guardian = first.carries, first.guardian
        second.personal_id = twin_id(first.personal_id)
        _name_twins(first, second, block.rng)
        first.case = second.case = "twin"
        return


def _children_alike(members: list[Person]) -> tuple[Person | None, Person | None]:
    """The first two children of a household without twins, where it has two."""
    children = [person for person in members if person.relation == "con" and person.age < 40 and not person.other_name]
    if len(children) < 2 or any(person.case == "twin" for person in members):
        return None, None
    return children[0], children[1]


def _name_twins(first: Person, second: Person, rng: Random) -> None:
    if rng.random() < 0.4:
        _name_by_tone(first, second, rng)
    elif first.ethnicity == "Kinh":
        _, given = names.given_names(rng, first.sex, first.birth.year)
        second.name = first.name._replace(given=given if given != first.name.given else f"{given} Em")
    elif second.name == first.name:
        second.name = first.name._replace(given=f"{first.name.given} Em")


def _name_by_tone(first: Person, second: Person, rng: Random) -> None:
    """Names that differ in diacritics only, on one phone; each stands in a system that asks for phone and birth."""
    # 'Kim Lan' cannot be told from 'KIM LAN', which may be Lân.
    pairs = [
        pair
        for pair in names.DIACRITIC_PAIRS[first.sex]
        if not any(first.name._replace(given=given).full.isascii() for given in pair)
    ]
    ours, theirs = rng.choice(pairs)
    first.name, second.name = first.name._replace(given=ours), first.name._replace(given=theirs)
    if not second.phone_is_own:
        second.phone, second.old_phone = first.phone, first.old_phone
    for person in (first, second):
        person.has_twin_in_tone = True
        if not person.systems & WITH_PHONE_AND_BIRTH:
            person.systems |= {"sampling"}


def _namesakes_on_one_phone(block: Block) -> None:
    """Father and son of one name who share the father's phone."""
    for members in block.households:
        head = members[0]
        son = next((p for p in members if p.relation == "con" and p.sex == head.sex == "male"), None)
        if son and not son.case and not head.case and block.rng.random() < 0.3:
            son.name, son.phone, son.phone_is_own, son.old_phone = head.name, head.phone, False, ""
            head.case = son.case = "namesakes_one_phone"
            return


def _namesakes_in_one_commune(block: Block) -> None:
    """Two strangers of one common name, both born 'on 1 January' of one year, in one commune."""
    found = block.pair(lambda person: 25 < person.age < 80 and _is_adult(person))
    if not found:
        return
    first, second = found
    common = Name("Nguyễn", "Văn", "Hùng") if first.sex == "male" else Name("Nguyễn", "Thị", "Hoa")
    second.home, second.registered_home = first.home, first.registered_home
    for person in (first, second):
        person.name, person.birth, person.birth_known_to_day = common, date(first.birth.year, 1, 1), False
        person.personal_id = block.registrar.personal_id(first.registered_home.province, first.sex, person.birth)
        person.case = "namesakes_one_commune"


def _one_phone_for_many(block: Block) -> None:
    """A hamlet whose entries were typed in with one clerk's phone number."""
    clerk = next(block.free_people(lambda person: person.phone_is_own), None)
    if not clerk:
        return
    start = block.rng.randrange(len(block.people))
    for person in block.people[start : start + block.rng.randrange(12, 30)]:
        if not person.case and person.nationality == "VN":
            person.shared_phone, person.case = clerk.phone, "shared_phone"


def _two_names(block: Block) -> None:
    """A woman whom some records know by another given name."""
    for woman in block.free_people(lambda person: person.sex == "female" and _is_adult(person)):
        _, given = names.given_names(block.rng, "female", woman.birth.year)
        if given != woman.name.given:
            woman.other_name, woman.case = woman.name._replace(given=given).full, "two_names"
            return


def _id_of_another(block: Block) -> None:
    """A record that carries the CMND of somebody else."""
    found = block.pair(lambda person: _is_adult(person) and bool(person.old_id) and person.verdict == "agrees")
    if found:
        found[0].id_of_other, found[0].case = found[1].old_id, "id_of_other"
        found[0].systems |= {"sskdt"}


def _shows_a_personal_id(person: Person) -> bool:
    return _is_adult(person) and person.carries in ("cccd", "both") and person.verdict == "agrees"


def _swapped_digits(block: Block) -> None:
    """A record whose id has two digits exchanged."""
    person = next(block.free_people(_shows_a_personal_id), None)
    if person:
        _write_wrong_id(person, faults.swap_two_digits(person.personal_id, block.rng))


def _swapped_into_another(block: Block) -> None:
    """A record whose id has two digits exchanged, and that id belongs to somebody else."""
    found = block.pair(_shows_a_personal_id)
    if not found:
        return
    person, other = found
    for _ in range(_SWAPS_TRIED):
        wrong = faults.swap_two_digits(person.personal_id, block.rng)
        if block.registrar.reserve(wrong):
            _write_wrong_id(person, wrong)
            other.personal_id, other.case = wrong, "id_digits_swapped_into"
            other.birth = other.birth.replace(year=person.birth.year, day=min(other.birth.day, 28))
            return


def _write_wrong_id(person: Person, wrong: str) -> None:
    person.id_of_other, person.case = wrong, "id_digits_swapped"
    person.systems |= {"sskdt"}


def _newborn(block: Block) -> None:
    """A child without a name yet: 'Con bà' and the mother's name."""
    for child in block.free_people(lambda person: _is_child(person) and person.age <= 1):
        mother = child.guardian
        if mother and mother.sex == "female" and mother.nationality == "VN":
            child.birth = date(2021, 7, 1) + timedelta(days=block.rng.randrange(60))
            child.personal_id = block.registrar.personal_id(child.registered_home.province, child.sex, child.birth)
            child.name, child.carries = Name("Con", "bà", mother.name.full), "none"
            child.case = "newborn_unnamed"
            return


def _phone_handed_over(block: Block) -> None:
    """A number somebody gave up and somebody else has now."""
    leavers = (p for p in block.people if p.old_phone and p.case == "phone_changed")
    leaver = next((p for p in leavers if block.rng.random() < 0.2), None)
    heir = next(block.free_people(lambda p: p.phone_is_own and not p.old_phone and p is not leaver), None)
    if leaver and heir:
        heir.phone = leaver.old_phone
        leaver.case = heir.case = "phone_handed_over"


def _details_of_parent(block: Block) -> None:
    """A child whose dose was entered with a parent's id and phone."""
    for child in block.free_people(lambda person: _is_child(person) and person.age >= 12):
        if child.guardian and child.guardian.carries != "none":
            child.systems |= {"sskdt"}
            child.case = "parent_details"
            return


_RATES: tuple[tuple[Callable[[Block], None], float], ...] = (
    (_twins, 4.0),
    (_namesakes_on_one_phone, 1.0),
    (_namesakes_in_one_commune, 1.5),
    (_newborn, 2.5),
    (_details_of_parent, 3.0),
    (_id_of_another, 1.5),
    (_swapped_digits, 1.7),
    (_swapped_into_another, 0.8),
    (_two_names, 4.0),
    (_phone_handed_over, 3.0),
    (_one_phone_for_many, 0.7),
)
