"""What all tests share: a throw-away PostgreSQL cluster, and fresh databases made from one prepared template."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from pccovid.foundation.cluster import DATABASE, Cluster
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.roles import role_url, set_up_roles
from pccovid.web.catalogues import compile_catalogues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
# How quick the machine is says nothing about what is tested.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")
# Django keeps the catalogues it finds at first use: a fresh checkout has none until they are compiled.
compile_catalogues()


class AnnouncingConnection(psycopg.Connection[Any]):
    """Announces each opening of access on a connection of its own before it is opened, as the web does."""

    _other: psycopg.Connection[Any] | None = None
    announces = True

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if self.announces and isinstance(query, str) and "access.open(" in query and "'job'" not in query:
            if self._other is None:
                self._other = psycopg.connect(f"{self.info.dsn} password={self.info.password}", autocommit=True)
            with contextlib.suppress(psycopg.Error):  # what is no opening at all, opening it tells
                self._other.execute(query.replace("access.open(", "access.announce("), params)
        return super().execute(query, params, **options)

    def close(self) -> None:
        if self._other is not None:
            self._other.close()
        super().close()


@dataclass(frozen=True)
class MadeDatabase:
    """A database of its own for one group of tests."""

    home: Path
    owner_url: str

    def url(self, role: str) -> str:
        return role_url(self.owner_url, role, self.home)

    def connect(self, role: str, *, autocommit: bool = False) -> psycopg.Connection:
        kind = AnnouncingConnection if role == "web" else psycopg.Connection
        return kind.connect(self.url(role), autocommit=autocommit)


@pytest.fixture(scope="session", autouse=True)
def django_as_under_test() -> Iterator[None]:
    """Django's own test environment: a mailbox in memory, templates that tell their context, the test client's host;
    and passwords that are hashed quickly."""
    from django.test.utils import override_settings, setup_test_environment, teardown_test_environment

    setup_test_environment(debug=False)
    with override_settings(PASSWORD_HASHERS=["quick_hashing.QuickScrypt"]):
        yield
    teardown_test_environment()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of outside test data; tests that need it skip where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("PCCOVID_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip("the folder of outside test data is not here (PCCOVID_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """PCCOVID_HOME of this test session."""
    folder = tmp_path_factory.mktemp("home")
    before = os.environ.get("PCCOVID_HOME")
    os.environ["PCCOVID_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["PCCOVID_HOME"]
    else:
        os.environ["PCCOVID_HOME"] = before


@pytest.fixture(scope="session")
def prepared_url(home: Path) -> Iterator[str]:
    """Owner's URL of a migrated, empty database that others are made from."""
    with Cluster(home).in_use() as url:
        make_haste(url)
        set_up_roles(url, home)
        prepare(url)
        yield url


HASTE = {"fsync": "off", "full_page_writes": "off", "scram_iterations": "1"}
"""For a throw-away server: no test cuts the power, or guesses at its passwords."""


def make_haste(owner_url: str) -> None:
    """Let a server wait for no disk, and prove passwords quickly: those set from now on, and the owner's."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for name, value in HASTE.items():
            owner.execute(f"ALTER SYSTEM SET {name} = {value}")
        owner.execute("SELECT pg_reload_conf()")
        owner.execute(f"SET scram_iterations = {HASTE['scram_iterations']}")
        owner.execute(sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(owner.info.password)))


def prepare(owner_url: str) -> None:
    """Migrate and write rules as the owner, in a process of its own."""
    subprocess.run(
        [sys.executable, "-c", "from pccovid.config.preparation import prepare; prepare()"],
        env={**os.environ, ROLE_URL_VARIABLE: owner_url},
        check=True,
    )


def database_from(template_url: str, home: Path) -> MadeDatabase:
    """A copy of the template database under a name of its own, with its roles."""
    name = f"made_{uuid4().hex[:12]}"  # this module may be loaded twice: counting would repeat names
    template = urlsplit(template_url).path.lstrip("/")
    with psycopg.connect(_with_name(template_url, "postgres"), autocommit=True) as connection:
        # Files are copied as they are, which costs an eighth of writing every page to the log of changes.
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    url = _with_name(template_url, name)
    set_up_roles(url, home)
    return MadeDatabase(home, url)


def _with_name(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextlib.contextmanager
def copy_for_jobs(made: MadeDatabase) -> Iterator[MadeDatabase]:
    """A copy of its own of a database that nobody works in, with Django connected to it as the jobs role."""
    from django.db import connections

    # A database that is copied must have no connection.
    connections["default"].close()
    copied = database_from(made.owner_url, made.home)
    use_in_django(copied, "jobs")
    yield copied
    connections["default"].close()


@pytest.fixture
def database(prepared_url: str, home: Path) -> MadeDatabase:
    """A fresh, empty, migrated database."""
    return database_from(prepared_url, home)


def use_in_django(made: MadeDatabase, role: str) -> None:
    """Point Django's connection of this process at a made database, as `role`."""
    import django
    from django.db import connections

    os.environ[ROLE_URL_VARIABLE] = made.url(role)
    django.setup()
    parts = urlsplit(made.url(role))
    connections["default"].close()
    connections["default"].settings_dict.update(
        NAME=parts.path.lstrip("/"),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=parts.hostname,
        PORT=parts.port,
    )


__all__ = ["DATABASE", "MadeDatabase", "database_from", "use_in_django"]
