"""What tracing is measured against: bare SQL that gives the very same exposures and contacts, on PostgreSQL and DuckDB.

One text for both engines, on a copy of the visits without row security, partitions, restrictions or odd stays (the made
visits have none): overlaps, each minute counted once, the rule's fifteen minutes and score, F1 and F2 of a case once.
"""

from __future__ import annotations

from collections.abc import Iterator

# The engines' own words for the day here; DuckDB's moments are without a zone, in UTC.
_DAY = {"postgresql": "({0} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date", "duckdb": "CAST({0} + interval '7 hours' AS DATE)"}
_PRESENT = {"postgresql": "now()", "duckdb": "now()::TIMESTAMP"}
# Made visits lie where masks are worn: from fifteen minutes, weight 0.6, an hour as scale (rules.CONTACT_RULES).
_EXPOSURES = """
    SELECT case_id, {level} AS level, via_person, person_id, subject, day, min(a) AS started_at, max(b) AS ended_at,
           CAST(sum(seconds) / 60 AS integer) AS minutes,
           max(weight) * 0.6 * (1 - exp(-CAST(CAST(sum(seconds) / 60 AS integer) AS double precision) / 60)) AS score
    FROM (
        SELECT case_id, weight, via_person, person_id, subject, day, greatest(a, coalesce(until, a)) AS a, b,
               date_part('epoch', b) - date_part('epoch', greatest(a, coalesce(until, a))) AS seconds
        FROM (
            SELECT m.*, max(b) OVER (PARTITION BY case_id, via_person, person_id, subject ORDER BY a
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
            FROM (
                SELECT s.case_id, s.weight, o.person_id AS via_person, v.person_id, o.place_key AS subject,
                       {day} AS day, greatest(o.entered_at, v.entered_at, s.starts_at) AS a,
                       least(o.left_at, v.left_at, s.ends_at) AS b
                FROM {spans} s
                JOIN bare_visit o ON o.person_id = s.person_id AND o.entered_at > s.starts_at - interval '24 hours'
                    AND o.entered_at < s.ends_at AND o.left_at > s.starts_at
                JOIN bare_visit v ON v.place_key = o.place_key AND v.person_id <> o.person_id
                    AND v.entered_at > greatest(o.entered_at, s.starts_at) - interval '24 hours'
                    AND v.entered_at < least(o.left_at, s.ends_at) AND v.left_at > greatest(o.entered_at, s.starts_at)
            ) m
        ) n
        WHERE until IS NULL OR until < b
    ) o
    GROUP BY case_id, via_person, person_id, subject, day HAVING CAST(sum(seconds) / 60 AS integer) >= 15
"""
_CONTACTS = """
    SELECT case_id, person_id, {level} AS level, 1 - exp(sum(ln(1 - least(score, 0.999999)))) AS score,
           CAST(count(*) AS integer) AS exposures, min(started_at) AS first_at, max(ended_at) AS last_at
    FROM bare_exposure WHERE level = {level} GROUP BY case_id, person_id
"""
_SECOND_SPANS = """
    (SELECT case_id, person_id, score AS weight, first_at + interval '2 days' AS starts_at,
            least(last_at + interval '14 days', {present}) AS ends_at
     FROM bare_contact
     WHERE level = 1 AND first_at + interval '2 days' < least(last_at + interval '14 days', {present}))
"""
# Who is the case, or its F1, is not its F2.
_ONLY_SECOND = """
    SELECT x.* FROM ({found}) x JOIN bare_span c ON c.case_id = x.case_id AND c.person_id <> x.person_id
    WHERE NOT EXISTS (SELECT 1 FROM bare_contact k WHERE k.case_id = x.case_id AND k.person_id = x.person_id)
"""
_MOMENT = {"postgresql": "timestamptz", "duckdb": "timestamp"}
_TABLES = """
    DROP TABLE IF EXISTS bare_exposure; DROP TABLE IF EXISTS bare_contact;
    CREATE TABLE bare_exposure (case_id bigint, level integer, via_person uuid, person_id uuid, subject text,
                                day date, started_at {moment}, ended_at {moment}, minutes integer,
                                score double precision);
    CREATE TABLE bare_contact (case_id bigint, person_id uuid, level integer, score double precision,
                               exposures integer, first_at {moment}, last_at {moment});
"""
# Results that are read by case and by person, and say nobody twice, as ours.
_KEYS = """
    CREATE INDEX ON bare_exposure (case_id, level, person_id);
    CREATE UNIQUE INDEX ON bare_contact (case_id, person_id);
    CREATE INDEX ON bare_contact (person_id);
"""
# As ours to the last check and number, and with the cases noted as traced: what bare SQL pays for the same tables.
_EQUAL = """
    DROP TABLE IF EXISTS bare_exposure; DROP TABLE IF EXISTS bare_contact; DROP TABLE IF EXISTS bare_case;
    CREATE TABLE bare_exposure (LIKE access.trace_exposure INCLUDING ALL);
    CREATE TABLE bare_contact (LIKE access.trace_contact INCLUDING ALL);
    CREATE TABLE bare_case (LIKE access.trace_case INCLUDING ALL);
    ALTER TABLE bare_exposure ALTER COLUMN kind SET DEFAULT 'place';
    INSERT INTO bare_case OVERRIDING SYSTEM VALUE TABLE access.trace_case;
    ANALYZE bare_case;
"""
NOTED = "UPDATE bare_case SET traced_at = now()"
_EXPOSURE = "bare_exposure (case_id, level, via_person, person_id, subject, day, started_at, ended_at, minutes, score)"
_CONTACT = "bare_contact (case_id, person_id, level, score, exposures, first_at, last_at)"
VISIT_INDEXES = """
    CREATE INDEX ON bare_visit (place_key, entered_at) INCLUDE (left_at, person_id);
    CREATE INDEX ON bare_visit (person_id, entered_at) INCLUDE (left_at, place_key);
"""


def tables(engine: str, *, with_keys: bool) -> str:
    """Empty tables for exposures and contacts, made anew."""
    return _TABLES.format(moment=_MOMENT[engine]) + (_KEYS if with_keys else "")


def equal_tables() -> str:
    """Empty tables that are ours in everything but their name, on PostgreSQL."""
    return _EQUAL


def found_for(engine: str, case: int) -> str:
    """The statement that finds one case's exposures."""
    return _found(engine, f"(SELECT * FROM bare_span WHERE case_id = {case})", 1)  # noqa: S608 - our own number


def batch(engine: str, *, second: bool) -> Iterator[str]:
    """The statements that write exposures and contacts of all cases, F1 and if asked F2."""
    yield f"INSERT INTO {_EXPOSURE} {_found(engine, 'bare_span', 1)}"
    yield f"INSERT INTO {_CONTACT} {_CONTACTS.format(level=1)}"
    if second:
        found = _found(engine, _SECOND_SPANS.format(present=_PRESENT[engine]), 2)
        yield f"INSERT INTO {_EXPOSURE} {_ONLY_SECOND.format(found=found)}"
        yield f"INSERT INTO {_CONTACT} {_CONTACTS.format(level=2)}"


def _found(engine: str, spans: str, level: int) -> str:
    day = _DAY[engine].format("greatest(o.entered_at, v.entered_at, s.starts_at)")
    return _EXPOSURES.format(spans=spans, level=level, day=day)
