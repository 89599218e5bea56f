"""What offices and shops give out: cards, passports, insurance numbers, phones; no number twice."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sixth_nation.name_lists import LISTS
from sixth_nation.people import Person

JOBS = (
    "Công nhân",
    "Nông dân",
    "Giáo viên",
    "Nhân viên văn phòng",
    "Buôn bán",
    "Lái xe",
    "Nội trợ",
    "Hưu trí",
    "Tự do",
    "Cán bộ y tế",
    "Bộ đội",
)
# Below what age which share has a phone of their own.
PHONES = ((10, 0.02), (15, 0.25), (18, 0.7), (60, 0.93), (75, 0.7), (999, 0.4))


class Office:
    """Draws numbers that nobody has yet."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.given_up: list[str] = []
        self._used: set[str] = set()

    def issue(self, person: Person, province_of_birth: str) -> None:
        """Gives somebody all their numbers, and a job."""
        rng = self.rng
        if person.nation != "VN":
            person.passport = self._fresh(lambda: rng.choice("MPGEKN") + self._digits(8))
        else:
            self._issue_cards(person, province_of_birth)
            if person.age >= 18 and rng.random() < 0.08:
                person.passport = self._fresh(lambda: rng.choice("BC") + self._digits(7))
        if rng.random() < (0.3 if person.nation != "VN" else 0.9):
            person.insurance = self._fresh(lambda: province_of_birth + self._digits(8))
        person.insurance_head = self._insured_as(person.age) + person.home.area.province
        if rng.random() < next(share for below, share in PHONES if person.age < below):
            person.phone = self.new_phone()
        person.job = "Học sinh" if person.age < 18 else "Hưu trí" if person.age > 62 else rng.choice(JOBS)
        person.qid = self._digits(18)

    def new_phone(self) -> str:
        """A number never used, or now and then one that somebody gave up and that is sold again."""
        if self.given_up and self.rng.random() < 0.02:
            return self.given_up.pop(0)
        return self._fresh(lambda: self.rng.choice(LISTS["prefixes"]) + self._digits(7))

    def _issue_cards(self, person: Person, province: str) -> None:
        """Nine digits until 2021, twelve since 2016; some children have theirs on the birth certificate."""
        rng, head = self.rng, self._head_of_card(person, province)
        if person.age < 14:
            if rng.random() < 0.25:
                person.card, person.card_since = self._fresh(lambda: head + self._digits(6)), person.born
            return
        kind = rng.random()
        if person.age > 22 and kind < 0.82:
            person.old_card = self._fresh(lambda: province + self._digits(7))
        if not person.old_card or kind > 0.24:
            person.card = self._fresh(lambda: head + self._digits(6))
            start = date(2021, 2, 1) if person.old_card and rng.random() < 0.7 else date(2016, 6, 1)
            person.card_since = start + timedelta(days=rng.randrange(320))

    def _head_of_card(self, person: Person, province: str) -> str:
        """Province, century with sex, year; officials gave one in two hundred a year that contradicts the date."""
        year, century = person.born.year % 100, (0 if person.born.year < 2000 else 2)
        if self.rng.random() < 0.005:
            year = (year + self.rng.choice((1, 99))) % 100
        return f"0{province}{century + (person.sex == 'F')}{year:02d}"

    def _insured_as(self, age: int) -> str:
        if age < 18:
            return "TE1" if age < 6 else "HS4"
        return self.rng.choice(("DN4", "GD4", "HN2", "HT3", "CN3"))

    def _fresh(self, draw: Callable[[], str]) -> str:
        number = draw()
        while number in self._used:
            number = draw()
        self._used.add(number)
        return number

    def _digits(self, count: int) -> str:
        return "".join(self.rng.choices("0123456789", k=count))
