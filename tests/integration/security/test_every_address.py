"""Every address × every kind of visitor, from the URL resolver itself: what is not theirs is refused and not shown.

A new address is swept without anybody naming it here; a console page that asks for no office must be named below.
"""

from __future__ import annotations

from typing import Any

import pytest

from integration.console.made_index import AN, BINH, OFFICERS, Console
from integration.security.addresses import METHODS, Address, every_address
from integration.security.people_in_sight import (
    citizen_browser,
    everything_of,
    officer_browser,
    record_ids_of,
    rows_of,
    shows,
)

# Console pages before or beside an office, and why they need none.
WITHOUT_OFFICE = {
    "console-sign-in": "name and password",
    "console-factor": "between password and second factor",
    "console-enrol": "between password and second factor",
    "console-new-password": "between password and second factor",
    "console-sign-out": "ends a session, whoever held it",
    "console-sandbox-codes": "made officers' codes; the address exists in the sandbox only",
}
FAR = {"station": BINH, "police": BINH, "tracer": BINH, "far-tracer": AN, "far-police": AN}
"""Area-bound officers and the person who lives outside their area."""
REFUSED = (302, 400, 401, 403, 404, 405, 422, 429)


def console_pages() -> list[Address]:
    return [address for address in every_address() if address.is_console]


def citizen_pages() -> list[Address]:
    return [address for address in every_address() if not address.is_console]


def test_every_console_page_says_which_offices_it_is_for(console: Console) -> None:
    silent = {address.name for address in console_pages() if address.roles is None}
    assert silent == set(WITHOUT_OFFICE)
    assert all(address.roles for address in console_pages() if address.roles is not None)


def test_nobody_without_a_session_sees_anything_by_any_method(console: Console) -> None:
    stranger = console.browser()
    seen = []
    for address in every_address():
        for path in address.tried():
            for method in METHODS:
                answer = getattr(stranger, method)(path)
                if answer.status_code >= 500 or shows(answer, AN) or shows(answer, BINH):
                    seen.append((method, path, answer.status_code))
    assert seen == []


def test_a_citizen_session_opens_no_console_page(console: Console) -> None:
    client = citizen_browser(console, AN)
    opened = []
    for address in console_pages():
        if address.roles is None:
            continue
        for method in METHODS:
            answer = getattr(client, method)(address.filled())
            if answer.status_code not in REFUSED:
                opened.append((method, address.route, answer.status_code))
    assert opened == []


def test_an_officer_session_opens_no_citizen_record(console: Console) -> None:
    client = officer_browser(console, "steward")
    seen = []
    for address in citizen_pages():
        for method in METHODS:
            answer = getattr(client, method)(address.filled(uuid=str(AN)))
            if answer.status_code >= 500 or shows(answer, AN) or shows(answer, BINH):
                seen.append((method, address.route, answer.status_code))
            if "_auth_user_id" not in client.session:  # signing the citizen out ends the whole session
                client = officer_browser(console, "steward")
    assert seen == []


@pytest.mark.parametrize("username", sorted(OFFICERS))
def test_an_office_opens_no_page_that_is_for_others(console: Console, username: str) -> None:
    client = officer_browser(console, username)
    role = OFFICERS[username][0]
    opened = []
    for address in console_pages():
        if address.roles is None or role in address.roles:
            continue
        for method in ("get", "post"):
            status = getattr(client, method)(address.filled()).status_code
            if status not in (403, 405):
                opened.append((method, address.route, status))
    assert opened == []


@pytest.mark.parametrize("username", sorted(FAR))
def test_the_right_office_in_the_wrong_area_sees_and_changes_nothing(console: Console, username: str) -> None:
    person = FAR[username]
    with console.owner() as owner:
        ids = sorted(everything_of(owner, person) | record_ids_of(owner, person))
        before = rows_of(owner, person)
    client = officer_browser(console, username)
    seen: list[tuple[str, str, Any]] = []
    for address in console_pages():
        if "uuid" not in address.kinds.values():
            continue
        for id_ in ids:
            for method in ("get", "post"):
                answer = getattr(client, method)(address.filled(uuid=id_))
                if answer.status_code not in REFUSED or shows(answer, person):
                    seen.append((method, address.route, answer.status_code))
    assert seen == []
    with console.owner() as owner:
        assert rows_of(owner, person) == before


def test_another_persons_numbers_in_any_citizen_address_show_and_change_nothing(console: Console) -> None:
    with console.owner() as owner:
        ids = sorted(everything_of(owner, BINH) | record_ids_of(owner, BINH))
        before = rows_of(owner, BINH)
    client = citizen_browser(console, AN)
    seen = []
    for address in citizen_pages():
        for id_ in ids if "uuid" in address.kinds.values() else ids[:1]:
            for method in ("get", "post"):
                answer = getattr(client, method)(address.filled(uuid=id_), {"person": id_, "id": id_, "nguoi": id_})
                if answer.status_code >= 500 or shows(answer, BINH):
                    seen.append((method, address.route, answer.status_code))
                if "citizen" not in client.session:
                    client = citizen_browser(console, AN)
    assert seen == []
    with console.owner() as owner:
        assert rows_of(owner, BINH) == before
