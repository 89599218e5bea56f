"""What a split says to linkage: each record split off is not of the person of each record that stayed.

These rulings come from no opinion. Where officers later join the two persons again, they stand back; where that is
undone, they hold again. Everything works in the caller's transaction, opened for link_repair.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import psycopg

from pccovid.people.sources import OWN_SYSTEMS

_ACROSS = """
    SELECT x.record_id AS one, y.record_id AS other, x.record AS one_record, y.record AS other_record,
           x.system = ANY (%(own)s) OR y.system = ANY (%(own)s) AS is_own
    FROM people_recordclaim x JOIN people_recordclaim y ON y.person_id = %(stayed)s
    WHERE x.record_id = ANY (%(records)s)
"""
# A pair of two records that came from somewhere, for stewards to say of it that the two are one person after all.
_OPEN_PAIR = f"""
WITH across AS ({_ACROSS})
INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)
SELECT md5(least(one_record, other_record) || '|' || greatest(one_record, other_record))::uuid,
       CASE WHEN one_record < other_record THEN one ELSE other END,
       CASE WHEN one_record < other_record THEN other ELSE one END, NULL, '{{}}', 'split',
       coalesce((SELECT max(s.run_id) FROM people_sourcerecord s WHERE s.record_id IN (one, other)), i.id), ''
FROM across, (SELECT max(id) AS id FROM people_importrun) i
WHERE i.id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM across a JOIN people_reviewpair p
        ON (p.record_id, p.other_record_id) IN ((a.one, a.other), (a.other, a.one)))
ORDER BY is_own, one_record, other_record LIMIT 1
ON CONFLICT (id) DO NOTHING
"""  # noqa: S608 - our own SQL
_MEND = f"""
WITH across AS ({_ACROSS})
UPDATE link_review_ruling r SET standing = 'different', ruled_at = %(now)s, told_apart_at = %(now)s, merge_id = NULL,
    note = ''
FROM across a WHERE (r.record_id, r.other_record_id) IN ((a.one, a.other), (a.other, a.one))
"""  # noqa: S608
# Under the number of the pair that officers see, where there is one: what they say of it takes this one's place.
_TELL_APART = f"""
WITH across AS ({_ACROSS})
INSERT INTO link_review_ruling (pair_id, record_id, other_record_id, standing, ruled_at, told_apart_at, note)
SELECT coalesce(
           (SELECT p.id FROM people_reviewpair p
            WHERE (p.record_id, p.other_record_id) IN ((a.one, a.other), (a.other, a.one)) ORDER BY p.id LIMIT 1),
           md5(least(one_record, other_record) || '|' || greatest(one_record, other_record))::uuid),
       one, other, 'different', %(now)s, %(now)s, ''
FROM across a
WHERE NOT EXISTS (
    SELECT 1 FROM link_review_ruling r
    WHERE (r.record_id, r.other_record_id) IN ((a.one, a.other), (a.other, a.one)))
ON CONFLICT (pair_id) DO NOTHING
"""  # noqa: S608
_FOLLOW = """
WITH persons AS (
    SELECT DISTINCT person_id FROM people_recordclaim WHERE record_id IN (%(record)s, %(other_record)s)
), stands AS (
    SELECT r.pair_id, CASE WHEN a.person_id = b.person_id THEN 'open' ELSE 'different' END AS standing
    FROM people_recordclaim a JOIN link_review_ruling r ON r.record_id = a.record_id
        JOIN people_recordclaim b ON b.record_id = r.other_record_id
    WHERE a.person_id IN (SELECT person_id FROM persons) AND b.person_id IN (SELECT person_id FROM persons)
      AND r.standing IN ('open', 'different') AND r.told_apart_at IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM link_review_opinion o WHERE o.pair_id = r.pair_id AND o.given_at > r.told_apart_at)
)
UPDATE link_review_ruling r SET standing = s.standing, ruled_at = %(now)s
FROM stands s WHERE s.pair_id = r.pair_id AND s.standing <> r.standing
"""


def tell_apart(connection: psycopg.Connection, *, records: Collection[UUID], stayed: UUID, now: datetime) -> None:
    """Bind later linkage: none of `records` is of the person `stayed`, who has been left with the others."""
    across = {"records": list(records), "stayed": stayed, "now": now, "own": list(OWN_SYSTEMS)}
    for statement in (_OPEN_PAIR, _MEND, _TELL_APART):
        connection.execute(statement, across)


def follow_where_records_stand(
    connection: psycopg.Connection, record: UUID, other_record: UUID, *, now: datetime
) -> None:
    """After the persons of two records were joined, or parted again: what splits said of them stands back, or holds."""
    connection.execute(_FOLLOW, {"record": record, "other_record": other_record, "now": now})
