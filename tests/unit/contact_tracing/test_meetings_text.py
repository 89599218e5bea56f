"""The statement that a cluster runs, on DuckDB, against the rules in values."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from pccovid.contact_tracing.meetings_text import MEETINGS
from pccovid.contact_tracing.rules import Span, meetings, presence

_START = datetime(2021, 8, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEVEN = timedelta(hours=7)


def micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def day(moment: datetime) -> int:
    return (moment + _SEVEN - _EPOCH).days


def made_visits(dice: random.Random) -> list[tuple[str, str, datetime | None, datetime | None]]:
    """Twelve people at three places, of all the kinds that a record may have."""
    made = []
    for _ in range(300):
        start = _START + timedelta(minutes=dice.randrange(10 * 24 * 60))
        left: datetime | None = start + timedelta(minutes=dice.randrange(5, 600))
        kind = dice.choice(["whole"] * 6 + ["no entry", "no exit", "long", "turned"])
        entered: datetime | None = start
        if kind == "no entry":
            entered = None
        elif kind == "no exit":
            left = None
        elif kind in ("long", "turned"):
            entered = start + timedelta(days=2 if kind == "turned" else -2)
        made.append((f"p{dice.randrange(12)}", dice.choice("ABC"), entered, left))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_the_statement_finds_whom_the_rules_say_and_each_minute_once(seed: int) -> None:
    made = made_visits(random.Random(seed))
    infectious: Span = (_START + timedelta(days=1, hours=5), _START + timedelta(days=8, hours=17))
    with duckdb.connect() as db:
        db.execute("CREATE TABLE visits (person TEXT, place TEXT, entered BIGINT, left_ BIGINT, day BIGINT)")
        rows = [[p, at, micros(a), micros(b), day(b or a or _START)] for p, at, a, b in made]
        db.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?)", rows)
        a, b = infectious
        db.execute("CREATE TABLE spans (n BIGINT, person TEXT, a BIGINT, b BIGINT, from_day BIGINT, to_day BIGINT)")
        db.execute(
            "INSERT INTO spans VALUES (1, 'p0', ?, ?, ?, ?)",
            [micros(a), micros(b), day(a - timedelta(hours=2)), day(b) + 1],
        )
        found = db.execute(f"SELECT person, place, sum(time) / 1e6 FROM ({MEETINGS}) GROUP BY 1, 2").fetchall()
        odd = db.execute(f"SELECT count(*) FROM ({MEETINGS}) WHERE a < ? OR b > ? OR a >= b", [micros(a), micros(b)])
        assert odd.fetchone() == (0,)
    stays: dict[tuple[str, str], list[Span]] = {}
    for person, place, entered, left in made:
        there = presence(entered, left)
        assert there is not None
        stays.setdefault((person, place), []).append(there)
    expected = {
        (person, place): sum((end - begin).total_seconds() for begin, end in met)
        for (person, place), there in stays.items()
        if person != "p0" and (met := meetings(stays.get(("p0", place), []), there, infectious))
    }
    assert len(expected) > 10
    assert {(person, place): seconds for person, place, seconds in found} == pytest.approx(expected)
