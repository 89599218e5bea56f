"""Lists of results as small laboratories make them: titles above, Excel's own forms, methods and results in words."""

from __future__ import annotations

import pytest

from pccovid.exchange.sheets import SheetIsWrong, read_sheet

COLUMNS = "Mã bệnh nhân;Họ và tên;Ngày sinh;Phương pháp;Kết quả"
ROW = "7;Hồ Thị Mẫu;4/3/1971;Real-time RT-PCR;Dương tính (+)"


def only(octets: bytes) -> tuple[dict[str, object], dict[str, object]]:
    (row,) = read_sheet(octets, "pxn")
    return row.patient, row.test


@pytest.mark.parametrize("octets", [
    f"{COLUMNS}\n{ROW}\n".encode(), f"sep=;\r\n{COLUMNS}\r\n{ROW}\r\n".encode(), f"{COLUMNS}\n{ROW}\n".encode("utf-16"),
    f"SỞ Y TẾ\nDANH SÁCH KẾT QUẢ, ngày 21/10/2021;;;;\n\n{COLUMNS}\n{ROW}\n;;;;\n".encode(),
    f"\ufeff{COLUMNS.upper()};\n{ROW};\n".encode(), f"{COLUMNS}\n{ROW}\n".replace(";", "\t").encode(),
    f"{COLUMNS}\r{ROW}\r".replace("\r", "\r\n").encode(),
])  # fmt: skip
def test_a_list_is_read_whatever_stands_above_it_and_however_it_was_saved(octets: bytes) -> None:
    patient, test = only(octets)
    assert (patient["name"], patient["birthDate"]) == ([{"text": "Hồ Thị Mẫu"}], "1971-03-04")
    assert test["code"] == {"coding": [{"system": "http://loinc.org", "code": "94309-2"}]}
    assert test["valueCodeableConcept"] == {"coding": [{"system": "http://snomed.info/sct", "code": "260373001"}]}


def test_rows_are_counted_as_the_file_shows_them() -> None:
    rows = read_sheet(f"TIÊU ĐỀ\n\n{COLUMNS}\n{ROW}\n\n{ROW}\n".encode(), "pxn")
    assert [row.number for row in rows] == [4, 6]


@pytest.mark.parametrize(("words", "code"), [
    ("Test nhanh kháng nguyên", "94558-4"), ("Xét nghiệm nhanh (Ag)", "94558-4"), ("RT PCR", "94309-2"),
    ("PCR và test nhanh", None), ("ELISA", None), ("tag", None),
])  # fmt: skip
def test_a_method_in_words_is_one_or_none(words: str, code: str | None) -> None:
    _, test = only(f"{COLUMNS}\n{ROW.replace('Real-time RT-PCR', words)}\n".encode())
    told = test["code"]
    assert isinstance(told, dict)
    assert ("coding" in told and told["coding"][0]["code"]) == (code or False)


def test_a_list_without_its_columns_names_the_one_that_is_missing() -> None:
    with pytest.raises(SheetIsWrong, match="column_missing:result"):
        read_sheet(f"{COLUMNS.replace(';Kết quả', '')}\n{ROW}\n".encode(), "pxn")
    with pytest.raises(SheetIsWrong, match="column_missing:name"):
        read_sheet(("dòng\n" * 30 + COLUMNS).encode(), "pxn")
