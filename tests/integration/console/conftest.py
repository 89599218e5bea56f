"""A small index and browsers of officers in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import Console, make_accounts, make_index, make_officers

_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="session")
def made_console(prepared_url: str, home: Path) -> MadeDatabase:
    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        make_accounts(owner)
    return made


@pytest.fixture
def console(made_console: MadeDatabase) -> Iterator[Console]:
    """The made index, which no test of the console changes, with officers and sessions of each test's own.

    The log of access cannot be emptied; each test looks at what has been added since it began.
    """
    use_in_django(made_console, "web")
    with made_console.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.officer_sign_in; DELETE FROM django_session")
        make_officers(owner)
        (logged,) = owner.execute("SELECT coalesce(max(id), 0) FROM access.log").fetchone() or (0,)
    with override_settings(STORAGES=_PLAIN_FILES):
        yield Console(made_console, logged)
