-- Links are appended and claims follow. `decision` says of each record whose it was and whose it is.
INSERT INTO people_link (record_id, person_id, decision, weight, evidence, reason, model_version, decided_by, decided_at)
SELECT record_id, person_id, decision, weight, evidence, reason, model_version, {by}, {now}
FROM decision ORDER BY record;
UPDATE people_recordclaim c SET person_id = d.person_id
FROM decision d WHERE d.record_id = c.record_id AND c.person_id IS DISTINCT FROM d.person_id;
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT DISTINCT person_id FROM (
    SELECT person_id FROM relinking_change WHERE shadow_id = {shadow}
    UNION ALL SELECT person_id FROM decision WHERE person_id IS DISTINCT FROM person_before
    UNION ALL SELECT person_before FROM decision WHERE person_id IS DISTINCT FROM person_before
) t WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX ON touched (person_id);
ANALYZE touched;
