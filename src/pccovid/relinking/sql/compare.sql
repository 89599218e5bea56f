-- Whose every record would be, against whose it is. Ids of persons stay with the largest part of their records.
CREATE UNLOGGED TABLE {stage}_placed AS
SELECT c.record_id, c.record, c.system, c.id_verified, c.person_id AS person_before, a.cluster, a.decision, a.weight,
       a.reason, a.evidence
FROM {stage}_assignment a JOIN people_recordclaim c ON c.record = a.record;
CREATE UNIQUE INDEX ON {stage}_placed (record_id);
CREATE INDEX ON {stage}_placed (cluster);
ANALYZE {stage}_placed;

-- A person goes where most of their records go; of equal parts, with the verified one.
CREATE UNLOGGED TABLE {stage}_main AS
SELECT DISTINCT ON (person_before) person_before AS person_id, cluster, count(*) AS records
FROM {stage}_placed WHERE person_before IS NOT NULL AND cluster IS NOT NULL
GROUP BY person_before, cluster
ORDER BY person_before, count(*) DESC, bool_or(id_verified) DESC, cluster;
CREATE UNIQUE INDEX ON {stage}_main (person_id);
CREATE INDEX ON {stage}_main (cluster);
ANALYZE {stage}_main;

-- Where several persons go to one place, the one who brings most is kept and the others are absorbed.
CREATE UNLOGGED TABLE {stage}_kept AS
SELECT DISTINCT ON (m.cluster) m.cluster, m.person_id
FROM {stage}_main m JOIN people_person p ON p.id = m.person_id
ORDER BY m.cluster, m.records DESC, p.is_identity_verified DESC, p.created_at, p.id;
CREATE UNIQUE INDEX ON {stage}_kept (cluster);
ANALYZE {stage}_kept;
CREATE UNLOGGED TABLE {stage}_absorbed AS
SELECT m.person_id AS person_absorbed, k.person_id AS person_kept
FROM {stage}_main m JOIN {stage}_kept k USING (cluster) WHERE m.person_id <> k.person_id;
CREATE UNIQUE INDEX ON {stage}_absorbed (person_absorbed);
ANALYZE {stage}_absorbed;

-- A cluster that is nobody's largest part, but holds all that a merge once moved, is the person absorbed by it.
CREATE UNLOGGED TABLE {stage}_restored AS
WITH whole AS (
    SELECT g.id, g.absorbed_id, g.kept_id, cardinality(g.moved_records) AS records, min(p.cluster) AS cluster
    FROM people_merge g CROSS JOIN LATERAL unnest(g.moved_records) r (record_id)
        LEFT JOIN {stage}_placed p ON p.record_id = r.record_id
    WHERE g.undone_at IS NULL
    GROUP BY g.id HAVING count(p.cluster) = count(*) AND min(p.cluster) = max(p.cluster)
)
SELECT DISTINCT ON (w.cluster) w.cluster, w.absorbed_id AS person_id, w.kept_id AS person_kept, w.id AS merge_id
FROM whole w JOIN people_person p ON p.id = w.absorbed_id AND p.merged_into_id = w.kept_id
    LEFT JOIN {stage}_kept k ON k.cluster = w.cluster
WHERE k.cluster IS NULL
ORDER BY w.cluster, w.records DESC, w.id DESC;

CREATE UNLOGGED TABLE {stage}_person AS
SELECT c.cluster, k.person_id IS NULL AND r.person_id IS NULL AS is_opened, r.merge_id,
       coalesce(k.person_id, r.person_id,
           CASE WHEN p.id IS NULL THEN md5('person:' || c.cluster)::uuid
                ELSE md5('person:' || c.cluster || ':shadow:{shadow}')::uuid END) AS person_id
FROM (SELECT DISTINCT cluster FROM {stage}_placed WHERE cluster IS NOT NULL) c
    LEFT JOIN {stage}_kept k USING (cluster) LEFT JOIN {stage}_restored r USING (cluster)
    LEFT JOIN people_person p ON p.id = md5('person:' || c.cluster)::uuid;
CREATE UNIQUE INDEX ON {stage}_person (cluster);
ANALYZE {stage}_person;

-- Why two parts of one person would no longer stand together: what the linkage says of the heaviest pair between them.
CREATE UNLOGGED TABLE {stage}_between AS
SELECT DISTINCT ON (1, 2) least(a.cluster, b.cluster) AS one, greatest(a.cluster, b.cluster) AS other, v.reason
FROM {stage}_review v JOIN {stage}_placed a ON a.record = v.record JOIN {stage}_placed b ON b.record = v.other_record
WHERE a.cluster <> b.cluster AND a.person_before = b.person_before
ORDER BY 1, 2, v.weight DESC, v.reason;

INSERT INTO relinking_move (shadow_id, record_id, system, kind, reason, person_before, person_after, decision, weight,
                            evidence, link_before)
