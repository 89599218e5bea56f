"""The whole nation: people, their rows in every system, the files and the truth."""

from pathlib import Path
from random import Random

from fifth_nation import from_ncovi, from_others, from_qr, from_sskdt, from_tokhaiyte
from fifth_nation.choosing import systems_of
from fifth_nation.delivery import Delivery, ship
from fifth_nation.families import Families
from fifth_nation.issuing import issue
from fifth_nation.people import Person
from made_nations import command

WRITERS = {
    "sskdt": from_sskdt.write,
    "tokhaiyte": from_tokhaiyte.write,
    "ncovi": from_ncovi.write,
    "bluezone": from_others.write_bluezone,
    "vneid": from_others.write_vneid,
    "qr": from_qr.write,
    "sampling": from_others.write_samples,
}


def make(out: Path, *, people: int, seed: int) -> list[Person]:
    """Writes `exports/` and `truth.parquet` of about that many people below `out`; equal numbers, equal bytes."""
    rng = Random(seed)
    everybody = Families(rng, people).people
    issue(rng, everybody)
    delivery = Delivery()
    from_tokhaiyte.write_lists(delivery)
    from_qr.write_places(rng, everybody, delivery)
    for one in everybody:
        for system in systems_of(rng, one):
            WRITERS[system](rng, one, delivery)
    ship(rng, delivery, out)
    return everybody


if __name__ == "__main__":
    command(make)
