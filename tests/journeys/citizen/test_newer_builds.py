"""The app renews itself: a new build takes over, one that does not arrive whole does not, and the record stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from journeys.citizen.conftest import Citizen, Phone
from journeys.citizen.newer_builds import Front
from journeys.citizen.test_without_a_connection import citizen, kept, until

__all__ = ["citizen"]
FILES = "caches.keys().then(all => all.filter(name => name.startsWith('pccovid-files-')).join())"


@pytest.fixture
def front(service: str) -> Iterator[Front]:
    opened = Front(service)
    yield opened
    opened.close()


@pytest.fixture
def ready(phone: Phone, citizen: Citizen, front: Front) -> Phone:
    """Signed in by way of the front, the worker in charge, the record kept."""
    by_front = Phone(phone.page, front.address, phone.screenshots)
    by_front.signs_in_as(citizen)
    by_front.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    by_front.page.wait_for_function("navigator.serviceWorker.controller !== null")
    by_front.opens("/ho-so")
    until(by_front.page, "caches.open('pccovid-record').then(c => c.match('/quet')).then(found => !!found)")
    return by_front


def renews(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => 1, () => 0)")


def qr_opens_without_a_connection(phone: Phone) -> None:
    phone.page.context.set_offline(True)
    phone.opens("/ma-qr")
    assert phone.page.locator(".qr svg").first.is_visible()


def test_a_new_build_takes_over_and_the_old_files_go(ready: Phone, front: Front) -> None:
    page = ready.page
    before = page.evaluate(FILES)
    version = before.removeprefix("pccovid-files-")
    assert version
    front.renewed = lambda text: text.replace(version, "another")
    renews(page)
    until(page, f"{FILES}.then(names => names === 'pccovid-files-another')")
    until(page, "navigator.serviceWorker.controller.state === 'activated'")
    assert kept(page) == ["/ho-so", "/ma-qr", "/ma-qr/da-che", "/quet", "/the-covid"]
    ready.opens("/ho-so")
    qr_opens_without_a_connection(ready)


def test_a_build_that_does_not_arrive_whole_leaves_the_one_before_in_charge(ready: Phone, front: Front) -> None:
    page = ready.page
    before = page.evaluate(FILES)
    version = before.removeprefix("pccovid-files-")
    front.renewed = lambda text: text.replace(version, "broken").replace("css/pccovid", "css/gone")
    renews(page)
    # It was begun, and came to nothing.
    until(page, "caches.has('pccovid-files-broken')")
    until(page, "navigator.serviceWorker.getRegistration().then(one => !one.installing && !one.waiting)")
    assert before in page.evaluate(FILES).split(",")
    qr_opens_without_a_connection(ready)
    assert page.evaluate("navigator.serviceWorker.controller.state") == "activated"
