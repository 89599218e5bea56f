"""A tracer and an officer of quarantine of the outbreak's province, and of another, as the web role acts for them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from conftest import use_in_django
from integration.contact_tracing.made_outbreak import NOW, Outbreak
from pccovid.officers.operations import appoint, enrol

_KEEP = "SELECT access.open('officer', %s, 'quarantine_officer', 'quarantine', 'law', 'area', '{}', %s, 'vụ 1')"
_OPEN = "SELECT access.open('officer', %s, 'tracer', 'contact_tracing', 'law', 'area', '{}', %s, 'vụ 1')"


class Tracers:
    """Officers by the province they are bound to."""

    def __init__(self, outbreak: Outbreak) -> None:
        self.outbreak = outbreak
        use_in_django(outbreak.made, "web")
        self.accounts = dict(outbreak.rows("SELECT username, id FROM auth_user"))
        since = NOW - timedelta(hours=1)
        for area in ("01", "79"):
            for letter, role in (("t", "tracer"), ("q", "quarantine_officer")):
                if (name := f"{letter}{area}") not in self.accounts:
                    account = enrol(outbreak.owner, username=name, full_name=f"Cán bộ {name}",
                                    password="mật khẩu dài để thử", now=since)  # fmt: skip
                    appoint(outbreak.owner, officer=account, role=role, area=area, office=f"CDC {area}", by="test",
                            now=since)  # fmt: skip
                    self.accounts[name] = account

    @contextlib.contextmanager
    def at_desk(self, area: str = "01", *, keeps: bool = False) -> Iterator[psycopg.Connection]:
        name, opening = (f"q{area}", _KEEP) if keeps else (f"t{area}", _OPEN)
        with self.outbreak.made.connect("web") as web, web.transaction():
            web.execute(opening, [str(self.accounts[name]), area])
            yield web

    def asks(self, call: str, *values: Any, area: str = "01") -> list[tuple[Any, ...]]:
        with self.at_desk(area) as web:
            return web.execute(f"SELECT * FROM access.{call}", values).fetchall()

    def keeps(self, call: str, *values: Any, area: str = "01") -> list[tuple[Any, ...]]:
        """As an officer of quarantine."""
        with self.at_desk(area, keeps=True) as web:
            return web.execute(f"SELECT * FROM access.{call}", values).fetchall()

    def own(self, person: UUID, call: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the person in their own access."""
        with self.outbreak.made.connect("web") as web, web.transaction():
            web.execute(
                "SELECT access.open('citizen', %s, '', 'own_record', 'law', 'own', ARRAY[%s]::uuid[])",
                [str(person), person],
            )
            return web.execute(f"SELECT * FROM access.{call}", values).fetchall()
