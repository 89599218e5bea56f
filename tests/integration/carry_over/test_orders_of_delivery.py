"""The same files in one delivery or one after another, in any order: nobody is joined with somebody else, and hardly
anybody is less complete.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from
from pccovid.carry_over.evaluating import evaluate
from pccovid.foundation.facts import registered
from pccovid.sandbox.nation import create

SYSTEMS = ("vneid", "sskdt", "ncovi", "tokhaiyte", "bluezone", "qr", "sampling")
# Later deliveries are linked among fewer records, so a little may stay apart that one delivery would join.
LESS_COMPLETE = 0.03
# The list of areas comes first or with its forms; here it only takes time.
LEFT_OUT = "tokhaiyte_areas"


def nation_of(people: int, seed: int, folder: Path) -> Path:
    create(people=people, seed=seed, out=folder)
    for path in (folder / "exports").glob(f"{LEFT_OUT}*"):
        path.unlink()
    return folder


def report_after(made: MadeDatabase, nation: Path, deliveries: list[tuple[str, ...]], work: Path) -> dict[str, object]:
    """Carry over one delivery after another, each with the files of some systems, and compare with the truth."""
    for number, systems in enumerate(deliveries):
        part = work / f"delivery-{number}"
        part.mkdir(parents=True)
        for path in (nation / "exports").iterdir():
            if path.name.startswith(systems):
                shutil.copy(path, part)
        ledger = import_delivery(made, part, work / "work")
        assert all(file.balances for file in ledger.files)
    with made.connect("jobs", autocommit=True) as connection:
        return evaluate(connection, nation / "truth.parquet", registered(), work=work / "work")


def as_right_as_one_delivery(one: dict[str, object], parts: dict[str, object]) -> None:
    # Whether one delivery joins the right people is the linkage's own test.
    assert int(parts["wrong_merges"]) <= int(one["wrong_merges"])  # type: ignore[call-overload]
    assert int(parts["facts_wrong_person"]) <= int(one["facts_wrong_person"])  # type: ignore[call-overload]
    assert float(parts["people_complete"]) >= float(one["people_complete"]) - LESS_COMPLETE  # type: ignore[arg-type]
    # Every fact is there once: on somebody, or waiting with its held record.
    assert parts["records"] == one["records"]


def test_three_deliveries_in_turn_are_as_right_as_one(prepared_url: str, home: Path, tmp_path: Path) -> None:
    nation = nation_of(150, 3, tmp_path / "nation")
    one = report_after(database_from(prepared_url, home), nation, [SYSTEMS], tmp_path / "one")
    turns = [("qr", "bluezone", "tokhaiyte"), ("sampling", "ncovi"), ("sskdt", "vneid")]
    parts = report_after(database_from(prepared_url, home), nation, turns, tmp_path / "parts")
    as_right_as_one_delivery(one, parts)
    assert parts["wrong_merges"] == parts["facts_wrong_person"] == 0


def orders() -> list[tuple[str, ...]]:
    dice = random.Random(5)
    return [SYSTEMS, SYSTEMS[::-1], *(tuple(dice.sample(SYSTEMS, len(SYSTEMS))) for _ in range(3))]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_order_of_single_systems_is_as_right_as_one_delivery(
    prepared_url: str, home: Path, tmp_path: Path, seed: int
) -> None:
    nation = nation_of(200, seed, tmp_path / "nation")
    one = report_after(database_from(prepared_url, home), nation, [SYSTEMS], tmp_path / "one")
    for number, order in enumerate(orders()):
        made = database_from(prepared_url, home)
        parts = report_after(made, nation, [(system,) for system in order], tmp_path / f"order-{number}")
        as_right_as_one_delivery(one, parts)
