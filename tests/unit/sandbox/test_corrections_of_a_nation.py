"""A second delivery about the same nation: corrected, changed, repeated and new rows."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pccovid.sandbox import nation
from pccovid.sandbox.delivery import KEY_COLUMN

from .conftest import PEOPLE, Delivered


def by_key(delivered: Delivered, file: str) -> dict[str, dict[str, object]]:
    return {str(row[KEY_COLUMN[file]]): row for row in delivered.rows[file]}


def test_corrections_are_smaller_and_speak_of_the_same_people(delivered: Delivered, corrected: Delivered) -> None:
    shared = corrected.truth.keys() & delivered.truth.keys()
    assert len(corrected.truth) < len(delivered.truth)
    assert shared
    for key in shared:
        assert corrected.truth[key]["person"] == delivered.truth[key]["person"]


@pytest.mark.parametrize("done", ["corrected", "changed", "sent_again"])
def test_a_second_delivery_holds_rows_of_every_kind(corrected: Delivered, done: str) -> None:
    assert any(line["fault"] == done for line in corrected.truth.values())


def test_new_rows_come_under_keys_never_seen(delivered: Delivered, corrected: Delivered) -> None:
    assert corrected.truth.keys() - delivered.truth.keys()


def test_rows_sent_again_say_what_they_said_before(delivered: Delivered, corrected: Delivered) -> None:
    before, after = by_key(delivered, "tokhaiyte_domestic"), by_key(corrected, "tokhaiyte_domestic")
    again = [key for key in after if corrected.truth[("tokhaiyte_domestic", key)]["fault"] == "sent_again"]
    assert again
    columns = set(before[again[0]]) & set(after[again[0]])
    times_sent = Counter(delivered.column("tokhaiyte_domestic", "id"))
    once = [key for key in again if times_sent[key] == 1]
    assert all(before[key][column] == after[key][column] for key in once for column in columns)


def test_corrected_rows_carry_another_value_than_before(delivered: Delivered, corrected: Delivered) -> None:
    before, after = by_key(delivered, "sskdt_people"), by_key(corrected, "sskdt_people")
    repaired = [key for key in after if corrected.truth[("sskdt_people", key)]["fault"] == "corrected"]
    person_columns = ("fullName", "dob", "idNumber")
    assert len(repaired) > 10
    assert all(any(before[key][name] != after[key][name] for name in person_columns) for key in repaired)


def test_corrections_need_the_manifest_of_a_first_delivery(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nation.create_corrections(tmp_path, tmp_path / "later", seed=1)


def test_citizens_worth_signing_in_as_cover_many_situations(nation_folder: Path) -> None:
    citizens = json.loads((nation_folder / "citizens.json").read_text(encoding="utf-8"))
    reasons = " / ".join(citizen["why"] for citizen in citizens)
    assert len(citizens) >= 10
    assert all(citizen["phone"] and citizen["birth_date"] and citizen["systems"] for citizen in citizens)
    assert all(1 <= citizen["person"] <= PEOPLE for citizen in citizens)
    assert all(word in reasons for word in ("child", "foreigner", "held", "phone of the family", "twins"))
