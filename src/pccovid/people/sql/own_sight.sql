-- Finding oneself after the phone's code was right. A number that changed hands must not be enough: the name must be
-- one that a source gives for exactly one person reachable by that number, and the birth date too. Sources write
-- either in their own ways, so name and date may come from two records of that person. Where any source knows the
-- person's day of birth, the year alone does not open the record; a written 01/01 counts as a year. It answers with that
-- person or with nothing, and never says why.
--
-- Phone numbers are stored as keyed hashes: its person is found by every hash the number may stand under while look-up keys
-- are rotated. Twins and cousins whose names differ only by a mark (Hùng, Hưng) are told apart when the name was typed with
-- its marks: of several who fit, those count for whom a source wrote exactly that name.
--
-- A record that carries somebody else's number stands apart from its own person, with the same phone, name and year. The
-- person whose whole date of birth was typed goes before those of whom only the year is known: otherwise a slip on one
-- record would keep its owner out of all the others.
--
-- Somebody born on the first of January stands in some records with that very day, which elsewhere only means that the year
-- alone is known; one slip on one record (31 December) would then be the only day that counts. The day that the golden
-- record shows counts as well: it is the best source's word, and what their own page says.
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
REVOKE ALL ON FUNCTION access.person_signing_in(text[], text, text, date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.person_signing_in(text[], text, text, date, boolean) TO pccovid_web;

-- Those whom this person declared for, or who stand in the household list this person gave: the relation and the name
-- as that very declaration wrote them, nothing else of theirs. Only inside one's own opened record.
CREATE OR REPLACE FUNCTION access.declared_for(person uuid)
RETURNS TABLE (id uuid, source_system text, provenance text, recorded_at timestamptz, kind text, role text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, r.source_system, r.provenance, r.recorded_at, r.kind, r.role, theirs.name
    FROM people_recordclaim mine
    JOIN people_relationship r ON r.other_record_id = mine.record_id AND r.superseded_at IS NULL
    JOIN people_recordclaim theirs ON theirs.record_id = r.record_id
    WHERE mine.person_id = declared_for.person AND theirs.person_id IS DISTINCT FROM declared_for.person
      AND (access.current_entry()).scope_kind = 'own'
      AND declared_for.person = ANY ((access.current_entry()).scope_persons)
    ORDER BY r.recorded_at, theirs.name
$$;
REVOKE ALL ON FUNCTION access.declared_for(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.declared_for(uuid) TO pccovid_web;
