"""What row security costs: the same requests as the web role, and as the owner whom no policy binds, in turn.

Both lanes open access and write the log; they differ only in the policies. A request is a whole page through Django;
`sql` is the part of it that its statements took, so that rendering does not hide what the policies cost.
"""

from __future__ import annotations

import resource
import secrets
import statistics
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.core.management import call_command
from django.utils.module_loading import import_string

from pccovid.config.benches.scratch import Progress, carry_over_into, scratch_database
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import WEB, role_url
from pccovid.officers.offices import TRACER
from pccovid.officers.operations import appoint, enrol
from pccovid.officers.sandbox import give_codes
from pccovid.sandbox.nation import create
from pccovid.web.catalogues import compile_catalogues

_MOST = 1.25
"""How many times as long a page may take at the median with row security as without."""
# Views and their models can be imported only once Django is set up, which the command does after this module is.
_LANES, _ASK_ROUND = (f"pccovid.config.benches.asking_pages.{name}" for name in ("Lanes", "ask_round"))


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, requests: int, repeat: int, progress: Progress
) -> dict[str, object]:
    """Ratios of p50 (without ÷ with row security; 1 is free) of `repeat` rounds of `requests` requests, the median.

    `holds` is about whole pages, as people wait for them; `sql_holds` asks the same of their statements alone.
    """
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create(people=people, seed=seed, out=folder / "nation", progress=progress)
        carry_over_into(url, environment, folder / "nation" / "exports", folder / "work", progress)
        compile_catalogues()
        call_command("collectstatic", verbosity=0, interactive=False)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
            persons, officer = _persons(owner, requests), _officer(owner)
        rounds = _ask(role_url(url, WEB, environment.home), url, persons, officer, repeat, progress)
    return _report(rounds, people, seed, len(persons))


def _ask(
    bound_url: str, free_url: str, persons: list[UUID], officer: int, repeat: int, progress: Progress
) -> list[dict[tuple[str, str], Any]]:
    lanes, ask_round = import_string(_LANES)(bound=bound_url, free=free_url), import_string(_ASK_ROUND)
    rounds = []
    with lanes.in_use():
        for number in range(repeat):
            rounds.append(ask_round(lanes, persons, officer))
            progress("asking pages", (number + 1) / repeat)
    return rounds


def _persons(owner: psycopg.Connection, most: int) -> list[UUID]:
    """People of the most populous province, in an order of chance that is the same each time."""
    rows = owner.execute(
        "SELECT id FROM people_person WHERE province_code = (SELECT province_code FROM people_person"
        " WHERE province_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AND merged_into_id IS NULL"
        " ORDER BY md5(id::text) LIMIT %s",
        [most],
    )
    return [person for (person,) in rows]


def _officer(owner: psycopg.Connection) -> int:
    """A tracer of that province."""
    now = datetime.now(UTC) - timedelta(hours=1)
    password = secrets.token_urlsafe(12)
    officer = enrol(owner, username="bench", full_name="Cán bộ đo", password=password, now=now)
    give_codes(owner, officer=officer)
    row = owner.execute(
        "SELECT province_code FROM people_person WHERE province_code IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchone()
    assert row is not None
    appoint(owner, officer=officer, role=TRACER, area=row[0], office="Cơ quan đo", by="bench", now=now)
    # Both lanes must show the same rows: here alone a tracer reads everything, however long ago.
    owner.execute("UPDATE access.rule SET max_days = NULL")
    owner.execute(
        "INSERT INTO access.rule SELECT 'contact_tracing', category, 'officer', %s, false, 'area', 'bench'"
        " FROM (SELECT DISTINCT category FROM access.rule) c ON CONFLICT DO NOTHING",
        [TRACER],
    )
    return officer


def _report(rounds: list[dict[tuple[str, str], Any]], people: int, seed: int, requests: int) -> dict[str, object]:
    ratios, milliseconds = {}, {}
    for page in dict.fromkeys(page for page, _ in rounds[0]):
        for part in ("page", "sql"):
            with_rows, without = (
                [statistics.median(getattr(timings[page, lane], part)) for timings in rounds]
                for lane in ("bound", "free")
            )
            ratios[f"{page}_{part}"] = statistics.median(
                free / bound for bound, free in zip(with_rows, without, strict=True)
            )
            milliseconds[f"{page}_{part}"] = {
                "with_row_security": round(1000 * statistics.median(with_rows), 3),
                "without": round(1000 * statistics.median(without), 3),
            }
    return {
        "bench": "access", "people": people, "seed": seed, "requests": requests, "rounds": len(rounds),
        "ratios": ratios, "p50_ms": milliseconds, "holds": _hold(ratios, "page"), "sql_holds": _hold(ratios, "sql"),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _hold(ratios: dict[str, float], part: str) -> bool:
    """Whether no page's `part` takes more than _MOST times as long with row security."""
    return all(ratio >= 1 / _MOST for name, ratio in ratios.items() if name.endswith(part))
