-- The records that find their person, as the import's facts are published from them. Those whose facts are stored
-- already were not read again: they stand under a file that does not exist.
CREATE UNLOGGED TABLE {stage}_incoming AS
SELECT c.record_id, coalesce(r.file_no, -9) AS file_no, coalesce(r.row_no, 0) AS row_no, true AS is_known,
       d.person_before AS person_known, true AS has_claim, c.version, c.source_record_id
FROM decision d JOIN people_recordclaim c USING (record_id)
    LEFT JOIN (SELECT DISTINCT ON (record_id) record_id, file_no, row_no FROM {stage}_row WHERE verdict = 'accepted'
               ORDER BY record_id, file_no, row_no DESC) r USING (record_id)
WHERE d.person_before IS NULL AND d.person_id IS NOT NULL;
