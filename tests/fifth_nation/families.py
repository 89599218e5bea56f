"""How the people came to be: couples, their children, marriages among those, and who lives in which house."""

from datetime import date, timedelta
from random import Random

from fifth_nation import family_names, given_names, land
from fifth_nation.land import Commune, Home
from fifth_nation.people import Person

TODAY = date(2022, 6, 30)
TWINS = 0.01
CHILDREN = {"first": ((1, 2, 3, 4, 5), (10, 35, 30, 15, 10)), "later": ((0, 1, 2, 3), (8, 25, 52, 15))}


class Families:
    """Everybody, made generation by generation."""

    def __init__(self, rng: Random, people: int) -> None:
        self.rng = rng
        self.people: list[Person] = []
        self.villages = land.villages(rng, people)
        self.weights = [rng.uniform(0.5, 1.5) for _ in self.villages]
        born = self._founders(people)
        for _ in range(2):
            born = self._marriages(born)
        self._foreigners(people)
        self._bury()
        self._settle()

    def _commune(self) -> Commune:
        """A village of this nation; one home in eight is anywhere in the land."""
        if self.rng.random() < 0.125:
            return self.rng.choice(land.communes())
        return self.rng.choices(self.villages, self.weights)[0]

    def _day(self, year: int) -> date:
        return date(year, 1, 1) + timedelta(days=self.rng.randrange(365))

    def _person(
        self, *, sex: str, born: date, home: Home, family: str | None, ethnicity: str, **more: object
    ) -> Person:
        middle = more.pop("middle", None)
        if ethnicity == "Kinh":
            family = family or family_names.family_name(self.rng, home.commune.southern)
            between, given = given_names.kinh_name(self.rng, sex=sex, year=born.year, middle=middle)  # type: ignore[arg-type]
            name = " ".join(part for part in (family, between, given) if part)
        else:
            family, name = family_names.minority_name(self.rng, ethnicity, sex, family)
        one = Person(len(self.people) + 1, family, name, sex, born, home, home, ethnicity, **more)  # type: ignore[arg-type]
        self.people.append(one)
        return one

    def _founders(self, people: int) -> list[Person]:
        born = []
        for _ in range(int(people / 6.1)):
            home = land.home_in(self.rng, self._commune())
            local = land.ETHNIC.get(home.commune.province)
            ethnicity = local if local and self.rng.random() < 0.3 else "Kinh"
            day = self._day(self.rng.randint(1934, 1964))
            man = self._person(sex="M", born=day, home=home, family=None, ethnicity=ethnicity)
            her_day = self._day(day.year + self.rng.randint(-2, 5))
            woman = self._person(sex="F", born=her_day, home=home, family=None, ethnicity=ethnicity)
            man.spouse, woman.spouse = woman, man
            born += self._children(man, woman, "first")
        return born

    def _children(self, man: Person, woman: Person, generation: str) -> list[Person]:
        wanted = self.rng.choices(*CHILDREN[generation])[0]
        year, children = max(woman.born.year, man.born.year) + self.rng.randint(20, 29), []
        taken = {man.name, woman.name}
        middles: dict[str, str | None] = {"M": None, "F": None}
        while len(children) < wanted and year <= TODAY.year and year - woman.born.year <= 44:
            day = min(self._day(year), TODAY - timedelta(days=20))
            born = [self._child(man, woman, day, taken, middles)]
            if self.rng.random() < TWINS:
                born.append(self._child(man, woman, day, taken, middles, same_sex=born[0].sex))
                born[0].twin = born[1].twin = True
            children += born
            year += self.rng.randint(1, 5)
        return children

    def _child(
        self,
        man: Person,
        woman: Person,
        day: date,
        taken: set[str],
        middles: dict[str, str | None],
        same_sex: str | None = None,
    ) -> Person:
        """A child bears the father's family name, and often the siblings' middle name; never a name of the house."""
        sex = self.rng.choice("MF")
        if same_sex and self.rng.random() < 0.65:
            sex = same_sex
        middle = middles[sex] if same_sex or self.rng.random() < 0.4 else None
        while True:
            one = self._person(
                sex=sex,
                born=day,
                home=woman.home,
                family=man.family,
                ethnicity=man.ethnicity,
                mother=woman,
                father=man,
                middle=middle,
            )
            if one.name not in taken:
                break
            self.people.pop()
        taken.add(one.name)
        middles[sex] = " ".join(one.name.split()[1:-1])
        return one

    def _marriages(self, generation: list[Person]) -> list[Person]:
        """Men marry a woman of like age, most of them of the same commune; half stay with his parents."""
        women = [one for one in generation if one.sex == "F" and one.age(TODAY) >= 21]
        self.rng.shuffle(women)
        by_place: dict[tuple[str, int], list[Person]] = {}
        for woman in women:
            by_place.setdefault((woman.home.commune.code, woman.born.year), []).append(woman)
            by_place.setdefault(("", woman.born.year), []).append(woman)
        born = []
        for man in generation:
            if man.sex == "M" and man.age(TODAY) >= 23 and self.rng.random() < 0.85:
                wife = self._wife(man, by_place)
                if wife is not None:
                    man.spouse, wife.spouse = wife, man
                    self._move_together(man, wife)
                    born += self._children(man, wife, "later")
        return born

    def _wife(self, man: Person, by_place: dict[tuple[str, int], list[Person]]) -> Person | None:
        place = man.home.commune.code if self.rng.random() < 0.6 else ""
        for year in (man.born.year + apart for apart in self.rng.sample(range(-1, 6), 7)):
            for woman in by_place.get((place, year), ()):
                if woman.spouse is None and (woman.mother is None or woman.mother is not man.mother):
                    return woman
        return None

    def _move_together(self, man: Person, wife: Person) -> None:
        lot = self.rng.random()
        if lot < 0.45:
            wife.home = wife.registered = man.home
        elif lot < 0.52:
            man.home = wife.home
        elif lot < 0.85:
            man.home = wife.home = man.registered = wife.registered = land.home_in(self.rng, man.home.commune)
        else:
            man.home = wife.home = land.home_in(self.rng, self._commune())

    def _foreigners(self, people: int) -> None:
        for _ in range(max(people // 250, 2)):
            nation, name = given_names.foreign_name(self.rng)
            home = land.home_in(self.rng, self._commune())
            day = self._day(self.rng.randint(1958, 1999))
            one = Person(len(self.people) + 1, "", name, self.rng.choice("MF"), day, home, home, "", nation)
            self.people.append(one)

    def _bury(self) -> None:
        """Of the oldest not all live; people are numbered anew."""
        alive = [one for one in self.people if self.rng.random() > max(0, one.age(TODAY) - 55) / 60]
        for number, one in enumerate(alive, 1):
            one.number = number
        self.people = alive

    def _settle(self) -> None:
        houses: dict[int, list[Person]] = {}
        for one in self.people:
            houses.setdefault(id(one.home), []).append(one)
        for one in self.people:
            one.housemates = [other for other in houses[id(one.home)] if other is not one]
