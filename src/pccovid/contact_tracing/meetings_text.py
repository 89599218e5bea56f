"""Who was where with whom, as one statement that Spark and DuckDB understand alike; many_meetings.sql says the same.

Reads `spans` (n, person, a, b, from_day, to_day) and `visits` (person, place, entered, left_, day). Moments are whole
microseconds since 1970 in UTC, days whole days since then in Viet Nam.
"""

from __future__ import annotations

_HOUR = 3_600_000_000
_STEPS = "(VALUES (0), (1), (2), (3), (4)) AS steps (step)"
"""More days than a stay, the two hours before it and the day after it touch."""


def _day(moment: str) -> str:
    return f"CAST(floor(({moment} + {7 * _HOUR}) / {24 * _HOUR}) AS BIGINT)"


_STAYS = f"""
    SELECT one.*, {_day(f"one.a - {2 * _HOUR}")} AS from_day, {_day("one.b")} + 1 AS to_day FROM (
        SELECT s.n, s.person, v.place,
               greatest(s.a, CASE WHEN v.left_ IS NULL OR v.left_ - v.entered BETWEEN 0 AND {24 * _HOUR}
                                  THEN v.entered ELSE v.left_ - {2 * _HOUR} END) AS a,
               least(s.b, coalesce(v.left_, v.entered + {2 * _HOUR})) AS b,
               v.left_ IS NULL OR v.entered IS NULL OR NOT (v.left_ - v.entered BETWEEN 0 AND {24 * _HOUR}) AS guessed
        FROM spans s JOIN visits v ON v.person = s.person AND v.day BETWEEN s.from_day AND s.to_day) one
    WHERE one.a < one.b
"""  # noqa: S608 - our own numbers
_MET = f"""
    SELECT o.n, v.person, o.place, greatest(o.a, v.entered) AS a,
           least(o.b, coalesce(v.left_, v.entered + {2 * _HOUR})) AS b, o.guessed OR v.left_ IS NULL AS guessed
    FROM stay_days o JOIN visits v ON v.place = o.place AND v.day = o.day
        AND v.entered > o.a - {24 * _HOUR} AND v.entered < o.b AND coalesce(v.left_, v.entered + {2 * _HOUR}) > o.a
        AND v.person <> o.person AND (v.left_ IS NULL OR v.left_ - v.entered BETWEEN 0 AND {24 * _HOUR})
    UNION ALL
    SELECT o.n, v.person, o.place, greatest(o.a, v.left_ - {2 * _HOUR}) AS a, least(o.b, v.left_) AS b, true AS guessed
    FROM stay_days o JOIN visits v ON v.place = o.place AND v.day = o.day
        AND v.left_ IS NOT NULL AND (v.entered IS NULL OR NOT (v.left_ - v.entered BETWEEN 0 AND {24 * _HOUR}))
        AND v.left_ > o.a AND v.left_ < o.b + {2 * _HOUR} AND v.person <> o.person
"""  # noqa: S608 - our own numbers
MEETINGS = f"""
    WITH stays AS ({_STAYS}),
    stay_days AS (
        SELECT o.n, o.person, o.place, o.a, o.b, o.guessed, o.from_day + steps.step AS day
        FROM stays o JOIN {_STEPS} ON o.from_day + steps.step <= o.to_day),
    met AS (SELECT one.*, {_day("one.a")} AS day FROM ({_MET}) one),
    pieces AS (
        SELECT met.*, max(b) OVER (PARTITION BY n, person, place ORDER BY a, b DESC, guessed
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
        FROM met)
    SELECT n, person, place, day, min(greatest(a, coalesce(until, a))) AS a, max(b) AS b,
           CAST(sum(b - greatest(a, coalesce(until, a))) AS BIGINT) AS time, bool_or(guessed) AS guessed
    FROM pieces WHERE until IS NULL OR until < b GROUP BY n, person, place, day
"""  # noqa: S608 - our own numbers
"""One row for a span, the person met, place and day; `time`: microseconds together, each once."""
