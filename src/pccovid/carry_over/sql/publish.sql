-- Everything becomes visible in this one transaction.
INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash, received_at, run_id)
SELECT md5(a.record_id::text || '/' || a.version)::uuid, a.record_id, r.system, r.kind, r.key, a.version, r.payload,
       r.content_hash, {now}, {run}
FROM {stage}_arrival a JOIN {stage}_row r USING (file_no, row_no)
WHERE a.is_new_version;

-- Persons opened by this run; their attributes follow below.
INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)
SELECT person_id, false, '{{}}', {now} FROM {stage}_person WHERE is_new;

-- Whom each decided record belongs to now, and to whom it belonged.
CREATE TEMP TABLE decision ON COMMIT DROP AS
SELECT d.record_id, d.decision, d.weight, d.reason, d.evidence, d.record,
       coalesce(b.person_kept, p.person_id) AS person_id, c.person_id AS person_before,
       c.record_id IS NOT NULL AS is_known
FROM {stage}_decided d
    LEFT JOIN {stage}_person p USING (cluster)
    LEFT JOIN {stage}_absorbed b ON b.person_absorbed = p.person_id
    LEFT JOIN people_recordclaim c ON c.record_id = d.record_id;
UPDATE decision SET person_id = NULL WHERE decision = 'held';
CREATE UNIQUE INDEX ON decision (record_id);
ANALYZE decision;

-- Records of absorbed persons that took no part in the linking follow their person.
INSERT INTO decision (record_id, decision, weight, reason, evidence, record, person_id, person_before, is_known)
SELECT c.record_id, 'probabilistic', b.weight, 'persons_merged', b.evidence, c.record, b.person_kept, c.person_id, true
FROM {stage}_absorbed b JOIN people_recordclaim c ON c.person_id = b.person_absorbed
ON CONFLICT (record_id) DO NOTHING;

INSERT INTO people_link (record_id, person_id, decision, weight, evidence, reason, model_version, decided_by, decided_at)
SELECT d.record_id, d.person_id, d.decision, d.weight, d.evidence, d.reason, {model}, {by}, {now}
FROM decision d
WHERE NOT d.is_known OR d.person_id IS DISTINCT FROM d.person_before
   -- Held still, but by another model: the log says so once.
   OR d.decision = 'held' AND {model} IS DISTINCT FROM (
        SELECT l.model_version FROM people_link l WHERE l.record_id = d.record_id ORDER BY l.id DESC LIMIT 1)
ORDER BY d.record;

INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version, person_id,
                                is_about_nobody, {claim_names}, sealed)
SELECT i.record_id, r.record, r.system, r.kind, i.source_record_id, r.content_hash, i.version, d.person_id,
       NOT r.has_claim, {claim_names_of_row}, r.sealed
FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no) LEFT JOIN decision d ON d.record_id = i.record_id
ON CONFLICT (record_id) DO UPDATE SET
    source_record_id = excluded.source_record_id, content_hash = excluded.content_hash, version = excluded.version,
    person_id = excluded.person_id, is_about_nobody = excluded.is_about_nobody, {claim_updates},
    sealed = excluded.sealed;
UPDATE people_recordclaim c SET person_id = d.person_id
FROM decision d WHERE d.record_id = c.record_id AND c.person_id IS DISTINCT FROM d.person_id;

-- Merged persons stay as pointers, with what is needed to restore them.
INSERT INTO people_merge (kept_id, absorbed_id, moved_records, reason, evidence, merged_by, merged_at, undone_by)
SELECT b.person_kept, b.person_absorbed,
       coalesce((SELECT array_agg(d.record_id ORDER BY d.record_id) FROM decision d
                 WHERE d.person_before = b.person_absorbed AND d.person_id = b.person_kept), '{{}}'),
       'linkage', b.evidence, {by}, {now}, ''
FROM {stage}_absorbed b;
UPDATE people_person p SET merged_into_id = b.person_kept FROM {stage}_absorbed b WHERE p.id = b.person_absorbed;

