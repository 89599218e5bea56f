-- The one person who holds a personal id that a source verified, where that source's name or birth date is the one given; NULL
-- for anybody else. Two who hold the same verified id are nobody until they are told apart.
CREATE FUNCTION access.person_signing_in_by_id(ids text[], name_sorted text, birth date) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH holder AS (
        SELECT DISTINCT i.person_id FROM people_identifier i JOIN people_person p ON p.id = i.person_id
        WHERE i.system = 'personal_id' AND i.is_verified AND i.value = ANY (person_signing_in_by_id.ids)
          AND p.merged_into_id IS NULL
    )
    SELECT min(h.person_id::text)::uuid FROM holder h
    HAVING count(*) = 1 AND bool_and(EXISTS (
        SELECT 1 FROM people_recordclaim c
        WHERE c.person_id = h.person_id AND c.id_verified AND c.personal_id = ANY (person_signing_in_by_id.ids)
          AND (c.name_sorted = person_signing_in_by_id.name_sorted OR c.birth_date = person_signing_in_by_id.birth)))
$$;
REVOKE ALL ON FUNCTION access.person_signing_in_by_id(text[], text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.person_signing_in_by_id(text[], text, date) TO pccovid_web;
