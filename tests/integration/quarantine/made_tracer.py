"""A tracer of the outbreak's province, and one of another, as the web role acts for them."""

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

_OPEN = "SELECT access.open('officer', %s, 'tracer', 'contact_tracing', 'law', 'area', '{}', %s, 'vụ 1')"


class Tracers:
    """Officers by the province they are bound to."""

    def __init__(self, outbreak: Outbreak) -> None:
        self.outbreak = outbreak
        use_in_django(outbreak.made, "web")
        self.accounts = dict(outbreak.rows("SELECT username, id FROM auth_user"))
        since = NOW - timedelta(hours=1)
        for area in ("01", "79"):
            if f"t{area}" not in self.accounts:
                account = enrol(outbreak.owner, username=f"t{area}", full_name=f"Truy vết {area}",
                                password="mật khẩu dài để thử", now=since)  # fmt: skip
                appoint(outbreak.owner, officer=account, role="tracer", area=area, office=f"CDC {area}", by="test",
                        now=since)  # fmt: skip
                self.accounts[f"t{area}"] = account

    @contextlib.contextmanager
    def at_desk(self, area: str = "01") -> Iterator[psycopg.Connection]:
        with self.outbreak.made.connect("web") as web, web.transaction():
            web.execute(_OPEN, [str(self.accounts[f"t{area}"]), area])
            yield web

    def asks(self, call: str, *values: Any, area: str = "01") -> list[tuple[Any, ...]]:
        with self.at_desk(area) as web:
            return web.execute(f"SELECT * FROM access.{call}", values).fetchall()

    def own(self, person: UUID, call: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the person in their own access."""
        with self.outbreak.made.connect("web") as web, web.transaction():
            web.execute(
                "SELECT access.open('citizen', %s, '', 'own_record', 'law', 'own', ARRAY[%s]::uuid[])",
                [str(person), person],
            )
            return web.execute(f"SELECT * FROM access.{call}", values).fetchall()
