-- What the shadow decides, as the import's own `decision` says it.
CREATE TEMP TABLE decision ON COMMIT DROP AS
SELECT m.record_id, m.decision, m.weight, CASE WHEN m.person_after IS NULL THEN m.reason ELSE 'relinked' END AS reason,
       m.evidence, s.model_version, c.record, m.person_after AS person_id, m.person_before, c.person_id AS person_now,
       true AS is_known
FROM relinking_move m JOIN relinking_shadow s ON s.id = m.shadow_id JOIN people_recordclaim c USING (record_id)
WHERE m.shadow_id = {shadow};
CREATE UNIQUE INDEX ON decision (record_id);
ANALYZE decision;
-- Persons who are opened; their attributes follow.
INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)
SELECT person_id, false, '{{}}', {now} FROM relinking_change WHERE shadow_id = {shadow} AND 'opened' = ANY (kinds);
-- What restricts a person restricts whoever is opened for records of theirs (restored persons: rights/sql/undone_merges.sql).
SELECT access.restrict_both(d.person_before, d.person_id)
FROM (SELECT DISTINCT d.person_before, d.person_id FROM decision d JOIN relinking_change c
        ON c.shadow_id = {shadow} AND c.person_id = d.person_id AND 'opened' = ANY (c.kinds)
      WHERE d.person_before IS NOT NULL) d;
