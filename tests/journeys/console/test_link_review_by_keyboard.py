"""A steward judges pairs, and asks for a split, with the keyboard alone, on screens that were looked at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from integration.console.made_index import AN, HA_NOI, add_claim

MINH_RECORD = UUID(int=7001)


def test_a_steward_judges_a_pair_by_keyboard(officer: Any) -> None:
    officer.signs_in_as("steward")
    officer.page.get_by_role("navigation").get_by_role("link", name="Cặp bản ghi").click()
    assert "Đang chờ bạn" in officer.sees()
    officer.looks("console-link-queue")
    officer.page.get_by_role("link", name="Xem cặp đầu tiên").click()
    first = officer.page.url
    officer.looks("console-link-pair")
    officer.page.keyboard.type("Không đủ thông tin")
    with officer.page.expect_navigation():
        officer.page.keyboard.press("Alt+3")
    assert officer.page.url != first
    officer.opens(first.removeprefix(officer.service))
    assert "Bạn: Chưa rõ · Không đủ thông tin" in officer.sees()


@pytest.fixture
def joined_wrongly(officer: Any) -> Any:
    with officer.made.connect("owner", autocommit=True) as owner:
        add_claim(owner, AN, MINH_RECORD, "Nguyễn Văn Minh", HA_NOI, None, "0912000001")
    yield officer
    with officer.made.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM link_review_split")
        owner.execute("DELETE FROM people_recordclaim WHERE record_id = %s", [MINH_RECORD])


def test_a_steward_asks_for_a_split_by_keyboard(joined_wrongly: Any) -> None:
    officer = joined_wrongly
    officer.signs_in_as("steward")
    officer.opens(f"/can-bo/cap-ban-ghi/nguoi/{AN}")
    officer.looks("console-split-person")
    officer.page.get_by_role("checkbox", name="Nguyễn Văn Minh").focus()
    officer.page.keyboard.press("Space")
    officer.page.get_by_label("Lý do (bắt buộc").focus()
    officer.page.keyboard.type("hai bản ghi của hai anh em")
    with officer.page.expect_navigation():
        officer.page.keyboard.press("Enter")
    assert "chờ cán bộ thứ hai đồng ý" in officer.sees()
    officer.opens("/can-bo/cap-ban-ghi")
    officer.looks("console-link-queue-with-splits")
    assert "hai bản ghi của hai anh em" in officer.sees()
