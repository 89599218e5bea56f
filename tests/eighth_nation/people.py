"""A house and its people."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sixth_nation.land import Area

TODAY = date(2021, 9, 1)
HEAD, WIFE, CHILD, FATHER, MOTHER = "chủ hộ", "vợ", "con", "bố", "mẹ"
"""What somebody is in their house."""


class Born(NamedTuple):
    """A birth date; month and day are 0 where only the year was ever registered."""

    year: int
    month: int
    day: int

    @property
    def is_whole(self) -> bool:
        """1 January is what stands where nobody knows the day."""
        return self.month != 0 and (self.month, self.day) != (1, 1)

    @property
    def iso(self) -> str:
        """yyyy-mm-dd, as the unified code has it."""
        return f"{self.year:04d}-{self.month or 1:02d}-{self.day or 1:02d}"

    @property
    def digits(self) -> str:
        """ddmmyyyy, as cards have it."""
        return f"{self.day or 1:02d}{self.month or 1:02d}{self.year}"


class Home(NamedTuple):
    """A house: its commune, its number, and the street or hamlet with the word before that."""

    area: Area
    number: str
    street: str
    kind: str

    @property
    def house(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.area.commune, self.number, self.street


@dataclass(eq=False, slots=True)
class Household:
    """People of one house; some houses have moved as a whole."""

    home: Home
    moved: date = date.min
    old_home: Home | None = None
    people: list["Person"] = field(default_factory=list)

    @property
    def head(self) -> "Person":
        """Whoever the house is registered under."""
        return self.people[0]

    def home_on(self, day: date) -> Home:
        """Where it was that day."""
        return self.old_home if self.old_home and day < self.moved else self.home


@dataclass(eq=False, slots=True)
class Person:
    """Who somebody is, and what numbers are theirs; a number they do not have is empty."""

    number: int
    house: Household = field(repr=False)
    sex: str
    born: Born
    role: str
    native: str
    """The province of birth, which numbers begin with."""
    is_twin: bool = False
    name: str = ""
    people: str = "Kinh"
    nation: str = "VN"
    card: str = ""
    card_since: date = date.max
    old_card: str = ""
    lost_card: str = ""
    """An older one that only old papers still name."""
    passport: str = ""
    insurance: str = ""
    phones: list[tuple[date, str]] = field(default_factory=list)
    """Since when they have which."""
    second_phone: str = ""
    qid: str = ""
    job: str = ""
    away: Home | None = None
    """Where they really live, if not with their house."""

    @property
    def age(self) -> int:
        """Years by now."""
        born = self.born
        return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month or 7, born.day or 1))

    @property
    def others(self) -> list["Person"]:
        """The others of the house."""
        return [other for other in self.house.people if other is not self]

    @property
    def insurance_digits(self) -> str:
        """The number without what the person is insured as."""
        return self.insurance[-10:]

    def home_on(self, day: date) -> Home:
        """Where they lived that day."""
        return self.away or self.house.home_on(day)
