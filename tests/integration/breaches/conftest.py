"""The console's made index with two officers of data protection, one bound to an area, and the register of breaches."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from integration.console.conftest import console, made_console
from integration.console.made_index import Console
from integration.inspection.bench import Bench

__all__ = ["console", "made_console"]
WORDS = "Cán bộ xem hồ sơ của nhiều người mà không có việc"
FACTS: dict[str, Any] = {
    "kinds": ["confidentiality"], "categories": ["identity"], "persons": 2, "persons_basis": "known",
    "consequences": "Có thể bị làm phiền", "measures": "Đã khóa tài khoản", "advice": "Cẩn thận với cuộc gọi lạ",
}  # fmt: skip
_STEP = (
    "SELECT access.take_breach_step(%(officer)s, %(through)s, %(breach)s, %(step)s, %(words)s, %(kinds)s,"
    " %(categories)s, %(persons)s, %(persons_basis)s, %(consequences)s, %(measures)s, %(advice)s,"
    " %(happened_from)s, %(happened_to)s, %(told_at)s, '')"
)


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


@dataclass
class Register:
    """The register as the web role uses it: officers by username, each acting through their appointment."""

    bench: Bench
    appointments: dict[str, int]

    @property
    def owner(self) -> psycopg.Connection:
        return self.bench.owner

    def by(self, username: str) -> tuple[int, int]:
        return self.bench.accounts[username], self.appointments[username]

    @contextlib.contextmanager
    def web(self) -> Iterator[psycopg.Connection]:
        with self.bench.console.made.connect("web") as connection, connection.transaction():
            yield connection

    def asks(self, function: str, *values: Any) -> list[tuple[Any, ...]]:
        places = ", ".join(["%s"] * len(values))
        with self.web() as web:
            return web.execute(f"SELECT * FROM access.{function}({places})", list(values)).fetchall()

    def opens(
        self, username: str = "dpo", *, discovered: datetime | None = None, happened: datetime | None = None,
        case: int | None = None, words: str = WORDS, kinds: tuple[str, ...] = ("confidentiality",),
    ) -> int:  # fmt: skip
        found = discovered or hours_ago(1)
        ((number,),) = self.asks("open_breach", *self.by(username), happened, None, found, list(kinds), words, case)
        return int(number)

    def steps(self, breach: int, step: str, username: str = "dpo", **given: Any) -> str:
        """Take a step; returns the state reached."""
        officer, through = self.by(username)
        values = {
            **dict.fromkeys(FACTS), "words": "", "told_at": None, "happened_from": None,
            "happened_to": None, "officer": officer, "through": through,
            "breach": breach, "step": step, **given,
        }  # fmt: skip
        with self.web() as web:
            return str(self.bench.one_of(web.execute(_STEP, values)))

    def draws(
        self, breach: int, username: str = "dpo", *, reader: str = "steward", since: datetime, until: datetime
    ) -> int:
        values = (breach, "officer_read", reader, since, until, None)
        return int(self.asks("draw_breach_persons", *self.by(username), *values)[0][0])

    def assessed(self, **opened: Any) -> int:
        breach = self.opens(**opened)
        assert self.steps(breach, "assess", **FACTS) == "assessed"
        return breach

    def listed(self, username: str = "dpo") -> dict[int, dict[str, Any]]:
        """Number → line of the register, in its order."""
        names = ("number", "source", "from", "to", "discovered", "due", "period", "kinds", "words", "opened", "office",
                 "case", "state", "pending", "pending_is_mine", "was_overdue", "told_at", "persons")  # fmt: skip
        rows = self.asks("breaches_seen", *self.by(username))
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows}

    def state(self, breach: int) -> str:
        return str(self.bench.one(self.owner, "SELECT access.breach_state(%s)", breach))

    def worker_marks(self) -> int:
        from pccovid.breaches.operations import mark_overdue

        with self.bench.console.made.connect("jobs", autocommit=True) as jobs:
            return mark_overdue(jobs)


class OneBench(Bench):
    """The bench of inspection, with one value of a cursor."""

    @staticmethod
    def one_of(cursor: Any) -> Any:
        row = cursor.fetchone()
        assert row is not None
        return row[0]


@pytest.fixture
def register(console: Console) -> Iterator[Register]:
    with OneBench.of(console) as bench:
        for username, role, area in (
            ("dpo", "data_protection", None), ("second", "data_protection", None), ("local", "data_protection", "01"),
            ("area-inspector", "inspector", "01"),
        ):  # fmt: skip
            bench.new_officer(username, role, area)
        rows = bench.owner.execute(
            "SELECT u.username, a.id FROM access.appointment a JOIN auth_user u ON u.id = a.officer_id ORDER BY a.id"
        ).fetchall()
        yield Register(bench, dict(rows))
