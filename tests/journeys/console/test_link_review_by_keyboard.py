"""A steward judges pairs with the keyboard alone, on screens that were looked at."""

from __future__ import annotations

from typing import Any


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
