"""The made index of the console's tests behind the real service, and a real browser in front of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page

from conftest import MadeDatabase, database_from
from integration.console.made_index import PASSWORD, make_accounts, make_index, make_officers, present_code
from journeys_served import served
from pccovid.foundation.database import ROLE_URL_VARIABLE

DESK, SMALL = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@dataclass
class Officer:
    """An officer's browser, and what is checked on every screen."""

    page: Page
    service: str
    screenshots: Path
    faults: list[str]
    made: MadeDatabase

    def opens(self, path: str) -> None:
        self.page.goto(self.service + path)

    def signs_in_as(self, username: str) -> None:
        self.opens("/can-bo/")
        self.page.get_by_label("Tên đăng nhập").fill(username)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.get_by_label("Mã sáu số").fill(self.code_of(username))
        self.page.get_by_role("button", name="Tiếp tục").click()
        self.page.wait_for_url("**/can-bo/")

    def code_of(self, username: str) -> str:
        """What the officer's authenticator shows now."""
        with self.made.connect("owner", autocommit=True) as owner:
            return present_code(owner, username)

    def seeks(self, case: str, label: str, value: str) -> None:
        # By the first page, which every screen leads to; a phone shows no other desk's tab.
        self.page.get_by_role("navigation").get_by_role("link", name="Việc", exact=True).click()
        self.page.locator("main").get_by_role("link", name="Tìm người").click()
        self.page.get_by_label("Số vụ việc hoặc công văn").fill(case)
        self.page.get_by_label(label).fill(value)
        self.page.get_by_role("button", name="Tìm").click()

    def sees(self) -> str:
        """The words of the main part, blanks single."""
        return " ".join(self.page.locator("main").inner_text().split())

    def leaves(self) -> None:
        """Sign out."""
        self.page.get_by_role("button", name="Đăng xuất").click()
        self.page.wait_for_url("**/dang-nhap")

    def looks(self, name: str) -> None:
        """Check the screen as a whole, wide and narrow, and keep its pictures under this name."""
        used = self.page.viewport_size or DESK
        for size in (DESK, SMALL):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(path=str(self.screenshots / f"{name}-{size['width']}.png"), full_page=True)
            violations = Axe().run(self.page).response["violations"]
            assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in violations] == [], name
            assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        self.page.set_viewport_size(used)  # type: ignore[arg-type]
        assert self.faults == [], name


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    """The database behind the service."""
    return database_from(prepared_url, home)


@pytest.fixture(scope="module")
def more_environment() -> dict[str, str]:
    """Settings that the journeys of one module need beside the usual ones."""
    return {}


@pytest.fixture(scope="module")
def service(
    made: MadeDatabase, home: Path, tmp_path_factory: pytest.TempPathFactory, more_environment: dict[str, str]
) -> Iterator[str]:
    """The address of the real service, which holds the web's connection and no other."""
    os.environ.setdefault(ROLE_URL_VARIABLE, made.url("web"))
    django.setup()
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        make_accounts(owner)
        make_officers(owner)
    # The service must open the secrets that this process sealed, whatever home its own settings were read from.
    environment = {
        **os.environ,
        ROLE_URL_VARIABLE: made.url("web"),
        "PCCOVID_HOME": str(home),
        "PCCOVID_FACTOR_KEYS": ",".join(settings.OFFICER_FACTOR_KEYS),
        **more_environment,
    }
    log = tmp_path_factory.mktemp("console") / "log"
    with served(environment, log, asked="/can-bo/dang-nhap") as address:
        yield address


@pytest.fixture(params=[{}])
def officer(
    chromium: Browser,
    service: str,
    made: MadeDatabase,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Officer]:
    """An officer's browser; a journey may set it otherwise (dark, without JavaScript) by parameter."""
    folder = Path(os.environ.get("PCCOVID_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(**{"viewport": DESK, "locale": "vi-VN", **request.param})
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield Officer(page, service, folder, faults, made)
    context.close()


@pytest.fixture
def strangers_phone(chromium: Browser, service: str, made: MadeDatabase) -> Iterator[Page]:
    """A small phone on which nobody is signed in yet."""
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM accounts_signincode")  # limits of codes have tests of their own
    context = chromium.new_context(viewport=SMALL, locale="vi-VN")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def citizen(strangers_phone: Page, service: str) -> Page:
    """An's own phone."""
    shows_who_they_are(strangers_phone, service, "0912000001")
    strangers_phone.wait_for_url("**/ho-so")
    return strangers_phone


def shows_who_they_are(page: Page, service: str, number: str) -> None:
    """An proves this number and says who they are."""
    page.goto(service + "/")
    page.get_by_label("Số điện thoại").fill(number)
    page.get_by_role("button", name="Gửi mã đăng nhập").click()
    page.get_by_label("Mã 6 chữ số").fill(newest_code(page, service))
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Họ và tên").fill("Nguyễn Văn An")
    for label, value in (("Ngày", 17), ("Tháng", 5), ("Năm", 1990)):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_role("button", name="Xem hồ sơ của tôi").click()


def newest_code(page: Page, service: str) -> str:
    """The code of the newest message, read in another tab of the phone."""
    tab = page.context.new_page()
    tab.goto(service + "/sandbox/tin-nhan")
    found = re.search(r"\b\d{6}\b", tab.locator("main li").first.inner_text())
    assert found
    tab.close()
    return found.group()
