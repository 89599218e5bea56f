-- What each received row is, against what the index already holds.
CREATE INDEX ON {stage}_row (record_id);
ANALYZE {stage}_row;

-- Every accepted row in order of arrival, with the version its content makes.
DROP TABLE IF EXISTS {stage}_arrival;
CREATE UNLOGGED TABLE {stage}_arrival AS
WITH ordered AS (
    SELECT r.file_no, r.row_no, r.record_id, r.content_hash, r.has_claim,
           row_number() OVER arriving AS place, count(*) OVER (PARTITION BY r.record_id) AS times,
           coalesce(lag(r.content_hash) OVER arriving, c.content_hash) AS content_before,
           c.content_hash AS content_known, coalesce(c.version, 0) AS version_known,
           c.person_id AS person_known, c.record_id IS NOT NULL AS is_known
    FROM {stage}_row r LEFT JOIN people_recordclaim c USING (record_id)
    WHERE r.verdict = 'accepted'
    WINDOW arriving AS (PARTITION BY r.record_id ORDER BY r.file_no, r.row_no)
)
SELECT file_no, row_no, record_id, has_claim, is_known, person_known, place = times AS is_newest,
       content_before IS DISTINCT FROM content_hash AS is_new_version,
       version_known + count(*) FILTER (WHERE content_before IS DISTINCT FROM content_hash)
           OVER (PARTITION BY record_id ORDER BY place) AS version,
       content_known IS DISTINCT FROM content_hash AS differs_from_known
FROM ordered;
CREATE INDEX ON {stage}_arrival (record_id) WHERE is_newest;
CREATE INDEX ON {stage}_arrival (file_no, row_no);
ANALYZE {stage}_arrival;

-- The records whose claim is new or has changed, and those still held: only these are linked afresh.
DROP TABLE IF EXISTS {stage}_incoming;
CREATE UNLOGGED TABLE {stage}_incoming AS
SELECT a.record_id, a.file_no, a.row_no, a.is_known, a.person_known, a.has_claim, a.version,
       md5(a.record_id::text || '/' || a.version)::uuid AS source_record_id
FROM {stage}_arrival a
WHERE a.is_newest AND (NOT a.is_known OR a.differs_from_known OR (a.has_claim AND a.person_known IS NULL));
CREATE UNIQUE INDEX ON {stage}_incoming (record_id);
CREATE INDEX ON {stage}_incoming (file_no, row_no);
ANALYZE {stage}_incoming;
