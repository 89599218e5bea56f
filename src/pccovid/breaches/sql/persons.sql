-- Affected persons, drawn from the log of access; and what each of them is told.

-- Writes down whom a source gives, in one statement; returns how many. A person is under the number they had then.
CREATE FUNCTION access.fill_breach_source(source access.breach_source) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE found_persons bigint;
BEGIN
    INSERT INTO access.breach_person (breach_id, person_id, source_id, categories)
    SELECT source.breach_id, shown.person_id, source.id, array_agg(DISTINCT c ORDER BY c)
    FROM (
        SELECT d.person_id, d.categories FROM access.disclosure d JOIN access.log l ON l.id = d.log_id
        WHERE source.kind = 'officer_read' AND l.actor_kind = 'officer' AND l.actor = source.officer_id::text
          AND l.opened_at >= source.from_at AND l.opened_at < source.to_at
        UNION ALL
        SELECT d.person_id, d.categories FROM access.disclosure d JOIN access.log l ON l.id = d.log_id
        WHERE source.kind = 'export' AND l.actor_kind = 'job' AND l.purpose = 'export'
          AND l.case_reference = 'XD-' || source.export_id
        UNION ALL
        SELECT r.person_id, r.categories FROM access.inspection_case i, access.readings_behind(i) r
        WHERE source.kind = 'case' AND i.id = source.case_id
    ) shown, unnest(shown.categories) c
    GROUP BY shown.person_id;
    GET DIAGNOSTICS found_persons = ROW_COUNT;
    RETURN found_persons;
END $$;

-- The affected as they stand now: whoever was merged into another counts as that one.
CREATE FUNCTION access.breach_persons_now(breach bigint) RETURNS TABLE (person uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    WITH RECURSIVE up AS (
        SELECT DISTINCT b.person_id AS id FROM access.breach_person b WHERE b.breach_id = breach
        UNION
        SELECT p.merged_into_id FROM up JOIN people_person p ON p.id = up.id WHERE p.merged_into_id IS NOT NULL
    )
    SELECT up.id FROM up WHERE NOT EXISTS (
        SELECT 1 FROM people_person p WHERE p.id = up.id AND p.merged_into_id IS NOT NULL)
$$;

-- What a person is told: breaches that touched them and whose affected have been informed, newest first. Inside their own
-- access alone, or a guardian's for a child.
CREATE FUNCTION access.breaches_of(person uuid)
RETURNS TABLE (number bigint, happened_from timestamptz, happened_to timestamptz, discovered_at timestamptz,
               kinds text[], categories text[], told_at timestamptz, words text, measures text, advice text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT b.id, lower(access.breach_happened(b)), upper(access.breach_happened(b)), b.discovered_at,
           coalesce((SELECT s.kinds FROM access.breach_step s WHERE s.breach_id = b.id AND s.kinds IS NOT NULL
                     ORDER BY s.id DESC LIMIT 1), b.kinds),
           mine.categories, greatest(told.taken_at, mine.drawn_at), told.words, told.measures, told.advice
    FROM (SELECT p.breach_id, array_agg(DISTINCT c ORDER BY c) AS categories, min(s.drawn_at) AS drawn_at
          FROM access.breach_person p JOIN access.breach_source s ON s.id = p.source_id, unnest(p.categories) c
          WHERE access.is_own_view(person) AND p.person_id IN (SELECT access.numbers_of_person(person))
          GROUP BY p.breach_id) mine
    JOIN access.breach b ON b.id = mine.breach_id
    JOIN LATERAL (SELECT s.* FROM access.breach_step s WHERE s.breach_id = b.id AND s.step = 'inform'
                  ORDER BY s.id DESC LIMIT 1) told ON true
    ORDER BY b.id DESC
$$;

REVOKE ALL ON FUNCTION access.fill_breach_source(access.breach_source), access.breach_persons_now(bigint),
    access.breaches_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.breaches_of(uuid) TO pccovid_web;
