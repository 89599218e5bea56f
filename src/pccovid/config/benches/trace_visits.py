"""Made visits for the bench of tracing: two weeks, places of every size, people who go to few of them, and cases."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.sql import SQL, Identifier

from pccovid.config.benches.scratch import Progress

_DAYS = 14
_STEPS = 20
# A person keeps to a neighbourhood of places, the great ones of which take most visits.
_VISITS = """
    INSERT INTO movement_visit (id, day, person_id, record_id, source_record_id, source_system, provenance, recorded_at,
                                place_key, entered_at, left_at)
    SELECT gen_random_uuid(), (s.left_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, lpad(to_hex(s.person), 32, '0')::uuid,
           lpad(to_hex(s.person), 32, '0')::uuid, lpad(to_hex(s.person), 32, '0')::uuid, 'bench', 'facility', s.left_at,
           'place-' || s.place, s.entered_at, s.left_at
    FROM (
        SELECT r.person, (r.person %% %(places)s + floor(power(r.c, 3) * 300))::bigint %% %(places)s AS place,
               r.entered_at, r.entered_at + make_interval(secs => 600 + floor(r.d * r.d * 14400)) AS left_at
        FROM (SELECT 1 + floor(random() * %(people)s)::bigint AS person, random() AS c, random() AS d,
                     %(start)s::timestamptz + make_interval(secs => floor(random() * %(seconds)s)) AS entered_at
              FROM generate_series(1, %(rows)s)) r
    ) s
"""
_CASES = """
    INSERT INTO access.trace_case (person_id, definition, opened_by_test, first_at, last_at, starts_at, ends_at)
    SELECT p.person_id, 'pcr', gen_random_uuid(), p.at, p.at, p.at - interval '2 days', p.at + interval '14 days'
    FROM (SELECT DISTINCT ON (person_id) person_id, now() - make_interval(secs => 86400 * (2 + random() * 6)) AS at
          FROM movement_visit ORDER BY person_id) p ORDER BY md5(p.person_id::text) LIMIT %s
"""


# What a load pays row by row, and an index made afterwards does not.
_INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'movement_visit'::regclass AND NOT i.indisprimary ORDER BY c.relname
"""
_IN_ITS_DAY = "movement_visit_lies_in_its_day"


def fill_visits(url: str, visits: int, cases: int, progress: Progress) -> None:
    """`visits` stays of one person in twenty of them, at one place for every two hundred, and `cases` cases."""
    now = datetime.now(UTC)
    start = now - timedelta(days=_DAYS)
    with psycopg.connect(url, autocommit=True) as owner:
        days = [(start + timedelta(days=number)).date() for number in range(-1, _DAYS + 2)]
        owner.execute("SELECT access.add_days('movement_visit', %s)", [days])
        with _indexed_afterwards(owner, progress):
            _load(owner, visits, start, now, progress)
        owner.execute(_CASES, [cases])
        owner.execute("ANALYZE movement_visit")
        owner.execute("ANALYZE access.trace_case")


def _load(owner: psycopg.Connection, visits: int, start: datetime, now: datetime, progress: Progress) -> None:
    owner.execute("SELECT setseed(0.5)")
    for step in range(_STEPS):
        owner.execute(
            _VISITS,
            {"places": max(50, visits // 200), "people": max(2_000, visits // 20), "start": start,
             "seconds": (now - start).total_seconds() - 15_600, "rows": visits // _STEPS},
        )  # fmt: skip
        progress("visits", (step + 1) / _STEPS)


@contextlib.contextmanager
def _indexed_afterwards(owner: psycopg.Connection, progress: Progress) -> Iterator[None]:
    """Takes the indexes away meanwhile, and the check of each row's day, which made rows are made to pass."""
    indexes = owner.execute(_INDEXES).fetchall()
    definition = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s"
    (day,) = owner.execute(definition, ["movement_visit", _IN_ITS_DAY]).fetchall()[0]
    for name, _ in indexes:
        owner.execute(SQL("DROP INDEX {}").format(Identifier(name)))
    owner.execute(SQL("ALTER TABLE movement_visit DROP CONSTRAINT {}").format(Identifier(_IN_ITS_DAY)))
    yield
    owner.execute("SET maintenance_work_mem = '512MB'")
    for number, (_, definition) in enumerate(indexes, start=1):
        owner.execute(definition.replace(" ON ONLY ", " ON "))
        progress("indexes", number / len(indexes))
    owner.execute(
        SQL("ALTER TABLE movement_visit ADD CONSTRAINT {} {} NOT VALID").format(Identifier(_IN_ITS_DAY), SQL(day))
    )
