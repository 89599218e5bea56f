"""A provider of electronic identities of its own process thread, over real HTTP, and a web that knows it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from django.test import Client, override_settings

from conftest import MadeDatabase, database_from, use_in_django
from pccovid.sandbox.vneid_provider import Account, Provider

CLIENT, SECRET = "pccovid", "s" * 40
LAN, MINH, LEVEL_ONE, UNKNOWN = "001190029317", "001090029311", "001190029310", "079190000001"
_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="session")
def provider() -> Provider:
    accounts = (
        Account(LAN, "Nguyễn Thị Lan", "1990-05-17"), Account(MINH, "Trần Văn Minh", "1990-01-01"),
        Account(LEVEL_ONE, "Nguyễn Thị Lan", "1990-05-17"), Account(UNKNOWN, "Không Ai", "1980-01-01"),
    )  # fmt: skip
    return Provider({one.number: one for one in accounts}, CLIENT, SECRET)


@pytest.fixture(scope="session")
def issuer(provider: Provider) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(provider.app(), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def index_of(prepared_url: str, home: Path) -> MadeDatabase:
    return database_from(prepared_url, home)


@pytest.fixture
def browser(index_of: MadeDatabase, issuer: str) -> Iterator[Client]:
    use_in_django(index_of, "web")
    from pccovid.accounts.vneid import _provider

    _provider.cache_clear()
    named = {"issuer": issuer, "client": CLIENT, "secret": SECRET}
    with override_settings(STORAGES=_PLAIN_FILES, VNEID=named):
        yield Client()
    _provider.cache_clear()
