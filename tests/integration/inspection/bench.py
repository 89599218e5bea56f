"""Hands for the tests of inspection: officers who read, a worker that looks through the log, inspectors who decide."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg

from integration.console.made_index import Console

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
OPEN = "SELECT access.open(%s, %s, %s, %s, 'test', %s, %s::uuid[], %s, %s)"


def today() -> date:
    return datetime.now(VIET_NAM).date()


@dataclass
class Bench:
    """Connections of the owner, the web and the jobs to one made database."""

    console: Console
    owner: psycopg.Connection
    accounts: dict[str, int]

    @classmethod
    @contextlib.contextmanager
    def of(cls, console: Console) -> Iterator[Bench]:
        with console.owner() as owner:
            yield cls(console, owner, dict(owner.execute("SELECT username, id FROM auth_user").fetchall()))

    @contextlib.contextmanager
    def officer(
        self, username: str, role: str, purpose: str, scope: str = "all", *, persons: tuple[UUID, ...] = (),
        area: str | None = None, case: str | None = "VV-100",
    ) -> Iterator[psycopg.Connection]:  # fmt: skip
        """The web's connection with this officer's access open."""
        with self.console.made.connect("web") as web, web.transaction():
            actor = str(self.accounts[username])
            web.execute(OPEN, ["officer", actor, role, purpose, scope, list(persons), area, case])
            yield web

    def steward_reads(self, *persons: UUID, case: str | None = "VV-100", username: str = "steward") -> int:
        """A national steward is shown these persons' names; returns the entry of the log."""
        with self.officer(username, "data_steward", "data_repair", case=case) as web:
            return self._shown(web, persons, ["identity"])

    def station_has_read(self, username: str, *persons: UUID) -> None:
        """The log says that a station of the first commune was shown these persons, wherever they live now."""
        with self.officer(username, "health_station", "care", "area", area="00001") as web:
            entry = self.one(web, "SELECT (access.current_entry()).id")
        for person in persons:
            self.owner.execute(
                "INSERT INTO access.disclosure (log_id, person_id, categories) VALUES (%s, %s, '{identity,test}')",
                [entry, person],
            )

    def _shown(self, web: psycopg.Connection, persons: tuple[UUID, ...], categories: list[str]) -> int:
        web.execute("SELECT access.disclose(%s::uuid[], %s)", [list(persons), categories])
        return int(self.one(web, "SELECT (access.current_entry()).id"))

    @contextlib.contextmanager
    def own(self, person: UUID) -> Iterator[psycopg.Connection]:
        """The web's connection with the person's own access open."""
        with self.console.made.connect("web") as web, web.transaction():
            web.execute(OPEN, ["citizen", str(person), "", "own_record", "own", [person], None, None])
            yield web

    @contextlib.contextmanager
    def inspector(self, username: str = "inspector", area: str | None = None) -> Iterator[psycopg.Connection]:
        """The web's connection with an inspection open."""
        scope = "area" if area else "all"
        with self.officer(username, "inspector", "inspection", scope, area=area, case="queue") as web:
            yield web

    def complains(self, person: UUID, reading: int, words: str = "Tôi chưa từng khám ở nơi này") -> int:
        with self.own(person) as web:
            return int(self.one(web, "SELECT access.complain(%s, %s, %s)", person, reading, words))

    def lets_a_day_pass_over_complaints(self) -> None:
        """All tests share their made people; nobody's ten complaints of a day are spent by the tests before."""
        with self.owner.transaction():
            self.owner.execute("ALTER TABLE access.inspection_case DISABLE TRIGGER USER")
            self.owner.execute(
                "UPDATE access.inspection_case SET opened_at = opened_at - interval '1 day'"
                " WHERE kind = 'complaint' AND opened_at > now() - interval '1 day'"
            )
            self.owner.execute("ALTER TABLE access.inspection_case ENABLE TRIGGER USER")

    def decides(
        self, case: int, outcome: str = "justified", *, reason: str = "Đã hỏi cơ quan, đúng người bệnh của trạm",
        answer: str = "Cán bộ xem để tiêm cho bạn", end_term: bool = False, username: str = "inspector",
        area: str | None = None,
    ) -> str:  # fmt: skip
        with self.inspector(username, area) as web:
            decided = "SELECT access.decide_inspection(%s, %s, %s, %s, %s)"
            return str(self.one(web, decided, case, outcome, reason, answer, end_term))

    def looks_through_the_log(self) -> tuple[int, int]:
        """What the worker does: chain what is new, then look at it. Returns (entries, findings)."""
        with self.console.made.connect("jobs", autocommit=True) as jobs:
            from pccovid.foundation.audit import extend_chain
            from pccovid.inspection.operations import inspect_log

            extend_chain(jobs)
            return inspect_log(jobs)

    def findings(self, kind: str, username: str | None = None) -> list[dict[str, Any]]:
        """Cases of the kind opened since the test began, as dictionaries, oldest first."""
        rows = self.owner.execute(
            "SELECT to_jsonb(c) FROM access.inspection_case c WHERE kind = %s"
            " AND (%s::integer IS NULL OR officer_id = %s) ORDER BY id",
            [kind, *[self.accounts[username] if username else None] * 2],
        )
        return [row[0] for row in rows]

    def people(self, count: int, *, commune: str = "00001", name: str = "Người Thử") -> list[UUID]:
        """Made people of one commune of Hà Nội."""
        made = [uuid4() for _ in range(count)]
        for person in made:
            self.owner.execute(
                "INSERT INTO people_person (id, name, province_code, district_code, commune_code, is_identity_verified,"
                " attribute_sources, created_at) VALUES (%s, %s, '01', '001', %s, false, '{}', now())",
                [person, name, commune],
            )
        return made

    def new_officer(
        self, username: str, role: str, area: str | None = None, *, name: str = "", head: bool = False
    ) -> int:
        """An officer of this test's own."""
        from pccovid.officers.operations import appoint

        made = self.one(
            self.owner,
            "INSERT INTO auth_user (username, first_name, last_name, email, password, is_superuser, is_staff,"
            " is_active, date_joined) VALUES (%s, %s, '', '', '!', false, false, true, now()) RETURNING id",
            username, name or f"Cán bộ {username}",
        )  # fmt: skip
        self.accounts[username] = made
        appoint(
            self.owner, officer=made, role=role, area=area, office=f"Cơ quan {username}", by="test",
            now=datetime.now(VIET_NAM), is_head=head,
        )  # fmt: skip
        return int(made)

    def one(self, connection: psycopg.Connection, query: str, *values: Any) -> Any:
        row = connection.execute(query, list(values)).fetchone()
        assert row is not None
        return row[0]
