-- Absorbed persons stay as pointers, restored ones stand again; both can be taken back one by one.
WITH absorbed AS (
    SELECT c.id, c.person_id, c.other_person FROM relinking_change c
    WHERE c.shadow_id = {shadow} AND 'absorbed' = ANY (c.kinds)
), made AS (
    INSERT INTO people_merge (kept_id, absorbed_id, moved_records, reason, evidence, merged_by, merged_at, undone_by)
    SELECT a.other_person, a.person_id,
           coalesce((SELECT array_agg(d.record_id ORDER BY d.record_id) FROM decision d
                     WHERE d.person_before = a.person_id AND d.person_id = a.other_person), '{{}}'),
           'linkage', coalesce((SELECT d.evidence FROM decision d
                                WHERE d.person_before = a.person_id AND d.person_id = a.other_person
                                ORDER BY d.weight DESC NULLS LAST, d.record LIMIT 1), '{{}}')
           || jsonb_build_object('verification', (
                SELECT coalesce(jsonb_object_agg(u.row_id, coalesce(u.was ->> 'verified_by', '')), '{{}}')
                FROM relinking_undo u JOIN people_identifier i ON i.id = u.row_id
                WHERE u.shadow_id = {shadow} AND u.table_name = 'people_identifier'
                  AND i.person_id IN (a.person_id, a.other_person))),
           {by}, {now}, ''
    FROM absorbed a ORDER BY a.id
    RETURNING id, absorbed_id
)
UPDATE relinking_change c SET merge_id = m.id
FROM made m WHERE c.shadow_id = {shadow} AND c.person_id = m.absorbed_id AND 'absorbed' = ANY (c.kinds);
UPDATE people_person p SET merged_into_id = c.other_person
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'absorbed' = ANY (c.kinds) AND p.id = c.person_id;
UPDATE people_person p SET merged_into_id = NULL
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'restored' = ANY (c.kinds) AND p.id = c.person_id;
UPDATE people_merge m SET undone_by = {by}, undone_at = {now}
FROM relinking_change c WHERE c.shadow_id = {shadow} AND 'restored' = ANY (c.kinds) AND m.id = c.merge_id;
