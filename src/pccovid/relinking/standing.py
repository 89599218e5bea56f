"""How the index stands: a few numbers that change with every import, merge, split, ruling, erasure and change of model.

A shadow is about the index as it was read. Where these numbers differ, it is about another one.
"""

from __future__ import annotations

from typing import Any

import psycopg

from pccovid.foundation.key_ring import key_ring

Standing = dict[str, Any]

_STANDING = """
SELECT jsonb_build_object(
    'links', (SELECT coalesce(max(id), 0) FROM people_link),
    'imports', (SELECT count(*) FROM people_importrun WHERE stage = 'published'),
    'merges', (SELECT jsonb_build_array(coalesce(max(id), 0), count(undone_at)) FROM people_merge),
    'rulings', (SELECT jsonb_build_array(count(*), coalesce(extract(epoch FROM max(ruled_at)), 0))
                FROM link_review_ruling WHERE standing IN ('same', 'different')),
    'erasures', (SELECT coalesce(max(position), 0) FROM access.erasure),
    'models', (SELECT coalesce(max(id), 0) FROM relinking_modelchange))
"""


def standing_now(connection: psycopg.Connection) -> Standing:
    """The numbers, in a transaction whose access was opened for everybody's source records."""
    row = connection.execute(_STANDING).fetchone()
    assert row is not None
    found: Standing = row[0]
    return found


def standing_with_key(connection: psycopg.Connection) -> Standing:
    """The numbers, and the look-up key: ids of identifiers, by which a way back remembers them, follow it."""
    return {**standing_now(connection), "look-up keys": key_ring().lookup.active}


def what_happened(before: Standing, now: Standing) -> tuple[str, ...]:
    """Which of the numbers differ, by name; nothing where the index stands as it stood."""
    return tuple(name for name in sorted({*before, *now}) if before.get(name) != now.get(name))
