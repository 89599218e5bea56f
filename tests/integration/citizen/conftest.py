"""A web on a made index: a client that speaks to it, messages that can be read, people to sign in as."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from conftest import MadeDatabase, database_from, use_in_django
from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor

_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


# Everything these tests write; the log of access cannot be emptied, and need not be.
_EMPTIED = (
    "people_person, people_recordclaim, people_contactpoint, people_identifier, people_relationship, people_address,"
    " vaccination_dose, lab_tests_test, declarations_declaration, movement_visit, movement_place, movement_trip,"
    " movement_scan, border_entry, insurance_card, accounts_signincode, accounts_sandboxmessage, django_session,"
    " access.place, access.scan_inbox"
)


@pytest.fixture(scope="session")
def made_database(prepared_url: str, home: Path) -> MadeDatabase:
    return database_from(prepared_url, home)


@pytest.fixture
def database(made_database: MadeDatabase) -> MadeDatabase:
    """One database for all tests of this folder, emptied before each."""
    with made_database.connect("owner", autocommit=True) as owner:
        owner.execute("".join(f"DELETE FROM {table};" for table in _EMPTIED.split(", ")))
    return made_database


@pytest.fixture
def index(database: MadeDatabase) -> Iterator[Index]:
    with database.connect("owner", autocommit=True) as owner:
        yield Index(owner)


@pytest.fixture
def visitor(database: MadeDatabase) -> Iterator[Visitor]:
    """Somebody with a browser, on the web process's own restricted connection."""
    use_in_django(database, "web")
    with override_settings(STORAGES=_PLAIN_FILES):
        yield Visitor()
