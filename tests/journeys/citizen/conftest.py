"""A made nation carried over, the real service on a loopback port, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from carry_over_importing import start_import
from conftest import MadeDatabase, database_from
from journeys_served import served
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.sandbox.nation import create

_SMALL_PHONE = {"width": 360, "height": 740}
_PEOPLE, _SEED = 400, 3


@dataclass(frozen=True)
class Citizen:
    """A made person, as they would sign in; `systems` are the earlier apps that know them."""

    name: str
    phone: str
    born: date
    systems: tuple[str, ...]
    why: str


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a made nation with its exports and the people to sign in as."""
    folder = tmp_path_factory.mktemp("nation")
    create(people=_PEOPLE, seed=_SEED, out=folder, progress=lambda stage, share: None)
    return folder


@pytest.fixture(scope="session")
def citizens(nation: Path) -> tuple[Citizen, ...]:
    made = json.loads((nation / "citizens.json").read_text())
    return tuple(
        Citizen(one["name"], one["phone"], date.fromisoformat(one["birth_date"]), tuple(one["systems"]), one["why"])
        for one in made
    )


def another_than(citizen: Citizen, citizens: tuple[Citizen, ...]) -> Citizen:
    """Somebody of another family."""
    return next(one for one in citizens if "changed the phone" in one.why and one != citizen)


@pytest.fixture(scope="session")
def carried_over(prepared_url: str, home: Path, nation: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeDatabase:
    """A database into which the nation's deliveries were imported."""
    made = database_from(prepared_url, home)
    # In a process of its own: Django refuses to work beside the browser driver's event loop.
    assert start_import(made, nation / "exports", tmp_path_factory.mktemp("work")).wait(300) == 0
    return made


@pytest.fixture(scope="session")
def service(carried_over: MadeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real service, which holds the web's connection and no other."""
    environment = {**os.environ, ROLE_URL_VARIABLE: carried_over.url("web"), "PCCOVID_HOME": str(carried_over.home)}
    # A provider of electronic identities that does not answer: its pages say so.
    environment |= {"PCCOVID_VNEID_ISSUER": "http://127.0.0.1:9", "PCCOVID_VNEID_CLIENT": "pccovid"}
    with served(environment, tmp_path_factory.mktemp("service") / "log") as address:
        yield address


@pytest.fixture(params=["light"])
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A small phone set to Vietnamese; a journey may ask for another colour scheme by parameter."""
    opened = chromium.new_context(viewport=_SMALL_PHONE, locale="vi-VN", color_scheme=request.param)
    yield opened
    opened.close()


@pytest.fixture
def phone(
    context: BrowserContext, carried_over: MadeDatabase, service: str, tmp_path_factory: pytest.TempPathFactory
) -> Phone:
    with carried_over.connect("owner") as owner:
        # The same few people sign in again and again here; limits of codes have tests of their own.
        owner.execute("DELETE FROM accounts_signincode")
    folder = Path(os.environ.get("PCCOVID_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return Phone(context.new_page(), service, folder)


@dataclass
class Phone:
    """A citizen's browser: what they do with it, and what is checked on every screen they see."""

    page: Page
    service: str
    screenshots: Path

    def opens(self, path: str) -> None:
        answer = self.page.goto(self.service + path)
        assert answer is None or answer.status < 500 or "vneid" in path, path

    def presses(self, words: str) -> None:
        """Press the button or follow the link with these words in the main part of the page."""
        main = self.page.locator("main")
        main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words)).first.click()

    def asks_code(self, number: str) -> None:
        self.opens("/")
        self.page.get_by_label("Số điện thoại").fill(number)
        self.presses("Gửi mã đăng nhập")

    def reads_code(self) -> str:
        """The code of the newest message, read in another tab."""
        tab = self.page.context.new_page()
        tab.goto(self.service + "/sandbox/tin-nhan")
        found = re.search(r"\b\d{6}\b", tab.locator("main li").first.inner_text())
        tab.close()
        assert found
        return found.group()

    def types_code(self) -> None:
        self.page.get_by_label("Mã 6 chữ số").fill(self.reads_code())
        self.presses("Tiếp tục")

    def says_who(self, name: str, born: date) -> None:
        self.page.get_by_label("Họ và tên").fill(name)
        for label, value in (("Ngày", born.day), ("Tháng", born.month), ("Năm", born.year)):
            self.page.get_by_label(label, exact=True).fill(str(value))
        self.presses("Xem hồ sơ của tôi")

    def signs_in_as(self, citizen: Citizen) -> None:
        self.asks_code(citizen.phone)
        self.types_code()
        self.says_who(citizen.name, citizen.born)
        self.page.wait_for_url("**/ho-so")

    def sees(self) -> str:
        """The words of the main part, blanks single."""
        return " ".join(self.page.locator("main").inner_text().split())

    def looks(self, name: str) -> None:
        """Check the screen as a whole and keep its picture under this name."""
        self.page.screenshot(path=str(self.screenshots / f"{name}.png"), full_page=True)
        faults = Axe().run(self.page).response["violations"]
        assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in faults] == [], name
        assert self.page.evaluate(_WIDTH) <= _SMALL_PHONE["width"], name
        assert self.page.evaluate(_TOO_SMALL) == [], name
        self.fits(name)

    def fits(self, name: str) -> None:
        """Nothing scrolls sideways at 320 pixels, at twice the zoom of a desktop, and with text twice as large."""
        page, too_wide = self.page, []
        for width, height in (_NARROWEST, _DESKTOP_ZOOMED_TWICE):
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate(_WIDTH) > width:
                too_wide.append(f"{width} pixels")
        page.set_viewport_size(_SMALL_PHONE)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate(_WIDTH) > _SMALL_PHONE["width"]:
            too_wide.append("text twice as large")
        page.evaluate("document.documentElement.style.fontSize = ''")
        assert too_wide == [], name


_NARROWEST, _DESKTOP_ZOOMED_TWICE = (320, 640), (640, 400)
_WIDTH = "document.documentElement.scrollWidth"
# Targets under 44 px, but for links inside running text, which the guideline leaves out.
_TOO_SMALL = """
[...document.querySelectorAll('a, button, input:not([type=hidden]), summary')].filter(target => {
    const box = target.getBoundingClientRect();
    const isInText = target.tagName === 'A' && target.parentElement.tagName === 'P'
        && target.parentElement.innerText.trim() !== target.innerText.trim();
    return box.width > 0 && box.height < 43.5 && !isInText && !target.classList.contains('skip');
}).map(target => target.outerHTML.slice(0, 120))
"""
