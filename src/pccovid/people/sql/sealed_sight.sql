-- Phone numbers are stored as keyed hashes: signing in finds its person by every hash the number may stand under while
-- look-up keys are rotated. For the rest of the rule see own_sight.sql and own_sight_by_full_name.sql.
DROP FUNCTION access.person_signing_in(text, text, text, date, boolean);
CREATE FUNCTION access.person_signing_in(
    phones text[], name_sorted text, name_full text, birth date, year_only boolean
) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH claim AS (
        SELECT c.person_id, c.name_sorted, c.name_full, c.birth_date, c.birth_swapped,
               c.birth_precision = 'day' AND to_char(c.birth_date, 'MMDD') <> '0101' AS knows_day
        FROM people_recordclaim c
        WHERE c.person_id IN (SELECT k.person_id FROM people_contactpoint k
                              WHERE k.system = 'phone' AND k.value = ANY (person_signing_in.phones))
    ), fitting AS (
        SELECT person_id, coalesce(bool_or(claim.name_full = person_signing_in.name_full), false) AS is_exact
        FROM claim GROUP BY person_id
        HAVING bool_or(claim.name_sorted = person_signing_in.name_sorted)
           AND CASE WHEN bool_or(knows_day)
                    THEN NOT year_only AND bool_or(knows_day AND birth IN (birth_date, birth_swapped))
                    ELSE bool_or(extract(year FROM birth_date) = extract(year FROM birth)) END
    )
    SELECT CASE WHEN count(*) = 1 THEN min(person_id::text)::uuid
                WHEN count(*) FILTER (WHERE is_exact) = 1
                THEN (min(person_id::text) FILTER (WHERE is_exact))::uuid END
    FROM fitting
$$;
REVOKE ALL ON FUNCTION access.person_signing_in(text[], text, text, date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.person_signing_in(text[], text, text, date, boolean) TO pccovid_web;
