"""The whole nation: people, their rows in every system, the files, the truth, and who can be told apart."""

from pathlib import Path
from random import Random

from made_nations import command
from sixth_nation import from_bluezone, shipping
from sixth_nation.choosing import systems_of
from sixth_nation.delivery import Delivery
from sixth_nation.from_ncovi import Ncovi
from sixth_nation.from_qr import Qr
from sixth_nation.from_sampling import Sampling
from sixth_nation.from_sskdt import Sskdt
from sixth_nation.from_tokhaiyte import Tokhaiyte
from sixth_nation.from_vneid import Vneid
from sixth_nation.nation import Nation
from sixth_nation.people import Person
from sixth_nation.telling_apart import TellingApart


class Systems:
    """All seven, over one delivery."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng = delivery, delivery.rng
        self.tokhaiyte, self.sskdt, self.qr = Tokhaiyte(delivery), Sskdt(delivery), Qr(delivery)
        self.sampling, self.ncovi, self.vneid = Sampling(delivery), Ncovi(delivery), Vneid(delivery)

    def fill(self) -> None:
        """Writes everybody's rows, and some that stand for nobody."""
        nation = self.delivery.nation
        self.qr.open_places(max(3, len(nation.people) // 40))
        known = {person: systems_of(self.rng, person) for person in nation.people}
        for house in nation.houses:
            self.ncovi.write_house(house, [person for person in house if "ncovi" in known[person]])
        for person in nation.people:
            self._write(person, known[person])
        for _ in range(max(1, len(nation.people) // 700)):
            self.tokhaiyte.declare_for_nobody()
            self.sampling.write_control()

    def _write(self, person: Person, systems: list[str]) -> None:
        """Whoever comes out without a record declares at home."""
        if "tokhaiyte" in systems:
            self.tokhaiyte.write(person)
        if "bluezone" in systems:
            from_bluezone.write(person, self.delivery)
        if "sskdt" in systems:
            self.sskdt.write(person)
        journeys = self.vneid.write(person) if "vneid" in systems else []
        if "qr" in systems:
            self.qr.write(person, journeys)
        if "sampling" in systems:
            self.sampling.write(person)
        if person.number not in self.delivery.records:
            self.tokhaiyte.declare_at_home(person)


def make(out: Path, *, people: int, seed: int) -> list[Person]:
    """Writes `exports/`, `truth.csv` and `tellable.csv` of that many people below `out`; equal numbers, equal bytes."""
    nation = Nation(Random(f"sixth nation {seed}"), people)
    delivery = Delivery(nation)
    Systems(delivery).fill()
    telling = TellingApart(nation.people, delivery.records)
    shipping.ship(delivery, out / "exports")
    shipping.write_table(out / "truth.csv", ("system", "file", "key", "person", "fault"), sorted(delivery.truth))
    tellable = [(person.number, int(telling.is_tellable(person.number))) for person in nation.people]
    shipping.write_table(out / "tellable.csv", ("person", "tellable"), tellable)
    return nation.people


if __name__ == "__main__":
    command(make)
