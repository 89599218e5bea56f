"""What offices and shops give out: cards, passports, insurance numbers, phones; no number twice."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from eighth_nation.name_lists import LISTS
from eighth_nation.people import Person

JOBS = (
    "Công nhân", "Nông dân", "Giáo viên", "Tài xế", "Nội trợ", "Kinh doanh", "Nhân viên văn phòng", "Cán bộ y tế",
    "Lao động tự do",
)  # fmt: skip
OLD_AREA_CODES = {"01": "01", "79": "02", "31": "03", "24": "12", "27": "12", "35": "16", "36": "16"}
"""Of the provinces whose old cards begin otherwise than a count has it."""
LAST_YEAR_OF_OLD_CARDS, LAST_YEAR_OF_FEW_OLD_CARDS = 2003, 1998
YEAR_CONTRADICTS, INSURED = 0.006, 0.88
# From what age which share has a phone of their own.
PHONES = ((65, 0.55), (18, 0.94), (14, 0.35), (0, 0.0))
FIRST_LETTERS_ABROAD = "ABCDEGHKLMNPRS"


class Unused:
    """Draws what was never drawn before."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def draw(self, make: Callable[[], str]) -> str:
        """The first that is free."""
        value = make()
        while not self.take(value):
            value = make()
        return value

    def take(self, value: str) -> bool:
        """Whether it was free."""
        is_free = value not in self._taken
        self._taken.add(value)
        return is_free


class Office:
    """Draws numbers that nobody has yet."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.unused = rng, Unused()

    def issue(self, person: Person, twin: Person | None) -> None:
        """Gives somebody all their numbers, and a job."""
        self._issue_papers(person, twin)
        if self.rng.random() < INSURED:
            head = f"{self._insured_as(person.age)}{self.rng.randrange(1, 5)}{person.native}"
            person.insurance = head + self.unused.draw(lambda: f"{person.native}{self._digits(8)}")
        self._issue_phones(person)
        person.qid = self.unused.draw(lambda: f"{self.rng.randrange(10**17, 10**18)}")
        age = person.age
        person.job = "Học sinh" if age < 18 else self.rng.choice(JOBS) if age < 60 else "Hưu trí"

    def make_foreign(self, person: Person, nation: str, name: str) -> None:
        """Takes what only citizens have, and gives a passport."""
        rng = self.rng
        person.name, person.nation, person.people = name, nation, ""
        person.card = person.old_card = person.lost_card = person.insurance = ""
        person.passport = self.unused.draw(
            lambda: "".join(rng.choice(FIRST_LETTERS_ABROAD) for _ in range(rng.choice((1, 1, 2)))) + self._digits(7)
        )

    def new_phone(self) -> str:
        """A number never used."""
        return self.unused.draw(lambda: self.rng.choice(LISTS["prefixes"]) + self._digits(7))

    def forgotten_card(self) -> str:
        """An old card's number of some province."""
        return self.unused.draw(lambda: f"{3 + self.rng.randrange(36):02d}{self._digits(7)}")

    def _issue_papers(self, person: Person, twin: Person | None) -> None:
        """Nine digits for those old enough, twelve since 2016; officials now and then took another year of birth."""
        rng, born = self.rng, person.born
        year = born.year - (rng.random() <= YEAR_CONTRADICTS)
        if person.age < 14:
            return
        number = self._next_to(person, twin) or self._card(person, year)
        share = 0.93 if born.year < LAST_YEAR_OF_FEW_OLD_CARDS else 0.5
        has_old_card = born.year <= LAST_YEAR_OF_OLD_CARDS and rng.random() < share
        if rng.random() < (0.74 if has_old_card else 0.97):
            person.card, person.card_since = number, self._day_of_card(born.year)
        if has_old_card:
            self._issue_old_cards(person)
        if rng.random() < 0.07:
            person.passport = self.unused.draw(lambda: rng.choice("BCN") + self._digits(7))

    def _next_to(self, person: Person, twin: Person | None) -> str:
        """Twins were numbered one after the other."""
        if not twin or not twin.card:
            return ""
        number = f"{_head_of_card(person)}{twin.card[4:6]}{(int(twin.card[6:]) + 1) % 10**6:06d}"
        return number if self.unused.take(number) else ""

    def _card(self, person: Person, year: int) -> str:
        return self.unused.draw(lambda: f"{_head_of_card(person)}{year % 100:02d}{self._digits(6)}")

    def _day_of_card(self, year: int) -> date:
        """Most got theirs in the campaign of 2021."""
        if self.rng.random() < 0.3 and year < 2001:
            return date(2016, 6, 1) + timedelta(days=self.rng.randrange(1600))
        return date(2021, 1, 10) + timedelta(days=self.rng.randrange(330))

    def _issue_old_cards(self, person: Person) -> None:
        area = OLD_AREA_CODES.get(person.native, f"{3 + int(person.native) % 36:02d}")
        person.old_card = self.unused.draw(lambda: area + self._digits(7))
        if self.rng.random() < 0.08:
            person.lost_card = self.forgotten_card()

    def _insured_as(self, age: int) -> str:
        if age < 18:
            return "TE" if age < 6 else "HS"
        return self.rng.choice(("DN", "GD", "GD", "HC", "CK", "HN") if age < 60 else ("HT", "GD", "CK"))

    def _issue_phones(self, person: Person) -> None:
        """Some changed theirs, some have two."""
        rng = self.rng
        if rng.random() >= next(share for age, share in PHONES if person.age >= age):
            return
        person.phones = [(date(2000, 1, 1), self.new_phone())]
        if rng.random() < 0.14:
            since = date(2021, 1, 1) + timedelta(days=rng.randrange(400))
            person.phones.append((since, self.new_phone()))
        elif rng.random() < 0.06:
            person.second_phone = self.new_phone()

    def _digits(self, count: int) -> str:
        return f"{self.rng.randrange(10**count):0{count}d}"


def _head_of_card(person: Person) -> str:
    """Province, and century with sex."""
    return f"{person.native.zfill(3)}{(0 if person.born.year < 2000 else 2) + (person.sex == 'F')}"
