"""What a shadow comes to, in numbers: persons by kind of change, records by kind, reason and source system."""

from __future__ import annotations

from typing import Any

import psycopg

_PERSONS = """
SELECT count(*) FILTER (WHERE records_before > 0 OR 'absorbed' = ANY (kinds)),
       count(*) FILTER (WHERE records_before = 0),
       count(*) FILTER (WHERE is_verified), count(*) FILTER (WHERE records_after = 0 AND NOT 'absorbed' = ANY (kinds))
FROM relinking_change WHERE shadow_id = %s"""
_BY_KIND = """
SELECT kind, count(*) FROM relinking_change CROSS JOIN LATERAL unnest(kinds) kind WHERE shadow_id = %s
GROUP BY 1 ORDER BY 1"""
_BY_REASON = """
SELECT kind, reason, count(DISTINCT record_id), count(DISTINCT person) FROM relinking_move
    CROSS JOIN LATERAL unnest(ARRAY[person_before, person_after]) person
WHERE shadow_id = %s AND kind <> 'still_held' GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""
_BY_SYSTEM = """
SELECT kind, system, count(*) FROM relinking_move WHERE shadow_id = %s AND kind <> 'still_held'
GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""


def counts_of(connection: psycopg.Connection, shadow: int) -> dict[str, Any]:
    """The figures kept with the shadow; persons who change are those of today, opened ones are counted apart."""
    row = connection.execute(_PERSONS, [shadow]).fetchone()
    assert row is not None
    changed, opened, verified, emptied = row
    return {
        "persons_changed": changed, "persons_opened_or_restored": opened, "verified_persons_changed": verified,
        "persons_left_without_records": emptied,
        "by_kind": dict(connection.execute(_BY_KIND, [shadow]).fetchall()),
        "by_reason": [
            {"kind": kind, "reason": reason, "records": records, "persons": persons}
            for kind, reason, records, persons in connection.execute(_BY_REASON, [shadow])
        ],
        "by_system": [
            {"kind": kind, "system": system, "records": records}
            for kind, system, records in connection.execute(_BY_SYSTEM, [shadow])
        ],
    }  # fmt: skip
