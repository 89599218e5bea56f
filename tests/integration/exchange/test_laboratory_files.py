"""A small laboratory's list of results, from the page to the records: once, row by row, with reasons."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from integration.exchange.agencies import SigningKey
from integration.exchange.conftest import Exchange, Rows
from integration.exchange.test_agreement_pages import browser
from integration.exchange.test_agreement_pages import desk as made_desk

__all__ = ["made_desk"]
PAGE = "/can-bo/tep-xet-nghiem"
HEADER = ["Mã bệnh nhân", "Họ tên", "Ngày sinh", "Mã xét nghiệm", "Phương pháp", "Kết quả", "Ngày lấy mẫu", "CT"]
GOOD = ["B1", "Lý Mẫu Tệp", "05/06/1977", "X1", "RT-PCR", "Dương tính", "20/10/2021 08:30", "24,5"]
HELD = ["B2", "test", "01/01/1980", "X2", "PCR", "Âm tính", "20/10/2021", ""]
WRONG = ["B3", "Lý Mẫu Sai", "05/13/1977", "X3", "PCR", "Âm tính", "20/10/2021", ""]
OTHER = ["B4", "Lý Mẫu Khác", "07/06/1977", "X4", "Công thức máu", "4.5", "20/10/2021", ""]
_TEST = (
    "SELECT result, method, ct_value FROM lab_tests_test WHERE superseded_at IS NULL AND person_id ="
    " (SELECT id FROM people_person WHERE name = %s)"
)


def csv_file(*rows: list[str]) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode("utf-8-sig")


def xlsx_file(*rows: list[str]) -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


@pytest.fixture(scope="module")
def agreement(exchange: Exchange) -> int:
    made = exchange.ask(SigningKey("k"), agency="pxn-nho", name="Phòng xét nghiệm nhỏ", written=["identity", "test"])
    exchange.grant(made)
    return made


def put(exchange: Exchange, agreement: int, octets: bytes) -> None:
    from pccovid.exchange.uploads import put_upload

    officer, through = exchange.steward
    put_upload(officer=officer, through=through, agreement=agreement, file_name="ket-qua.csv", octets=octets)


def taken_in(exchange: Exchange) -> int:
    from pccovid.exchange.uploads import take_in_uploads

    with psycopg.connect(exchange.made.url("jobs"), autocommit=True) as jobs:
        return take_in_uploads(jobs, secret=settings.EXCHANGE_SECRET, now=datetime.now(UTC))


def last(rows: Rows) -> list[tuple[object, ...]]:
    return rows("SELECT row_no, outcome, reasons FROM access.laboratory_upload_row WHERE upload_id ="
                " (SELECT max(id) FROM access.laboratory_upload) ORDER BY 1")  # fmt: skip


@pytest.mark.parametrize("made", [csv_file, xlsx_file])
def test_each_row_stands_for_itself_and_says_why(exchange: Exchange, agreement: int, rows: Rows, made: object) -> None:
    put(exchange, agreement, made(HEADER, GOOD, HELD, WRONG, OTHER))  # type: ignore[operator]
    assert taken_in(exchange) == 1
    found = {number: (outcome, reasons) for number, outcome, reasons in last(rows)}
    assert found[2][0] in ("new", "linked")
    assert found[3][0] == "held"
    assert found[3][1]
    assert found[4][0] == "rejected"
    assert any(one.startswith("birth:") for one in found[4][1])
    assert found[5][0] == "rejected"
    assert "method:not_epidemic_test" in found[5][1]
    assert rows(_TEST, "Lý Mẫu Tệp") == [("positive", "pcr", 24.5)]


def test_nothing_of_a_file_stays_but_what_became_of_its_rows(exchange: Exchange, rows: Rows) -> None:
    stored = rows("SELECT sealed, refusal FROM access.laboratory_upload")
    assert stored
    assert {row[0] for row in stored} == {None}
    for table in ("laboratory_upload", "laboratory_upload_row"):
        assert rows(f"SELECT count(*) FROM access.{table} t WHERE t::text LIKE '%%Mẫu Tệp%%'") == [(0,)]


@pytest.mark.parametrize(
    ("octets", "why"),
    [(b"PK\x03\x04 no archive", "not_a_workbook"), (b"\xff\xfe\x00", "not_utf8"), (b"a;b\n1;2", "column_missing:name"),
     (b"", "column_missing:name"), (csv_file(HEADER, *[GOOD] * 5_001), "too_many_rows"), (b"a\x00b", "nul_character")],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_whole_with_its_reason(
    exchange: Exchange, agreement: int, rows: Rows, octets: bytes, why: str
) -> None:
    put(exchange, agreement, octets)
    assert taken_in(exchange) == 1
    assert rows("SELECT refusal FROM access.laboratory_upload ORDER BY id DESC LIMIT 1") == [(why,)]
    assert last(rows) == []


def test_the_page_takes_a_file_and_tells_its_rows_in_both_languages(
    exchange: Exchange,
    made_desk: Exchange,
    agreement: int,  # noqa: F811
) -> None:
    steward, protector = browser(exchange, "steward"), browser(exchange, "protector")
    assert protector.get(PAGE).status_code in (403, 404)
    file = SimpleUploadedFile("danh-sach.csv", csv_file(HEADER, GOOD, WRONG))
    assert steward.post(PAGE, {"agreement": agreement, "file": file}).status_code == 302
    assert "Đang chờ được đọc." in steward.get(PAGE).content.decode()
    assert taken_in(exchange) == 1
    page = steward.get(PAGE).content.decode()
    assert "danh-sach.csv" in page
    assert "Đã ghi 1, giữ lại 0, không nhận 1" in page
    assert "ngày sinh" in page
    assert "Lý Mẫu" not in page
    assert steward.post(PAGE, {"agreement": agreement}).status_code == 422
    unknown = SimpleUploadedFile("x.csv", b"x")
    assert steward.post(PAGE, {"agreement": "999999", "file": unknown}).status_code == 422
    steward.cookies["django_language"] = "en"
    assert "Written 1, held 0, not taken 1" in steward.get(PAGE).content.decode()
