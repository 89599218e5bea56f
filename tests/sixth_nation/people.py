"""One person of this nation."""

from dataclasses import dataclass, field
from datetime import date

from sixth_nation.land import Home

THIS_YEAR = 2021


@dataclass(eq=False, slots=True)
class Person:
    """Who somebody is, where they live, and what numbers are theirs; a number they do not have is empty."""

    number: int
    name: str
    sex: str
    born: date
    home: Home
    house: list["Person"] = field(repr=False)
    """Everybody who lives there, themselves included."""
    people: str
    nation: str
    registered: Home | None
    """Where they are registered, or None where that is not at home."""
    habit: float = 0.0
    """How stubbornly they go on showing the old card, from 0 to 1."""
    year_only: bool = False
    old_card: str = ""
    card: str = ""
    card_since: date = date.max
    passport: str = ""
    insurance: str = ""
    insurance_head: str = ""
    old_phone: str = ""
    phone: str = ""
    phone_since: date = date.min
    old_home: Home | None = None
    moved: date = date.min
    job: str = ""
    qid: str = ""

    @property
    def age(self) -> int:
        """Years at the end of 2021."""
        return THIS_YEAR - self.born.year

    @property
    def papers(self) -> list[str]:
        """The numbers of all papers that prove who they are."""
        return [number for number in (self.card, self.old_card, self.passport) if number]

    @property
    def others(self) -> list["Person"]:
        """The others of the house."""
        return [other for other in self.house if other is not self]

    @property
    def first_registered(self) -> Home:
        """The home that the papers name."""
        return self.registered or self.old_home or self.home

    def home_on(self, day: date) -> Home:
        """Where they lived that day."""
        return self.old_home if self.old_home and day < self.moved else self.home

    def phone_on(self, day: date) -> str:
        """Their own phone of that day."""
        return self.old_phone if self.old_phone and day < self.phone_since else self.phone
