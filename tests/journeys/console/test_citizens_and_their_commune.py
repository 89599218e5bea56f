"""What a citizen asks of the commune, from their phone to the officer's desk and back; on small screens, in Vietnamese.

In the browser as each of them sees it; between them the passes of the worker.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conftest import MadeDatabase
from integration.citizen_desks.test_telling_people import DAY, NIGHT, Carrier
from integration.console.made_index import AN
from journeys.console.conftest import SMALL, newest_code, shows_who_they_are
from pccovid.corrections.carrying_out import carry_out, hand_on, open_identity_cases
from pccovid.corrections.ports import Notice
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.notices.sending import send_waiting
from pccovid.rebinding.operations import carry_out as bind_again
from unit.corrections.test_states_values_and_photos import picture

small = pytest.mark.parametrize("officer", [{"viewport": SMALL}], indirect=True)
CARD = "001090000001||Nguyễn Văn An|17051990|Nam|Phúc Xá, Ba Đình, Hà Nội|01012021"
NEW = "0977482915"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def more_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The sandbox's provider of electronic identities, in which An has an account, and the service that knows it."""
    accounts = tmp_path_factory.mktemp("vneid") / "vneid.jsonl"
    an = {"citizenId": "001090000001", "fullName": "Nguyễn Văn An", "dob": "1990-05-17"}
    accounts.write_text(json.dumps(an))
    named = {"PCCOVID_VNEID_CLIENT": "pccovid", "PCCOVID_VNEID_SECRET": "s" * 40}
    port = free_port()
    command = [sys.executable, "-m", "pccovid.sandbox.vneid_provider", "--port", str(port), "--accounts", str(accounts)]
    provider = subprocess.Popen(command, env={**os.environ, **named})
    deadline = time.monotonic() + 120
    try:
        while not is_listening(port):
            assert provider.poll() is None, "the provider ended before it answered"
            assert time.monotonic() < deadline, "the provider did not answer"
            time.sleep(0.05)
        yield {**named, "PCCOVID_VNEID_ISSUER": f"http://127.0.0.1:{port}"}
    finally:
        provider.terminate()
        provider.wait(20)


def words(page: Page) -> str:
    """The words of the main part, blanks single."""
    return " ".join(page.locator("main").inner_text().split())


