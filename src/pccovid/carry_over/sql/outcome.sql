-- One outcome for every received row: the ledger counts these, and nothing else.
DROP TABLE IF EXISTS {stage}_decided;
CREATE UNLOGGED TABLE {stage}_decided AS
SELECT md5(a.record)::uuid AS record_id, a.record, a.decision, a.weight, a.reason, a.evidence, a.cluster,
       a.person AS person_joined, a.record = a.cluster AND a.person IS NULL AND a.decision <> 'held' AS opens_person
FROM {stage}_assignment a;
CREATE UNIQUE INDEX ON {stage}_decided (record_id);

-- A new cluster becomes a person. A record that is corrected and now stands alone keeps its old person when
-- nobody else is left on it.
DROP TABLE IF EXISTS {stage}_person;
CREATE UNLOGGED TABLE {stage}_person AS
WITH clusters AS (
    SELECT d.cluster, min(d.person_joined::text)::uuid AS joined,
           min(coalesce(i.person_known, o.person_id)::text)::uuid AS earlier
    FROM {stage}_decided d LEFT JOIN {stage}_incoming i USING (record_id) LEFT JOIN {stage}_reopened o USING (record_id)
    WHERE d.decision <> 'held' GROUP BY d.cluster
), emptied AS (
    SELECT c.earlier, min(c.cluster) AS cluster FROM clusters c
    WHERE c.joined IS NULL AND c.earlier IS NOT NULL
      AND NOT EXISTS (
          SELECT 1 FROM people_recordclaim k WHERE k.person_id = c.earlier
          AND NOT EXISTS (SELECT 1 FROM {stage}_incoming i WHERE i.record_id = k.record_id)
          AND NOT EXISTS (SELECT 1 FROM {stage}_reopened o WHERE o.record_id = k.record_id))
    GROUP BY c.earlier
)
SELECT c.cluster, c.joined IS NULL AND e.earlier IS NULL AS is_new,
       coalesce(c.joined, e.earlier,
           CASE WHEN p.id IS NULL THEN md5('person:' || c.cluster)::uuid
                ELSE md5('person:' || c.cluster || ':{run}')::uuid END) AS person_id
FROM clusters c LEFT JOIN emptied e USING (cluster)
    LEFT JOIN people_person p ON p.id = md5('person:' || c.cluster)::uuid;
CREATE UNIQUE INDEX ON {stage}_person (cluster);

-- A person of whom nothing but reopened records was known, and all of them went to one other person, was that one.
INSERT INTO {stage}_merge (person_kept, person_absorbed, weight, evidence)
SELECT min(p.person_id::text)::uuid, o.person_id, max(d.weight), (array_agg(d.evidence ORDER BY d.weight DESC))[1]
FROM {stage}_reopened o JOIN {stage}_decided d USING (record_id) LEFT JOIN {stage}_person p USING (cluster)
WHERE NOT EXISTS (
    SELECT 1 FROM people_recordclaim k WHERE k.person_id = o.person_id
    AND NOT EXISTS (SELECT 1 FROM {stage}_reopened other WHERE other.record_id = k.record_id))
GROUP BY o.person_id
HAVING count(DISTINCT p.person_id) = 1 AND count(p.person_id) = count(*) AND min(p.person_id::text)::uuid <> o.person_id;

-- Persons absorbed into others in this run, followed to the end of the chain.
DROP TABLE IF EXISTS {stage}_absorbed;
CREATE UNLOGGED TABLE {stage}_absorbed AS
WITH RECURSIVE chain AS (
    SELECT person_absorbed, person_kept, weight, evidence, 1 AS depth FROM {stage}_merge
    UNION ALL
    SELECT c.person_absorbed, m.person_kept, c.weight, c.evidence, c.depth + 1
    FROM chain c JOIN {stage}_merge m ON m.person_absorbed = c.person_kept WHERE c.depth < 20
)
SELECT DISTINCT ON (person_absorbed) person_absorbed, person_kept, weight, evidence
FROM chain ORDER BY person_absorbed, depth DESC;

DROP TABLE IF EXISTS {stage}_outcome;
CREATE UNLOGGED TABLE {stage}_outcome AS
SELECT r.file_no, r.row_no, r.record_id,
       CASE WHEN r.verdict <> 'accepted' THEN r.verdict
            WHEN d.decision = 'held' THEN 'held'
            -- Held before, and nothing new about it.
            WHEN d.decision IS NULL AND a.has_claim AND a.person_known IS NULL THEN 'held'
            WHEN a.is_newest AND NOT a.has_claim AND NOT a.is_known THEN 'new'
            WHEN a.is_newest AND d.opens_person AND p.is_new THEN 'new'
            ELSE 'linked' END AS outcome,
       CASE WHEN r.verdict <> 'accepted' THEN r.reason
            WHEN d.decision IS NULL AND a.has_claim AND a.person_known IS NULL
            THEN (SELECT l.reason FROM people_link l WHERE l.record_id = a.record_id ORDER BY l.id DESC LIMIT 1)
            ELSE coalesce(d.reason, '') END AS reason,
       coalesce(a.is_newest AND a.is_known AND NOT a.differs_from_known, false) AS is_unchanged,
       coalesce(NOT a.is_newest, false) AND r.file_no >= 0 AS is_repeated,
       coalesce(a.is_new_version AND NOT a.is_newest, false) AS is_replaced
FROM {stage}_row r
    LEFT JOIN {stage}_arrival a USING (file_no, row_no)
    LEFT JOIN {stage}_decided d ON d.record_id = a.record_id
    LEFT JOIN {stage}_person p ON p.cluster = d.cluster;
CREATE INDEX ON {stage}_outcome (file_no, row_no);
ANALYZE {stage}_outcome;
ANALYZE {stage}_decided;
ANALYZE {stage}_person;
