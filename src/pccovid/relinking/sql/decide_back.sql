-- Every record back to whom it was, as its former link said it.
CREATE TEMP TABLE decision ON COMMIT DROP AS
SELECT m.record_id, coalesce(l.decision, CASE WHEN m.person_before IS NULL THEN 'held' ELSE 'probabilistic' END) AS decision,
       l.weight, coalesce(l.reason, '') AS reason, coalesce(l.evidence, '{{}}') AS evidence,
       coalesce(l.model_version, '') AS model_version, c.record, m.person_before AS person_id,
       m.person_after AS person_before, c.person_id AS person_now, true AS is_known
FROM relinking_move m JOIN people_recordclaim c USING (record_id) LEFT JOIN people_link l ON l.id = m.link_before
WHERE m.shadow_id = {shadow};
CREATE UNIQUE INDEX ON decision (record_id);
ANALYZE decision;
