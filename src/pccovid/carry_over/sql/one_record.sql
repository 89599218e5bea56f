-- Everybody who shares a key with one record, as neighbours.sql and arrange.sql find them for a delivery: all claims of
-- those persons, and claims of nobody yet that something like this record concerns. One index for each line of `hit`.
WITH hit AS MATERIALIZED (
    (SELECT record_id, person_id FROM people_recordclaim WHERE personal_id = ANY (%(personal_id)s::text[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE old_id = ANY (%(old_id)s::text[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE passport = ANY (%(passport)s::text[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE insurance_no = ANY (%(insurance_no)s::text[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE qid = ANY (%(qid)s::text[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE phone = ANY (%(phone)s::text[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim
     WHERE name_sorted = %(name_sorted)s AND birth_date = ANY (%(births)s::date[]) LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim
     WHERE birth_date = %(birth_date)s::date AND commune_code = %(commune_code)s LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim
     WHERE name_sorted = %(name_sorted)s AND commune_code = %(commune_code)s LIMIT {most})
    UNION ALL
    -- A masked code shows only name, birth year and the end of a number.
    (SELECT record_id, person_id FROM people_recordclaim
     WHERE %(is_masked)s::boolean AND name_sorted = %(name_sorted)s
       AND birth_date BETWEEN %(year_begins)s::date AND %(year_ends)s::date LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim
     WHERE name_sorted = %(name_sorted)s AND birth_date BETWEEN %(year_begins)s::date AND %(year_ends)s::date
       AND id_tail IS NOT NULL AND person_id IS NULL LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE record = %(account)s AND person_id IS NOT NULL)
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim
     WHERE account = %(record)s AND person_id IS NULL LIMIT {most})
    UNION ALL
    -- Of an account whose own record never came, its other rows say whose it is.
    (SELECT record_id, person_id FROM people_recordclaim WHERE account = %(account)s LIMIT {most})
    UNION ALL
    (SELECT record_id, person_id FROM people_recordclaim WHERE record = %(record)s)
    UNION ALL
    -- Whoever officers have judged it against.
    (SELECT c.record_id, c.person_id FROM link_review_ruling d JOIN people_recordclaim c ON c.record_id = d.other_record_id
     WHERE d.record_id = %(record_id)s::uuid AND (c.person_id IS NOT NULL OR d.standing = 'same') LIMIT {most})
    UNION ALL
    (SELECT c.record_id, c.person_id FROM link_review_ruling d JOIN people_recordclaim c ON c.record_id = d.record_id
     WHERE d.other_record_id = %(record_id)s::uuid AND (c.person_id IS NOT NULL OR d.standing = 'same') LIMIT {most})
)
(SELECT c.record, c.person_id::text,
    EXISTS (SELECT 1 FROM link_review_ruling d WHERE d.record_id = c.record_id)
        OR EXISTS (SELECT 1 FROM link_review_ruling d WHERE d.other_record_id = c.record_id) AS is_judged,
    -- Who decided about a record of a name and a phone alone: such a one may be open again.
    c.phone IS NOT NULL AND c.birth_date IS NULL
        AND coalesce(c.personal_id, c.old_id, c.passport, c.insurance_no, c.qid, c.account) IS NULL
        AND 'manual' <> (SELECT l.decision FROM people_link l WHERE l.record_id = c.record_id ORDER BY l.id DESC LIMIT 1)
        AS may_open_again,
    {claim_names}, c.sealed
 FROM people_recordclaim c
 WHERE c.person_id = ANY (ARRAY(SELECT DISTINCT person_id FROM hit WHERE person_id IS NOT NULL))
   -- Corrections and own records take no part, as in claims.sql.
   AND c.system NOT IN ('correction', 'pccovid', 'repair', 'population') AND c.record <> %(record)s LIMIT {most})
UNION ALL
(SELECT c.record, NULL,
    EXISTS (SELECT 1 FROM link_review_ruling d WHERE d.record_id = c.record_id)
        OR EXISTS (SELECT 1 FROM link_review_ruling d WHERE d.other_record_id = c.record_id),
    false, {claim_names}, c.sealed
 FROM (SELECT DISTINCT record_id FROM hit WHERE person_id IS NULL) held JOIN people_recordclaim c USING (record_id)
 WHERE %(with_held)s::boolean AND NOT c.is_about_nobody AND c.record <> %(record)s LIMIT {most})
