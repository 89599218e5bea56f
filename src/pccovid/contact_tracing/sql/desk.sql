-- What tracers see and write: cases of their area whole; of other areas' cases the contacts who live in theirs, without
-- whose case it is. Everybody who is named is told in the log.

-- The tracer's own opened access. PC471: this is no tracer's.
CREATE OR REPLACE FUNCTION access.tracer_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.role <> 'tracer' OR entry.purpose <> 'contact_tracing'
       OR entry.scope_kind NOT IN ('area', 'all') THEN
        RAISE EXCEPTION 'cases are seen by tracers' USING ERRCODE = 'PC471';
    END IF;
    RETURN entry;
END $$;

CREATE OR REPLACE FUNCTION access.tell_of(entry access.log, persons uuid[], categories text[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, access, pg_temp AS $$
    INSERT INTO access.disclosure (log_id, person_id, categories)
    SELECT DISTINCT entry.id, p, categories FROM unnest(persons) p WHERE p IS NOT NULL ON CONFLICT DO NOTHING
$$;

-- Cases at the desk, newest first: one, or at most so many after the one that a page ended with.
CREATE OR REPLACE FUNCTION access.trace_cases_seen(only_number bigint DEFAULT NULL, after bigint DEFAULT NULL, most integer DEFAULT 100)
RETURNS TABLE (number bigint, person uuid, name text, definition text, document text, verified boolean, first_at timestamptz,
               onset_on date, starts_at timestamptz, ends_at timestamptz, ends_because text, commune_residence text,
               commune_stay text, traced_at timestamptz, contacts bigint, contacts_of_contacts bigint, waiting bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.tracer_entry();
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('test');
    last_first timestamptz := coalesce((SELECT c.first_at FROM access.trace_case c WHERE c.id = after), 'infinity');
    seen bigint[];
BEGIN
    IF only_number IS NOT NULL THEN
        seen := ARRAY(SELECT c.id FROM access.trace_case c WHERE c.id = only_number AND access.case_at_desk(entry, c));
    ELSE
        seen := ARRAY(SELECT c.id FROM access.trace_case c LEFT JOIN people_person p ON p.id = c.person_id
            WHERE c.joined_into IS NULL AND (c.first_at, c.id) < (last_first, coalesce(after, 9223372036854775807))
              AND c.person_id <> ALL (restricted)
              AND (c.commune_stay = ANY (areas)
                   OR access.home_is_within(areas, p.province_code, p.district_code, p.commune_code))
            ORDER BY c.first_at DESC, c.id DESC LIMIT least(most, 100));
    END IF;
    PERFORM access.tell_of(entry, ARRAY(SELECT c.person_id FROM access.trace_case c WHERE c.id = ANY (seen)),
                           ARRAY['identity', 'test']);
    RETURN QUERY
    SELECT c.id, c.person_id, p.name, c.definition, d.document, coalesce(d.verified, false), c.first_at, c.onset_on,
           c.starts_at, c.ends_at, c.ends_because, c.commune_residence, c.commune_stay, c.traced_at,
           k.first, k.second, k.waiting
    FROM access.trace_case c LEFT JOIN people_person p ON p.id = c.person_id
    LEFT JOIN access.case_definition d ON d.code = c.definition AND access.day_here(c.first_at) >= d.valid_from
        AND (d.valid_to IS NULL OR access.day_here(c.first_at) < d.valid_to)
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.level = 1) AS first, count(*) FILTER (WHERE t.level = 2) AS second,
               count(*) FILTER (WHERE t.level = 1 AND t.outcome = '') AS waiting
        FROM access.trace_contact t WHERE t.case_id = c.id) k
    WHERE c.id = ANY (seen) ORDER BY c.first_at DESC, c.id DESC;
END $$;

-- Contacts of a case in sight, the surest first; nobody is named who lives elsewhere. PC472: no such case here.
CREATE OR REPLACE FUNCTION access.trace_contacts_seen(case_number bigint)
RETURNS TABLE (number bigint, person uuid, name text, lives_in text, level smallint, score double precision,
               first_at timestamptz, last_at timestamptz, outcome text, outcome_words text, via bigint, kinds text[],
               days date[], minutes bigint, places text[], is_guessed boolean, rule text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case := access.case_here(entry, case_number);
BEGIN
    PERFORM access.tell_of(entry, ARRAY(
        SELECT k.person_id FROM access.trace_contact k WHERE k.case_id = one.id AND access.lives_at_desk(entry, k.person_id)
        ORDER BY k.level, k.score DESC, k.id LIMIT 300), ARRAY['identity', 'movement']);
    RETURN QUERY
    SELECT k.id, h.person_id, p.name, coalesce(p2.commune_code, p2.district_code, p2.province_code), k.level,
           k.score, k.first_at, k.last_at, k.outcome, CASE WHEN h.here THEN k.outcome_words ELSE '' END,
           (SELECT v.id FROM access.trace_contact v WHERE v.case_id = one.id AND v.person_id = x.via_one),
           x.kinds, x.days, x.minutes, CASE WHEN h.here THEN x.places ELSE '{}' END, x.is_guessed, x.rule
    FROM access.trace_contact k
    CROSS JOIN LATERAL (
        SELECT g.here, CASE WHEN g.here THEN k.person_id END AS person_id
        FROM (SELECT access.lives_at_desk(entry, k.person_id)
                     AND k.person_id <> ALL ((SELECT access.persons_restricted('movement'))::uuid[]) AS here) g) h
    LEFT JOIN people_person p ON p.id = h.person_id
    LEFT JOIN people_person p2 ON p2.id = k.person_id
    CROSS JOIN LATERAL (
        SELECT (array_agg(e.via_person ORDER BY e.score DESC)) [1] AS via_one, array_agg(DISTINCT e.kind) AS kinds,
               array_agg(DISTINCT e.day ORDER BY e.day) AS days, sum(e.minutes) AS minutes, bool_or(e.is_guessed) AS is_guessed,
               array_agg(DISTINCT coalesce(w.name, e.subject)) FILTER (WHERE e.kind NOT IN ('household', 'declared')) AS places,
               max(r.document) AS rule
        FROM access.trace_exposure e
        LEFT JOIN LATERAL (SELECT q.name FROM movement_place q WHERE q.place_key = e.subject LIMIT 1) w ON true
        LEFT JOIN access.contact_rule r ON r.kind = e.kind AND e.day >= r.valid_from
            AND (r.valid_to IS NULL OR e.day < r.valid_to)
        WHERE e.case_id = k.case_id AND e.person_id = k.person_id AND e.level = k.level) x
    WHERE k.case_id = one.id ORDER BY k.level, k.score DESC, k.id LIMIT 300;
END $$;

-- Sets when a case was infectious. PC472; PC473: too few words; PC474: a span that cannot be.
CREATE OR REPLACE FUNCTION access.edit_trace_period(case_number bigint, starts_at timestamptz, ends_at timestamptz, onset_on date,
                                         reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case := access.case_here(entry, case_number);
BEGIN
    IF length(btrim(coalesce(reason, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF edit_trace_period.starts_at IS NULL OR edit_trace_period.ends_at IS NULL
          OR edit_trace_period.starts_at > edit_trace_period.ends_at
          OR edit_trace_period.starts_at < one.first_at - interval '30 days'
          OR edit_trace_period.ends_at > one.last_at + interval '90 days' THEN
        RAISE EXCEPTION 'a span that cannot be' USING ERRCODE = 'PC474';
    END IF;
    INSERT INTO access.trace_period (case_id, by_officer, office, log_id, onset_on, starts_at, ends_at, reason)
    VALUES (one.id, entry.actor::integer, entry.office, entry.id, edit_trace_period.onset_on, edit_trace_period.starts_at,
            edit_trace_period.ends_at, btrim(reason));
    UPDATE access.trace_case c SET starts_at = edit_trace_period.starts_at, ends_at = edit_trace_period.ends_at,
        ends_because = 'edited', onset_on = edit_trace_period.onset_on, traced_at = NULL WHERE c.id = one.id;
END $$;

-- Writes what came of a contact who lives in the tracer's area. PC472: no such contact here; PC473: no outcome, or "not a
-- contact" without saying why.
CREATE OR REPLACE FUNCTION access.handle_trace_contact(contact bigint, outcome text, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_contact;
BEGIN
    SELECT k.* INTO one FROM access.trace_contact k WHERE k.id = contact FOR UPDATE;
    IF one.id IS NULL OR NOT access.lives_at_desk(entry, one.person_id) THEN
        RAISE EXCEPTION 'no such contact here' USING ERRCODE = 'PC472';
    END IF;
    IF coalesce(handle_trace_contact.outcome, '') NOT IN ('reached', 'not_reached', 'not_a_contact', 'elsewhere')
       OR (handle_trace_contact.outcome <> 'reached' AND length(btrim(coalesce(words, ''))) < 10) THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    END IF;
    UPDATE access.trace_contact k SET outcome = handle_trace_contact.outcome, outcome_at = clock_timestamp(),
        outcome_by = entry.actor::integer, outcome_words = btrim(coalesce(words, '')) WHERE k.id = one.id;
END $$;

-- Contacts of cases elsewhere whom this desk is to reach, by its open tasks, the soonest due first: since when; nothing of the case.
CREATE OR REPLACE FUNCTION access.contacts_from_elsewhere(most integer DEFAULT 100)
RETURNS TABLE (number bigint, person uuid, name text, level smallint, score double precision, first_at timestamptz,
               last_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('movement');
    found_here bigint[] := ARRAY(
        SELECT k.id FROM access.trace_task t JOIN access.trace_contact k ON k.id = t.contact_id
        JOIN access.trace_case c ON c.id = k.case_id AND c.joined_into IS NULL
        JOIN people_person p ON p.id = k.person_id
            AND access.home_is_within(areas, p.province_code, p.district_code, p.commune_code)
        WHERE t.done_at IS NULL AND t.kind = 'reach_contact' AND t.owner_area = ANY (areas) AND k.level = 1 AND k.outcome = ''
          AND k.person_id <> ALL (restricted) AND NOT access.case_at_desk(entry, c)
        ORDER BY t.due_at, t.id LIMIT least(most, 100));
BEGIN
    PERFORM access.tell_of(entry, ARRAY(SELECT k.person_id FROM access.trace_contact k WHERE k.id = ANY (found_here)),
                           ARRAY['identity', 'movement']);
    RETURN QUERY SELECT k.id, k.person_id, p.name, k.level, k.score, k.first_at, k.last_at
    FROM access.trace_contact k LEFT JOIN people_person p ON p.id = k.person_id
    WHERE k.id = ANY (found_here) ORDER BY array_position(found_here, k.id);
END $$;

-- What a person is told of having met a case: the days and how near, and nothing of whom, where or at what hour.
CREATE OR REPLACE FUNCTION access.exposures_told(person uuid) RETURNS TABLE (level smallint, days date[], found_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT min(k.level), array_agg(DISTINCT access.day_here(k.last_at)), min(k.found_at)
    FROM access.trace_contact k JOIN access.trace_case c ON c.id = k.case_id AND c.joined_into IS NULL
    WHERE access.is_own_view(person) AND k.person_id IN (SELECT access.numbers_of_person(person)) AND k.level = 1
      AND k.outcome <> 'not_a_contact' AND k.last_at > access.present() - interval '21 days'
    HAVING count(*) > 0
$$;

REVOKE ALL ON FUNCTION access.tracer_entry(), access.tell_of(access.log, uuid[], text[]),
    access.trace_cases_seen(bigint, bigint, integer), access.trace_contacts_seen(bigint),
    access.edit_trace_period(bigint, timestamptz, timestamptz, date, text), access.handle_trace_contact(bigint, text, text),
    access.contacts_from_elsewhere(integer), access.exposures_told(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.trace_cases_seen(bigint, bigint, integer), access.trace_contacts_seen(bigint),
    access.edit_trace_period(bigint, timestamptz, timestamptz, date, text), access.handle_trace_contact(bigint, text, text),
    access.contacts_from_elsewhere(integer), access.exposures_told(uuid) TO pccovid_web;
