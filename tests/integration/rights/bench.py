"""A bench: people ask, officers answer, the program carries out, against the real database as web and jobs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from conftest import MadeDatabase
from integration.console.made_index import NOW, PASSWORD

KEY = b"the key that salts commitments, for tests"
OFFICERS = {
    "steward": ("data_steward", None), "police": ("commune_police", "00001"), "police-2": ("commune_police", "00001"),
    "far-police": ("commune_police", "27259"), "protector": ("data_protection", None), "tracer": ("tracer", "01"),
    "station": ("health_station", "00001"), "inspector": ("inspector", None), "inspector-2": ("inspector", None),
}  # fmt: skip
WORDS = "Lý do đủ dài để gửi."
TOLD = "Câu trả lời đủ dài cho người dân."


class Bench:
    """One database with two people and an officer of each kind."""

    def __init__(self, made: MadeDatabase) -> None:
        from pccovid.officers.operations import appoint, enrol
        from pccovid.officers.sandbox import give_codes

        self.made = made
        self.accounts: dict[str, int] = {}
        with self.owner() as owner:
            for username, (role, area) in OFFICERS.items():
                account = enrol(owner, username=username, full_name=f"Cán bộ {username}", password=PASSWORD, now=NOW)
                appoint(owner, officer=account, role=role, area=area, office=f"Cơ quan {username}", by="test", now=NOW)
                give_codes(owner, officer=account)
                self.accounts[username] = account

    def forgets_requests(self) -> None:
        """As if nobody had asked anything: what the database lets nobody do."""
        tables = [
            f"access.{name}" for name in ("restriction", "right_value", "right_part", "right_step", "right_request")
        ]
        with self.owner() as owner, owner.transaction():
            for table in tables:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"TRUNCATE {', '.join(tables)}")
            for table in tables:
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def owner(self) -> psycopg.Connection:
        return self.made.connect("owner", autocommit=True)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the owner."""
        with self.owner() as owner:
            return owner.execute(statement, list(values)).fetchall()

    @contextmanager
    def own(self, person: UUID) -> Iterator[None]:
        from pccovid.foundation import access

        with access.open(access.citizen(person), purpose="own_record", legal_basis="test", scope=access.own(person)):
            yield

    def asks(self, person: UUID, kind: str, about: str = "data", **wish: Any) -> int:
        from pccovid.rights.operations import Wish, ask

        with self.own(person):
            return ask(person=person, wish=Wish(kind, about, **{"words": WORDS, **wish}))

    def through(self, username: str) -> int:
        from pccovid.officers.queries import appointments_of

        return appointments_of(self.accounts[username])[0].id

    @contextmanager
    def reading(self, username: str, number: int, person: UUID) -> Iterator[Any]:
        """The officer's access opened for a request."""
        from pccovid.foundation import access

        role, area = OFFICERS[username]
        with access.open(
            access.officer(self.accounts[username], role), purpose="rights", legal_basis="test",
            scope=access.persons(person, within=area), case=f"YC-{number}",
        ) as shown:  # fmt: skip
            yield shown

    def steps(self, username: str, number: int, person: UUID, act: str, **taken: Any) -> str:
        from pccovid.rights.operations import Step, step

        with self.reading(username, number, person):
            return step(request=number, taken=Step(act, **{"told": TOLD, **taken}))

    def grants(self, username: str, number: int, person: UUID, act: str, **taken: Any) -> str:
        """Acknowledge and decide."""
        self.steps(username, number, person, "acknowledge")
        return self.steps(username, number, person, act, **taken)

    def works(self) -> Any:
        """What `pccovid work` does about requests."""
        from pccovid.rights.carrying_out import carry_out

        with self.made.connect("jobs", autocommit=True) as jobs:
            return carry_out(jobs, key=KEY, now=datetime.now(UTC))

    def state(self, number: int) -> str:
        return str(self.rows("SELECT state FROM access.right_request WHERE id = %s", number)[0][0])

    def becomes_late(self, number: int) -> None:
        """As if the request had been asked long ago."""
        with self.owner() as owner:
            owner.execute("ALTER TABLE access.right_request DISABLE TRIGGER right_request_is_kept")
            owner.execute(
                "UPDATE access.right_request SET acknowledge_due = now() - interval '1 hour',"
                " finish_due = now() - interval '1 hour' WHERE id = %s",
                [number],
            )
            owner.execute("ALTER TABLE access.right_request ENABLE TRIGGER right_request_is_kept")
