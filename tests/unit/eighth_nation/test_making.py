"""The eighth made nation keeps the formats of the deliveries, knows whose each row is, and says who is tellable."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from eighth_nation.forms import key_of
from eighth_nation.identity import Evidence
from eighth_nation.land import has_public_lists
from eighth_nation.making import make
from eighth_nation.people import Born, Person
from eighth_nation.telling_apart import TellingApart
from made_nations import rows_of, table
from sixth_nation.columns import COLUMNS, KEYS
from sixth_nation.mistakes import FULL, YEAR

pytestmark = pytest.mark.skipif(not has_public_lists(), reason="the public lists of areas and names are not here")

Rows = dict[str, list[dict[str, object]]]
PEOPLE, SEED = 300, 3
UNNAMED_COLUMNS = {"osVersion", "desiredDate", "note", "__v"}


class Made:
    """One nation, read back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people = make(folder, people=PEOPLE, seed=SEED)
        self.rows: Rows = {file: list(rows_of(folder / "exports", file, is_table=file in COLUMNS)) for file in KEYS}
        self.truth = pq.read_table(folder / "truth.parquet").to_pylist()
        self.tellable = table(folder / "tellable.csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("eighth"))


def test_the_same_seed_makes_the_same_bytes_and_another_seed_makes_others(made: Made, tmp_path: Path) -> None:
    make(tmp_path / "again", people=PEOPLE, seed=SEED)
    make(tmp_path / "other", people=PEOPLE, seed=SEED + 1)
    names = sorted(path.relative_to(made.folder) for path in made.folder.rglob("*.*"))
    assert names == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    for name in names:
        assert (made.folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    assert (made.folder / "tellable.csv").read_bytes() != (tmp_path / "other" / "tellable.csv").read_bytes()


def test_every_kind_of_file_is_there_and_has_rows(made: Made) -> None:
    assert [file for file in KEYS if not made.rows[file]] == []


def test_every_table_has_its_columns_in_every_row(made: Made) -> None:
    for file, columns in COLUMNS.items():
        for row in made.rows[file]:
            assert None not in row.values(), file
            assert set(columns) <= set(row), file
            assert set(row) - set(columns) <= UNNAMED_COLUMNS, file


def test_the_truth_names_each_key_once_and_none_that_is_not_there(made: Made) -> None:
    keys = {(file, row[KEYS[file]]) for file in KEYS for row in made.rows[file]}
    keys |= {("ncovi", member["memberId"]) for row in made.rows["ncovi"] for member in row["household"]}  # type: ignore[attr-defined]
    told = [(row["file"], row["key"]) for row in made.truth]
    assert len(told) == len(set(told))
    assert set(told) == keys


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
    numbers = [person.number for person in made.people]
    assert {row["person"] for row in made.truth} - {None} == set(numbers)
    assert [int(row["person_id"]) for row in made.tellable] == numbers
    assert {row["tellable"] for row in made.tellable} == {"0", "1"}


def test_some_rows_stand_for_nobody(made: Made) -> None:
    of_nobody = {row["file"] for row in made.truth if row["fault"] == "nobody" and row["person"] is None}
    assert of_nobody == {"tokhaiyte_domestic", "bluezone_users", "sampling"}


def test_no_two_people_have_one_number(made: Made) -> None:
    papers = [
        number
        for person in made.people
        for number in (person.card, person.old_card, person.passport, person.insurance_digits, person.qid)
        if number
    ]
    assert len(papers) == len(set(papers))


def evidence_of(person: Person, record: str, **values: object) -> Evidence:
    return Evidence(key_of(person.name), person.born, record=record, **values)  # type: ignore[arg-type]


def are_tellable(person: Person, *records: Evidence) -> bool:
    return TellingApart({person.number: list(records)}).is_tellable(person)


def test_records_that_share_no_value_do_not_hang_together(made: Made) -> None:
    person = made.people[0]
    by_phone = evidence_of(person, "a/1", birth=FULL, phone="0912345678")
    by_number = evidence_of(person, "a/2", birth=FULL, numbers=frozenset({"012345678"}))
    both = evidence_of(person, "a/3", birth=FULL, numbers=frozenset({"012345678"}), phone="0912345678")
    assert not are_tellable(person, by_phone, by_number)
    assert are_tellable(person, by_phone, by_number, both)


def test_name_and_year_do_not_join_without_a_phone_or_a_house(made: Made) -> None:
    person = made.people[0]
    one, other = (evidence_of(person, record, birth=YEAR, commune="00001") for record in ("a/1", "a/2"))
    assert not are_tellable(person, one, other)
    one.phone = other.phone = "0912345678"
    assert are_tellable(person, one, other)


def test_another_number_of_one_kind_keeps_records_apart_unless_it_is_a_slip(made: Made) -> None:
    person = made.people[0]
    right = evidence_of(person, "a/1", birth=FULL, phone="0912345678", numbers=frozenset({"012345678"}))
    wrong = evidence_of(person, "a/2", birth=FULL, phone="0912345678", not_theirs="012345687")
    assert not are_tellable(person, right, wrong)
    wrong.is_near = True
    assert are_tellable(person, right, wrong)


def test_two_of_like_name_behind_one_phone_are_not_tellable(made: Made) -> None:
    one, other = made.people[:2]
    of_one = evidence_of(one, "a/1", birth=FULL, phone="0912345678", numbers=frozenset({"012345678"}))
    of_other = Evidence(of_one.key_of_name, Born(1990, 2, 3), phone="0912345678", record="a/2")
    telling = TellingApart({one.number: [of_one], other.number: [of_other]})
    assert not telling.is_tellable(one)
    assert not telling.is_tellable(other)


def test_a_birth_date_of_the_first_of_january_is_not_whole() -> None:
    assert not Born(1960, 1, 1).is_whole
    assert not Born(1960, 0, 0).is_whole
    assert Born(1960, 1, 2).is_whole


def test_a_house_that_moved_was_elsewhere_before(made: Made) -> None:
    moved = [person.house for person in made.people if person.house.old_home]
    assert moved
    for house in moved:
        assert house.home_on(date(2020, 1, 1)) is house.old_home
        assert house.home_on(house.moved) is house.home
