"""Personal numbers, old cards, passports, insurance numbers, phones: issued once each."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

MOBILE = [
    "032",
    "033",
    "034",
    "035",
    "036",
    "037",
    "038",
    "039",
    "070",
    "076",
    "077",
    "078",
    "079",
    "081",
    "082",
    "083",
    "084",
    "085",
    "086",
    "088",
    "089",
    "090",
    "091",
    "093",
    "094",
    "096",
    "097",
    "098",
]
ELEVEN = {
    "070": "0120", "079": "0121", "077": "0122", "076": "0126", "078": "0128", "083": "0123", "084": "0124",
    "085": "0125", "081": "0127", "082": "0129", "032": "0162", "033": "0163", "034": "0164", "035": "0165",
    "036": "0166", "037": "0167", "038": "0168", "039": "0169",
}  # fmt: skip


@dataclass
class Register:
    """Draws numbers and gives none twice."""

    rng: Random
    given: set[str] = field(default_factory=set)

    def _fresh(self, make) -> str:  # type: ignore[no-untyped-def]
        while (number := make()) in self.given:
            pass
        self.given.add(number)
        return number

    def _digits(self, count: int) -> str:
        return f"{self.rng.randrange(10**count):0{count}d}"

    def personal_id(self, province: str, sex: str, born: date) -> str:
        """Twelve digits: province, century and sex, year, running number."""
        century = (born.year - 1900) // 100 * 2 + (sex == "F")
        head = f"0{province}{century}{born.year % 100:02d}"
        return self._fresh(lambda: head + self._digits(6))

    def next_to(self, personal_id: str) -> str:
        """The following number of the same office, for the second of twins of one sex."""
        return self._fresh(lambda: f"{int(personal_id) + self.rng.randint(1, 3):012d}")

    def old_card(self, province: str) -> str:
        """Nine digits, the first two the province's series."""
        return self._fresh(lambda: f"{int(province) % 38 + 1:02d}" + self._digits(7))

    def passport(self, nation: str) -> str:
        letter = "BCN" if nation == "VN" else "MEPK"
        return self._fresh(lambda: self.rng.choice(letter) + self._digits(8 if nation != "VN" else 7))

    def insurance(self, province: str, kind: str) -> str:
        """Fifteen characters: object, benefit, province, ten of the social-insurance number."""
        number = self._fresh(lambda: province + self._digits(8))
        return f"{kind}{self.rng.choice('1234')}{province}{number}"

    def phone(self) -> str:
        return self._fresh(lambda: self.rng.choice(MOBILE) + self._digits(7))
