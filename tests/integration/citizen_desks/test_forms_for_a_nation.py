"""A made nation carried over: no form asks anybody for anything that the index knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from, use_in_django
from journeys.citizen.test_every_page_of_the_app import PAGES
from pccovid.declaring.forms import CODES, FORMS
from pccovid.sandbox.nation import create

_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# What of the index answers a question, asked of the tables themselves and not of the code under test.
_KNOWN = {
    "name": "SELECT 1 FROM people_person WHERE id = %s AND name IS NOT NULL",
    "birth_date": "SELECT 1 FROM people_person WHERE id = %s AND birth_date IS NOT NULL",
    "sex": "SELECT 1 FROM people_person WHERE id = %s AND sex IS NOT NULL",
    "nationality": "SELECT 1 FROM people_person WHERE id = %s AND nationality IS NOT NULL",
    "residence": "SELECT 1 FROM people_person WHERE id = %s AND commune_code IS NOT NULL",
    "document": "SELECT 1 FROM people_identifier WHERE person_id = %s AND system <> 'insurance_no'",
    "phone": "SELECT 1 FROM people_contactpoint WHERE person_id = %s AND system = 'phone'",
    "vaccines_used": "SELECT 1 FROM vaccination_dose WHERE person_id = %s AND superseded_at IS NULL",
    "chronic_diseases": "SELECT 1 FROM declarations_declaration WHERE person_id = %s AND superseded_at IS NULL"
    " AND chronic_diseases <> '{}'",
}


@pytest.fixture(scope="module")
def nation(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeDatabase:
    folder = tmp_path_factory.mktemp("nation")
    create(people=120, seed=17, out=folder)
    made = database_from(prepared_url, home)
    import_delivery(made, folder / "exports", tmp_path_factory.mktemp("work"))
    return made


@pytest.fixture(scope="module")
def people(nation: MadeDatabase) -> list[UUID]:
    """The best known, the least known, and some between."""
    with nation.connect("owner") as owner:
        rows = owner.execute(
            "SELECT c.person_id FROM people_recordclaim c WHERE c.person_id IS NOT NULL GROUP BY 1 ORDER BY count(*), 1"
        ).fetchall()
    found = [person for (person,) in rows]
    return [*found[:5], *found[len(found) // 2 : len(found) // 2 + 5], *found[-5:]]


@pytest.fixture
def web(nation: MadeDatabase) -> Iterator[None]:
    use_in_django(nation, "web")
    with override_settings(STORAGES=_PLAIN_FILES):
        yield


def browser_of(person: UUID) -> Any:
    client = Client()
    session, now = client.session, datetime.now(UTC).timestamp()
    session["citizen"] = {"person": str(person), "since": now, "seen": now}
    session.save()
    return client


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("code", CODES)
def test_no_form_asks_anybody_for_what_the_index_knows(nation: MadeDatabase, people: list[UUID], code: str) -> None:
    asked_of = {}
    with nation.connect("owner") as owner:
        known = {
            person: {name for name, query in _KNOWN.items() if owner.execute(query, [person]).fetchone()}
            for person in people
        }
    for person in people:
        client = browser_of(person)
        address = client.post("/khai-bao", {"form": code, "whom": ""}).headers["Location"]
        fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', client.get(address).content.decode()))
        asked_of[person] = fields & known[person]
        assert "symptoms" in fields
    assert {person: asked for person, asked in asked_of.items() if asked} == {}
    could_ask = {question.code for form in FORMS if form.code == code for question in form.questions if question.known}
    assert any(could_ask & known[person] for person in people)


@pytest.mark.usefixtures("web")
def test_the_number_for_messages_is_filled_in_where_a_source_gave_it(nation: MadeDatabase, people: list[UUID]) -> None:
    with nation.connect("owner") as owner:
        reached = {
            person: owner.execute(
                "SELECT 1 FROM people_contactpoint WHERE person_id = %s AND system = 'phone' AND is_own", [person]
            ).fetchone()
            for person in people
        }
    filled_in = {
        person: re.search(r'name="phone"[^>]* value="(\d*)"', browser_of(person).get("/thong-bao").content.decode())
        for person in people
    }
    assert {person: bool(found and found.group(1)) for person, found in filled_in.items()} == {
        person: bool(known) for person, known in reached.items()
    }
    assert any(reached.values())


# Every field of every form that the app shows, and why it is asked though it is not one of _KNOWN.
_ASKED = {
    "words": "one's own words about this very thing",
    "photo": "a picture of this very thing",
    "whom": "chooses among oneself and one's own",
    "whose": "chooses among oneself and one's own",
    "form": "chooses",
    "kind": "chooses what it is about",
    "language": "chooses the language of a copy",
    "categories": "chooses kinds of data",
    "attribute": "chooses what is wrong",
    "value": "what is right instead of what the index knows",
    "place": "where something was seen",
    "label": "what to call a key of this device",
    "code": "what a scanner read",
    "tinh": "chooses a province's rule",
    "product": "of a dose the index does not know", "occurred_on": "of a dose the index does not know",
    "lot_number": "of a dose the index does not know", "site_name": "of a dose or test the index does not know",
    "dose_number": "of a dose the index does not know", "method": "of a test the index does not know",
    "result": "of a test the index does not know", "collected_at": "of a test the index does not know",
    "resulted_at": "of a test the index does not know", "laboratory": "of a test the index does not know",
}  # fmt: skip
_OF_OTHERS = {("/dia-diem", "name"): "the place's", ("/dia-diem", "address"): "the place's"}
_CONTROL = re.compile(r"<(input|select|textarea)\b([^>]*)>(?:([^<]*)</textarea>)?")


def fields_of(page: str) -> dict[str, bool]:
    """Name of each field that somebody sees → whether something stands in it already."""
    shown: dict[str, bool] = {}
    for kind, given, text in _CONTROL.findall(page.partition("<main")[2]):
        named = re.search(r'name="([\w-]+)"', given)
        if not named or 'type="hidden"' in given:
            continue
        filled = re.search(r'value="([^"]+)"', given) if kind == "input" else None
        shown[named.group(1)] = shown.get(named.group(1), False) or bool(filled or text.strip())
    return shown


@pytest.mark.usefixtures("web")
def test_no_field_of_any_page_asks_for_what_the_index_knows(nation: MadeDatabase, people: list[UUID]) -> None:
    questions = {question.code for form in FORMS for question in form.questions}
    met: set[str] = set()
    for person in (people[0], people[7], people[-1]):
        with nation.connect("owner") as owner:
            known = {name for name, query in _KNOWN.items() if owner.execute(query, [person]).fetchone()}
        client = browser_of(person)
        for address in PAGES:
            for field, is_filled in fields_of(client.get(address).content.decode()).items():
                met.add(field)
                if (address, field) in _OF_OTHERS or field in _ASKED:
                    continue
                assert field in questions, f"{address} asks for {field}: say in this test why the index cannot know it"
                assert field not in known or is_filled, f"{address} asks for {field}, which the index knows"
    assert {"words", "value", "phone", "code", "address"} <= met
