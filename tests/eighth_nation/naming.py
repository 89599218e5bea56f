"""How people are called."""

import unicodedata
from random import Random

from eighth_nation.name_lists import FAMILY_SHARES, LISTS, Minority
from eighth_nation.people import Person
from made_nations import shared_data
from sixth_nation.land import toneless

CLASSIC = {"M": "Văn", "F": "Thị"}
CLASSIC_OF_THE_OLD, CLASSIC_OF_THE_YOUNG = {"M": 0.55, "F": 0.75}, {"M": 0.22, "F": 0.32}
YOUNG_FROM = 1985
SECOND_MIDDLE, NOT_FROM_THE_PUBLIC_LIST = 0.25, 0.5
MINORITY_NAMED_AS_KINH, MINORITY_GIVES_WAY, TWINS_NAMED_ALIKE = 0.4, 0.3, 0.6
ISLAND_ETH = "\u00d0"
"""Stands for Đ in some of the public names."""


class Names:
    """Draws names; no two people of one house have the same."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.listed = {"M": _listed("boy"), "F": _listed("girl")}

    def family(self) -> str:
        """A family name of Kinh."""
        return self.rng.choices(list(FAMILY_SHARES), list(FAMILY_SHARES.values()))[0]

    def name(self, person: Person, family: str, minority: Minority | None, twin: Person | None) -> None:
        """Gives somebody a name, and the people they belong to."""
        taken = {toneless(other.name).lower() for other in person.house.people}
        if minority:
            person.people = minority.name
        while True:
            person.name = self._of(person, family, minority) if minority else self._kinh(person, family, twin)
            if toneless(person.name).lower() not in taken:
                return
            if minority and self.rng.random() < MINORITY_GIVES_WAY:
                minority = minority._replace(given={sex: LISTS[f"given {sex}"] for sex in "MF"})

    def _of(self, person: Person, family: str, minority: Minority) -> str:
        name = f"{family} {self.rng.choice(minority.given[person.sex])}".strip()
        if minority.families[0] and self.rng.random() < MINORITY_NAMED_AS_KINH:
            return f"{name.split()[0]} {self._given(person)}"
        return name

    def _kinh(self, person: Person, family: str, twin: Person | None) -> str:
        """Twins are often called alike but for the last word."""
        name = f"{family} {self._given(person)}"
        can_be_alike = twin is not None and len(twin.name.split()) == 3
        if twin and can_be_alike and self.rng.random() < TWINS_NAMED_ALIKE and person.sex == twin.sex:
            return " ".join([*twin.name.split()[:2], self.rng.choice(LISTS[f"given {person.sex}"])])
        return name

    def _given(self, person: Person) -> str:
        """Middle and given name, in fashion that year."""
        rng, sex = self.rng, person.sex
        classic = CLASSIC_OF_THE_OLD if person.born.year < YOUNG_FROM else CLASSIC_OF_THE_YOUNG
        if rng.random() < classic[sex]:
            last = self._last(sex)
            if sex == "F" and rng.random() < SECOND_MIDDLE:
                last = f"{rng.choice(LISTS['middle F'])} {last}"
            return f"{CLASSIC[sex]} {last}"
        if rng.random() < NOT_FROM_THE_PUBLIC_LIST:
            return f"{rng.choice(LISTS[f'middle {sex}'])} {self._last(sex)}"
        return rng.choice(self.listed[sex])

    def _last(self, sex: str) -> str:
        """The first of the list are the most frequent."""
        names = LISTS[f"given {sex}"]
        return self.rng.choices(names, range(len(names) + 6, 6, -1))[0]


def _listed(name: str) -> list[str]:
    """The public names of two different words."""
    lines = (shared_data() / "names" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if len(line.split()) == 2]
    names = (" ".join(words) for words in pairs if words[0] != words[1])
    return sorted({unicodedata.normalize("NFC", name).replace(ISLAND_ETH, "Đ") for name in names})
