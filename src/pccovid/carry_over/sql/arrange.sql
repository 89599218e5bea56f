-- What each received row is, against what the index already holds.
CREATE INDEX ON {stage}_row (record_id);
ANALYZE {stage}_row;

-- Every accepted row in order of arrival, with the version its content makes.
DROP TABLE IF EXISTS {stage}_arrival;
CREATE UNLOGGED TABLE {stage}_arrival AS
WITH arriving AS (
    SELECT r.file_no, r.row_no, r.record_id, r.content_hash, r.has_claim,
           row_number() OVER (PARTITION BY r.record_id ORDER BY r.file_no, r.row_no) AS place,
           count(*) OVER (PARTITION BY r.record_id) AS times
    FROM {stage}_row r WHERE r.verdict = 'accepted'
), placed AS (
    -- An earlier row of a repeated key that is stored already is no version again; the newest row always counts.
    SELECT a.*, a.place = a.times AS is_newest, a.place < a.times AND EXISTS (
               SELECT 1 FROM people_sourcerecord s
               WHERE s.record_id = a.record_id AND s.content_hash = a.content_hash) AS is_stored
    FROM arriving a
), ordered AS (
    SELECT p.*, c.content_hash AS content_known, coalesce(c.version, 0) AS version_known,
           c.person_id AS person_known, c.record_id IS NOT NULL AS is_known,
           NOT p.is_stored AND p.content_hash IS DISTINCT FROM coalesce(
               lag(p.content_hash) OVER (PARTITION BY p.record_id, p.is_stored ORDER BY p.place), c.content_hash
           ) AS is_new_version
    FROM placed p LEFT JOIN people_recordclaim c USING (record_id)
)
SELECT file_no, row_no, record_id, has_claim, is_known, person_known, is_newest, is_new_version,
       version_known + count(*) FILTER (WHERE is_new_version) OVER (PARTITION BY record_id ORDER BY place) AS version,
       content_known IS DISTINCT FROM content_hash AS differs_from_known
FROM ordered;
CREATE INDEX ON {stage}_arrival (record_id) WHERE is_newest;
CREATE INDEX ON {stage}_arrival (file_no, row_no);
ANALYZE {stage}_arrival;

-- The records whose claim is new or has changed: only these are linked afresh.
DROP TABLE IF EXISTS {stage}_incoming;
CREATE UNLOGGED TABLE {stage}_incoming AS
SELECT a.record_id, a.file_no, a.row_no, a.is_known, a.person_known, a.has_claim, a.version,
       md5(a.record_id::text || '/' || a.version)::uuid AS source_record_id
FROM {stage}_arrival a
WHERE a.is_newest AND (NOT a.is_known OR a.differs_from_known);
-- Records whose content is as before, but which read otherwise today: a code list has come, or a better reader.
INSERT INTO {stage}_incoming
SELECT a.record_id, a.file_no, a.row_no, true, a.person_known, true, a.version, c.source_record_id
FROM {stage}_arrival a JOIN {stage}_row r USING (file_no, row_no) JOIN people_recordclaim c ON c.record_id = a.record_id
WHERE a.is_newest AND NOT a.differs_from_known AND a.has_claim
  AND ({claim_names_of_row}) IS DISTINCT FROM ({claim_names_of_claim});
CREATE UNIQUE INDEX ON {stage}_incoming (record_id);
CREATE INDEX ON {stage}_incoming (file_no, row_no);
ANALYZE {stage}_incoming;

-- Records held so far are taken up again where something that shares a key with them has arrived, as in neighbours.sql;
-- a replay takes up those that another model has judged. Without news the answer would be the same, but for the company
-- they are judged in: the persons around them must not be merged for nothing.
WITH arriving AS (
    SELECT r.* FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no) WHERE i.has_claim
), held AS (
    SELECT a.version, r.*
    FROM {stage}_arrival a JOIN (SELECT file_no, row_no, record_id, {claim_names} FROM {stage}_row) r
        USING (file_no, row_no, record_id)
    WHERE a.is_newest AND a.is_known AND NOT a.differs_from_known AND a.has_claim AND a.person_known IS NULL
      AND NOT EXISTS (SELECT 1 FROM {stage}_incoming i WHERE i.record_id = a.record_id)
), concerned AS (
    SELECT h.record_id FROM held h WHERE {with_all_held} AND {model} IS DISTINCT FROM (
        SELECT l.model_version FROM people_link l WHERE l.record_id = h.record_id ORDER BY l.id DESC LIMIT 1)
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.personal_id = h.personal_id
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.old_id = h.old_id
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.passport = h.passport
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.insurance_no = h.insurance_no
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.qid = h.qid
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.phone = h.phone
    UNION SELECT h.record_id FROM held h JOIN arriving n
        ON n.name_sorted = h.name_sorted AND h.birth_date IN (n.birth_date, n.birth_swapped)
    UNION SELECT h.record_id FROM held h JOIN arriving n
        ON n.commune_code = h.commune_code AND (n.name_sorted = h.name_sorted OR n.birth_date = h.birth_date)
    UNION SELECT h.record_id FROM held h JOIN arriving n
        ON n.name_sorted = h.name_sorted AND (n.id_tail IS NOT NULL OR h.id_tail IS NOT NULL)
        AND extract(year FROM n.birth_date) = extract(year FROM h.birth_date)
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.record = h.account
    UNION SELECT h.record_id FROM held h JOIN arriving n ON n.account = h.account
    -- Officers have said whose it is.
    UNION SELECT h.record_id FROM held h JOIN link_review_ruling d ON d.record_id = h.record_id AND d.standing = 'same'
    UNION SELECT h.record_id FROM held h
        JOIN link_review_ruling d ON d.other_record_id = h.record_id AND d.standing = 'same'
)
INSERT INTO {stage}_incoming (record_id, file_no, row_no, is_known, person_known, has_claim, version, source_record_id)
SELECT h.record_id, h.file_no, h.row_no, true, NULL, true, h.version, md5(h.record_id::text || '/' || h.version)::uuid
FROM held h JOIN concerned USING (record_id);
ANALYZE {stage}_incoming;
