"""Every page that counts its lines × whoever else's they are: of people elsewhere at desks, of others in the app."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.citizen_desks.test_declaring import begins, sends
from integration.citizen_desks.test_repair_chain import reports
from integration.citizen_desks.test_telling_people import SEEN
from integration.console.made_index import AN, BINH, Console, make_accounts, make_index
from integration.contact_tracing.made_outbreak import Outbreak, ago
from integration.security.addresses import Address, every_address
from integration.security.people_in_sight import citizen_browser, officer_browser, rows_of, shows
from integration.security.test_every_address import FAR

WORDS = "Tôi muốn xem và sửa thông tin của mình."
_SENT = {"act": "advise", "told": WORDS, "note": WORDS, "words": WORDS}
SHOWN_NEAR = {
    "tracer": {"console-case"},
    "station": {"console-triage-line", "console-correction"},
    "police": {"console-right"},
}  # fmt: skip
"""What the office on the spot sees of An by number: that the sweep below would find somebody."""


def numbered() -> list[Address]:
    return [address for address in every_address() if address.is_console and "int" in address.kinds.values()]


COUNTED_FOR_ONESELF = {"my-child", "my-copy-child", "who-looked-page", "who-looked-child", "who-looked-child-page"}
"""The app's addresses whose number counts within the record of whoever asks."""


def at_every_desk(console: Console, person: UUID, outbreak: Outbreak) -> None:
    """Something of the person's waits at each desk of the console that works by area."""
    outbreak.test(person, ago(days=1))
    client = citizen_browser(console, person)
    sends(client, begins(client, "daily"), symptoms=["fever", "dyspnoea"], contact_case="no", chronic_diseases="none")
    missed = {"product": "Moderna", "occurred_on": "2021-10-05", "site_name": "Trạm y tế", "words": WORDS}
    reports(client, "/sua-sai/thieu/my-doses", missed)
    assert client.post("/phan-anh", SEEN).status_code == 302
    given = {"attribute": "name", "value": "Lê Văn Khác", "words": WORDS}
    assert client.post("/quyen-cua-toi/sua-thong-tin", given).status_code == 302


@pytest.fixture(scope="module")
def made_console(prepared_url: str, home: Path) -> MadeDatabase:
    """A database of this file's own: what waits at desks would be in others' way, and theirs here."""
    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        make_accounts(owner)
    return made


@pytest.fixture
def waiting(console: Console) -> Iterator[int]:
    """The highest number that any line of An's or Bình's has at a desk."""
    with console.owner() as owner:
        outbreak = Outbreak(console.made, owner)
        is_first = owner.execute("SELECT count(*) FROM access.right_request").fetchone() == (0,)
        for person in (AN, BINH) if is_first else ():
            at_every_desk(console, person, outbreak)
        outbreak.trace()
        tables = ("triage", "correction", "feedback", "right_request", "trace_case")
        yield max(owner.execute(f"SELECT coalesce(max(id), 0) FROM access.{name}").fetchone()[0] for name in tables)  # type: ignore[index]


def at_desks(console: Console, person: UUID) -> dict[str, str]:
    """Table of a desk → a hash of what stands there about the person."""
    with console.owner() as owner:
        tables = owner.execute(
            "SELECT c.oid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE a.attname = 'person_id' AND c.relkind = 'r' AND c.relnamespace = 'access'::regnamespace"
            " AND c.relname <> ALL ('{log,disclosure,announcement}')"
        ).fetchall()
        text = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t WHERE person_id = %s"
        found = {table: owner.execute(text.format(table), [person]).fetchone() for (table,) in tables}
        return {table: str(row) for table, row in found.items()} | rows_of(owner, person)


def answers(client: Any, highest: int) -> Iterator[tuple[str, Address, Any]]:
    for address, number in product(numbered(), range(1, highest + 1)):
        for method in ("get", "post"):
            yield method, address, getattr(client, method)(address.filled(int=str(number)), _SENT)


def test_a_number_at_a_desk_opens_nobody_who_lives_elsewhere(console: Console, waiting: int) -> None:
    near: dict[str, set[str]] = {}
    for username in SHOWN_NEAR:
        seen = answers(officer_browser(console, username), waiting)
        near[username] = {address.name for method, address, answer in seen if method == "get" and shows(answer, AN)}
    assert {office: names & SHOWN_NEAR[office] for office, names in near.items()} == SHOWN_NEAR
    for username, person in FAR.items():
        before = at_desks(console, person)
        client = officer_browser(console, username)
        told = [
            (username, method, address.route, answer.status_code)
            for method, address, answer in answers(client, waiting)
            if answer.status_code >= 500 or shows(answer, person)
        ]
        assert told == []
        assert at_desks(console, person) == before


def opened_by(person: UUID, console: Console, highest: int, *, of: UUID) -> set[tuple[str, int]]:
    """(address, number) of the app's pages that open for the person; nothing of the other's may show on any of them."""
    client, opened = citizen_browser(console, person), set()
    for address in every_address():
        if address.is_console or "int" not in address.kinds.values() or address.name in COUNTED_FOR_ONESELF:
            continue
        for number in range(1, highest + 1):
            answer = client.get(address.filled(int=str(number)))
            assert answer.status_code < 500
            assert not shows(answer, of), (address.route, number)
            if answer.status_code == 200:
                opened.add((address.name, number))
    return opened


def test_a_number_of_anothers_in_the_address_opens_and_changes_nothing_of_theirs(
    console: Console, waiting: int
) -> None:
    theirs = opened_by(BINH, console, waiting, of=AN)
    assert {name for name, _ in theirs} >= {"my-right", "declare-form", "my-correction"}
    assert opened_by(AN, console, waiting, of=BINH) & theirs == set()
    before = at_desks(console, BINH)
    client = citizen_browser(console, AN)
    pages = {address.name: address for address in every_address()}
    for name, number in theirs:
        for act in ("withdraw", "add", "send", "drop", "save"):
            client.post(pages[name].filled(int=str(number)), {"act": act, "words": WORDS})
    assert at_desks(console, BINH) == before
