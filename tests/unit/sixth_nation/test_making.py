"""The sixth made nation keeps the formats of the deliveries, knows whose each row is, and says who is tellable."""

from __future__ import annotations

from pathlib import Path

import pytest

from made_nations import rows_of, table
from sixth_nation.columns import COLUMNS, KEYS
from sixth_nation.identity import Evidence
from sixth_nation.land import has_public_lists
from sixth_nation.making import make
from sixth_nation.mistakes import FULL, RIGHT
from sixth_nation.old_encodings import as_tcvn3, as_vni
from sixth_nation.people import Person
from sixth_nation.telling_apart import TellingApart

pytestmark = pytest.mark.skipif(not has_public_lists(), reason="the public lists of areas and names are not here")

Rows = dict[str, list[dict[str, object]]]
LISTS_OF_THE_VENDOR = {"tokhaiyte_areas", "tokhaiyte_nations"}


class Made:
    """One nation, read back."""

    def __init__(self, folder: Path) -> None:
        self.people = make(folder, people=250, seed=3)
        self.rows: Rows = {file: list(rows_of(folder / "exports", file, is_table=file in COLUMNS)) for file in KEYS}
        self.truth = table(folder / "truth.csv")
        self.tellable = table(folder / "tellable.csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("sixth"))


def test_every_table_has_its_columns_in_every_row(made: Made) -> None:
    for file, columns in COLUMNS.items():
        for row in made.rows[file]:
            assert None not in row.values(), file
            assert set(columns) - set(row) <= {"email"}, file
            assert set(row) - set(columns) <= {"appVersion"}, file


def test_the_truth_has_exactly_the_keys_of_the_rows_and_of_the_members_of_households(made: Made) -> None:
    keys = {(file, row[KEYS[file]]) for file in KEYS if file not in LISTS_OF_THE_VENDOR for row in made.rows[file]}
    keys |= {("ncovi", member["memberId"]) for row in made.rows["ncovi"] for member in row["household"]}  # type: ignore[attr-defined]
    assert keys == {(row["file"], row["key"]) for row in made.truth}


def test_whatever_a_row_refers_to_exists(made: Made) -> None:
    there = {
        "wardId": {row["id"] for row in made.rows["tokhaiyte_areas"]},
        "nation": {row["id"] for row in made.rows["tokhaiyte_nations"]},
        "personId": {row["personId"] for row in made.rows["sskdt_people"]},
        "placeId": {row["placeId"] for row in made.rows["qr_places"]},
    }
    for file, rows in made.rows.items():
        for column, known in there.items():
            strange = [row[column] for row in rows if row.get(column) and row[column] not in known]
            assert strange == [], (file, column)


def test_everybody_has_a_record_and_a_word_on_whether_they_are_tellable(made: Made) -> None:
    numbers = [str(person.number) for person in made.people]
    assert {row["person"] for row in made.truth} - {""} == set(numbers)
    assert [row["person"] for row in made.tellable] == numbers
    assert {row["tellable"] for row in made.tellable} == {"0", "1"}


def test_some_rows_stand_for_nobody(made: Made) -> None:
    of_nobody = {row["fault"] for row in made.truth if not row["person"]}
    assert of_nobody == {"nobody", "place"}


def test_no_two_people_have_one_number(made: Made) -> None:
    papers = [number for person in made.people for number in (*person.papers, person.insurance) if number]
    assert len(papers) == len(set(papers))


def test_the_old_encodings_write_a_name_as_those_fonts_held_it() -> None:
    assert as_tcvn3("Nguyễn Đức") == "NguyÔn §øc"
    assert as_vni("Nguyễn Đức") == "Nguyeãn Ñöùc"


def one_of(made: Made) -> Person:
    return made.people[0]


def test_records_that_share_no_value_do_not_hang_together(made: Made) -> None:
    person = one_of(made)
    by_phone = Evidence(RIGHT, FULL, phone="0912345678")
    by_number = Evidence(RIGHT, FULL, numbers=("012345678",))
    both = Evidence(RIGHT, FULL, numbers=("012345678",), phone="0912345678")
    apart = [("a/1", by_phone), ("a/2", by_number)]
    assert not TellingApart([person], {person.number: apart}).is_tellable(person.number)
    assert TellingApart([person], {person.number: [*apart, ("a/3", both)]}).is_tellable(person.number)


def test_a_name_alone_anchors_nothing(made: Made) -> None:
    person = one_of(made)
    assert not TellingApart([person], {person.number: [("a/1", Evidence(RIGHT))]}).is_tellable(person.number)
