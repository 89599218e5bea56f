"""Which files of a delivery folder are known, and in which order they are read."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from pccovid.connectors.context import context_for
from pccovid.connectors.delivery import FILE_NAMES, find
from pccovid.connectors.registry import FILE_KINDS


def _folder_with(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(b"x")
    return folder


def test_mapping_files_come_before_the_declarations_that_need_them(tmp_path: Path) -> None:
    delivery = find(_folder_with(tmp_path, "bluezone_users.csv", "tokhaiyte_domestic.csv", "tokhaiyte_areas.csv"))
    assert delivery.files[0].kind == "tokhaiyte_areas"


def test_parts_come_in_the_order_of_their_numbers_not_names(tmp_path: Path) -> None:
    folder = _folder_with(tmp_path, "vneid.part-10.jsonl", "vneid.part-0002.jsonl.gz", "vneid.part-0001.jsonl")
    assert [file.part for file in find(folder).files] == [1, 2, 10]


def test_later_parts_know_the_part_that_carries_the_header(tmp_path: Path) -> None:
    first, second = find(_folder_with(tmp_path, "sampling.part-0001.csv", "sampling.part-0002.csv")).files
    assert first.first_part is None
    assert second.first_part == first.path


@pytest.mark.parametrize("name", ["SSKDT_Doses.CSV", "sskdt_doses.csv.GZ", "sskdt_doses.csv.part-0003"])
def test_names_are_known_in_any_letter_case_and_part_position(tmp_path: Path, name: str) -> None:
    (file,) = find(_folder_with(tmp_path, name)).files
    assert (file.system, file.kind) == ("sskdt", "sskdt_doses")


@pytest.mark.parametrize("name", ["truth.csv", "ncovi.csv", "sskdt_doses.xlsx", "sskdt_doses.csv.bak", ".DS_Store"])
def test_files_of_other_names_are_listed_and_are_no_error(tmp_path: Path, name: str) -> None:
    delivery = find(_folder_with(tmp_path, name))
    assert delivery.files == ()
    assert delivery.unknown == (tmp_path / name,)


def test_a_folder_named_like_a_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "sampling.csv").mkdir()
    assert find(tmp_path).unknown == (tmp_path / "sampling.csv",)


def test_absent_and_empty_files_are_reported_by_name(tmp_path: Path) -> None:
    (tmp_path / "vneid.jsonl").write_bytes(b"")
    delivery = find(tmp_path)
    assert delivery.empty == (tmp_path / "vneid.jsonl",)
    assert "vneid" not in delivery.absent
    assert set(delivery.absent) == set(FILE_NAMES) - {"vneid"}


def test_every_file_name_has_a_reader_with_the_same_system_and_format() -> None:
    assert {kind.name: (kind.system, kind.format) for kind in FILE_KINDS.values()} == FILE_NAMES


def test_a_folder_that_does_not_exist_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        find(tmp_path / "nowhere")


def test_the_context_of_a_delivery_can_be_sent_to_another_process(tmp_path: Path) -> None:
    (tmp_path / "tokhaiyte_areas.csv").write_text("id,level,name,parentId\nA1,province,Hà Nội,\n", encoding="utf-8")
    (tmp_path / "tokhaiyte_nations.csv").write_text("iso2,id,name\nvn,N1,Việt Nam\n,N2,\n", encoding="utf-8")
    context = pickle.loads(pickle.dumps(context_for(find(tmp_path), date(2022, 3, 1), tmp_path / "spill")))
    assert context.nations == {"n1": "VN"}
    assert context.vendor_areas is not None
    assert context.vendor_areas.residence("A1").province_code == "01"


def test_a_delivery_without_mapping_files_still_has_a_context(tmp_path: Path) -> None:
    context = context_for(find(tmp_path), date(2022, 3, 1), tmp_path / "spill")
    assert (context.vendor_areas, context.nations) == (None, {})
