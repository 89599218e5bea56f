"""Who used which system: one to six each, beside what somebody at home declared for them."""

from random import Random
from typing import NamedTuple

from eighth_nation.people import Household, Person

MOST_SYSTEMS = 6
HAS_ACCOUNT, OF_THE_HEAD, HAS_SECOND_ACCOUNT, IS_LISTED, LISTS_THEMSELVES = 0.38, 0.7, 0.08, 0.88, 0.03

Chosen = dict[int, set[str]]
"""By number of a person the systems they use."""


class Account(NamedTuple):
    """Whose account of NCOVI it is, and whom it lists."""

    holder: Person
    members: list[Person]

    @property
    def numbers(self) -> set[int]:
        """Everybody that it is about."""
        return {self.holder.number, *(member.number for member in self.members)}


def systems_of(rng: Random, person: Person) -> set[str]:
    """Those that somebody came to use by themselves."""
    at = 0 if person.age >= 18 else 1 if person.age >= 12 else 2
    return {system for system, shares in _shares(person).items() if rng.random() < shares[at]}


def _shares(person: Person) -> dict[str, tuple[float, float, float]]:
    """Of grown-ups, of those from twelve on, of children."""
    can_have_vneid = person.nation == "VN" and person.card
    return {
        "tokhaiyte": (0.52, 0.35, 0.16),
        "bluezone": (0.30 if person.age < 60 else 0.08, 0.2, 0.0),
        "sskdt": (0.68, 0.5, 0.04),
        "vneid": (0.16 if can_have_vneid else 0.0, 0.0, 0.0),
        "qr": (0.27, 0.2, 0.05),
        "sampling": (0.30, 0.25, 0.18),
    }


def account_holders(rng: Random, house: Household) -> list[Person]:
    """None, or one of the grown-ups, seldom two."""
    grown = [person for person in house.people if person.age >= 18 and person.phones]
    if not grown or rng.random() >= HAS_ACCOUNT:
        return []
    first = _first_holder(rng, house.head, grown)
    rest = [person for person in grown if person is not first]
    return [first, rng.choice(rest)] if rest and rng.random() < HAS_SECOND_ACCOUNT else [first]


def _first_holder(rng: Random, head: Person, grown: list[Person]) -> Person:
    return head if head in grown and rng.random() < OF_THE_HEAD else rng.choice(grown)


def account_of(rng: Random, holder: Person, chosen: Chosen) -> Account:
    """Whom the holder lists; whoever already uses six systems is left out, and the holder gives one up."""
    own = chosen[holder.number]
    if len(own) >= MOST_SYSTEMS:
        own.discard(rng.choice(sorted(own)))
    others = (person for person in holder.others if len(chosen[person.number]) < MOST_SYSTEMS)
    members = [person for person in others if rng.random() < IS_LISTED]
    if rng.random() < LISTS_THEMSELVES:
        members.insert(0, holder)
    return Account(holder, members)


def system_of_last_resort(rng: Random, person: Person) -> str:
    """Nobody is without a record."""
    return rng.choice(("tokhaiyte", "sskdt", "sampling") if person.age >= 12 else ("tokhaiyte", "sampling"))
