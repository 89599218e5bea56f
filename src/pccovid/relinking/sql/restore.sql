-- Which identifiers counted as verified depends on who came first: it comes back as it was remembered.
UPDATE people_identifier i SET is_verified = false, verified_by = ''
FROM relinking_undo u WHERE u.shadow_id = {shadow} AND u.table_name = 'people_identifier' AND i.id = u.row_id
  AND i.is_verified AND u.was ->> 'verified_by' IS NULL;
UPDATE people_identifier i SET is_verified = true, verified_by = u.was ->> 'verified_by'
FROM relinking_undo u WHERE u.shadow_id = {shadow} AND u.table_name = 'people_identifier' AND i.id = u.row_id
  AND (i.is_verified, i.verified_by) IS DISTINCT FROM (true, u.was ->> 'verified_by')
  AND u.was ->> 'verified_by' IS NOT NULL;

DELETE FROM people_unplacedrow w USING decision d
WHERE w.record_id = d.record_id AND NOT EXISTS (
    SELECT 1 FROM relinking_undo u
    WHERE u.shadow_id = {shadow} AND u.table_name = 'people_unplacedrow' AND u.row_id = w.id);
UPDATE people_unplacedrow w SET resolved_at = (u.was ->> 'resolved_at')::timestamptz,
    resolution = u.was ->> 'resolution', reason = u.was ->> 'reason'
FROM relinking_undo u WHERE u.shadow_id = {shadow} AND u.table_name = 'people_unplacedrow' AND w.id = u.row_id;

-- A pair that somebody has judged meanwhile stays.
DELETE FROM people_reviewpair p
WHERE p.run_id = {run} AND NOT EXISTS (SELECT 1 FROM link_review_opinion o WHERE o.pair_id = p.id);

-- Persons opened by the swap go again; one whom somebody has seen by then stays as a pointer to whoever their records
-- are now, so that the log still says of whom it speaks.
UPDATE people_person p SET merged_into_id = (
    SELECT d.person_id FROM decision d WHERE d.person_before = p.id AND d.person_id IS NOT NULL
    GROUP BY d.person_id ORDER BY count(*) DESC, d.person_id LIMIT 1)
FROM relinking_change c
WHERE c.shadow_id = {shadow} AND 'opened' = ANY (c.kinds) AND p.id = c.person_id AND p.id = ANY ({seen}::uuid[]);
DELETE FROM people_person p USING relinking_change c
WHERE c.shadow_id = {shadow} AND 'opened' = ANY (c.kinds) AND p.id = c.person_id AND p.id <> ALL ({seen}::uuid[]);
