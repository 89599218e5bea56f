-- Who lies within a scope: where people live, also after the reform of areas; whose record is one's own as a guardian; and
-- whose log one reads after two records became one.

-- Where a person lives, in units of the 2021 list and in those of the reform they became part of ('2025:…' in access.area). In
-- two looks: nearly always the first one, by the person's key alone, has the answer.
CREATE OR REPLACE FUNCTION access.person_lies_in(person uuid, area text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp COST 500 AS $$
DECLARE
    province text;
    district text;
    commune text;
BEGIN
    SELECT p.province_code, p.district_code, p.commune_code
    INTO province, district, commune FROM public.people_person p WHERE p.id = person_lies_in.person;
    RETURN area IN (province, district, commune) IS TRUE
        OR EXISTS (SELECT 1 FROM access.area a
                   WHERE a.code = coalesce(commune, district, province)
                     AND person_lies_in.area = ANY (a.lies_in));
END $$;

-- Children whose guardian this person is, by an official word, until the day they come of age. Where only the year or month
-- of birth is known, it ends on the earliest day that may be their eighteenth birthday; without a birth date there is none.
CREATE OR REPLACE FUNCTION access.dependants_of(person uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT child.id), '{}')
    FROM people_recordclaim mine
    JOIN people_relationship r ON r.other_record_id = mine.record_id
    JOIN people_person child ON child.id = r.person_id
    WHERE mine.person_id = dependants_of.person AND child.id <> dependants_of.person
      AND r.kind = 'guardian' AND r.provenance = 'official' AND r.superseded_at IS NULL
      AND child.birth_date + interval '18 years' > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;

-- The person under every number they were kept under: who looked at a record that was merged into theirs looked at them.
CREATE OR REPLACE FUNCTION access.who_looked(person uuid)
RETURNS TABLE (opened_at timestamptz, actor_kind text, role text, office text, purpose text, legal_basis text,
               case_reference text, categories text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    WITH RECURSIVE one AS (
        SELECT who_looked.person AS id
        UNION SELECT p.id FROM public.people_person p JOIN one ON p.merged_into_id = one.id
    ), shown AS (
        SELECT d.log_id, array_agg(DISTINCT c ORDER BY c) AS categories
        FROM access.disclosure d CROSS JOIN unnest(d.categories) c WHERE d.person_id IN (SELECT id FROM one)
        GROUP BY d.log_id
    )
    SELECT l.opened_at, l.actor_kind, l.role, l.office, l.purpose, l.legal_basis, l.case_reference, s.categories
    FROM shown s JOIN access.log l ON l.id = s.log_id
    WHERE who_looked.person = ANY ((access.current_entry()).scope_persons)
      AND (access.current_entry()).scope_kind = 'own'
    ORDER BY l.id DESC
$$;

-- The web and jobs could ask the first person_lies_in, which told where anybody lives.
REVOKE ALL ON FUNCTION access.person_lies_in(uuid, text) FROM PUBLIC, pccovid_web, pccovid_jobs;
REVOKE ALL ON FUNCTION access.dependants_of(uuid), access.who_looked(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.who_looked(uuid) TO pccovid_web, pccovid_jobs;
