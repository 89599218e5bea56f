-- Somebody born on the first of January stands in some records with that very day, which elsewhere only means that the year
-- alone is known; one slip on one record (31 December) would then be the only day that counts. The day that the golden
-- record shows counts as well: it is the best source's word, and what their own page says. For the rest see
-- own_sight_by_day.sql.
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
               bool_or(knows_day AND birth IN (birth_date, birth_swapped)) OR EXISTS (
                   SELECT 1 FROM people_person g WHERE g.id = person_id AND g.birth_precision = 'day'
                   AND g.birth_date = birth) AS fits_day,
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
