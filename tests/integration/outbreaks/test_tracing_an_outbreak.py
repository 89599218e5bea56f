"""An outbreak of files is put into a database, lived through day by day, and what was found is told by kind of data."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import MadeDatabase
from pccovid.config.benches.outbreak_truth import measured
from pccovid.config.benches.outbreak_world import DECLARED, HOUSEHOLDS, JOURNEYS, KINDS, PLACES, World
from pccovid.sandbox.outbreak_files import Outbreak, read_outbreak

FILES = {
    "people": "person,household\na,h1\nb,h1\n",
    "visits": "person,place,entered_at,left_at\n"
    "a,market,2021-10-04T08:00,2021-10-04T09:00\nc,market,2021-10-04T08:30,2021-10-04T09:30\n"
    "e,market,2021-10-04T10:00,2021-10-04T11:00\nc,cafe,2021-10-07T08:00,\nf,cafe,2021-10-07T08:30,\n",
    "journeys": "person,vehicle,departed_at,seat\na,XE-1,2021-10-05T07:00,3A\nd,XE-1,2021-10-05T07:10,4B\n",
    "tests": "person,collected_at,resulted_at\na,2021-10-05T09:00,2021-10-06T09:00\n"
    "c,2021-10-07T09:00,2021-10-08T09:00\n",
    "transmissions": "infector,infected,infected_on,layer\n,a,2021-10-01,\na,c,2021-10-04,market\na,b,2021-10-04,home\n"
    "c,f,2021-10-07,cafe\n",
    "contacts": "person,other,day,layer\na,b,,home\na,c,2021-10-04,market\na,d,2021-10-05,bus\nc,f,2021-10-07,cafe\n",
    "declared": "person,other,day,layer\na,g,2021-10-05,walk\nh,c,,talk\n",
}


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory: pytest.TempPathFactory) -> Outbreak:
    folder: Path = tmp_path_factory.mktemp("outbreak")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    return read_outbreak(folder)


def found(database: MadeDatabase, outbreak: Outbreak, *kinds: str) -> tuple[set[tuple[str, str]], dict[str, object]]:
    with database.connect("owner", autocommit=True) as owner, database.connect("jobs", autocommit=True) as jobs:
        world = World(owner, jobs, outbreak)
        for _ in world.lived(kinds):
            pass
        contacts = world.contacts()
        return {(one.case, one.person) for one in contacts}, measured(outbreak, world.cases(), contacts)


def test_each_kind_of_data_finds_what_only_it_knows(database: MadeDatabase, outbreak: Outbreak) -> None:
    whole, told = found(database, outbreak, *KINDS)
    assert whole == {("a", "b"), ("a", "c"), ("a", "d"), ("c", "f"), ("a", "g"), ("c", "h")}
    pairs, contacts = told["pairs"], told["true_contacts"]
    assert isinstance(pairs, dict)
    assert isinstance(contacts, dict)
    assert (pairs["recall_of_infected"], pairs["joined_of_all"]) == (1.0, 1.0)
    assert {layer: one["recall"] for layer, one in contacts.items()} == {
        "all": 1.0, "bus": 1.0, "cafe": 1.0, "home": 1.0, "market": 1.0,
    }  # fmt: skip
    assert found(database, outbreak, PLACES)[0] == {("a", "c"), ("c", "f")}
    assert found(database, outbreak, HOUSEHOLDS)[0] == {("a", "b")}
    assert found(database, outbreak, JOURNEYS)[0] == {("a", "d")}
    assert found(database, outbreak, DECLARED)[0] == {("a", "g"), ("c", "h")}


def test_who_was_met_before_a_result_is_found_a_minute_after_it(database: MadeDatabase, outbreak: Outbreak) -> None:
    _, told = found(database, outbreak, *KINDS)
    delay = told["delay"]
    assert isinstance(delay, dict)
    assert delay["from_result_hours"] == {"median": 0.02, "p90": 0.02}
    assert delay["from_specimen_hours"] == {"median": 24.02, "p90": 24.02}
