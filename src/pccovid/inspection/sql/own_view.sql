-- What a person reads about who read of them, and how they object. Every function answers only inside the access that was
-- opened for that person's own record (their guardian's, where access.open lets a guardian in).

CREATE OR REPLACE FUNCTION access.is_own_view(person uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT coalesce(e.scope_kind = 'own' AND person = ANY (e.scope_persons), false) FROM access.current_entry() e
$$;

-- Those whose view of who looked is open: the person first, then the children whose guardian they are.
CREATE OR REPLACE FUNCTION access.own_view_persons() RETURNS TABLE (person uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT p, (SELECT i.name FROM public.people_person i WHERE i.id = p)
    FROM access.current_entry() e CROSS JOIN unnest(e.scope_persons) p WHERE e.scope_kind = 'own'
    ORDER BY p::text <> e.actor, 2, 1
$$;

-- The person under every number they were kept under: records that were merged into theirs are theirs.
CREATE OR REPLACE FUNCTION access.numbers_of_person(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    WITH RECURSIVE one AS (
        SELECT person AS id UNION SELECT p.id FROM public.people_person p JOIN one ON p.merged_into_id = one.id)
    SELECT id FROM one
$$;

-- The rule that keeps this entry back at this moment, the latest to end where several do. A composite value is only "not null"
-- when all of its fields are: a rule for every category is handed on with an empty one.
CREATE OR REPLACE FUNCTION access.withheld_by(entry access.log, categories text[]) RETURNS access.withholding
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT ROW(w.id, w.purpose, coalesce(w.category, ''), w.effect, w.valid_from, w.valid_to, w.days, w.legal_basis,
               w.is_verified)::access.withholding
    FROM access.withholding w
    WHERE w.is_verified AND w.purpose = entry.purpose AND (w.category IS NULL OR w.category = ANY (categories))
      AND entry.opened_at >= w.valid_from AND entry.opened_at < w.valid_to
      AND clock_timestamp() < entry.opened_at + make_interval(days => w.days)
    ORDER BY w.effect = 'delay' DESC, w.days DESC LIMIT 1
$$;

-- All that was shown of the person and to whom; `rule` where it is kept back now.
CREATE OR REPLACE FUNCTION access.shown_of(person uuid)
RETURNS TABLE (entry access.log, categories text[], rule access.withholding)
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT l, shown.categories, access.withheld_by(l, shown.categories)
    FROM (SELECT d.log_id, array_agg(DISTINCT c ORDER BY c) AS categories
          FROM access.disclosure d, unnest(d.categories) c
          WHERE d.person_id IN (SELECT access.numbers_of_person(person)) GROUP BY d.log_id) shown
    JOIN access.log l ON l.id = shown.log_id
$$;

-- Readings by people, newest first, and exports, since these go to others, each with its request's number. Who they are in
-- person is never told: their office and its kind are.
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

-- What is kept back, counted by rule and day: that something is, until when, and which law says so.
CREATE OR REPLACE FUNCTION access.withheld_of(person uuid)
RETURNS TABLE (effect text, readings bigint, until timestamptz, legal_basis text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT (s.rule).effect, count(*), max((s.entry).opened_at + make_interval(days => (s.rule).days)),
           (s.rule).legal_basis
    FROM access.shown_of(person) s WHERE access.is_own_view(person) AND s.rule IS NOT NULL
    GROUP BY (s.rule).effect, (s.rule).legal_basis ORDER BY 1, 3, 4
$$;

-- Programs: those that showed this very record to something, and those that went through all records, folded by purpose.
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

-- Objects to one reading. PC431: not a reading of this person's; PC432: too few words; PC433: objected to already;
-- PC434: ten in a day.
CREATE OR REPLACE FUNCTION access.complain(person uuid, reading bigint, words text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    about access.log;
    held access.appointment;
    made bigint;
BEGIN
    SELECT (s.entry).* INTO about FROM access.shown_of(person) s
    WHERE access.is_own_view(person) AND (s.entry).id = reading AND (s.rule IS NULL OR (s.rule).effect = 'mask');
    IF about.id IS NULL THEN
        RAISE EXCEPTION 'no reading of this person' USING ERRCODE = 'PC431';
    END IF;
    IF length(btrim(coalesce(complain.words, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC432';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('complaint ' || person, 0));
    IF (SELECT count(*) FROM access.inspection_case c WHERE c.kind = 'complaint' AND c.person_id = complain.person
        AND c.opened_at > clock_timestamp() - interval '1 day') >= 10 THEN
        RAISE EXCEPTION 'ten in a day' USING ERRCODE = 'PC434';
    END IF;
    IF about.actor_kind = 'officer' THEN
        held := access.appointment_behind(about.actor::integer, about.role, about.opened_at, about.case_reference);
    END IF;
    INSERT INTO access.inspection_case (kind, subject, due_at, officer_id, role, office, area_code, appointment_id,
                                        person_id, log_id, starts_at, ends_at, words, evidence)
    VALUES ('complaint', person || ':' || reading, access.inspection_due('complaint', clock_timestamp()),
            CASE WHEN about.actor_kind = 'officer' THEN about.actor::integer END, about.role, about.office,
            held.area_code, held.id, person, reading, about.opened_at, about.opened_at, btrim(complain.words),
            jsonb_build_object('by_guardian', own.actor <> person::text))
    ON CONFLICT (kind, subject) DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN
        RAISE EXCEPTION 'objected to already' USING ERRCODE = 'PC433';
    END IF;
    RETURN made;
END $$;

-- The person's complaints with what became of them. The inspector's own name and inner reasons stay inside.
CREATE OR REPLACE FUNCTION access.complaints_of(person uuid)
RETURNS TABLE (number bigint, reading bigint, opened_at timestamptz, due_at timestamptz, words text, state text,
               outcome text, answer text, answered_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT c.id, c.log_id, c.opened_at, c.due_at, c.words, c.state, d.outcome, d.answer, d.decided_at
    FROM access.inspection_case c LEFT JOIN LATERAL (
        SELECT * FROM access.inspection_decision d WHERE d.case_id = c.id ORDER BY d.id DESC LIMIT 1) d ON true
    WHERE access.is_own_view(person) AND c.kind = 'complaint' AND c.person_id = person ORDER BY c.id DESC
$$;

REVOKE ALL ON FUNCTION access.is_own_view(uuid), access.numbers_of_person(uuid),
    access.withheld_by(access.log, text[]), access.shown_of(uuid), access.own_view_persons(),
    access.readings_of(uuid, integer, integer), access.withheld_of(uuid), access.program_readings_of(uuid),
    access.complain(uuid, bigint, text), access.complaints_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.own_view_persons(), access.readings_of(uuid, integer, integer), access.withheld_of(uuid),
    access.program_readings_of(uuid), access.complain(uuid, bigint, text), access.complaints_of(uuid) TO pccovid_web;
