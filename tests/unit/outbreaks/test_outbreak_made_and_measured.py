"""A made outbreak keeps its truth, can be read back from its files, and is measured by what was found of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pccovid.config.benches.outbreak_truth import FoundCase, FoundContact, measured
from pccovid.sandbox.drawing import stream
from pccovid.sandbox.outbreak import COMMUNITY, HOUSEHOLD, WORK, Epidemic, Infection, recorded
from pccovid.sandbox.outbreak_files import (
    VIET_NAM,
    Meeting,
    Outbreak,
    OutbreakIsUnreadable,
    Specimen,
    Transmission,
    people_of,
    read_outbreak,
    write_outbreak,
)

BEGINS = datetime(2021, 10, 4, tzinfo=VIET_NAM)
NINE = BEGINS + timedelta(days=5, hours=9)
EPIDEMIC = Epidemic(
    12, 6, BEGINS,
    {HOUSEHOLD: [(0, 1), (1, 2), (4, 5)], WORK: [(0, 3), (3, 6), (6, 7)], COMMUNITY: [(8, 9), (9, 10), (2, 11)]},
    [Infection(None, 0, 0, "outside"), Infection(0, 3, 2, WORK), Infection(0, 1, 3, HOUSEHOLD)],
    {0: 5},
)  # fmt: skip


def test_households_are_who_is_joined_and_every_transmission_was_a_meeting() -> None:
    made = recorded(EPIDEMIC, stream(3, "outbreak"))
    homes = {one.person: one.household for one in made.residents}
    assert len(homes) == 12
    assert homes["0"] == homes["1"] == homes["2"]
    assert {(one.person, one.other, one.on) for one in made.meetings if one.layer == WORK} >= {
        ("0", "3", (BEGINS + timedelta(days=2)).date())
    }
    assert all(one.left_at is None or one.entered_at is None or one.left_at > one.entered_at for one in made.presences)
    assert [one.resulted_at for one in made.specimens] == [NINE]


def test_equal_draws_make_equal_outbreaks_and_files_keep_them(tmp_path: Path) -> None:
    made = recorded(EPIDEMIC, stream(3, "outbreak"))
    assert made == recorded(EPIDEMIC, stream(3, "outbreak"))
    assert made != recorded(EPIDEMIC, stream(4, "outbreak"))
    write_outbreak(tmp_path, made)
    assert read_outbreak(tmp_path) == made
    assert set(people_of(made)) == {str(number) for number in range(12)}


def test_files_by_others_need_tests_and_transmissions_alone_and_dates_may_be_bare(tmp_path: Path) -> None:
    (tmp_path / "tests.csv").write_text("person,collected_at\nP1,2020-02-01\n")
    with pytest.raises(OutbreakIsUnreadable, match=r"no transmissions.csv"):
        read_outbreak(tmp_path)
    (tmp_path / "transmissions.csv").write_text("infector,infected,infected_on\nP1,P2,2020-01-30\n,P1,2020-01-20\n")
    (tmp_path / "visits.csv").write_text("person,place,entered_at,left_at\nP2,cafe,2020-01-30,2020-01-30\n")
    read = read_outbreak(tmp_path)
    assert read.specimens[0].result == "positive"
    assert read.transmissions[1].infector is None
    (stay,) = read.presences
    assert (stay.entered_at, stay.left_at) == (
        datetime(2020, 1, 30, tzinfo=VIET_NAM), datetime(2020, 1, 30, 23, 59, tzinfo=VIET_NAM),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("visits", "told"),
    [("P2,cafe,yesterday,\n", "no moment"), (",cafe,2020-01-30,\n", "line 2: nobody"), ("P2,cafe,,\n", "needs")],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, visits: str, told: str) -> None:
    (tmp_path / "tests.csv").write_text("person,collected_at\nP1,2020-02-01\n")
    (tmp_path / "transmissions.csv").write_text("infector,infected,infected_on\nP1,P2,2020-01-30\n")
    (tmp_path / "visits.csv").write_text("person,place,entered_at,left_at\n" + visits)
    with pytest.raises(OutbreakIsUnreadable, match=told):
        read_outbreak(tmp_path)


def test_recall_and_precision_are_those_of_pairs_and_of_contacts_while_infectious() -> None:
    day = NINE.date()
    outbreak = Outbreak(
        (), (), (), (Specimen("a", NINE - timedelta(days=1), NINE, "positive", "pcr"),),
        (Transmission("a", "b", day, WORK), Transmission("a", "c", day, WORK), Transmission("x", "a", day, WORK),
         Transmission("y", "z", day, WORK)),
        (Meeting("a", "b", day, WORK), Meeting("d", "a", day, WORK), Meeting("a", "e", day - timedelta(days=30), WORK)),
    )  # fmt: skip
    cases = [FoundCase("a", NINE - timedelta(days=2), NINE + timedelta(days=1))]
    found = [FoundContact("a", who, 0.5, NINE - timedelta(days=1), NINE + timedelta(hours=1)) for who in "bxe"]
    told = measured(outbreak, cases, found)
    assert told["pairs"] == {
        "all": 4, "infector_is_a_case": 2, "infected_is_a_case": 1, "recall_of_infected": 0.5,
        "recall_of_infector": 1.0, "joined_either_way": 0.6667, "joined_of_all": 0.5, "precision": 0.6667,
    }  # fmt: skip
    contacts = told["true_contacts"]
    assert isinstance(contacts, dict)
    assert contacts["all"] == {"met": 2, "recall": 0.5, "precision": 0.3333}
    surer = told["of_score"]
    assert isinstance(surer, dict)
    assert {least: one["contacts"] for least, one in surer.items()} == {"0.3": 3, "0.5": 3, "0.7": 0}
    assert surer["0.7"]["pairs"]["precision"] is None
    delay = told["delay"]
    assert isinstance(delay, dict)
    assert delay["from_result_hours"] == {"median": 1.0, "p90": 1.0}
    # Of those met before the result, b alone truly met the case while it was infectious; one is no spread.
    assert (delay["contacts"], delay["by_layer"]) == (
        3, {WORK: {"contacts": 1, "from_specimen_hours": None, "from_result_hours": None}},
    )  # fmt: skip
