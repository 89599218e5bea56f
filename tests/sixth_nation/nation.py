"""The nation: households of several kinds, who moved, and who changed their phone."""

from datetime import date, timedelta
from random import Random

from sixth_nation import land
from sixth_nation.issuing import Office
from sixth_nation.land import Area, Home
from sixth_nation.name_lists import FOREIGN
from sixth_nation.naming import Names
from sixth_nation.people import Person

LAST_YEAR_OF_BIRTH = 2021
FAMILY_HAS_FATHER, FAMILY_HAS_CHILDREN, FAMILY_HAS_GRANDMOTHER, FAMILY_HAS_GRANDFATHER = 0.28, 0.36, 0.82, 0.9


class Household:
    """People of one house as they are added."""

    def __init__(self, home: Home, family: str = "", people: str = "") -> None:
        self.home, self.family, self.people = home, family, people
        self.members: list[Person] = []


class Nation:
    """Everybody, house by house."""

    def __init__(self, rng: Random, size: int) -> None:
        self.rng, self.names, self.office = rng, Names(rng), Office(rng)
        self.people: list[Person] = []
        self.houses: list[list[Person]] = []
        self.areas = land.communes()
        self.communes, self.weights = land.villages(rng, self.areas, size)
        while len(self.people) < size:
            self._household(size)
        self._settle_houses()
        self._settle_people()
        self.helper_phone: dict[str, str] = {}
        """By commune the phone of a helper of the hamlet, who types it for many."""
        for area in self.communes:
            self.helper_phone.setdefault(area.commune, self.office.new_phone())

    def _household(self, size: int) -> None:
        rng = self.rng
        area: Area = rng.choices(self.communes, self.weights)[0]
        household = Household(land.home_in(rng, area))
        self.houses.append(household.members)
        kind = rng.random()
        if rng.random() < 0.012:
            self._foreigners(household)
        elif kind < 0.14:
            for _ in range(rng.randint(1, 4)):
                self._stranger(household, rng.choice("MF"), rng.randint(1985, 2003))
        elif kind < 0.22:
            year = rng.randint(1935, 1962)
            self._stranger(household, "M", year)
            self._stranger(household, "F", year + rng.randint(0, 6))
        else:
            self._family(household, kind)
        del self.people[size:]
        household.members[:] = [person for person in household.members if person.number <= size]

    def _foreigners(self, household: Household) -> None:
        for _ in range(self.rng.randint(1, 2)):
            nation, sex = self.rng.choice(FOREIGN), self.rng.choice("MMF")
            name = self.names.foreign(nation)
            self._add(household, name, sex, self._birthday(self.rng.randint(1965, 1998)), "", nation)

    def _family(self, household: Household, kind: float) -> None:
        """A mother, mostly a father, mostly children, now and then his parents; the higher `kind`, the more of them."""
        rng, year = self.rng, self.rng.randint(1958, 1997)
        household.family, household.people = self.names.family(household.home.area)
        father = self._of_the_family(household, "M", year) if kind > FAMILY_HAS_FATHER else None
        mother = self._stranger(household, "F", min(2002, year + rng.randint(-2, 7)))
        if kind > FAMILY_HAS_CHILDREN:
            self._children(household, father, mother, rng.choice((1, 2, 2, 2, 3, 4)))
        if kind > FAMILY_HAS_GRANDMOTHER:
            self._stranger(household, "F", max(1928, year - rng.randint(20, 34)))
        if kind > FAMILY_HAS_GRANDFATHER:
            self._of_the_family(household, "M", max(1926, year - rng.randint(22, 36)))

    def _children(self, household: Household, father: Person | None, mother: Person, count: int) -> None:
        """They bear the family's name; of one sex they often share a middle name too."""
        rng = self.rng
        middle = {"M": rng.choice((None, "Văn", "Minh", "Đức")), "F": rng.choice((None, "Thị", "Ngọc", "Thị Thu"))}
        year = mother.born.year + rng.randint(19, 30)
        for _ in range(count):
            if year > LAST_YEAR_OF_BIRTH:
                return
            born, sex = self._birthday(year), rng.choice("MF")
            name = self.names.full(household.family, household.people, sex, year, middle[sex])
            if father and sex == "M" and rng.random() < 0.006:
                name = father.name
            child = self._add(household, name, sex, born, household.people)
            if rng.random() < 0.015:
                self._twin_of(household, child)
            year += rng.randint(1, 6)

    def _twin_of(self, household: Household, child: Person) -> None:
        """Of the same birthday; of the same sex, the names differ in the last word."""
        rng, year = self.rng, child.born.year
        sex = child.sex if rng.random() < 0.7 else rng.choice("MF")
        if sex == child.sex:
            name = " ".join([*child.name.split()[:-1], self.names.given(sex, year)])
        else:
            name = self.names.full(household.family, household.people, sex, year)
        if name != child.name:
            self._add(household, name, sex, child.born, household.people)

    def _stranger(self, household: Household, sex: str, year: int) -> Person:
        """Somebody of a family of their own."""
        family, people = self.names.family(household.home.area)
        name = self.names.full(family, people, sex, year)
        return self._add(household, name, sex, self._birthday(year), people)

    def _of_the_family(self, household: Household, sex: str, year: int) -> Person:
        name = self.names.full(household.family, household.people, sex, year)
        return self._add(household, name, sex, self._birthday(year), household.people)

    def _birthday(self, year: int) -> date:
        """Any day; many of the old were registered late, as of 1 January."""
        day = date(year, 1, 1) + timedelta(days=self.rng.randrange(365))
        return date(year, 1, 1) if year < 1975 and self.rng.random() < 0.12 else day

    def _add(self, household: Household, name: str, sex: str, born: date, people: str, nation: str = "VN") -> Person:
        rng, home = self.rng, household.home
        year_only = nation == "VN" and born.year < 1960 and rng.random() < 0.22
        registered = home if rng.random() < 0.85 else None
        number = len(self.people) + 1
        person = Person(number, name, sex, born, home, household.members, people, nation, registered, rng.random())
        person.year_only = year_only
        province = home.area.province if rng.random() < 0.8 else rng.choice(self.communes).province
        self.office.issue(person, province)
        self.people.append(person)
        household.members.append(person)
        return person

    def _settle_houses(self) -> None:
        """One house in twenty has moved as a whole."""
        for house in self.houses:
            self._give_a_phone_to(house)
            if self.rng.random() < 0.05:
                old, moved = self._another_home()
                for person in house:
                    person.old_home, person.moved = old, moved

    def _give_a_phone_to(self, house: list[Person]) -> None:
        """Hardly any house is without one."""
        if house and not any(person.phone for person in house) and self.rng.random() < 0.85:
            max(house, key=lambda person: 20 < person.age < 65).phone = self.office.new_phone()

    def _another_home(self) -> tuple[Home, date]:
        home = land.home_in(self.rng, self.rng.choice(self.communes))
        return home, date(2021, 1, 1) + timedelta(days=self.rng.randrange(400))

    def _settle_people(self) -> None:
        """Grown-ups also move by themselves, and change phones; three in ten of those given up are sold again."""
        rng = self.rng
        for person in self.people:
            if person.age > 17 and not person.old_home and rng.random() < 0.05:
                person.old_home, person.moved = self._another_home()
            if person.phone and rng.random() < 0.15:
                person.old_phone, person.phone = person.phone, self.office.new_phone()
                person.phone_since = date(2020, 9, 1) + timedelta(days=rng.randrange(500))
                if rng.random() < 0.3:
                    self.office.given_up.append(person.old_phone)
