"""The whole nation: people, their rows in every system, the files, the truth, and who can be told apart."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from eighth_nation import choosing, shipping
from eighth_nation.addresses import Addresses
from eighth_nation.choosing import Chosen
from eighth_nation.delivery import Delivery, Fact
from eighth_nation.from_bluezone import Bluezone
from eighth_nation.from_ncovi import Ncovi
from eighth_nation.from_nobody import Nobody
from eighth_nation.from_qr import Qr
from eighth_nation.from_sampling import Sampling
from eighth_nation.from_sskdt import Sskdt
from eighth_nation.from_tokhaiyte import Tokhaiyte
from eighth_nation.from_vneid import Vneid
from eighth_nation.nation import Nation
from eighth_nation.people import Household, Person
from eighth_nation.sites import Sites
from eighth_nation.telling_apart import TellingApart
from made_nations import command
from sixth_nation.shipping import write_table

TRUTH = pa.schema([(column, pa.int64() if column == "person" else pa.string()) for column in Fact._fields])
FAULTS = ("system", "file", "key", "person", "fault", "kinds")


class Systems:
    """All seven, over one delivery."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng = delivery, delivery.rng
        self.addresses, sites = Addresses(delivery), Sites(delivery)
        self.ncovi, self.qr = Ncovi(delivery, self.addresses), Qr(delivery, self.addresses)
        self.bluezone = Bluezone(delivery, self.addresses)
        self.sampling = Sampling(delivery, self.addresses, sites)
        self.by_name: dict[str, Callable[[Person], None]] = {
            "qr": self.qr.write,
            "sskdt": Sskdt(delivery, self.addresses, sites).write,
            "tokhaiyte": Tokhaiyte(delivery, self.addresses).write,
            "vneid": Vneid(delivery, self.addresses).write,
        }

    def fill(self) -> None:
        """Writes everybody's rows, house by house, and some that stand for nobody."""
        self.addresses.list_areas()
        self.qr.open_places()
        for house in self.delivery.nation.houses:
            self._write_house(house)
        Nobody(self.delivery, self.addresses, self.bluezone).write()

    def _write_house(self, house: Household) -> None:
        planned = {person.number: choosing.systems_of(self.rng, person) for person in house.people}
        listed: set[int] = set()
        for holder in choosing.account_holders(self.rng, house):
            account = choosing.account_of(self.rng, holder, planned)
            self.ncovi.write(account)
            listed |= account.numbers
        chosen = {number: set(systems) for number, systems in planned.items()}
        for number in listed:
            chosen[number].add("ncovi")
        for person in house.people:
            systems = planned[person.number]
            if not systems and person.number not in listed:
                systems.add(choosing.system_of_last_resort(self.rng, person))
            for system in sorted(systems):
                self._write(person, system, chosen)

    def _write(self, person: Person, system: str, chosen: Chosen) -> None:
        """Whoever has no phone to register with, and no record elsewhere, comes to be sampled."""
        if system == "sampling":
            self.sampling.write(person, chosen)
        elif system == "bluezone":
            is_registered = self.bluezone.write(person)
            has_records = bool(self.delivery.records[person.number])
            if not is_registered and not has_records and chosen[person.number] == {"bluezone"}:
                self.sampling.write(person, chosen)
        else:
            self.by_name[system](person)


def make(out: Path, *, people: int, seed: int) -> list[Person]:
    """Writes `exports/`, `truth.parquet`, `tellable.csv` and `faults.csv` of that many people below `out`; equal
    numbers, equal bytes."""
    nation = Nation(Random(f"eighth/{seed}/{people}"), people)
    delivery = Delivery(nation)
    Systems(delivery).fill()
    shipping.ship(delivery, out / "exports")
    truth = zip(*delivery.truth, strict=True)
    pq.write_table(pa.table([list(column) for column in truth], schema=TRUTH), out / "truth.parquet")
    telling = TellingApart(delivery.records)
    tellable = [(person.number, int(telling.is_tellable(person))) for person in nation.people]
    write_table(out / "tellable.csv", ("person_id", "tellable"), tellable)
    faults = [(*fact, "+".join(kinds)) for fact, kinds in delivery.kinds]
    write_table(out / "faults.csv", FAULTS, faults)
    return nation.people


if __name__ == "__main__":
    command(make)
