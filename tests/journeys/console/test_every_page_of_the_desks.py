"""Every page of the console with an address of its own passes axe on a small screen, at an office that may open it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from integration.console.made_index import OFFICERS
from integration.security.addresses import every_address
from journeys.console.conftest import SMALL


def pages_by_officer() -> dict[str, list[str]]:
    """Each page at the first made officer whose office may open it; no page is for offices that nobody here holds."""
    found: dict[str, list[str]] = {}
    for address in every_address():
        if address.is_console and not address.kinds and address.roles:
            holders = [name for name, (role, _) in OFFICERS.items() if role in address.roles]
            found.setdefault(holders[0], []).append(address.route)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("officer", [{"viewport": SMALL}], indirect=True)
def test_every_page_with_an_address_of_its_own_passes_axe_at_a_desk(officer: Any) -> None:
    faults, seen = [], 0
    officer.page.set_default_navigation_timeout(120_000)
    for username, routes in pages_by_officer().items():
        officer.signs_in_as(username)
        for route in routes:
            answer = officer.page.request.get(officer.service + route, max_redirects=0, timeout=120_000)
            if answer.status in (302, 405) or "text/html" not in answer.headers.get("content-type", ""):
                continue  # leads on, takes what is sent, or is a file
            officer.page.goto(officer.service + route)
            seen += 1
            violations = Axe().run(officer.page).response["violations"]
            faults += [(route, one["id"], [node["target"] for node in one["nodes"]]) for one in violations]
            # Refused: what the heads of an office alone may open; that page is looked at as well.
            if (
                answer.status not in (200, 403)
                or officer.page.evaluate("document.documentElement.scrollWidth") > SMALL["width"]
            ):
                faults.append((route, answer.status, "too wide, or no page"))
        officer.page.context.clear_cookies()
    assert faults == []
    assert seen >= 30
