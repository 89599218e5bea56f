"""No page of the citizen app is left out of the journey that passes each of them through axe on a small phone."""

from __future__ import annotations

import django
from django.urls import URLPattern

django.setup()

from journeys.citizen.test_every_page_of_the_app import PAGES, PUBLIC_PAGES  # noqa: E402
from pccovid.web.citizen.urls import urlpatterns  # noqa: E402

# Addresses that show no page of their own, or whose page another journey sees.
_NO_PAGE = {
    "ask-insurer": "does something and leads back",
    "sign-in-another-code": "sends a code and leads on",
    "sign-out": "leads to the sign-in page",
    "service-worker": "a program",
    "place-scanner-worker": "a program",
    "place-scanner-send": "takes scans of devices",
    "my-qr-revoke": "does something and leads back",
    "sign-in-vneid": "leads to the provider",
    "sign-in-code": "seen while signing in",
    "sign-in-who": "seen while signing in",
}


def _fixed(pattern: URLPattern) -> bool:
    return not pattern.pattern.converters


def test_every_page_with_an_address_of_its_own_is_walked() -> None:
    addresses = {
        "/" + str(one.pattern): one.name for one in urlpatterns if _fixed(one) and one.name not in _NO_PAGE
    }  # fmt: skip
    missing = {address: name for address, name in addresses.items() if address not in {*PAGES, *PUBLIC_PAGES}}
    assert sorted(missing) == []


def test_what_is_left_out_with_a_reason_exists() -> None:
    assert set(_NO_PAGE) - {one.name for one in urlpatterns} == set()