SELECT {shadow}, m.record_id, m.system, m.kind,
       CASE WHEN m.kind IN ('held', 'still_held') THEN m.reason
            WHEN m.kind = 'split' THEN coalesce(b.reason, 'not_joined')
            ELSE (SELECT coalesce(min(found.why), 'same_name')
                  FROM (VALUES ('same_identifier', 'personal_id'), ('same_identifier', 'old_id'),
                               ('same_identifier', 'passport'), ('same_identifier', 'insurance_no'),
                               ('same_phone', 'phone')) AS found (why, attribute)
                  WHERE m.evidence -> found.attribute ->> 'level' LIKE 'same%') END,
       m.person_before, m.person_after,
       CASE WHEN m.decision = 'new' AND NOT m.is_opened THEN 'probabilistic' ELSE m.decision END, m.weight, m.evidence,
       coalesce(m.link_before, 0)
FROM (
    SELECT p.record_id, p.record, p.system, p.decision, p.weight, p.reason, p.evidence, p.cluster, p.person_before,
           q.person_id AS person_after, coalesce(q.is_opened, false) AS is_opened, main.cluster AS main_cluster,
           l.id AS link_before, l.model_version, l.reason AS reason_before,
           CASE WHEN p.person_before IS NULL AND q.person_id IS NULL THEN 'still_held'
                WHEN p.person_before IS NULL THEN 'placed'
                WHEN q.person_id IS NULL THEN 'held'
                WHEN a.person_kept = q.person_id THEN 'merged'
                WHEN q.is_opened OR q.merge_id IS NOT NULL THEN 'split'
                ELSE 'moved' END AS kind
    FROM {stage}_placed p LEFT JOIN {stage}_person q USING (cluster)
        LEFT JOIN {stage}_absorbed a ON a.person_absorbed = p.person_before
        LEFT JOIN {stage}_main main ON main.person_id = p.person_before
        LEFT JOIN LATERAL (SELECT l.id, l.model_version, l.reason FROM people_link l WHERE l.record_id = p.record_id
                      ORDER BY l.id DESC LIMIT 1) l ON true
    WHERE p.person_before IS DISTINCT FROM q.person_id OR p.person_before IS NULL
) m
    LEFT JOIN {stage}_between b ON m.kind = 'split' AND b.one = least(m.cluster, m.main_cluster)
        AND b.other = greatest(m.cluster, m.main_cluster)
-- Held still, and for the same reason by the same model: nothing is to be said.
WHERE m.kind <> 'still_held' OR (m.model_version, m.reason_before) IS DISTINCT FROM ({model}, m.reason)
ORDER BY m.record;

INSERT INTO relinking_change (shadow_id, person_id, kinds, records_before, records_after, is_verified, other_person,
                              merge_id)
WITH named AS (
    SELECT person_before AS person_id, kind FROM relinking_move
    WHERE shadow_id = {shadow} AND kind IN ('split', 'moved', 'held')
    UNION SELECT person_after, kind FROM relinking_move WHERE shadow_id = {shadow} AND kind IN ('moved', 'placed')
    UNION SELECT person_kept, 'merged' FROM {stage}_absorbed
    UNION SELECT person_absorbed, 'absorbed' FROM {stage}_absorbed
    UNION SELECT person_id, 'opened' FROM {stage}_person WHERE is_opened
    UNION SELECT person_id, 'restored' FROM {stage}_restored
), changed AS (
    SELECT person_id, array_agg(kind ORDER BY kind) AS kinds FROM named GROUP BY person_id
), left_behind AS (
    SELECT person_before AS person_id, count(*) AS records FROM relinking_move
    WHERE shadow_id = {shadow} AND person_before IS NOT NULL GROUP BY 1
), gained AS (
    SELECT person_after AS person_id, count(*) AS records FROM relinking_move
    WHERE shadow_id = {shadow} AND person_after IS NOT NULL GROUP BY 1
), held_before AS (
    SELECT p.person_before AS person_id, count(*) AS records FROM {stage}_placed p JOIN changed c
        ON c.person_id = p.person_before GROUP BY 1
)
SELECT {shadow}, c.person_id, c.kinds, coalesce(h.records, 0),
       coalesce(h.records, 0) - coalesce(l.records, 0) + coalesce(g.records, 0), coalesce(p.is_identity_verified, false),
       coalesce(a.person_kept, r.person_kept), r.merge_id
FROM changed c LEFT JOIN left_behind l USING (person_id) LEFT JOIN gained g USING (person_id)
    LEFT JOIN held_before h USING (person_id) LEFT JOIN people_person p ON p.id = c.person_id
    LEFT JOIN {stage}_absorbed a ON a.person_absorbed = c.person_id LEFT JOIN {stage}_restored r USING (person_id)
ORDER BY c.person_id;

INSERT INTO relinking_pair (shadow_id, pair_id, record_id, other_record_id, weight, evidence, reason)
SELECT {shadow}, md5(v.record || '|' || v.other_record)::uuid, md5(v.record)::uuid, md5(v.other_record)::uuid, v.weight,
       v.evidence, v.reason
FROM {stage}_review v
WHERE NOT EXISTS (SELECT 1 FROM people_reviewpair p WHERE p.id = md5(v.record || '|' || v.other_record)::uuid)
ON CONFLICT DO NOTHING;
