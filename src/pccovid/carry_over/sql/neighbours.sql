-- People of the index who share any key with an incoming record: their claims take part in the linking.
DROP TABLE IF EXISTS {stage}_neighbour;
CREATE UNLOGGED TABLE {stage}_neighbour AS
WITH arriving AS (
    SELECT r.* FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no) WHERE i.has_claim
)
SELECT DISTINCT person_id FROM (
    SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.personal_id = r.personal_id
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.old_id = r.old_id
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.passport = r.passport
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.insurance_no = r.insurance_no
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.phone = r.phone
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c
        ON c.name_sorted = r.name_sorted AND c.birth_date IN (r.birth_date, r.birth_swapped)
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c
        ON c.birth_date = r.birth_date AND c.commune_code = r.commune_code
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c
        ON c.name_sorted = r.name_sorted AND c.commune_code = r.commune_code
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.qid = r.qid
    -- A masked code shows only name, birth year and the end of a number.
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c
        ON c.name_sorted = r.name_sorted AND r.id_tail IS NOT NULL
        AND extract(year FROM c.birth_date) = extract(year FROM r.birth_date)
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.record = r.account
    -- Of an account whose own record never came, its other rows say whose it is.
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim c ON c.account = r.account
    -- In whose rows a number of its account's owner stands.
    UNION ALL SELECT c.person_id FROM arriving r JOIN people_recordclaim o ON o.record = r.account
        JOIN people_recordclaim p ON p.person_id = o.person_id
        JOIN people_recordclaim c ON c.personal_id = p.personal_id
        WHERE r.name_sorted IS NULL AND r.birth_date IS NULL
    -- Who has the name of somebody it fits, and that one's other phone or house: a father and a son.
    UNION ALL SELECT d.person_id FROM arriving r
        JOIN people_recordclaim c ON c.phone = r.phone AND c.name_sorted = r.name_sorted
        JOIN people_recordclaim o ON o.person_id = c.person_id
        JOIN people_recordclaim d ON d.name_sorted = r.name_sorted AND d.phone = o.phone
        WHERE r.birth_date IS NULL
    UNION ALL SELECT d.person_id FROM arriving r
        JOIN people_recordclaim c ON c.phone = r.phone AND c.name_sorted = r.name_sorted
        JOIN people_recordclaim o ON o.person_id = c.person_id
        JOIN people_recordclaim d
            ON d.name_sorted = r.name_sorted AND d.commune_code = o.commune_code AND d.address = o.address
        WHERE r.birth_date IS NULL
    UNION ALL SELECT c.person_id FROM {stage}_incoming i JOIN people_recordclaim c USING (record_id)
    -- Whoever officers have judged an incoming record against.
    UNION ALL SELECT c.person_id FROM {stage}_incoming i JOIN link_review_ruling d USING (record_id)
        JOIN people_recordclaim c ON c.record_id = d.other_record_id
    UNION ALL SELECT c.person_id FROM {stage}_incoming i JOIN link_review_ruling d ON d.other_record_id = i.record_id
        JOIN people_recordclaim c ON c.record_id = d.record_id
) found
WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX ON {stage}_neighbour (person_id);
ANALYZE {stage}_neighbour;

-- A record of a name and a phone alone went to the only person known by them. When somebody of that name and phone
-- turns up, whose it is is open again: in one delivery with them it might have been held. What an officer decided stays.
DROP TABLE IF EXISTS {stage}_reopened;
CREATE UNLOGGED TABLE {stage}_reopened AS
SELECT DISTINCT c.record_id, c.person_id
FROM {stage}_incoming i JOIN {stage}_row r USING (file_no, row_no)
    JOIN people_recordclaim c ON c.phone = r.phone AND c.name_sorted = r.name_sorted
WHERE i.has_claim AND c.person_id IS NOT NULL
  AND (r.birth_date IS NOT NULL OR coalesce(r.personal_id, r.old_id, r.passport, r.insurance_no) IS NOT NULL)
  AND c.birth_date IS NULL AND coalesce(c.personal_id, c.old_id, c.passport, c.insurance_no, c.qid, c.account) IS NULL
  AND NOT EXISTS (SELECT 1 FROM {stage}_incoming k WHERE k.record_id = c.record_id)
  AND 'manual' <> (SELECT l.decision FROM people_link l WHERE l.record_id = c.record_id ORDER BY l.id DESC LIMIT 1);
CREATE UNIQUE INDEX ON {stage}_reopened (record_id);
ANALYZE {stage}_reopened;
