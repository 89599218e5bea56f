"""A citizen takes a copy of everything held about them, and decides about consents, on a small phone and on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from journeys.citizen.conftest import Citizen, Phone


def known_best(citizens: tuple[Citizen, ...]) -> Citizen:
    return max((one for one in citizens if "agrees" in one.why), key=lambda one: len(one.systems))


@pytest.mark.parametrize("context", ["light", "dark"], indirect=True)
def test_a_citizen_takes_a_copy_to_read_and_print_in_both_languages(
    phone: Phone, citizens: tuple[Citizen, ...]
) -> None:
    citizen, scheme = known_best(citizens), phone.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    phone.signs_in_as(citizen)
    phone.presses("Bản sao dữ liệu của tôi")
    phone.looks(f"copy-1-choice-{scheme}")
    phone.page.locator("main").get_by_role("button", name="Tiếng Việt", exact=True).click()
    phone.looks(f"copy-2-readable-{scheme}")
    assert citizen.name in phone.sees()
    assert "Luật nào cho phép, giữ bao lâu" in phone.sees()
    facts = phone.page.locator("[id^='f-']")
    assert facts.count() >= 5
    phone.page.get_by_role("link", name="Quay lại").click()
    phone.page.locator("main").get_by_role("button", name="English", exact=True).click()
    phone.looks(f"copy-3-english-{scheme}")
    assert "Copy of personal data" in phone.sees()


def test_the_copy_prints_on_a4_without_navigation(phone: Phone, citizens: tuple[Citizen, ...]) -> None:
    phone.signs_in_as(known_best(citizens))
    phone.opens("/ban-sao")
    phone.page.locator("main").get_by_role("button", name="Tiếng Việt", exact=True).click()
    phone.page.emulate_media(media="print")
    assert not phone.page.get_by_role("link", name="Quay lại").is_visible()
    paper = phone.page.pdf(format="A4", path=str(phone.screenshots / "copy-4-paper.pdf"), prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    # A4 less its margins is 680 pixels wide: nothing may stick out of the paper.
    phone.page.set_viewport_size({"width": 680, "height": 960})
    phone.page.screenshot(path=str(phone.screenshots / "copy-4-paper.png"), full_page=True)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 680


@pytest.mark.parametrize(("button", "name"), [("Tải tệp JSON", "ban-sao-du-lieu.json"),
                                              ("Tải tệp FHIR", "ban-sao-du-lieu.fhir.json")])  # fmt: skip
def test_a_citizen_downloads_a_file_whose_name_tells_nothing(
    phone: Phone, citizens: tuple[Citizen, ...], tmp_path: Path, button: str, name: str
) -> None:
    citizen = known_best(citizens)
    phone.signs_in_as(citizen)
    phone.opens("/ban-sao")
    with phone.page.expect_download() as arriving:
        phone.presses(button)
    arriving.value.save_as(tmp_path / name)
    assert arriving.value.suggested_filename == name
    assert citizen.name in json.dumps(json.loads((tmp_path / name).read_text()), ensure_ascii=False)


@pytest.mark.parametrize("context", ["light", "dark"], indirect=True)
def test_a_citizen_agrees_to_one_use_and_withdraws_as_easily(phone: Phone, citizens: tuple[Citizen, ...]) -> None:
    scheme = phone.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    phone.signs_in_as(known_best(citizens))
    phone.presses("Đồng ý của tôi")
    phone.looks(f"consents-1-{scheme}")
    agree = phone.page.get_by_role("button", name="Tôi đồng ý việc này")
    assert agree.count() == 2
    agree.first.click()
    assert phone.page.get_by_role("button", name="Tôi đồng ý việc này").count() == 1
    phone.looks(f"consents-2-agreed-{scheme}")
    phone.page.get_by_role("button", name="Rút lại đồng ý").click()
    assert phone.page.get_by_role("button", name="Tôi đồng ý việc này").count() == 2
    phone.looks(f"consents-3-withdrawn-{scheme}")
    assert "Những lần bạn đã quyết định" in phone.sees()
