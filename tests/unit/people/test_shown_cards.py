"""Whether a card names somebody, and what it answers of a form."""

from __future__ import annotations

from datetime import date

import pytest

from pccovid.people.qr_codes import read_personal_qr
from pccovid.people.shown_cards import answers_on, names_person, numbers_on

CCCD = "001190029317|011234567|Nguyễn Thị Lan|17051990|Nữ|12 Hàng Bạc, Hoàn Kiếm, Hà Nội|01012022"
BORN = date(1990, 5, 17)


@pytest.mark.parametrize(
    ("name", "born", "precision", "is_theirs"),
    [
        ("NGUYEN THI LAN", BORN, "day", True),
        ("Nguyễn Thị Lan", date(1990, 1, 1), "year", True),
        ("Nguyễn Thị Lan", date(1990, 5, 18), "day", False),
        ("Nguyễn Thị Lan", date(1991, 1, 1), "year", False),
        ("Nguyễn Thị Hoa", BORN, "day", False),
        (None, BORN, "day", False),
        ("Nguyễn Thị Lan", None, None, False),
    ],
)
def test_a_card_names_whom_its_name_and_birth_date_fit(
    name: str | None, born: date | None, precision: str | None, is_theirs: bool
) -> None:
    assert names_person(read_personal_qr(CCCD), name, born, precision) is is_theirs


def test_a_card_without_a_name_names_nobody() -> None:
    assert not names_person(read_personal_qr("|"), None, None, None)


def test_a_citizens_card_answers_who_its_holder_is() -> None:
    assert answers_on(read_personal_qr(CCCD)) == {
        "name": "Nguyễn Thị Lan", "birth_date": "1990-05-17", "sex": "female", "document": "001190029317",
        "residence": "12 Hàng Bạc, Hoàn Kiếm, Hà Nội", "nationality": "VN",
    }  # fmt: skip
    assert numbers_on(read_personal_qr(CCCD)) == {"personal_id": "001190029317", "old_id": "011234567"}


def test_what_a_mask_covers_is_not_answered() -> None:
    masked = read_personal_qr("******029317|NGUYEN THI LAN|1990-**-**|0|162979388586171100|")
    assert answers_on(masked) == {"name": "NGUYEN THI LAN"}
    assert numbers_on(masked) == {}
