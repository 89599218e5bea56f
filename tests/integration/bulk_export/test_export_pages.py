"""From the form to the encrypted file, over the pages, in both languages; and the retention page beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from integration.bulk_export.conftest import Exports
from integration.console.made_index import present_code

PASSWORD = "một mật khẩu dài, chỉ để thử"
_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="module")
def desk(exports: Exports) -> Iterator[Exports]:
    """Officers with one-time codes in front of browsers."""
    from pccovid.officers.sandbox import give_codes

    for account, _ in exports.officers.values():
        give_codes(exports.owner, officer=account)
    with override_settings(STORAGES=_PLAIN_FILES):
        yield exports


def browser(desk: Exports, username: str) -> Any:
    client = Client(HTTP_USER_AGENT="one browser", REMOTE_ADDR="10.0.0.1")
    client.post("/can-bo/dang-nhap", {"username": username, "password": PASSWORD})
    answer = client.post("/can-bo/dang-nhap/buoc-hai", {"code": present_code(desk.owner, username)})
    assert answer.status_code == 302, answer.content.decode()
    return client


def asked(desk: Exports, **changed: Any) -> dict[str, Any]:
    return {
        "purpose": "epidemiology", "area": "01", "columns": ["birth_year", "sex"],
        "reason": "Nghiên cứu theo kế hoạch thử, không có thật", "organisation": "Viện thử", "recipient": "Người thử",
        "certificate": desk.recipient.certificate, **changed,
    }  # fmt: skip


def test_an_export_goes_from_the_form_to_the_file_over_the_pages(desk: Exports) -> None:
    steward = browser(desk, "steward")
    assert steward.post("/can-bo/xuat-du-lieu/moi", asked(desk)).status_code == 302
    assert "chờ duyệt" in steward.get("/can-bo/xuat-du-lieu").content.decode()
    (number,) = desk.owner.execute("SELECT max(id) FROM access.export_request").fetchone()  # type: ignore[misc]
    for name in ("one", "two"):
        officer = browser(desk, name)
        assert "Viện thử" in officer.get("/can-bo/xuat-du-lieu").content.decode()
        assert officer.post(f"/can-bo/xuat-du-lieu/{number}/y-kien", {"said": "approve"}).status_code == 302
    desk.make()
    answer = steward.post(f"/can-bo/xuat-du-lieu/{number}/tep")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="XD-{number}.csv.p7m"'
    assert "1990" in desk.recipient.opened(answer.content)
    shown = steward.get("/can-bo/xuat-du-lieu").content.decode()
    assert "đã lập tệp" in shown
    assert "1 lần tải" in shown


UNASKABLE: list[tuple[dict[str, Any], str]] = [
    ({"columns": ["birth_year", "commune"]}, "không cần"),
    ({"columns": []}, "ít nhất một cột"),
    ({"certificate": "không phải chứng thư"}, "Không đọc được chứng thư"),
    ({"reason": "ngắn"}, "ít nhất 20 ký tự"),
    ({"area": "xx"}, "Chọn địa bàn"),
]


def test_what_cannot_be_asked_is_said_beside_the_field(desk: Exports) -> None:
    steward = browser(desk, "steward")
    for changed, said in UNASKABLE:
        answer = steward.post("/can-bo/xuat-du-lieu/moi", asked(desk, **changed))
        assert answer.status_code == 422, changed
        assert said in answer.content.decode()


def test_strange_numbers_and_words_are_refused_without_an_error(desk: Exports) -> None:
    officer, steward = browser(desk, "one"), browser(desk, "steward")
    for path, body, status in (
        ("/can-bo/xuat-du-lieu/99/y-kien", {"said": "approve"}, 403),
        ("/can-bo/xuat-du-lieu/99999999999999999999999/y-kien", {"said": "approve"}, 422),
        ("/can-bo/xuat-du-lieu/1/y-kien", {}, 422),
        ("/can-bo/luu-giu/ket-thuc/99", {"understood": "1"}, 403),
    ):
        assert officer.post(path, body).status_code == status, path
    for number in (99, 99999999999999999999999):
        assert steward.post(f"/can-bo/xuat-du-lieu/{number}/tep").status_code == 404


def test_two_officers_approve_the_end_of_the_epidemic_on_the_page(desk: Exports) -> None:
    from pccovid.retention.ending import declare_end

    ends_on = date.today() + timedelta(days=20)  # noqa: DTZ011
    number = declare_end(desk.owner, ends_on=ends_on, decision="Quyết định thử số 1", by="operator test")
    first, second = browser(desk, "one"), browser(desk, "two")
    assert "Quyết định thử số 1" in first.get("/can-bo/luu-giu").content.decode()
    assert first.post(f"/can-bo/luu-giu/ket-thuc/{number}").status_code == 422
    assert first.post(f"/can-bo/luu-giu/ket-thuc/{number}", {"understood": "1"}).status_code == 302
    assert "cần một cán bộ khác" in first.post(
        f"/can-bo/luu-giu/ket-thuc/{number}", {"understood": "1"}
    ).content.decode()  # fmt: skip
    assert desk.owner.execute("SELECT access.approved_end()").fetchone() == (None,)
    assert second.post(f"/can-bo/luu-giu/ket-thuc/{number}", {"understood": "1"}).status_code == 302
    assert desk.owner.execute("SELECT access.approved_end()").fetchone() == (ends_on,)
    assert "Đã đủ hai người duyệt" in second.get("/can-bo/luu-giu").content.decode()


def test_the_retention_page_shows_periods_and_figures_and_opens_no_record(desk: Exports) -> None:
    from pccovid.retention.operations import look

    with desk.made.connect("jobs", autocommit=True) as jobs:
        row = desk.owner.execute("SELECT now()").fetchone()
        assert row is not None
        look(jobs, now=row[0])
    logged = desk.owner.execute("SELECT count(*) FROM access.log").fetchone()
    officer = browser(desk, "one")
    page = officer.get("/can-bo/luu-giu", headers={"Accept-Language": "en"}).content.decode()
    assert "30 ngày" in page or "30 days" in page
    assert "movement_visit" in page
    assert officer.get("/can-bo/tim-nguoi").status_code == 403
    assert desk.owner.execute("SELECT count(*) FROM access.log").fetchone() == logged
