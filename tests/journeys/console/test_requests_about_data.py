"""A person asks about their data on a small phone, two officers answer, the program carries it out; then a refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from journeys.console.test_inspector_at_work import citizen

WORDS = "Trên giấy tờ tên tôi viết khác."
TOLD = "Chúng tôi đối chiếu căn cước và trả lời trong tuần này."
NOTE = "Đã xem căn cước bản gốc tại trụ sở."


def the_worker_carries_out(made: Any) -> None:
    from pccovid.rights.carrying_out import carry_out

    with made.connect("jobs", autocommit=True) as jobs:
        carry_out(jobs, key=b"the key that salts commitments, for tests", now=datetime.now(UTC))


def answers(officer: Any, choice: str, *, note: str = "") -> None:
    """Open the first request of the queue and take a step."""
    officer.page.get_by_role("navigation").get_by_role("link", name="Yêu cầu").click()
    officer.page.get_by_role("link", name="Sửa thông tin sai").first.click()
    officer.page.get_by_label(choice).check()
    officer.page.get_by_label("Trả lời người yêu cầu").fill(TOLD)
    officer.page.get_by_label("Ghi chú nội bộ").fill(note)
    officer.page.get_by_role("button", name="Ghi bước này").click()
    officer.page.wait_for_url("**/can-bo/yeu-cau")


def test_a_wrong_name_is_put_right_and_the_person_follows_every_step(officer: Any, made: Any) -> None:
    # given An, who finds the way from the home page, and sends too little first
    phone = citizen(officer)
    phone.presses("Quyền của tôi")
    phone.looks("rights-none-yet")
    phone.presses("Sửa thông tin sai")
    phone.presses("Gửi yêu cầu")
    assert "Chọn thông tin cần sửa." in phone.sees()
    phone.looks("rights-ask-wrong")
    phone.page.get_by_label("Họ và tên").check()
    phone.page.get_by_label("Đúng ra là").fill("Nguyễn Văn Ân")
    phone.page.get_by_label("Vì sao, bằng lời của bạn").fill(WORDS)
    phone.presses("Gửi yêu cầu")
    seen = phone.sees()
    assert "Đã gửi, chờ cơ quan trả lời" in seen
    assert "Công an cấp xã, Quản trị dữ liệu quốc gia" in seen
    phone.looks("rights-sent")
    # when the commune's police answer and propose, and a steward agrees
    officer.signs_in_as("police")
    officer.page.get_by_role("navigation").get_by_role("link", name="Yêu cầu").click()
    officer.looks("rights-queue")
    answers(officer, "Trả lời đã nhận")
    officer.page.get_by_role("link", name="Sửa thông tin sai").first.click()
    assert WORDS in officer.sees()
    officer.looks("rights-request-at-desk")
    answers(officer, "Đề nghị chấp thuận", note=NOTE)
    officer.page.get_by_role("button", name="Đăng xuất").click()
    officer.signs_in_as("steward")
    answers(officer, "Cán bộ thứ hai đồng ý")
    the_worker_carries_out(made)
    # then An reads every step, the new name with its source, and who looked
    phone.page.reload()
    seen = phone.sees()
    for step in ("Trả lời đã nhận", "Đề nghị chấp thuận", "Cán bộ thứ hai đồng ý", "Máy đã thực hiện", TOLD):
        assert step in seen
    assert "Cơ quan police" in seen
    assert NOTE not in seen
    phone.looks("rights-done")
    phone.opens("/ho-so/danh-tinh")
    assert "Nguyễn Văn Ân" in phone.sees()
    assert "Đính chính theo yêu cầu của bạn" in phone.sees()
    phone.opens("/ai-da-xem")
    assert "Giải quyết yêu cầu của bạn về dữ liệu" in phone.sees()


def test_every_way_of_asking_can_be_read_on_a_small_phone_and_taken_back(officer: Any) -> None:
    phone = citizen(officer)
    for slug in ("xoa", "han-che", "phan-doi", "rut-dong-y", "ban-giay", "muc-sai/my-doses"):
        phone.opens(f"/quyen-cua-toi/{slug}")
        phone.looks(f"rights-{slug.replace('/', '-')}")
    phone.opens("/quyen-cua-toi/han-che")
    phone.page.get_by_label("tiêm chủng").check()
    phone.page.get_by_label("Vì sao, bằng lời của bạn").fill(WORDS)
    phone.presses("Gửi yêu cầu")
    phone.presses("Rút lại yêu cầu")
    assert "Bạn đã rút lại" in phone.sees()
    phone.looks("rights-taken-back")
