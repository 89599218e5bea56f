-- Exports go to others, so each stands among the readings with its request's number; and a guardian's view of children.

-- Those whose view of who looked is open: the person first, then the children whose guardian they are.
CREATE FUNCTION access.own_view_persons() RETURNS TABLE (person uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT p, (SELECT i.name FROM public.people_person i WHERE i.id = p)
    FROM access.current_entry() e CROSS JOIN unnest(e.scope_persons) p WHERE e.scope_kind = 'own'
    ORDER BY p::text <> e.actor, 2, 1
$$;

CREATE OR REPLACE FUNCTION access.readings_of(person uuid, skipped integer, most integer)
RETURNS TABLE (reading bigint, opened_at timestamptz, role text, office text, purpose text, legal_basis text,
               case_reference text, categories text[], is_masked boolean, complaint bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT (s.entry).id, (s.entry).opened_at,
           CASE WHEN s.rule IS NULL AND (s.entry).actor_kind <> 'job' THEN (s.entry).role ELSE '' END,
           CASE WHEN s.rule IS NULL THEN (s.entry).office ELSE '' END, (s.entry).purpose, (s.entry).legal_basis,
           CASE WHEN s.rule IS NULL THEN (s.entry).case_reference END, s.categories, s.rule IS NOT NULL,
           (SELECT c.id FROM access.inspection_case c WHERE c.kind = 'complaint' AND c.log_id = (s.entry).id
            AND c.person_id = readings_of.person)
    FROM access.shown_of(person) s
    WHERE access.is_own_view(person) AND ((s.entry).actor_kind <> 'job' OR (s.entry).purpose = 'export')
      AND (s.rule IS NULL OR (s.rule).effect = 'mask')
    ORDER BY (s.entry).id DESC OFFSET skipped LIMIT most
$$;

CREATE OR REPLACE FUNCTION access.program_readings_of(person uuid)
RETURNS TABLE (purpose text, legal_basis text, program text, is_of_all boolean, readings bigint,
               first_at timestamptz, last_at timestamptz, last_reading bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT (s.entry).purpose, max((s.entry).legal_basis), (s.entry).actor, false, count(*), min((s.entry).opened_at),
           max((s.entry).opened_at), max((s.entry).id)
    FROM access.shown_of(person) s
    WHERE access.is_own_view(person) AND (s.entry).actor_kind = 'job' AND (s.entry).purpose <> 'export'
      AND s.rule IS NULL
    GROUP BY (s.entry).purpose, (s.entry).actor
    UNION ALL
    SELECT j.purpose, max(j.legal_basis), j.program, true, sum(j.runs)::bigint, min(j.first_at), max(j.last_at), NULL
    FROM access.program_day j WHERE access.is_own_view(person) AND j.purpose <> 'export' GROUP BY j.purpose, j.program
    ORDER BY 7 DESC
$$;

REVOKE ALL ON FUNCTION access.own_view_persons() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.own_view_persons() TO pccovid_web;
