"""One person of this nation."""

from dataclasses import dataclass, field
from datetime import date

from fifth_nation.land import Home


@dataclass(eq=False)
class Person:
    """Who somebody is, and what numbers are theirs since when. Dates are those of issue."""

    number: int
    family: str
    name: str
    sex: str
    born: date
    home: Home
    registered: Home
    ethnicity: str = "Kinh"
    nation: str = "VN"
    mother: "Person | None" = None
    father: "Person | None" = None
    spouse: "Person | None" = None
    twin: bool = False
    personal_id: str = ""
    card_since: date = date.max
    old_card: str = ""
    passport: str = ""
    insurance: str = ""
    phones: list[tuple[date, str]] = field(default_factory=list)
    housemates: list["Person"] = field(default_factory=list)

    def age(self, on: date) -> int:
        """Whole years on that day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    def own_phone(self, on: date) -> str:
        """The number they have on that day, or nothing."""
        return next((number for since, number in reversed(self.phones) if since <= on), "")

    def who_answers_for(self, on: date) -> "Person | None":
        """Mother, father, spouse, or another of the house with a phone."""
        kin = [self.mother, self.father, self.spouse, *self.housemates]
        return next((one for one in kin if one is not None and one in self.housemates and one.own_phone(on)), None)
