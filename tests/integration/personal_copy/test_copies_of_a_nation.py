"""A made nation carried over: each person's copy holds exactly their rows in each form, and nobody else's."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import override_settings

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from, use_in_django
from pccovid.sandbox.nation import create
from unit.personal_copy.node_validators import judged, node_packages

__all__ = ["node_packages"]

_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_FACT_TABLES = (
    "vaccination_dose", "lab_tests_test", "declarations_declaration", "movement_visit", "movement_trip",
    "movement_scan", "border_entry", "insurance_card", "people_address", "people_relationship",
)  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ASKED = 40


@dataclass(frozen=True)
class Nation:
    """The carried-over database: whose each fact is, and who is who."""

    made: MadeDatabase
    facts: dict[str, UUID]
    declared_for: dict[UUID, Counter[str]]
    people: tuple[UUID, ...]


@pytest.fixture(scope="module")
def nation(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Nation:
    folder = tmp_path_factory.mktemp("nation")
    create(people=150, seed=11, out=folder)
    made = database_from(prepared_url, home)
    import_delivery(made, folder / "exports", tmp_path_factory.mktemp("work"))
    with made.connect("owner") as owner:
        facts = {
            str(id_): person
            for table in _FACT_TABLES
            for id_, person in owner.execute(f"SELECT id, person_id FROM {table}")
        }
        return Nation(made, facts, _ties(owner), _people(owner))


def _people(owner: psycopg.Connection) -> tuple[UUID, ...]:
    """Those with most facts first, and the last few with least."""
    counts = " UNION ALL ".join(f"SELECT person_id FROM {table}" for table in _FACT_TABLES)
    rows = owner.execute(
        f"SELECT p.id FROM people_person p LEFT JOIN ({counts}) f ON f.person_id = p.id WHERE p.merged_into_id IS NULL"
        " GROUP BY p.id ORDER BY count(f.person_id) DESC, p.id"
    ).fetchall()
    found = [id_ for (id_,) in rows]
    return tuple(found[: _ASKED - 10] + found[-10:])


def _ties(owner: psycopg.Connection) -> dict[UUID, Counter[str]]:
    """Person → the ties by which they declared for somebody else: rows of the others, told without their keys."""
    rows = owner.execute(
        "SELECT mine.person_id, r.id FROM people_recordclaim mine"
        " JOIN people_relationship r ON r.other_record_id = mine.record_id AND r.superseded_at IS NULL"
        " JOIN people_recordclaim theirs ON theirs.record_id = r.record_id"
        " WHERE theirs.person_id IS DISTINCT FROM mine.person_id AND mine.person_id IS NOT NULL"
    )
    found: dict[UUID, Counter[str]] = {}
    for person, tie in rows:
        found.setdefault(person, Counter())[str(tie)] += 1
    return found


@pytest.fixture
def browsers(nation: Nation) -> Iterator[Any]:
    """person → a browser signed in as them, on the web's own restricted connection."""
    from datetime import UTC, datetime

    from django.test import Client

    use_in_django(nation.made, "web")

    def signed_in(person: UUID) -> Client:
        client = Client()
        session, now = client.session, datetime.now(UTC).timestamp()
        session["citizen"] = {"person": str(person), "since": now, "seen": now}
        session.save()
        return client

    with override_settings(STORAGES=_PLAIN_FILES):
        yield signed_in


def expected(nation: Nation, person: UUID) -> Counter[str]:
    own = Counter(fact for fact, whose in nation.facts.items() if whose == person)
    return own + nation.declared_for.get(person, Counter())


def in_json(text: str) -> Counter[str]:
    document = json.loads(text)
    return Counter(one["id"] for one in [*document["facts"], *document["declared_for"]])


def in_fhir(text: str, nation: Nation) -> Counter[str]:
    """Ids of resources, and of the Patient's addresses, that are facts of anybody's."""
    resources = [entry["resource"] for entry in json.loads(text)["entry"]]
    addresses = [one for resource in resources for one in resource.get("address", ())]
    return Counter(one["id"] for one in [*resources, *addresses] if one["id"] in nation.facts)


def in_page(text: str) -> Counter[str]:
    return Counter(re.findall(r'id="f-([0-9a-f-]{36})"', text))


def test_each_form_holds_exactly_the_persons_rows_and_nobody_elses(nation: Nation, browsers: Any) -> None:
    seen, kinds = 0, set()
    for person in nation.people:
        client, own = browsers(person), expected(nation, person)
        texts = {form: client.post("/ban-sao", {"form": form}).content.decode() for form in ("json", "fhir", "html")}
        assert in_json(texts["json"]) == own
        assert in_fhir(texts["fhir"], nation) == own
        assert in_page(texts["html"]) == own
        for form, text in texts.items():
            strangers = {id_ for id_ in _UUID.findall(text) if nation.facts.get(id_, person) != person}
            assert strangers <= set(nation.declared_for.get(person, ())), form
            others = {str(one) for one in nation.people if one != person}
            assert not others & set(_UUID.findall(text)), form
        seen += sum(own.values())
        kinds |= {fact["kind"] for fact in json.loads(texts["json"])["facts"]}
    assert seen >= 200
    assert len(kinds) >= 8


def test_every_document_of_the_nation_is_read_by_the_models_of_fhir_resources(nation: Nation, browsers: Any) -> None:
    from fhir.resources.R4B.bundle import Bundle

    for person in nation.people:
        Bundle.model_validate_json(browsers(person).post("/ban-sao", {"form": "fhir"}).content)


def test_no_document_of_the_nation_has_an_error_for_two_validators_of_npm(
    nation: Nation, browsers: Any, node_packages: Path
) -> None:
    documents = [json.loads(browsers(person).post("/ban-sao", {"form": "fhir"}).content) for person in nation.people]
    assert [said for said in judged(node_packages, documents) if said] == []
