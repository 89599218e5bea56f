-- Rows that wait: of records that are held now, of those that found their person, and those that wait for another reason.
INSERT INTO people_unplacedrow (id, run_id, file_name, row_no, system, kind, key, record_id, outcome, reason, payload,
                                evidence, resolution)
SELECT md5('reopened/' || s.id)::uuid, {run}, '(reopened)', 0, s.system, s.kind, s.key, s.record_id, 'held', d.reason,
       s.payload, d.evidence, ''
FROM decision d JOIN people_recordclaim c USING (record_id) JOIN people_sourcerecord s ON s.id = c.source_record_id
WHERE d.person_id IS NULL AND d.person_before IS NOT NULL
ON CONFLICT (id) DO UPDATE SET resolved_at = NULL, resolution = '', reason = excluded.reason;
UPDATE people_unplacedrow u SET resolved_at = {now}, resolution = d.decision
FROM decision d WHERE u.record_id = d.record_id AND d.person_id IS NOT NULL AND d.person_before IS NULL
  AND u.resolved_at IS NULL;
UPDATE people_unplacedrow u SET reason = d.reason
FROM decision d WHERE u.record_id = d.record_id AND d.person_id IS NULL AND d.person_before IS NULL
  AND u.resolved_at IS NULL AND u.outcome = 'held' AND u.reason <> d.reason;
INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)
SELECT pair_id, record_id, other_record_id, weight, evidence, reason, {run}, '' FROM relinking_pair
WHERE shadow_id = {shadow} ON CONFLICT (id) DO NOTHING;
