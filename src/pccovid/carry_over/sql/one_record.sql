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
    (SELECT record_id, person_id FROM people_recordclaim WHERE record = %(record)s)
    UNION ALL
    -- Whoever officers have judged it against.
    (SELECT c.record_id, c.person_id FROM link_review_ruling d JOIN people_recordclaim c ON c.record_id = d.other_record_id
     WHERE d.record_id = %(record_id)s::uuid AND (c.person_id IS NOT NULL OR d.standing = 'same') LIMIT {most})
    UNION ALL
    (SELECT c.record_id, c.person_id FROM link_review_ruling d JOIN people_recordclaim c ON c.record_id = d.record_id
     WHERE d.other_record_id = %(record_id)s::uuid AND (c.person_id IS NOT NULL OR d.standing = 'same') LIMIT {most})
)
(SELECT c.record, c.person_id::text, {claim_names}, c.sealed FROM people_recordclaim c
 WHERE c.person_id = ANY (ARRAY(SELECT DISTINCT person_id FROM hit WHERE person_id IS NOT NULL))
   AND c.record <> %(record)s LIMIT {most})
UNION ALL
(SELECT c.record, NULL, {claim_names}, c.sealed FROM people_recordclaim c
 WHERE %(with_held)s::boolean AND c.person_id IS NULL AND NOT c.is_about_nobody AND c.record <> %(record)s
   AND c.record_id = ANY (ARRAY(SELECT record_id FROM hit WHERE person_id IS NULL)) LIMIT {most})
