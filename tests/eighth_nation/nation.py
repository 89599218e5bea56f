"""The nation: households of several kinds, who moved, and whose phone was handed on."""

from datetime import date, timedelta
from random import Random

from eighth_nation.issuing import Office
from eighth_nation.land import Land
from eighth_nation.name_lists import FOREIGN, LISTS, MINORITIES, MOST_FOREIGN, Minority
from eighth_nation.naming import Names
from eighth_nation.people import CHILD, FATHER, HEAD, MOTHER, WIFE, Born, Household, Person

THIS_YEAR, FEBRUARY = 2021, 2
MOVED, FOREIGNERS, OF_A_MINORITY, ALONE = 0.05, 0.03, 0.3, 0.14
HAS_WIFE, HAS_TWIN, HAS_GRANDPARENT, AWAY = 0.88, 0.025, 0.22, 0.25
CHILDREN = {0: 18, 1: 30, 2: 36, 3: 12, 4: 4}
PROVINCES_OF_NEWCOMERS = ("79", "74", "01", "75")
DROPPED_FOR_ONE_HANDED_ON = 25
DAY_HANDED_ON = date(2021, 6, 1)


class Nation:
    """Everybody, house by house."""

    def __init__(self, rng: Random, size: int) -> None:
        self.rng, self.names, self.office = rng, Names(rng), Office(rng)
        self.land = Land(rng, size)
        self.people: list[Person] = []
        self.houses: list[Household] = []
        while len(self.people) < size:
            self._settle(size - len(self.people))
        self._hand_on_phones()

    def _settle(self, room: int) -> None:
        """One more house, of about as many people as there is room for."""
        rng = self.rng
        house = Household(self.land.some_home())
        if rng.random() < MOVED:
            house.moved = date(2021, 3, 1) + timedelta(days=rng.randrange(250))
            house.old_home = self.land.some_home()
        self.houses.append(house)
        if rng.random() < FOREIGNERS:
            self._foreigner(house)
        else:
            _Family(self, house).settle(room - 1)
            self._send_away(house)

    def native(self, house: Household) -> str:
        """The province somebody of the house was born in."""
        province = house.home.area.province
        if self.rng.random() < (0.6 if province in PROVINCES_OF_NEWCOMERS else 0.92):
            return province
        return self.land.some_province()

    def birthday(self, youngest: int, oldest: int) -> Born:
        """Of the old, some know the year alone, some were put down as of 1 January."""
        rng = self.rng
        year = THIS_YEAR - rng.randint(youngest, oldest)
        day = date(year, 1, 1) + timedelta(days=rng.randrange(365))
        if year < 1975 and rng.random() < 0.12:
            return Born(year, 0, 0)
        if year < 1980 and rng.random() < 0.05:
            return Born(year, 1, 1)
        return Born(year, day.month, min(day.day, 28) if day.month == FEBRUARY else day.day)

    def add(self, person: Person, family: str, minority: Minority | None = None, twin: Person | None = None) -> Person:
        """Names somebody, gives them their numbers and puts them into their house."""
        self.names.name(person, family, minority, twin)
        self.office.issue(person, twin)
        self.people.append(person)
        person.house.people.append(person)
        return person

    def _foreigner(self, house: Household) -> None:
        rng = self.rng
        nation = rng.choice((*MOST_FOREIGN, rng.choice(FOREIGN)))
        sex, born = rng.choice("MF"), self.birthday(22, 60)
        person = self.add(Person(len(self.people) + 1, house, sex, born, HEAD, self.native(house)), "X")
        self.office.make_foreign(person, nation, rng.choice(LISTS[nation]))
        if not born.month:
            person.born = Born(born.year, rng.randint(1, 12), rng.randint(1, 28))

    def _send_away(self, house: Household) -> None:
        """Workers and students who stay elsewhere."""
        for person in house.people:
            if 18 <= person.age <= 40 and person.role == CHILD and self.rng.random() < AWAY:
                person.away = self.land.some_home()

    def _hand_on_phones(self) -> None:
        """A dropped number goes to a stranger now and then."""
        dropped = [person.phones[0][1] for person in self.people if len(person.phones) > 1]
        takers = [person for person in self.people if len(person.phones) == 1]
        for number in self.rng.sample(dropped, len(dropped) // DROPPED_FOR_ONE_HANDED_ON):
            self.rng.choice(takers).phones.append((DAY_HANDED_ON, number))


class _Family:
    """One family as it is put into its house."""

    def __init__(self, nation: Nation, house: Household) -> None:
        self.nation, self.rng, self.house = nation, nation.rng, house
        self.minority: Minority | None = None
        for minority in MINORITIES:
            if house.home.area.province in minority.provinces and self.rng.random() < OF_A_MINORITY:
                self.minority = minority

    def settle(self, room: int) -> None:
        """Somebody alone; or a man, mostly with wife and children, perhaps with a parent, as `room` allows."""
        rng, nation = self.rng, self.nation
        kind = rng.random()
        family, wifes_family = self._family(), self._family()
        age = rng.randint(23, 68)
        if kind < ALONE:
            self._grown(rng.choice("MF"), 19, 85, HEAD, family)
            return
        self._grown("M", age, age, HEAD, family)
        if room and rng.random() < HAS_WIFE:
            self._grown("F", max(19, age - 6), max(19, age + 1), WIFE, wifes_family)
            room -= 1
        room -= self._children(room, min(age - 20, 32), family)
        if room > 0 and age < 50 and rng.random() < HAS_GRANDPARENT:
            sex = rng.choice("MFF")
            born = nation.birthday(min(age + 21, 80), min(age + 33, 92))
            if sex == "F":
                family = wifes_family if self.minority else nation.names.family()
            self._add(sex, born, FATHER if sex == "M" else MOTHER, nation.native(self.house), family)

    def _family(self) -> str:
        return self.rng.choice(self.minority.families) if self.minority else self.nation.names.family()

    def _grown(self, sex: str, youngest: int, oldest: int, role: str, family: str) -> None:
        born = self.nation.birthday(youngest, oldest)
        self._add(sex, born, role, self.nation.native(self.house), family)

    def _children(self, room: int, oldest: int, family: str) -> int:
        """How many there was room for; twins come beside the count."""
        children, added = self.rng.choices(list(CHILDREN), list(CHILDREN.values()))[0], 0
        while children and added < room and oldest >= 2:
            born = self.nation.birthday(2, oldest)
            born = born if born.month else Born(born.year, 5, 5)
            child = self._add(self.rng.choice("MF"), born, CHILD, self.house.home.area.province, family)
            children, added = children - 1, added + 1
            if added < room and self.rng.random() < HAS_TWIN:
                sex = self.rng.choice(("M", "F", child.sex))
                self._add(sex, born, CHILD, self.house.home.area.province, family, child)
                child.is_twin = True
                added += 1
        return added

    def _add(self, sex: str, born: Born, role: str, native: str, family: str, twin: Person | None = None) -> Person:
        number = len(self.nation.people) + 1
        person = Person(number, self.house, sex, born, role, native, twin is not None)
        return self.nation.add(person, family, self.minority, twin)
