"""How tests make shadows, have them approved, swap them in and take them back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from conftest import MadeDatabase, use_in_django

LATER = datetime(2021, 12, 24, 8, 0, tzinfo=UTC)
HISTORY = ("people_link", "people_merge", "people_importrun")
"""Tables that only grow: a swap that is taken back has happened."""
_NOT_COMPARED = ("relinking_", "link_review_opinion", "django_", "auth_", "accounts_")
Silent = Callable[[str, float], None]


def silent(stage: str, share: float) -> None:
    """Reports nothing."""


def around(made: MadeDatabase, work: Path) -> Any:
    use_in_django(made, "jobs")
    from pccovid.carry_over.operations import Surroundings

    return Surroundings(made.url("jobs"), work, "1GB")


def make(made: MadeDatabase, work: Path, *, model: Any = None, progress: Silent = silent) -> Any:
    where = around(made, work)
    from pccovid.linkage.model import default_model
    from pccovid.relinking.making import make_shadow

    return make_shadow(where, model=model or default_model(), by="test", now=LATER, progress=progress)


def swap_in(made: MadeDatabase, work: Path, *, progress: Silent = silent) -> Any:
    where = around(made, work)
    from pccovid.relinking.swapping import swap

    return swap(where, by="test", now=LATER, progress=progress)


def take_back(made: MadeDatabase, work: Path, *, progress: Silent = silent) -> Any:
    where = around(made, work)
    from pccovid.relinking.rolling_back import roll_back

    return roll_back(where, by="test", now=LATER + timedelta(hours=1), progress=progress)


def stewards(owner: psycopg.Connection, count: int) -> list[int]:
    """Accounts of national stewards, as many as wanted."""
    from pccovid.officers.operations import appoint, enrol

    now = datetime.now(UTC) - timedelta(hours=1)
    accounts = []
    for number in range(count):
        account = enrol(
            owner, username=f"steward-{number}", full_name="Thử", password="một mật khẩu dài, chỉ để thử", now=now
        )
        appoint(owner, officer=account, role="data_steward", area=None, office="Cơ quan thử", by="test", now=now)
        accounts.append(account)
    return accounts


def approve(made: MadeDatabase, shadow: int, *officers: int) -> None:
    """Each officer's approval, through the web's connection and an opened access."""
    for officer in officers:
        with made.connect("web") as web, web.transaction():
            web.execute(
                "SELECT access.open('officer', %s, 'data_steward', 'data_repair', 'test', 'all', '{}', NULL, 'x')",
                [str(officer)],
            )
            web.execute("SELECT access.approve_shadow(%s)", [shadow])


def approved_by_two(made: MadeDatabase, shadow: int) -> None:
    with made.connect("owner", autocommit=True) as owner:
        approve(made, shadow, *stewards(owner, 2))


def every_row(made: MadeDatabase, *, without: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Every table of the index and its facts → (rows, hash of all rows whole, in any order)."""
    with made.connect("owner") as owner:
        tables = [
            name
            for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            if not name.startswith(_NOT_COMPARED) and name not in without
        ]
        return {name: _hash(owner, name) for name in tables}


def _hash(owner: psycopg.Connection, table: str) -> tuple[int, str]:
    row = owner.execute(
        f"SELECT count(*), coalesce(md5(string_agg(h, '' ORDER BY h)), '')"
        f" FROM (SELECT md5(t::text) AS h FROM {table} t) hashed"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def standing(made: MadeDatabase) -> dict[str, Any]:
    """What history comes to: of each record the link that holds, and the merges that stand."""
    with made.connect("owner") as owner:
        links = owner.execute(
            "SELECT DISTINCT ON (record_id) record_id, person_id, decision, weight, evidence::text, reason,"
            " model_version FROM people_link ORDER BY record_id, id DESC"
        ).fetchall()
        merges = owner.execute("SELECT * FROM people_merge WHERE undone_at IS NULL ORDER BY id").fetchall()
    return {"links": links, "merges": merges}


def persons_of(made: MadeDatabase) -> dict[str, str | None]:
    """Record → the person it stands on, or None where it is held."""
    with made.connect("owner") as owner:
        rows = owner.execute("SELECT record, person_id::text FROM people_recordclaim WHERE NOT is_about_nobody")
        return dict(rows.fetchall())
