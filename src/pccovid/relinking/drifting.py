"""Whether a source's records agree with their persons as they used to, between two spans of time.

Counted from the evidence that stands in the links decided in each span; nobody's values are read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from pccovid.relinking.rules import Drift, drift

_LEVELS = """
SELECT c.system, attribute, said ->> 'level', count(*)
FROM people_link l JOIN people_recordclaim c USING (record_id)
    CROSS JOIN LATERAL jsonb_each(l.evidence) e (attribute, said)
WHERE l.decided_at >= %s AND l.decided_at < %s AND l.decision IN ('exact', 'probabilistic')
  AND jsonb_typeof(said) = 'object' AND said ? 'level' AND said ->> 'level' IS NOT NULL
GROUP BY 1, 2, 3"""

Levels = dict[tuple[str, str], dict[str, int]]


@dataclass(frozen=True)
class AttributeDrift:
    """One attribute of one source in both spans: level → rows, and what they come to."""

    system: str
    attribute: str
    before: dict[str, int]
    after: dict[str, int]
    found: Drift

    def as_json(self) -> dict[str, Any]:
        shares = {
            level: [_share(self.before, level), _share(self.after, level)]
            for level in sorted({*self.before, *self.after})
        }
        return {
            "system": self.system, "attribute": self.attribute, "shares": shares, **self.found._asdict(),
        }  # fmt: skip


def drift_between(
    connection: psycopg.Connection, before: tuple[datetime, datetime], after: tuple[datetime, datetime]
) -> tuple[AttributeDrift, ...]:
    """Every attribute of every source that was linked in either span, the most changed first. Needs an opened access.

    Spans are from their first moment up to, not including, their last.
    """
    one, other = _levels(connection, before), _levels(connection, after)
    found = [
        AttributeDrift(*key, one.get(key, {}), other.get(key, {}), drift(one.get(key, {}), other.get(key, {})))
        for key in sorted({*one, *other})
    ]
    return tuple(sorted(found, key=lambda line: (not line.found.has_drifted, -line.found.effect)))


def _levels(connection: psycopg.Connection, span: tuple[datetime, datetime]) -> Levels:
    counted: Levels = defaultdict(dict)
    for system, attribute, level, rows in connection.execute(_LEVELS, list(span)):
        counted[system, attribute][level] = rows
    return dict(counted)


def _share(counts: dict[str, int], level: str) -> float:
    rows = sum(counts.values())
    return round(counts.get(level, 0) / rows, 6) if rows else 0.0
