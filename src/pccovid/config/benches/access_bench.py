"""What row security costs: the same requests as the web role, and as the owner whom no policy binds, in turn.

Both lanes open access and write the log; they differ only in what is in sight. A request is a whole page through
Django; `sql` is the part of it that its statements took, so that rendering does not hide what policies cost. The page
of a case is answered by functions that ask themselves who is in sight: for the owner these answer without asking here,
and only cases are taken that lie whole in the officer's area, so that both lanes show the same page.
"""

from __future__ import annotations

import resource
import secrets
import statistics
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.core.management import call_command
from django.utils.module_loading import import_string

from pccovid.config.benches.scratch import Progress, carry_over_into, scratch_database
from pccovid.contact_tracing.operations import trace
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, WEB, role_url
from pccovid.officers.offices import TRACER
from pccovid.officers.operations import appoint, enrol
from pccovid.officers.sandbox import give_codes
from pccovid.sandbox.nation import create
from pccovid.web.catalogues import compile_catalogues

_MOST = 1.25
"""How many times as long a page may take at the median with row security as without."""
# Views and their models can be imported only once Django is set up, which the command does after this module is.
_ASKING = "pccovid.config.benches.asking_pages"
_PRESENT = datetime(2021, 11, 1, 5, tzinfo=UTC)
"""The day of the made nation on which its cases are traced."""
_UNASKED = """
    ALTER FUNCTION access.lives_at_desk(access.log, uuid) RENAME TO lives_at_desk_asked;
    ALTER FUNCTION access.case_at_desk(access.log, access.trace_case) RENAME TO case_at_desk_asked;
    CREATE FUNCTION access.lives_at_desk(entry access.log, person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT NOT access.is_web(session_user) OR access.lives_at_desk_asked(entry, person) $$;
    CREATE FUNCTION access.case_at_desk(entry access.log, one access.trace_case) RETURNS boolean
    LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN access.is_web(session_user) THEN access.case_at_desk_asked(entry, one)
                    ELSE one.id IS NOT NULL AND one.joined_into IS NULL END $$;
"""


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, requests: int, repeat: int, progress: Progress
) -> dict[str, object]:
    """Ratios of p50 (without ÷ with row security; 1 is free) of `repeat` rounds of `requests` requests, the median.

    `holds` is about whole pages, as people wait for them; `sql_holds` asks the same of their statements alone. Both
    want a case that could be asked for: a few thousand people have some.
    """
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create(people=people, seed=seed, out=folder / "nation", progress=progress)
        carry_over_into(url, environment, folder / "nation" / "exports", folder / "work", progress)
        compile_catalogues()
        call_command("collectstatic", verbosity=0, interactive=False)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
            persons, officer = _persons(owner, requests), _tracer(owner, "bench", _province(owner))
            cases, tracer = _cases(owner, role_url(url, JOBS, environment.home))
        asked = _Asked(persons, officer, cases, tracer, requests)
        rounds = _ask(role_url(url, WEB, environment.home), url, asked, repeat, progress)
    return _report(rounds, people, seed, asked)


@dataclass
class _Asked:
    """Whose pages are asked for, and by whom; of the cases at most `most`."""

    persons: list[UUID]
    officer: int
    cases: list[int]
    tracer: int
    most: int


def _ask(
    bound_url: str, free_url: str, asked: _Asked, repeat: int, progress: Progress
) -> list[dict[tuple[str, str], Any]]:
    lanes = import_string(f"{_ASKING}.Lanes")(bound=bound_url, free=free_url)
    ask_round, alike = import_string(f"{_ASKING}.ask_round"), import_string(f"{_ASKING}.cases_seen_alike")
    rounds = []
    with lanes.in_use():
        asked.cases = alike(lanes, asked.cases, asked.tracer, asked.most)
        for number in range(repeat):
            rounds.append(ask_round(lanes, (asked.persons, asked.officer), (asked.cases, asked.tracer)))
            progress("asking pages", (number + 1) / repeat)
    return rounds


def _cases(owner: psycopg.Connection, jobs_url: str) -> tuple[list[int], int]:
    """Traced cases of the province that has most, those with most contacts first; and a tracer of it."""
    owner.execute("DELETE FROM access.sandbox_day")
    owner.execute("INSERT INTO access.sandbox_day (day) VALUES (%s)", [_PRESENT])
    with psycopg.connect(jobs_url, autocommit=True) as jobs:
        trace(jobs)
    owner.execute(_UNASKED)
    owner.execute("VACUUM ANALYZE")
    rows = owner.execute(
        "SELECT p.province_code, array_agg(c.id ORDER BY k.contacts DESC, c.id) FROM access.trace_case c"
        " JOIN people_person p ON p.id = c.person_id AND p.province_code IS NOT NULL, LATERAL"
        " (SELECT count(*) AS contacts FROM access.trace_contact t WHERE t.case_id = c.id) k"
        " WHERE c.joined_into IS NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchone()
    province, cases = rows or (_province(owner), [])
    return cases, _tracer(owner, "bench-cases", province)


def _persons(owner: psycopg.Connection, most: int) -> list[UUID]:
    """People of the most populous province, in an order of chance that is the same each time."""
    rows = owner.execute(
        "SELECT id FROM people_person WHERE province_code = (SELECT province_code FROM people_person"
        " WHERE province_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AND merged_into_id IS NULL"
        " ORDER BY md5(id::text) LIMIT %s",
        [most],
    )
    return [person for (person,) in rows]


def _province(owner: psycopg.Connection) -> str:
    row = owner.execute(
        "SELECT province_code FROM people_person WHERE province_code IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    ).fetchone()
    assert row is not None
    return str(row[0])


def _tracer(owner: psycopg.Connection, username: str, area: str) -> int:
    """A tracer of a province who reads everything, however long ago."""
    now = datetime.now(UTC) - timedelta(hours=1)
    officer = enrol(
        owner, username=username, full_name="Cán bộ đo", password=secrets.token_urlsafe(12), now=now
    )  # fmt: skip
    give_codes(owner, officer=officer)
    appoint(owner, officer=officer, role=TRACER, area=area, office="Cơ quan đo", by="bench", now=now)
    # Both lanes must show the same rows.
    owner.execute("UPDATE access.rule SET max_days = NULL")
    owner.execute(
        "INSERT INTO access.rule SELECT 'contact_tracing', category, 'officer', %s, false, 'area', 'bench'"
        " FROM (SELECT DISTINCT category FROM access.rule) c ON CONFLICT DO NOTHING",
        [TRACER],
    )
    return officer


def _report(rounds: list[dict[tuple[str, str], Any]], people: int, seed: int, asked: _Asked) -> dict[str, object]:
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
        "bench": "access", "people": people, "seed": seed, "requests": len(asked.persons),
        "cases": len(asked.cases), "rounds": len(rounds),
        "ratios": ratios, "p50_ms": milliseconds, "holds": bool(asked.cases) and _hold(ratios, "page"),
        "sql_holds": bool(asked.cases) and _hold(ratios, "sql"),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _hold(ratios: dict[str, float], part: str) -> bool:
    """Whether no page's `part` takes more than _MOST times as long with row security."""
    return all(ratio >= 1 / _MOST for name, ratio in ratios.items() if name.endswith(part))
