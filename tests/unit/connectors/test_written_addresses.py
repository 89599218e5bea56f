"""What an address in one text says of the area: a street called as a province lies anywhere."""

from __future__ import annotations

from datetime import date

import pytest

from pccovid.connectors.written_addresses import residence_in

AUTUMN_2021 = date(2021, 9, 13)


@pytest.mark.parametrize(
    "line",
    [
        "Số 318 đường Điện Biên Phủ", "249 phố Điện Biên Phủ", "257 Hai Bà Trưng", "305A Cách Mạng Tháng 8",
        "Khóm An Phú", "Bản Nậm Pồ", "Số 284 đường Hai Bà Trưng, Tổ dân phố Đông", "12 Hai Bà Trưng, Khu phố 3",
    ],
)  # fmt: skip
def test_a_street_or_hamlet_alone_says_no_area(line: str) -> None:
    assert residence_in(line, AUTUMN_2021) is None


@pytest.mark.parametrize(
    ("line", "province"),
    [
        ("Số 318 đường Điện Biên Phủ, Thị trấn Lăng Can, Huyện Lâm Bình", "08"),
        ("Ngõ 5 Cầu Giấy Hà Nội", "01"),
        ("12 Hai Bà Trưng TP Huế", "46"),
        ("Điện Biên", "11"),
        ("Tổ 5, Lạng Sơn", "20"),
        ("12 Hai Bà Trưng, Hải Phòng", "31"),
    ],
)
def test_what_stands_behind_the_street_or_alone_does(line: str, province: str) -> None:
    found = residence_in(line, AUTUMN_2021)
    assert found is not None
    assert found.province_code == province
