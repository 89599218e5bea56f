-- What will be overwritten and cannot be derived anew: rows that wait, and which identifiers count as verified.
INSERT INTO relinking_undo (shadow_id, table_name, row_id, was)
SELECT {shadow}, 'people_unplacedrow', u.id, jsonb_build_object(
    'resolved_at', u.resolved_at, 'resolution', u.resolution, 'reason', u.reason)
FROM people_unplacedrow u JOIN decision d USING (record_id);
INSERT INTO relinking_undo (shadow_id, table_name, row_id, was)
SELECT {shadow}, 'people_identifier', i.id, jsonb_build_object('verified_by', CASE WHEN i.is_verified THEN i.verified_by END)
FROM people_identifier i WHERE i.person_id IN (
    SELECT person_id FROM decision WHERE person_id IS DISTINCT FROM person_before
    UNION SELECT person_before FROM decision WHERE person_id IS DISTINCT FROM person_before
    UNION SELECT person_id FROM relinking_change WHERE shadow_id = {shadow});
