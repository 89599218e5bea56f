"""The console's made index, two officers who make agreements, and a made hospital with its machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import make_index
from integration.exchange.agencies import EVERY_CATEGORY, EVERY_WRITTEN, Agency, SigningKey

PASSWORD = "một mật khẩu dài, chỉ để thử"
_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@dataclass
class Exchange:
    """One database for a file's tests: agencies and their resources are told apart by their names."""

    made: MadeDatabase
    owner: psycopg.Connection
    steward: tuple[int, int]
    protector: tuple[int, int]

    def ask(self, key: SigningKey, **changed: Any) -> int:
        wanted = {
            "agency": "benh-vien-thu", "name": "Bệnh viện Thử", "standing": "facility", "purpose": "care",
            "categories": list(EVERY_CATEGORY), "written": list(EVERY_WRITTEN), "area": None,
            "valid_until": datetime.now(UTC) + timedelta(days=30), "document": "Thỏa thuận thử số 1",
            "reason": "Gửi mũi tiêm và xét nghiệm, chỉ để thử", "notify_url": None, **changed,
        }  # fmt: skip
        return int(self.call("ask_agreement", *self.steward, *wanted.values(), json.dumps([key.jwk()])))

    def call(self, function: str, *arguments: Any) -> Any:
        places = ", ".join(["%s"] * len(arguments))
        with self.made.connect("web") as web:
            row = web.execute(f"SELECT * FROM access.{function}({places})", list(arguments)).fetchone()
        return row[0] if row else None

    def grant(self, agreement: int) -> None:
        assert self.call("judge_agreement", *self.protector, agreement, True, "") == "granted"

    def agency(self, algorithm: str = "ES384", **changed: Any) -> Agency:
        """An agency with an agreement in force and a token."""
        key = SigningKey("k1", algorithm)
        agreement = self.ask(key, **changed)
        self.grant(agreement)
        return Agency(self.made, agreement, key).sign_in()


@pytest.fixture(scope="module")
def exchange(prepared_url: str, home: Path) -> Iterator[Exchange]:
    from django.db import connections

    from pccovid.officers.operations import appoint, enrol

    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    now, held = datetime.now(UTC) - timedelta(hours=1), {}
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        for name, role in (("steward", "data_steward"), ("protector", "data_protection")):
            account = enrol(owner, username=name, full_name=name, password=PASSWORD, now=now)
            held[name] = (
                account,
                appoint(owner, officer=account, role=role, area=None, office=f"Cơ quan {name}", by="test", now=now),
            )
        with override_settings(STORAGES=_PLAIN_FILES, EXCHANGE_URL=made.url("jobs")):
            yield Exchange(made, owner, held["steward"], held["protector"])
    from pccovid.web.agency_api import writing

    writing._close()
    connections["default"].close()


@pytest.fixture(scope="module")
def hospital(exchange: Exchange) -> Agency:
    return exchange.agency()


Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def rows(exchange: Exchange) -> Rows:
    """Rows of a query, as the owner."""

    def found(query: str, *values: Any) -> list[tuple[Any, ...]]:
        return exchange.owner.execute(query, list(values)).fetchall()

    return found
