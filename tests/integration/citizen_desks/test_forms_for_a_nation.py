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
