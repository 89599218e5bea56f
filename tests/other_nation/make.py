"""Make the other nation: `PYTHONPATH=tests python -m other_nation.make --people 5000 --seed 3 --out DIR`.

Writes DIR/exports/ (one delivery), DIR/truth.csv (system, file, key, person, fault) and DIR/tellable.txt. Reference
rows (areas, nations) and registered places stand in no truth: they are not records of a person.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections import Counter
from pathlib import Path
from random import Random

from . import areas, cast, early, files, garbage, health, movement, ncovi
from .book import SYSTEM, Book
from .maker import Maker
from .pen import Dialect, Pen
from .people import Person
from .tellable import tellable


def fill(book: Book, people: list[Person], lived_in: list[areas.Commune]) -> None:
    """Let every earlier app meet its share of the people."""
    rng, pen = book.rng, Pen(book.rng)
    habits = {file: Dialect.draw(rng) for file in SYSTEM} | {
        "sskdt_people": Dialect.draw(rng, "dmy"),
        "sskdt_doses": Dialect.draw(rng, rng.choice(["dmy", "dash"])),
        "vneid": Dialect.draw(rng, "iso"),
    }
    homes: dict[int, list[Person]] = {}
    for one in people:
        homes.setdefault(one.household, []).append(one)
    where = movement.places(book, pen, people, habits["qr_places"])
    ncovi.accounts(book, pen, homes, habits["ncovi"])
    for one in people:
        only = one.only
        least = 1.0 if only else 0.0
        if only in ("", "tokhaiyte"):
            early.domestic(book, pen, one, habits["tokhaiyte_domestic"], max(least, 1.05))
            early.entry(book, pen, one, habits["tokhaiyte_entry"])
            early.movement(book, pen, one, habits["tokhaiyte_movement"])
        if only in ("", "bluezone"):
            early.bluezone(book, pen, one, habits["bluezone_users"])
        if only in ("", "sskdt"):
            health.vaccination(book, pen, one, habits["sskdt_people"], habits["sskdt_doses"])
        if only in ("", "sampling"):
            health.sampling(book, pen, one, habits["sampling"], max(least, 0.6))
        account = movement.vneid(book, pen, one, habits["vneid"], lived_in) if only in ("", "vneid") else ""
        if only in ("", "qr"):
            movement.visits(book, pen, one, habits["qr_visits"], where, account, max(least, 1.05))


def make(people: int, seed: int, out: Path) -> dict[str, object]:
    """The whole nation on disk; returns its measures."""
    rng = Random(seed)
    communes = areas.load()
    lived_in = areas.inhabited(communes, people, rng)
    nation = cast.nation(Maker(rng, lived_in), people)
    book = Book(rng)
    early.areas(book, communes)
    fill(book, nation, lived_in)
    garbage.fill(book)
    book.repeat()
    if (out / "exports").is_dir():
        shutil.rmtree(out / "exports")
    rows = files.deliver(book, out / "exports")
    with (out / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["system", "file", "key", "person", "fault"])
        for one in book.truths:
            writer.writerow([SYSTEM[one.file], one.file, one.key, "" if one.person is None else one.person, one.fault])
    told = tellable(book.truths, nation)
    (out / "tellable.txt").write_text("".join(f"{number}\n" for number in told))
    seen = {one.person for one in book.truths if one.person}
    return {
        "people": len(nation),
        "with records": len(seen),
        "rows written": rows,
        "rows in truth": len(book.truths),
        "tellable": len(told),
        "classes": dict(Counter(one.klass for one in nation)),
        "cases": dict(Counter(case for one in nation for case in sorted(one.casts))),
        "faults": dict(Counter(one.fault or "none" for one in book.truths).most_common()),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="A second made nation with the exports of the earlier apps and its truth"
    )
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for word, value in make(options.people, options.seed, options.out).items():
        print(f"{word}: {value}")


if __name__ == "__main__":
    main()
