"""Made citizens worth signing in as: one for every situation a visitor should see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pccovid.sandbox.people import Person


class Citizen(NamedTuple):
    """A made person, as somebody who signs in would type it, and why they are interesting."""

    person: int
    name: str
    phone: str
    birth_date: str
    personal_id: str
    systems: tuple[str, ...]
    why: str


def _grown_up(person: Person) -> bool:
    return person.phone_is_own and person.age >= 18


_WANTED: tuple[tuple[str, Callable[[Person], bool]], ...] = (
    ("on five or more systems, every record agrees",
     lambda p: _grown_up(p) and len(p.systems) >= 5 and p.verdict == "agrees" and not p.case),
    ("on three or more systems, name or birth date differ in some record",
     lambda p: _grown_up(p) and len(p.systems) >= 3 and p.verdict == "disagrees" and not p.case),
    ("has records that nobody can verify: some are held for review",
     lambda p: _grown_up(p) and p.verdict == "unverifiable" and len(p.systems) >= 2 and "sskdt" in p.systems),
    ("has records without an id or with a malformed one",
     lambda p: _grown_up(p) and p.verdict == "no_id" and "sskdt" in p.systems and not p.case),
    ("shares the phone of the family: no phone of their own",
     lambda p: bool(p.phone) and not p.phone_is_own and p.age >= 60),
    ("a child without an id, declared for by a parent",
     lambda p: p.case == "child_without_id" and bool(p.phone) and p.age >= 5 and len(p.systems) >= 2),
    ("a foreigner with a passport", lambda p: p.case == "foreigner" and len(p.systems) >= 3),
    ("one of twins", lambda p: p.case == "twin" and bool(p.phone)),
    ("son with his father's name, on his father's phone",
     lambda p: p.case == "namesakes_one_phone" and p.relation == "con"),
    ("changed the phone: the old number stands in some records",
     lambda p: p.case == "phone_changed" and len(p.systems) >= 3 and p.age >= 18),
    ("known by another given name in some records", lambda p: p.case == "two_names" and bool(p.phone)),
    ("some record carries somebody else's id", lambda p: p.case == "id_of_other" and bool(p.phone)),
    ("the same name, year of birth and commune as a stranger",
     lambda p: p.case == "namesakes_one_commune" and bool(p.phone)),
)  # fmt: skip


class Casting:
    """Looks through the people as they are made and keeps the first who fits each situation."""

    def __init__(self) -> None:
        self._found: dict[str, Citizen] = {}

    def look_at(self, people: Iterable[Person]) -> None:
        """Consider these people for the situations that are still open."""
        open_now = [(why, fits) for why, fits in _WANTED if why not in self._found]
        for person in people if open_now else ():
            for why, fits in open_now:
                if why not in self._found and fits(person):
                    self._found[why] = _citizen(person, why)

    @property
    def citizens(self) -> tuple[Citizen, ...]:
        """Those found, in the order of the situations; a small nation may lack some."""
        return tuple(self._found[why] for why, _ in _WANTED if why in self._found)


def _citizen(person: Person, why: str) -> Citizen:
    systems = sorted("tokhaiyte" if system == "entry" else system for system in person.systems)
    return Citizen(
        person.number, person.name.full, person.phone, person.birth.isoformat(), person.personal_id,
        tuple(dict.fromkeys(systems)), why,
    )  # fmt: skip
