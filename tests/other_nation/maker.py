"""Makes people: households of several kinds, numbers that are nobody else's, phones."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from . import names
from .areas import PROVINCES, Commune
from .people import CLASSES, TODAY, Person

APPS = ["tokhaiyte", "ncovi", "bluezone", "sskdt", "vneid", "qr", "sampling"]
PREFIXES = [
    "090",
    "091",
    "093",
    "097",
    "098",
    "070",
    "079",
    "077",
    "083",
    "084",
    "085",
    "032",
    "035",
    "039",
    "056",
    "058",
]


class Maker:
    """Makes people and hands out numbers that nobody else has."""

    def __init__(self, rng: Random, communes: list[Commune]) -> None:
        self.rng = rng
        self.communes = communes
        self.people: list[Person] = []
        self.households = 0
        self._used: set[str] = set()
        self._classes: list[str] = []

    def unused(self, prefix: str, digits: int) -> str:
        """A number with this beginning that was not given before."""
        while True:
            found = prefix + "".join(self.rng.choices("0123456789", k=digits))
            if found not in self._used:
                self._used.add(found)
                return found

    def klass(self) -> str:
        """The next class, from a shuffled deck so that the shares come out as measured."""
        if not self._classes:
            self._classes = [name for name, share in CLASSES.items() for _ in range(round(share * 5))]
            self.rng.shuffle(self._classes)
        return self._classes.pop()

    def new_phone(self) -> str:
        """A fresh ten-digit phone number."""
        return self.unused(self.rng.choice(PREFIXES), 7)

    def birthday(self, low: int, high: int) -> date:
        """A birth date of somebody between two ages."""
        return date(TODAY.year - self.rng.randint(low, high), 1, 1) + timedelta(days=self.rng.randrange(364))

    def person(
        self,
        place: Commune,
        street: str,
        born: date,
        sex: str = "",
        name: str = "",
        *,
        kind: str = "",
        family: str = "",
    ) -> Person:
        """One person with papers that fit the age."""
        rng = self.rng
        sex = sex or rng.choice("MF")
        ethnicity, nationality = "Kinh", "VN"
        if kind == "highland":
            name, ethnicity = names.highland(rng, sex)
        elif kind == "foreign":
            name, nationality = names.foreign(rng)
        one = Person(
            len(self.people) + 1,
            name or names.kinh(rng, sex, family),
            sex,
            born,
            self.households,
            [(date(1900, 1, 1), place)],
            street,
            self.klass(),
            nationality=nationality,
            ethnicity=ethnicity,
        )
        one.year_only = (one.age() > 60 and rng.random() < 0.35) or (kind == "highland" and rng.random() < 0.35)
        if one.year_only:
            one.born = date(born.year, 1, 1)
        self._papers(one, place)
        if one.age() >= 13 and rng.random() < 0.82:
            one.phones = [(date(1990, 1, 1), self.new_phone())]
            one.only = rng.choice(APPS) if rng.random() < 0.03 else ""
            one.second_phone = self.new_phone() if rng.random() < 0.13 else ""
            if rng.random() < 0.07:
                one.phones.append((date(2021, rng.randint(1, 10), 5), self.new_phone()))
        if sex == "F" and kind == "" and len(one.name.split()) > 2 and rng.random() < 0.12:
            self._two_families(one)
        self.people.append(one)
        return one

    def _two_families(self, one: Person) -> None:
        other = names.kinh(self.rng, "F").split()[0]
        first, *rest = one.name.split()
        one.name, one.alias = " ".join([first, other, *rest]), " ".join([other, first, *rest])
        one.casts.add("two_families")

    def _papers(self, one: Person, place: Commune) -> None:
        rng, age = self.rng, one.age()
        one.qid = self.unused("1629", 14)
        if one.nationality != "VN":
            one.passport = self.unused(rng.choice("MGEPX"), 8)
            return
        if age >= 14 or (age <= 5 and rng.random() < 0.7) or rng.random() < 0.15:
            one.cccd = self.new_cccd(
                one, self.rng.choice(list(PROVINCES)) if rng.random() < 0.2 else place.province_code
            )
        if age >= 18 and rng.random() < 0.8:
            one.cmnd = self.unused(rng.choice(["0", "1", "2", "3"]), 8)
            one.card_since = date(2020, 9, 1) + timedelta(days=rng.randrange(480))
            if rng.random() < 0.1:
                one.cccd = ""
        else:
            one.card_since = date(2018, 1, 1)
        if rng.random() < 0.85:
            kind = "TE1" if age < 6 else "HS4" if age < 18 else "HT3" if age > 60 else rng.choice(["DN4", "GD4", "HN2"])
            one.bhyt = kind + place.province_code + self.unused(place.province_code, 8)

    def new_cccd(self, one: Person, province: str) -> str:
        """Twelve digits: province, century and sex, year, six digits."""
        century = (0 if one.born.year < 2000 else 2) + (one.sex == "F")
        return self.unused(f"0{province}{century}{one.born.year % 100:02d}", 6)

    def household(self) -> list[Person]:
        """One household: a family, a couple with in-laws, somebody alone, a workers' house, a home for the old."""
        rng, place = self.rng, self.rng.choice(self.communes)
        self.households += 1
        street = rng.choice(
            [
                f"Số {rng.randint(1, 400)}",
                f"{rng.randint(1, 90)}/{rng.randint(1, 30)} hẻm {rng.randint(1, 99)}",
                f"Thôn {rng.randint(1, 12)}",
                f"Ấp {rng.randint(1, 9)}",
                f"Tổ {rng.randint(1, 40)}, KP {rng.randint(1, 9)}",
                f"Buôn {rng.choice(['Ako Dhông', 'Kmrơng', 'Jung'])}",
                "P.1204 CT2",
            ]
        )
        if place.province_code in ("66", "64", "14") and rng.random() < 0.55:
            return self._family(place, street, "highland")
        kind = rng.choices(["family", "alone", "workers", "old_home", "foreign"], [66, 16, 6, 1, 5])[0]
        if kind == "family":
            return self._family(place, street, "")
        if kind == "workers":
            group = [self.person(place, street + " (nhà trọ)", self.birthday(18, 40)) for _ in range(rng.randint(4, 9))]
            return self._lean_on(group, group[0], 0.3)
        if kind == "old_home":
            group = [self.person(place, "Chùa", self.birthday(66, 92)) for _ in range(rng.randint(5, 10))]
            return self._lean_on(group, group[0], 0.9)
        if kind == "foreign":
            return [self.person(place, street, self.birthday(22, 60), kind="foreign") for _ in range(rng.randint(1, 3))]
        return [self.person(place, street, self.birthday(19, 88))]

    def _lean_on(self, group: list[Person], head: Person, share: float) -> list[Person]:
        """Those without a phone, and a share of the others, use the head's."""
        if not head.phones:
            head.phones = [(date(1990, 1, 1), self.new_phone())]
        for one in group:
            if one is not head and (not one.phones or self.rng.random() < share):
                one.phones, one.second_phone = [], ""
            if one is not head:
                one.guardian = head
        return group

    def _family(self, place: Commune, street: str, kind: str) -> list[Person]:
        rng = self.rng
        father = self.person(place, street, self.birthday(26, 58), "M", kind=kind)
        family = "" if kind else father.name.split()[0]
        group = [father]
        age = father.age()
        if rng.random() < 0.9:
            group.append(self.person(place, street, self.birthday(max(20, age - 8), age + 2), "F", kind=kind))
        for _ in range(rng.choices([0, 1, 2, 3, 4], [12, 30, 38, 14, 6])[0]):
            group.append(self.person(place, street, self.birthday(0, max(0, age - 20)), kind=kind, family=family))
        if rng.random() < 0.3:
            group.append(self.person(place, street, self.birthday(age + 20, age + 33), kind=kind))
        return self._lean_on(group, father, 0.1)
