"""A person of the other nation, with papers and phones as they change.

Every person is of one class of the population-database comparison of March 2022: `agree` 67.2 %, `disagree`
24.8 % (an id, but name or birth date differ), `no_id` 4.6 %, `unverifiable` 3.4 %. The class decides which faults
the person's rows carry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from .areas import Commune

TODAY = date(2021, 12, 31)
CLASSES = {"agree": 67.2, "disagree": 24.8, "no_id": 4.6, "unverifiable": 3.4}


@dataclass(eq=False)
class Person:
    """One human being and everything true about them."""

    number: int
    name: str
    sex: str
    born: date
    household: int
    communes: list[tuple[date, Commune]]
    street: str
    klass: str = "agree"
    year_only: bool = False
    nationality: str = "VN"
    ethnicity: str = "Kinh"
    cccd: str = ""
    cmnd: str = ""
    passport: str = ""
    bhyt: str = ""
    qid: str = ""
    card_since: date = date(2021, 4, 1)
    phones: list[tuple[date, str]] = field(default_factory=list)
    second_phone: str = ""
    alias: str = ""
    guardian: Person | None = None
    id_thief: Person | None = None
    only: str = ""
    casts: set[str] = field(default_factory=set)

    def age(self) -> int:
        """Full years at the end of 2021."""
        return TODAY.year - self.born.year

    def commune(self, when: date) -> Commune:
        """Where they live on a day."""
        return [place for since, place in self.communes if since <= when][-1]

    def phone(self, when: date, rng: Random) -> str:
        """The phone they would give on a day: their own, a second one, or the family's."""
        own = [number for since, number in self.phones if since <= when]
        if own and self.second_phone and rng.random() < 0.3:
            return self.second_phone
        if own:
            return own[-1]
        return self.guardian.phone(when, rng) if self.guardian else ""

    def papers(self) -> set[str]:
        """Every identifier that is really theirs, as bare characters (BHYT: the last ten)."""
        return {one for one in (self.cccd, self.cmnd, self.passport, self.bhyt[-10:]) if one}

    def identifier(self, when: date, rng: Random) -> str:
        """The number they would show on a day."""
        if self.passport:
            return self.passport
        first, second = (self.cccd, self.cmnd) if when >= self.card_since else (self.cmnd, self.cccd)
        return (second or first) if rng.random() < 0.1 else (first or (second if when >= self.card_since else ""))