-- Who is touched: their golden record is derived anew.
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT DISTINCT person_id FROM (
    SELECT d.person_id FROM decision d JOIN {stage}_incoming i ON i.record_id = d.record_id
    UNION ALL SELECT i.person_known FROM {stage}_incoming i
    UNION ALL SELECT d.person_id FROM decision d WHERE d.person_id IS DISTINCT FROM d.person_before
    UNION ALL SELECT d.person_before FROM decision d WHERE d.person_id IS DISTINCT FROM d.person_before
) t WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX ON touched (person_id);
ANALYZE touched;

-- Held and rejected rows, whole, each with its reason. What a replayed row contained and still finds no place stands
-- here under its own name; what comes again after it was resolved is open again.
INSERT INTO people_unplacedrow (id, run_id, file_name, row_no, system, kind, key, record_id, outcome, reason, payload,
                                evidence, resolution)
SELECT DISTINCT ON (1) md5(f.name || '/' || CASE WHEN f.file_no >= 0 THEN o.row_no::text ELSE u.id::text || r.key END
           || '/' || md5(r.payload))::uuid, {run}, f.name, o.row_no, r.system, r.kind, r.key,
       r.record_id, o.outcome, o.reason, r.payload, coalesce(d.evidence, '{{}}'), ''
FROM {stage}_outcome o JOIN {stage}_row r USING (file_no, row_no) JOIN {stage}_file f USING (file_no)
    LEFT JOIN {stage}_decided d ON d.record_id = r.record_id
    LEFT JOIN {stage}_replay y USING (file_no, row_no) LEFT JOIN people_unplacedrow u ON u.id = y.unplaced_id
WHERE o.outcome IN ('held', 'rejected')
  AND (f.file_no >= 0 OR u.id IS NOT NULL AND r.record_id IS NOT NULL AND r.record_id IS DISTINCT FROM u.record_id)
ON CONFLICT (id) DO UPDATE SET resolved_at = NULL, resolution = ''
WHERE people_unplacedrow.resolved_at IS NOT NULL;
-- A record that was placed, and is held now that it could be somebody else's.
INSERT INTO people_unplacedrow (id, run_id, file_name, row_no, system, kind, key, record_id, outcome, reason, payload,
                                evidence, resolution)
SELECT md5('reopened/' || s.id)::uuid, {run}, '(reopened)', 0, s.system, s.kind, s.key, s.record_id, 'held', d.reason,
       s.payload, d.evidence, ''
FROM {stage}_reopened o JOIN decision d USING (record_id) JOIN people_recordclaim c USING (record_id)
    JOIN people_sourcerecord s ON s.id = c.source_record_id
WHERE d.person_id IS NULL
ON CONFLICT (id) DO UPDATE SET resolved_at = NULL, resolution = '';
-- A replayed row is resolved when it is read and its record has found its place, or stands under its own name above.
UPDATE people_unplacedrow u SET resolved_at = {now}, resolution = 'replayed'
FROM {stage}_replay y JOIN {stage}_outcome o USING (file_no, row_no)
WHERE u.id = y.unplaced_id AND u.resolved_at IS NULL
  AND (o.outcome IN ('linked', 'new') OR o.record_id IS NOT NULL AND o.record_id IS DISTINCT FROM u.record_id);
-- Otherwise it says why it is still here.
UPDATE people_unplacedrow u SET outcome = o.outcome, reason = o.reason
FROM {stage}_replay y JOIN {stage}_outcome o USING (file_no, row_no)
WHERE u.id = y.unplaced_id AND u.resolved_at IS NULL AND (u.outcome, u.reason) <> (o.outcome, o.reason);
-- A row held earlier is resolved as soon as its record has found its person, or a later version of it has, or is read.
UPDATE people_unplacedrow u SET resolved_at = {now}, resolution = coalesce(d.decision, 'new')
FROM {stage}_incoming i LEFT JOIN decision d USING (record_id)
WHERE u.record_id = i.record_id AND (d.person_id IS NOT NULL OR NOT i.has_claim) AND u.resolved_at IS NULL
  AND u.run_id <> {run};

INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)
SELECT md5(v.record || '|' || v.other_record)::uuid, md5(v.record)::uuid, md5(v.other_record)::uuid, v.weight,
       v.evidence, v.reason, {run}, ''
FROM {stage}_review v
ON CONFLICT (id) DO NOTHING;
