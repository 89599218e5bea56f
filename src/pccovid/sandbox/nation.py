"""Makes a nation and its deliveries: `create` the first one, `create_corrections` a smaller one that corrects it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pccovid.foundation.no_cycles import no_cycles
from pccovid.sandbox.blocks import blocks, rows_of_block
from pccovid.sandbox.citizens import Casting, Citizen
from pccovid.sandbox.corrections import later_rows
from pccovid.sandbox.delivery import Delivery
from pccovid.sandbox.drawing import stream
from pccovid.sandbox.exports.tokhaiyte import mapping_tables
from pccovid.sandbox.territory import territory

Progress = Callable[[str, float], None]
MANIFEST = "nation.json"


@dataclass(frozen=True)
class Created:
    """What was written: rows by file word, lines of the truth, citizens worth signing in as."""

    folder: Path
    people: int
    rows: dict[str, int]
    truth_rows: int
    citizens: tuple[Citizen, ...]


def create(*, people: int, seed: int, out: Path, progress: Progress | None = None) -> Created:
    """Write `out/exports/`, `out/truth.parquet`, `out/citizens.json` and `out/nation.json`.

    Equal `people` and `seed` give equal bytes. `progress` hears (stage, share done from 0 to 1). Files of an earlier
    nation in `out` are replaced. Raises ValueError for fewer than one person and OSError where `out` cannot be written.
    """
    if people < 1:
        raise ValueError("a nation needs at least one person")
    casting = Casting()
    with no_cycles(), Delivery(out, stream(seed, "delivery"), people) as delivery:
        for row in mapping_tables(territory()):
            delivery.add(row)
        for number, block in blocks(seed, people):
            casting.look_at(block.people)
            for row, repeats in rows_of_block(seed, number, block):
                delivery.repeat(row) if repeats else delivery.add(row)
            if progress:
                progress("people", min(1.0, block.people[-1].number / people))
        rows, truth_rows = dict(delivery.rows), delivery.truth_rows
    _write_json(out / "citizens.json", [citizen._asdict() for citizen in casting.citizens])
    _write_json(out / MANIFEST, {"people": people, "seed": seed})
    return Created(out, people, rows, truth_rows, casting.citizens)


def create_corrections(first: Path, out: Path, seed: int) -> Created:
    """Write a later, smaller delivery about the nation that `create` made in `first`, with its own `truth.parquet`.

    It holds corrected rows under their keys, rows with another phone, rows sent once more, and new rows.
    Raises FileNotFoundError where `first` holds no `nation.json`. Equal nation and `seed` give equal bytes.
    """
    made = json.loads((first / MANIFEST).read_text(encoding="utf-8"))
    people, first_seed = int(made["people"]), int(made["seed"])
    with no_cycles(), Delivery(out, stream(seed, "delivery", 1), people // 10) as delivery:
        for row in mapping_tables(territory()):
            delivery.add(row)
        for number, block in blocks(first_seed, people):
            for row in later_rows(block, rows_of_block(first_seed, number, block), stream(seed, "corrections", number)):
                delivery.add(row)
        rows, truth_rows = dict(delivery.rows), delivery.truth_rows
    return Created(out, people, rows, truth_rows, ())


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