def looks(page: Page, name: str) -> None:
    """A citizen's screen passes axe, does not scroll sideways, and its picture is kept where pictures are wanted."""
    folder = os.environ.get("PCCOVID_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], name


def opens_line(officer: Any, path: str, mark: str, *, look: bool = False) -> None:
    """Open the desk's queue, look at it once, and open the newest line on it."""
    officer.opens(path)
    if look:
        officer.looks(f"desk{path.removeprefix('/can-bo').replace('/', '-')}")
    officer.page.locator("main").get_by_role("link", name=re.compile(f"^{mark}-")).first.click()


def writes(officer: Any, act: str, told: str = "", **fields: str) -> None:
    """One step at the desk, with what the person reads."""
    officer.page.get_by_label(act, exact=True).check()
    for label, value in fields.items():
        officer.page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    if told:
        officer.page.locator("#id_told").fill(told)
    officer.page.get_by_role("button", name="Ghi bước này").click()


def photo(folder: Path) -> Path:
    file = folder / "phieu.jpg"
    file.write_bytes(picture(size=(300, 200)))
    return file


@small
def test_a_wrong_dose_goes_from_the_citizen_through_station_and_source_to_the_record(
    officer: Any, citizen: Page, made: MadeDatabase, service: str, tmp_path: Path
) -> None:
    # given a dose in An's record that is not as it was
    citizen.goto(service + "/ho-so/tiem-chung")
    citizen.get_by_role("button", name="Sai?").first.click()
    citizen.get_by_label("Vắc xin", exact=True).select_option("Pfizer")
    citizen.get_by_label("Sai hoặc thiếu thế nào").fill("Tôi tiêm Pfizer, không phải Vero Cell.")
    citizen.get_by_role("button", name="Gửi tới trạm y tế xã").click()
    citizen.wait_for_url("**/sua-sai/*")
    followed = citizen.url
    assert "Trạm y tế chưa nhận Bước này chậm nhất" in words(citizen)

    # when the station takes it up and asks for paper, and the citizen brings it
    officer.signs_in_as("station")
    opens_line(officer, "/can-bo/sua-sai", "SS", look=True)
    number = officer.page.url.rpartition("/")[2]
    writes(officer, "Nhận và bắt đầu kiểm tra", "Trạm đã nhận, đang tìm sổ tiêm.")
    officer.opens(f"/can-bo/sua-sai/{number}")
    writes(officer, "Hỏi thêm người dân", "Xin gửi ảnh phiếu tiêm của bạn.")
    citizen.goto(followed)
    assert "Xin gửi ảnh phiếu tiêm của bạn." in words(citizen)
    looks(citizen, "repair-1-asked-for-paper")
    citizen.get_by_label("Trả lời trạm y tế").fill("Đây là phiếu tiêm.")
    citizen.get_by_label("Ảnh giấy tờ, nếu có").set_input_files(photo(tmp_path))
    citizen.get_by_role("button", name="Gửi bổ sung").click()
    expect(citizen.locator("main")).to_contain_text("1 ảnh.")

    # and the station signs what is right, the source is told and signs as well
    officer.opens(f"/can-bo/sua-sai/{number}")
    expect(officer.page.locator("img.evidence")).to_have_count(1)
    officer.looks("desk-correction")
    officer.page.get_by_label("Ghi các giá trị dưới đây").check()
    officer.page.locator("#id_product").select_option("Pfizer")
    writes(officer, "Xác nhận và ký", "Phiếu tiêm ghi Pfizer.")
    officer.leaves()
    told: list[Notice] = []
    with made.connect("jobs", autocommit=True) as jobs:
        assert hand_on(jobs, _Source(told)) == 1
        assert carry_out(jobs, now=datetime.now(UTC)) == 0, "one signature is not enough"
    assert [(one.correction, one.system) for one in told] == [(int(number), "sskdt")]
    citizen.goto(followed)
    assert "Trạm đã ký, chờ bên ghi mục này ký Bước này chậm nhất" in words(citizen)
    officer.signs_in_as("steward")
    opens_line(officer, "/can-bo/sua-sai", "SS")
    writes(officer, "Bên ghi mục này ký")
    with made.connect("jobs", autocommit=True) as jobs:
        assert carry_out(jobs, now=datetime.now(UTC)) == 1

    # then each step stands on the citizen's page, and the record holds the dose that was given
    citizen.goto(followed)
    seen = words(citizen)
    for step in ("Đã sửa", "Nhận và bắt đầu kiểm tra", "Xác nhận và ký", "Bên ghi mục này ký", "Máy đã sửa hồ sơ"):
        assert step in seen
    assert "Cán bộ station" not in seen
    looks(citizen, "repair-2-done")
    citizen.goto(service + "/ho-so/tiem-chung")
    assert "Pfizer" in words(citizen)
    assert "Vero Cell" not in words(citizen)


class _Source:
    """Whoever hands news on to the source, and keeps it."""

    def __init__(self, told: list[Notice]) -> None:
        self._told = told

    def tell(self, notice: Notice) -> None:
        self._told.append(notice)


def name_of(made: MadeDatabase, person: UUID) -> str:
    with made.connect("owner") as owner:
        row = owner.execute("SELECT name FROM people_person WHERE id = %s", [person]).fetchone()
    assert row
    return str(row[0])


@small
def test_an_identity_that_does_not_agree_is_asked_at_home_and_signed_by_the_police(
    officer: Any, citizen: Page, made: MadeDatabase, service: str
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        row = owner.execute(
            "INSERT INTO access.verification_campaign (source, endpoint, per_second, started_by, started_at)"
            " VALUES ('population', 'x', 1, 'test', now()) RETURNING id"
        ).fetchone()
    assert row
    with made.connect("jobs", autocommit=True) as jobs, jobs.transaction():
        open_for_job(jobs, "identity_verification", purpose="identity_verification", legal_basis=EPIDEMIC_LAW,
                     case=f"XM-{row[0]}")  # fmt: skip
        assert open_identity_cases(jobs, [(AN, "060")], system="population") == 1
    citizen.goto(service + "/sua-sai")
    citizen.get_by_role("link", name=re.compile("Danh tính không khớp")).first.click()
    followed = citizen.url
    assert "Bước này chậm nhất" in words(citizen)

    officer.signs_in_as("station")
    opens_line(officer, "/can-bo/sua-sai", "SS")
    number = officer.page.url.rpartition("/")[2]
    writes(officer, "Nhận và bắt đầu kiểm tra", "Tổ dân phố sẽ đến hỏi tại nhà.")
    officer.opens(f"/can-bo/sua-sai/{number}")
    officer.page.get_by_label("Ghi các giá trị dưới đây").check()
    officer.page.locator("#id_name").fill("Nguyễn Văn Ân")
    writes(officer, "Xác nhận và ký", "Đã xem giấy khai sinh tại nhà.")
    officer.leaves()
    officer.signs_in_as("police")
    opens_line(officer, "/can-bo/sua-sai", "SS")
    assert "Nguyễn Văn Ân" in officer.sees()
    officer.looks("desk-identity-police")
    writes(officer, "Bên ghi mục này ký")
    assert name_of(made, AN) == "Nguyễn Văn An"
    try:
        with made.connect("jobs", autocommit=True) as jobs:
            assert carry_out(jobs, now=datetime.now(UTC)) == 1
        citizen.goto(followed)
        assert "Đã sửa" in words(citizen)
        citizen.goto(service + "/ho-so")
        assert "Nguyễn Văn Ân" in words(citizen)
    finally:
        with made.connect("owner", autocommit=True) as owner:
            owner.execute("UPDATE people_person SET name = 'Nguyễn Văn An' WHERE id = %s", [AN])


@small
def test_signs_of_danger_reach_the_stations_queue_and_its_advice_the_citizen(
    officer: Any, citizen: Page, service: str
) -> None:
    citizen.goto(service + "/khai-bao")
    citizen.get_by_role("button", name="Khai báo sức khỏe hằng ngày").click()
    citizen.wait_for_url("**/khai-bao/to/*")
    citizen.get_by_label("Khó thở", exact=True).check()
    for box in citizen.locator('input[value="no"], input[name="chronic_diseases"][value="none"]').all():
        box.check()
    for box in citizen.locator('input[name="sex"][value="male"]').all():
        box.check()
    for box in citizen.locator('select[name="nationality"]').all():
        box.select_option("VN")
    citizen.get_by_role("button", name="Gửi tờ khai").click()
    citizen.get_by_role("heading", name="Đã gửi tờ khai").wait_for()
    assert "Gọi 115 ngay" in words(citizen)
    declared = citizen.url

    officer.signs_in_as("station")
    officer.opens("/can-bo/khai-bao")
    assert "Khẩn cấp" in officer.sees()
    assert "Nguyễn Văn An" not in officer.sees()
    opens_line(officer, "/can-bo/khai-bao", "KB", look=True)
    assert "0912000001" in officer.sees()
    officer.looks("desk-triage-line")
    writes(officer, "Chuyển bệnh viện", "Xe cấp cứu đang đến, bạn ngồi yên.")
    citizen.goto(declared)
    assert "Xe cấp cứu đang đến, bạn ngồi yên." in words(citizen)
    assert "đã chuyển bệnh viện" in words(citizen)
    looks(citizen, "triage-answered")


@small
def test_feedback_is_answered_and_the_citizen_hears_of_it_without_a_word_of_what_it_is(
    officer: Any, citizen: Page, made: MadeDatabase, service: str, tmp_path: Path
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.notice")
    citizen.goto(service + "/thong-bao")
    citizen.get_by_role("button", name="Lưu lựa chọn").click()
    expect(citizen.locator("main")).to_contain_text("Đang nhận tin nhắn")
    citizen.goto(service + "/phan-anh")
    citizen.get_by_label("Việc tiêm chủng").check()
    citizen.get_by_label("Bạn thấy gì").fill("Điểm tiêm đông, không giữ khoảng cách.")
    citizen.get_by_label("Ảnh, nếu có").set_input_files(photo(tmp_path))
    citizen.get_by_role("button", name="Gửi phản ánh").click()
    citizen.get_by_text("trả lời chậm nhất").wait_for()

    officer.signs_in_as("station")
    opens_line(officer, "/can-bo/phan-anh", "PA", look=True)
    assert "Nguyễn Văn An" not in officer.sees()
    expect(officer.page.locator("img.evidence")).to_have_count(1)
    officer.looks("desk-feedback-piece")
    writes(officer, "Trả lời", "Trạm đã chia thêm khung giờ.")

    carrier = Carrier()
    with made.connect("jobs", autocommit=True) as jobs:
        assert send_waiting(jobs, push=carrier.push(), sms=carrier, now=NIGHT) == 0, "nobody is woken"
        assert send_waiting(jobs, push=carrier.push(), sms=carrier, now=DAY) == 1
    assert [phone for phone, _ in carrier.sent] == ["0912000001"]
    assert not re.search("An|Nguyen|tiem|khung gio|phan anh", carrier.sent[0][1])
    citizen.goto(service + "/ho-so")
    citizen.get_by_role("link", name=re.compile("điều mới")).click()
    citizen.get_by_role("link", name="Phản ánh của bạn đã được trả lời").click()
    assert "Trạm đã chia thêm khung giờ." in words(citizen)
    looks(citizen, "feedback-answered")


def test_a_push_shows_one_sentence_whoever_it_is_for(citizen: Page, service: str) -> None:
    citizen.context.grant_permissions(["notifications"], origin=service)
    citizen.goto(service + "/thong-bao")
    citizen.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wire = citizen.context.new_cdp_session(citizen)
    registered: list[str] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registered.extend(one["registrationId"] for one in told["registrations"]),
    )
    wire.send("ServiceWorker.enable")
    while not registered:
        citizen.wait_for_timeout(20)
    wire.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": service, "registrationId": registered[-1], "data": "An: dương tính"},
    )
    shown = "navigator.serviceWorker.ready.then(one => one.getNotifications())"
    while citizen.evaluate(f"{shown}.then(all => all.length)") < 1:
        citizen.wait_for_timeout(20)
    told = citizen.evaluate(f"{shown}.then(all => all[0].title + ' ' + all[0].body)")
    assert "điều mới" in told
    assert "An" not in told


@small
def test_a_notice_to_a_whole_commune_is_counted_first_and_approved_by_a_second_officer(
    officer: Any, citizen: Page, service: str
) -> None:
    officer.signs_in_as("station")
    officer.opens("/can-bo/thong-bao")
    assert "Đếm thử: 1 người" in officer.sees()
    officer.page.get_by_label("Nội dung, nhiều nhất 300 ký tự").fill("Ngày mai tiêm mũi hai tại trạm y tế.")
    officer.page.get_by_role("button", name="Đề nghị", exact=True).click()
    expect(officer.page.get_by_role("button", name="Rút đề nghị")).to_be_visible()
    expect(officer.page.get_by_role("button", name="Duyệt và gửi")).to_have_count(0)
    officer.looks("desk-mass-notice")
    citizen.goto(service + "/thong-bao")
    assert "Ngày mai tiêm mũi hai" not in words(citizen)
    officer.leaves()
    officer.signs_in_as("protector")
    officer.opens("/can-bo/thong-bao")
    officer.page.get_by_role("button", name="Duyệt và gửi").click()
    expect(officer.page.locator("main")).to_contain_text("gửi 1 người")
    citizen.goto(service + "/thong-bao")
    assert "Ngày mai tiêm mũi hai" in words(citizen)


@small
def test_what_a_station_wrote_down_by_telephone_is_taken_back_and_the_citizen_reads_why(
    officer: Any, citizen: Page, service: str
) -> None:
    officer.signs_in_as("station")
    officer.seeks("Thăm khám 7", "CCCD, CMND, hộ chiếu hoặc mã số BHXH", "001090000001")
    officer.page.get_by_role("link", name="Nguyễn Văn An").click()
    officer.page.get_by_role("link", name="Khai giúp qua điện thoại").click()
    officer.page.get_by_label("Đã hỏi, và người gọi nói đúng họ tên").check()
    officer.page.get_by_label("Ho", exact=True).check()
    for box in officer.page.locator('input[value="no"], input[name="chronic_diseases"][value="none"]').all():
        box.check()
    officer.page.get_by_role("button", name="Gửi tờ khai").click()
    officer.looks("desk-telephone-done")
    officer.page.get_by_role("link", name="Rút tờ khai ghi nhầm").click()
    officer.page.get_by_role("button", name="Rút, ghi tên tôi").click()
    assert "Chọn lý do rút." in officer.sees()
    officer.faults.clear()  # the browser tells of every answer that is a refusal
    officer.page.get_by_label("Người gọi là người khác").check()
    officer.page.get_by_label("Nói với người dân").fill("Hàng xóm của bạn đã gọi, trạm ghi nhầm.")
    officer.looks("desk-telephone-withdraw")
    officer.page.get_by_role("button", name="Rút, ghi tên tôi").click()
    officer.page.wait_for_url("**/can-bo/nguoi/*")
    assert "đã thay" in officer.sees()
    citizen.goto(service + "/thong-bao")
    citizen.get_by_role("link", name="Trạm y tế đã rút tờ khai ghi nhầm cho bạn").first.click()
    assert "Hàng xóm của bạn đã gọi, trạm ghi nhầm." in words(citizen)
    looks(citizen, "telephone-withdrawn")


def test_an_electronic_identity_signs_in_and_the_record_says_so(strangers_phone: Page, service: str) -> None:
    page = strangers_phone
    page.goto(service + "/")
    page.get_by_role("link", name="Đăng nhập bằng VNeID").click()
    page.get_by_label("Số định danh cá nhân").fill("001090000001")
    page.get_by_role("button", name="Không").click()
    assert "chưa đồng ý" in words(page)
    looks(page, "vneid-refused")
    page.goto(service + "/")
    page.get_by_role("link", name="Đăng nhập bằng VNeID").click()
    page.get_by_label("Số định danh cá nhân").fill("001090000001")
    page.get_by_role("button", name="Đồng ý đăng nhập").click()
    page.wait_for_url("**/ho-so")
    assert "Nguyễn Văn An" in words(page)
    page.goto(service + "/ho-so/danh-tinh")
    assert "VNeID, mức 2" in words(page)


@small
def test_a_lost_number_is_bound_again_at_the_commune_by_two_officers(
    officer: Any, strangers_phone: Page, made: MadeDatabase, service: str
) -> None:
    # The last here: afterwards An's old number opens nothing.
    # given An with a new number that opens nothing
    shows_who_they_are(strangers_phone, service, NEW)
    assert "Chưa tìm thấy hồ sơ của bạn" in words(strangers_phone)
    # when An stands before the police with card and phone, and a second officer agrees
    officer.signs_in_as("police")
    officer.opens("/can-bo/gan-lai-so")
    officer.page.get_by_label("Mã trên thẻ căn cước").fill(CARD)
    officer.page.get_by_label("Số điện thoại mới").fill(NEW)
    officer.looks("desk-rebinding")
    officer.page.get_by_role("button", name="Gửi mã tới số mới").click()
    officer.page.wait_for_url("**/gan-lai-so/*")
    address = officer.page.url
    officer.looks("desk-rebinding-one")
    officer.page.get_by_label("Mã 6 chữ số trên máy của người dân").fill(newest_code(strangers_phone, service))
    officer.page.get_by_role("button", name="Xác nhận mã").click()
    expect(officer.page.locator("main")).to_contain_text("Cán bộ thứ hai của xã quét lại thẻ và duyệt")
    officer.leaves()
    officer.signs_in_as("station")
    officer.page.goto(address)
    officer.page.get_by_label("Quét lại mã trên thẻ căn cước").fill(CARD)
    officer.page.get_by_role("button", name="Duyệt").click()
    with made.connect("jobs", autocommit=True) as jobs:
        assert bind_again(jobs, now=datetime.now(UTC)) == 1
    officer.page.goto(address)
    assert "đã đổi số" in officer.sees()
    # then the new number opens An's record, which says who looked, and the old one nothing
    shows_who_they_are(strangers_phone, service, NEW)
    strangers_phone.wait_for_url("**/ho-so")
    strangers_phone.goto(service + "/ai-da-xem")
    assert "Gắn lại số điện thoại" in words(strangers_phone)
    strangers_phone.get_by_role("button", name="Đăng xuất").click()
    strangers_phone.wait_for_url(service + "/")
    shows_who_they_are(strangers_phone, service, "0912000001")
    assert "Chưa tìm thấy hồ sơ của bạn" in words(strangers_phone)
