-- Finding oneself after the phone's code was right. A number that changed hands must not be enough: the name must be
-- one that a source gives for exactly one person reachable by that number, and the birth date too. Sources write
-- either in their own ways, so name and date may come from two records of that person. Where any source knows the
-- person's day of birth, the year alone does not open the record; a written 01/01 counts as a year. It answers with that
-- person or with nothing, and never says why.
CREATE OR REPLACE FUNCTION access.person_signing_in(phone text, name_sorted text, birth date, year_only boolean)
RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH claim AS (
        SELECT c.person_id, c.name_sorted, c.birth_date, c.birth_swapped,
               c.birth_precision = 'day' AND to_char(c.birth_date, 'MMDD') <> '0101' AS knows_day
        FROM people_recordclaim c
        WHERE c.person_id IN (SELECT k.person_id FROM people_contactpoint k
                              WHERE k.system = 'phone' AND k.value = person_signing_in.phone)
    ), fitting AS (
        SELECT person_id FROM claim GROUP BY person_id
        HAVING bool_or(claim.name_sorted = person_signing_in.name_sorted)
           AND CASE WHEN bool_or(knows_day)
                    THEN NOT year_only AND bool_or(knows_day AND birth IN (birth_date, birth_swapped))
                    ELSE bool_or(extract(year FROM birth_date) = extract(year FROM birth)) END
    )
    SELECT CASE WHEN count(*) = 1 THEN min(person_id::text)::uuid END FROM fitting
$$;

-- Those whom this person declared for, or who stand in the household list this person gave: the relation and the name
-- as that very declaration wrote them, nothing else of theirs. Only inside one's own opened record.
CREATE FUNCTION access.declared_for(person uuid)
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
