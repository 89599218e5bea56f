"""How people are called: family names by their real share, given names by age, other peoples, foreigners."""

from collections.abc import Sequence
from random import Random

from sixth_nation import name_lists
from sixth_nation.land import NAME_LISTS, Area, shared_data
from sixth_nation.name_lists import LISTS


def _falling(words: Sequence[str]) -> list[float]:
    """Weights of names listed from the most frequent on."""
    return [1.0 / (place + 6) for place in range(len(words))]


class Names:
    """Draws names; the long tail comes from the public lists."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.listed = {name: _lines(name) for name in NAME_LISTS}

    def family(self, area: Area) -> tuple[str, str]:
        """A family name of that place, and the people it belongs to."""
        rng = self.rng
        if area.province in name_lists.NORTHWEST and rng.random() < 0.5:
            hmong, thai, tay = (rng.choice(LISTS[f"{people} family"]) for people in ("hmong", "thai", "thai"))
            return rng.choice(((hmong, "H'Mông"), (thai, "Thái"), (tay, "Tày")))
        if area.province in name_lists.HIGHLANDS and rng.random() < 0.25:
            return rng.choice(LISTS["ede family"]), "Ê Đê"
        if area.province in name_lists.KHMER_COUNTRY and rng.random() < 0.22:
            return rng.choice(LISTS["khmer family"]), "Khmer"
        family = rng.choices(list(name_lists.FAMILY_SHARES), list(name_lists.FAMILY_SHARES.values()))[0]
        if int(area.province) >= 48 and rng.random() < 0.85:
            family = name_lists.IN_THE_SOUTH.get(family, family)
        return family, "Kinh"

    def given(self, sex: str, year: int) -> str:
        """A given name of one word, in fashion that year."""
        rng = self.rng
        if rng.random() < 0.12:
            return rng.choice(self.listed["boy_one_word" if sex == "M" else "girl_one_word"])
        if year < 1965 and rng.random() < 0.3:
            return rng.choice(LISTS[f"old {sex}"])
        if year > 2000 and rng.random() < 0.35:
            return rng.choice(LISTS[f"young {sex}"])
        names = LISTS[f"given {sex}"]
        return rng.choices(names, _falling(names))[0]

    def full(self, family: str, people: str, sex: str, year: int, middle: str | None = None) -> str:
        """Somebody's whole name; Thái and Tày are named as Kinh are."""
        if people in ("Ê Đê", "H'Mông", "Khmer"):
            return self._of_another_people(family, people, sex)
        if year > 1985 and self.rng.random() < 0.15:
            return f"{family} {self.rng.choice(self.listed['boy' if sex == 'M' else 'girl'])}"
        if middle is None:
            middle = self._middle(sex, year)
        if self.rng.random() < 0.03:
            middle = ""
        given = self.given(sex, year)
        return " ".join(word for word in (family, middle, given) if word)

    def _of_another_people(self, family: str, people: str, sex: str) -> str:
        rng, male = self.rng, sex == "M"
        if people == "Ê Đê":
            given = rng.choice(LISTS["ede given"])
            if male:
                return f"Y {given} {family}"
            return f"H'{given} {family}" if rng.random() < 0.7 else f"H {given} {family}"
        if people == "H'Mông":
            given = rng.choice(LISTS["hmong given"])
            return f"{family} {'A' if male else 'Thị'} {given}"
        given = rng.choice(LISTS["khmer given"])
        return f"{family} {given}" if male or rng.random() < 0.4 else f"{family} Thị {given}"

    def _middle(self, sex: str, year: int) -> str:
        """Văn or Thị, the more often the older somebody is; or another one; or both."""
        classic = min(0.85, max(0.12, (2005 - year) / 50))
        if self.rng.random() >= classic:
            return self.rng.choice(LISTS[f"middle {sex}"])
        middle = "Văn" if sex == "M" else "Thị"
        if self.rng.random() < 0.25:
            middle += " " + self.rng.choice(LISTS[f"middle {sex}"][1:])
        return middle

    def foreign(self, nation: str) -> str:
        """The name of somebody from there, as passports write it."""
        given, families = self.rng.choice(LISTS[f"{nation} given"]), LISTS.get(f"{nation} family", [])
        return f"{self.rng.choice(families)} {given}" if families else given


def _lines(name: str) -> list[str]:
    lines = (shared_data() / "names" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]
