"""What never came, and files of small laboratories: looked at wide and narrow, without a word of anybody's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from integration.console.made_index import AN

FILE = """Mã bệnh nhân;Họ tên;Ngày sinh;Mã xét nghiệm;Phương pháp;Kết quả;Ngày lấy mẫu
B1;Lý Mẫu Tệp;05/06/1977;X1;RT-PCR;Dương tính;20/10/2021 08:30
B3;Lý Mẫu Sai;05/13/1977;X3;PCR;Âm tính;20/10/2021
"""


@pytest.fixture
def lost(made: Any) -> None:
    """A specimen whose result never came, and a second dose whose first never did."""
    taken = datetime.now(UTC) - timedelta(hours=80)
    columns = "id, person_id, record_id, source_record_id, source_system, provenance, recorded_at"
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(
            f"INSERT INTO lab_tests_test ({columns}, is_pooled, tube_barcode, collected_at, method, laboratory)"
            " VALUES (%s, %s, %s, %s, 'facility.thu', 'facility', now(), false, 'ONG-000123', %s, 'pcr',"
            " 'PXN Đường dài')",
            [uuid4(), AN, uuid4(), uuid4(), taken],
        )
        owner.execute(
            f"INSERT INTO vaccination_dose ({columns}, product, occurred_on, dose_number, site_name, lot_number)"
            " VALUES (%s, %s, %s, %s, 'facility.thu', 'facility', now(), 'Pfizer', %s, 3, 'Điểm tiêm Xa', 'LO77')",
            [uuid4(), AN, uuid4(), uuid4(), taken.date()],
        )


@pytest.mark.parametrize("officer", [{}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_a_steward_sees_what_never_came_and_lists_the_single_ones(officer: Any, lost: None) -> None:
    officer.signs_in_as("steward")
    officer.opens("/can-bo/duong-di")
    assert "PXN Đường dài" in officer.sees()
    assert "ONG-000123" not in officer.sees()
    officer.looks("loop")
    officer.page.get_by_role("link", name="Kê từng mẫu, từng mũi").click()
    assert "ONG-000123" in officer.sees()
    assert "LO77" in officer.sees()
    assert "Nguyễn Văn An" not in officer.sees()
    officer.looks("loop-single-ones")


def test_a_steward_hands_in_a_file_and_reads_what_became_of_each_row(officer: Any, made: Any) -> None:
    from pccovid.config.benches.exchanging import agreed
    from pccovid.exchange.uploads import take_in_uploads

    agreed(made.owner_url, "pxn-nho")
    officer.signs_in_as("steward")
    officer.opens("/can-bo/tep-xet-nghiem")
    officer.looks("laboratory-files")
    name = officer.page.locator("input[type=file]").get_attribute("name")
    officer.page.set_input_files(
        f"input[name={name}]", {"name": "ket-qua.csv", "mimeType": "text/csv", "buffer": FILE.encode("utf-8-sig")}
    )
    officer.page.locator("main form button").last.click()
    with psycopg.connect(made.url("jobs"), autocommit=True) as jobs:
        assert take_in_uploads(jobs, secret=settings.EXCHANGE_SECRET, now=datetime.now(UTC)) == 1
    officer.opens("/can-bo/tep-xet-nghiem")
    assert "không nhận 1" in officer.sees()
    officer.looks("laboratory-files-taken-in")
