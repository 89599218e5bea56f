-- A record that carries somebody else's number stands apart from its own person, with the same phone, name and year. The
-- person whose whole date of birth was typed goes before those of whom only the year is known: otherwise a slip on one
-- record would keep its owner out of all the others. For the rest of the rule see sealed_sight.sql.
CREATE OR REPLACE FUNCTION access.person_signing_in(
    phones text[], name_sorted text, name_full text, birth date, year_only boolean
) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH claim AS (
        SELECT c.person_id, c.name_sorted, c.name_full, c.birth_date, c.birth_swapped,
               c.birth_precision = 'day' AND to_char(c.birth_date, 'MMDD') <> '0101' AS knows_day
        FROM people_recordclaim c
        WHERE c.person_id IN (SELECT k.person_id FROM people_contactpoint k
                              WHERE k.system = 'phone' AND k.value = ANY (person_signing_in.phones))
    ), person AS (
        SELECT person_id, bool_or(claim.name_full = person_signing_in.name_full) IS TRUE AS is_exact,
               coalesce(bool_or(knows_day), false) AS by_day,
               bool_or(knows_day AND birth IN (birth_date, birth_swapped)) AS fits_day,
               bool_or(extract(year FROM birth_date) = extract(year FROM birth)) AS fits_year
        FROM claim GROUP BY person_id HAVING bool_or(claim.name_sorted = person_signing_in.name_sorted)
    ), fitting AS (
        SELECT * FROM person WHERE CASE WHEN by_day THEN NOT year_only AND fits_day ELSE fits_year END
    ), best AS (
        SELECT * FROM fitting WHERE by_day = (SELECT bool_or(by_day) FROM fitting)
    )
    SELECT CASE WHEN count(*) = 1 THEN min(person_id::text)::uuid
                WHEN count(*) FILTER (WHERE is_exact) = 1
                THEN (min(person_id::text) FILTER (WHERE is_exact))::uuid END
    FROM best
$$;
