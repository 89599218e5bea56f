-- The inspector's desk. Every function asks which access is open in this very transaction: an inspector's, for inspection.
-- So the desk's own reading is in the log before anything is shown, and persons named on it are told so.

-- PC421: no inspection is open.
CREATE FUNCTION access.inspector_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.role <> 'inspector' OR entry.purpose <> 'inspection' THEN
        RAISE EXCEPTION 'no inspection is open' USING ERRCODE = 'PC421';
    END IF;
    RETURN entry;
END $$;

-- Inspectors see the cases of their area, never one about their own reading.
CREATE FUNCTION access.inspection_in_sight(entry access.log, one access.inspection_case) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT one.officer_id IS DISTINCT FROM entry.actor::integer
       AND (entry.scope_kind = 'all' OR (entry.scope_kind = 'area' AND one.area_code IS NOT NULL
            AND access.area_lies_in(one.area_code, entry.scope_area)))
$$;

-- Why this inspector may not decide, or ''. Accounts know no person: who bears the person's very name is kept away.
CREATE FUNCTION access.inspection_bias(entry access.log, one access.inspection_case) RETURNS text
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT CASE
        WHEN one.officer_id = entry.actor::integer THEN 'own_reading'
        WHEN one.kind = 'much_read' AND EXISTS (
            SELECT 1 FROM access.disclosure d JOIN access.log l ON l.id = d.log_id
            WHERE d.person_id = one.person_id AND l.actor_kind = 'officer' AND l.actor = entry.actor
              AND l.role <> 'inspector' AND l.opened_at >= one.starts_at AND l.opened_at < one.ends_at) THEN 'own_reading'
        WHEN EXISTS (SELECT 1 FROM public.people_person p JOIN public.auth_user u ON u.id = entry.actor::integer
                     WHERE p.id = one.person_id AND access.told_name(p.name) = access.told_name(u.first_name)
                       AND access.told_name(u.first_name) <> '') THEN 'own_name'
        ELSE '' END
$$;

-- The queue: what is overdue first, then what falls due first. `wanted_kind` and `wanted_state` empty: all.
CREATE FUNCTION access.inspection_cases(
    wanted_kind text, wanted_state text, only_overdue boolean, skipped integer, most integer
) RETURNS TABLE (number bigint, kind text, opened_at timestamptz, due_at timestamptz, state text, is_overdue boolean,
                 officer_name text, role text, office text, area_code text, evidence jsonb, starts_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE entry access.log := access.inspector_entry();
BEGIN
    RETURN QUERY
    SELECT c.id, c.kind, c.opened_at, c.due_at, c.state, c.state <> 'decided' AND c.due_at < clock_timestamp(),
           coalesce(u.first_name, '')::text, c.role, c.office, c.area_code, c.evidence, c.starts_at
    FROM access.inspection_case c LEFT JOIN auth_user u ON u.id = c.officer_id
    WHERE access.inspection_in_sight(entry, c) AND (wanted_kind = '' OR c.kind = wanted_kind)
      AND CASE wanted_state WHEN '' THEN true WHEN 'waiting' THEN c.state <> 'decided' ELSE c.state = wanted_state END
      AND (NOT only_overdue OR (c.state <> 'decided' AND c.due_at < clock_timestamp()))
    ORDER BY c.state = 'decided', CASE WHEN c.state <> 'decided' THEN c.due_at END, c.id DESC OFFSET skipped LIMIT most;
END $$;

-- How much waits, by kind: all, and what is overdue.
CREATE FUNCTION access.inspection_counts() RETURNS TABLE (kind text, waiting bigint, overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log := access.inspector_entry();
BEGIN
    RETURN QUERY
    SELECT c.kind, count(*), count(*) FILTER (WHERE c.due_at < clock_timestamp()) FROM access.inspection_case c
    WHERE c.state <> 'decided' AND access.inspection_in_sight(entry, c) GROUP BY c.kind ORDER BY c.kind;
END $$;

-- One case in sight; nothing for any other. Whose record it is about is named, and they are told, only where the kind
-- needs it.
CREATE FUNCTION access.inspection_case_of(wanted bigint)
RETURNS TABLE (number bigint, kind text, opened_at timestamptz, due_at timestamptz, state text, is_overdue boolean,
               officer_name text, role text, office text, area_code text, evidence jsonb, starts_at timestamptz,
               ends_at timestamptz, words text, reason_given text, person_name text, bias text, has_term boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    entry access.log := access.inspector_entry();
    one access.inspection_case;
    is_named boolean;
BEGIN
    SELECT c.* INTO one FROM access.inspection_case c WHERE c.id = wanted AND access.inspection_in_sight(entry, c);
    IF one.id IS NULL THEN
        RETURN;
    END IF;
    SELECT coalesce(k.shows_names, false) AND one.person_id IS NOT NULL INTO is_named
    FROM access.inspection_kind k WHERE k.kind = one.kind;
    IF is_named THEN
        INSERT INTO access.disclosure (log_id, person_id, categories)
        VALUES (entry.id, one.person_id, ARRAY['reading_log']) ON CONFLICT DO NOTHING;
    END IF;
    RETURN QUERY
    SELECT one.id, one.kind, one.opened_at, one.due_at, one.state,
           one.state <> 'decided' AND one.due_at < clock_timestamp(),
           coalesce((SELECT u.first_name FROM auth_user u WHERE u.id = one.officer_id), '')::text, one.role, one.office,
           one.area_code, one.evidence, one.starts_at, one.ends_at, one.words,
           coalesce((SELECT g.reason FROM access.break_glass g WHERE g.id = one.glass_id), ''),
           CASE WHEN is_named THEN (SELECT p.name FROM people_person p WHERE p.id = one.person_id) END,
           access.inspection_bias(entry, one),
           EXISTS (SELECT 1 FROM access.appointment a WHERE a.id = one.appointment_id
                   AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp()));
END $$;

-- The readings a case is about. An officer's day: what its kind points at; a complaint: that officer and that person for a
-- month around; a glass: everything under it; a record: everybody who read it that week.
CREATE FUNCTION access.readings_behind(one access.inspection_case)
RETURNS TABLE (log_id bigint, opened_at timestamptz, officer integer, role text, office text, purpose text,
               case_reference text, person_id uuid, categories text[], is_the_one boolean)
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
BEGIN
    IF one.kind IN ('complaint', 'break_glass', 'much_read') THEN
        RETURN QUERY
        SELECT l.id, l.opened_at, CASE WHEN l.actor_kind = 'officer' THEN l.actor::integer END, l.role, l.office, l.purpose,
               l.case_reference, d.person_id, d.categories, l.id = one.log_id
        FROM access.disclosure d JOIN access.log l ON l.id = d.log_id
        WHERE CASE one.kind
              WHEN 'complaint' THEN d.person_id = one.person_id AND (l.id = one.log_id OR (
                  l.actor_kind = 'officer' AND l.actor = one.officer_id::text
                  AND l.opened_at BETWEEN one.starts_at - interval '30 days' AND one.starts_at + interval '30 days'))
              WHEN 'break_glass' THEN d.person_id = one.person_id AND l.actor = one.officer_id::text
                  AND l.case_reference = 'KC-' || one.glass_id
              ELSE d.person_id = one.person_id AND l.actor_kind = 'officer' AND l.role <> 'inspector'
                  AND l.opened_at >= one.starts_at AND l.opened_at < one.ends_at END;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.log_id, r.opened_at, one.officer_id, r.role, r.office, r.purpose, r.case_reference, r.person_id,
           r.categories, false
    FROM access.readings_by(one.officer_id, one.starts_at, one.ends_at) r
    WHERE r.role = one.role AND CASE one.kind WHEN 'odd_hours' THEN r.is_odd WHEN 'out_of_area' THEN r.is_outside
        WHEN 'no_case' THEN r.is_without_case WHEN 'own_name' THEN r.is_own_name
        WHEN 'own_household' THEN r.is_own_household ELSE true END;
END $$;

-- Those readings, oldest first. Persons are numbered; names are given, and told to their bearers, only where the kind
-- needs them. `officer_no` numbers the officers of a record that many read.
CREATE FUNCTION access.inspection_readings(wanted bigint, skipped integer, most integer)
RETURNS TABLE (reading bigint, opened_at timestamptz, officer_no bigint, role text, office text, purpose text,
               case_reference text, person_no bigint, person_name text, person_area text, categories text[],
               is_the_one boolean, there_are bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    entry access.log := access.inspector_entry();
    one access.inspection_case;
    is_named boolean;
    shown record;
BEGIN
    SELECT c.* INTO one FROM access.inspection_case c WHERE c.id = wanted AND access.inspection_in_sight(entry, c);
    SELECT coalesce(bool_or(k.shows_names), false) INTO is_named FROM access.inspection_kind k WHERE k.kind = one.kind;
    FOR shown IN
        SELECT b.*, dense_rank() OVER (ORDER BY b.officer) AS officer_rank,
               dense_rank() OVER (ORDER BY b.person_id) AS person_rank, count(*) OVER () AS counted
        FROM access.readings_behind(one) b WHERE one.id IS NOT NULL
        ORDER BY b.opened_at, b.log_id, b.person_id OFFSET skipped LIMIT most
    LOOP
        IF is_named THEN
            INSERT INTO access.disclosure (log_id, person_id, categories)
            VALUES (entry.id, shown.person_id, ARRAY['reading_log']) ON CONFLICT DO NOTHING;
        END IF;
        RETURN QUERY
        SELECT shown.log_id, shown.opened_at, shown.officer_rank, shown.role, shown.office, shown.purpose,
               shown.case_reference, shown.person_rank, CASE WHEN is_named THEN p.name END, p.commune_code,
               shown.categories, shown.is_the_one, shown.counted
        FROM (SELECT 1) always LEFT JOIN people_person p ON p.id = shown.person_id;
    END LOOP;
END $$;

-- Readings of the case by local hour since its beginning: what the timeline is drawn from.
CREATE FUNCTION access.inspection_hours(wanted bigint) RETURNS TABLE (since timestamptz, readings bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.inspector_entry();
    one access.inspection_case;
BEGIN
    SELECT c.* INTO one FROM access.inspection_case c WHERE c.id = wanted AND access.inspection_in_sight(entry, c);
    RETURN QUERY SELECT date_trunc('hour', b.opened_at), count(*) FROM access.readings_behind(one) b
        WHERE one.id IS NOT NULL GROUP BY 1 ORDER BY 1;
END $$;

-- How many officer-days of the role had each measure, over the days the finding compares with; nobody is named.
CREATE FUNCTION access.inspection_peers(wanted bigint) RETURNS TABLE (measured integer, officer_days bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.inspector_entry();
    one access.inspection_case;
BEGIN
    SELECT c.* INTO one FROM access.inspection_case c WHERE c.id = wanted AND access.inspection_in_sight(entry, c);
    RETURN QUERY
    SELECT m.measured, count(*) FROM access.inspection_kind k JOIN access.reading_day r ON r.role = one.role
        AND r.day BETWEEN access.local_day(one.starts_at) - k.days_back AND access.local_day(one.starts_at)
        AND r.officer_id <> one.officer_id
    CROSS JOIN LATERAL access.measures(r) m
    WHERE k.kind = one.kind AND k.days_back IS NOT NULL AND m.kind = k.kind GROUP BY 1 ORDER BY 1;
END $$;

CREATE FUNCTION access.inspection_decisions(wanted bigint)
RETURNS TABLE (decided_at timestamptz, officer_name text, office text, outcome text, reason text, answer text, term text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE entry access.log := access.inspector_entry();
BEGIN
    RETURN QUERY
    SELECT d.decided_at, coalesce(u.first_name, '')::text, d.office, d.outcome, d.reason, d.answer, d.term
    FROM access.inspection_decision d JOIN access.inspection_case c ON c.id = d.case_id
    LEFT JOIN auth_user u ON u.id = d.by_officer
    WHERE d.case_id = wanted AND access.inspection_in_sight(entry, c) ORDER BY d.id;
END $$;

-- Ends the appointment a case is about if this inspector is head over it, else hands it to whoever is.
CREATE FUNCTION access.end_inspected_term(inspector integer, one access.inspection_case, why text) RETURNS text
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE
    held access.appointment;
    through bigint;
BEGIN
    SELECT a.* INTO held FROM access.appointment a WHERE a.id = one.appointment_id
        AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF held.id IS NULL THEN
        RETURN 'over';
    END IF;
    SELECT h.id INTO through FROM access.appointment h WHERE h.officer_id = inspector AND h.is_head
        AND h.valid_from <= clock_timestamp() AND (h.valid_to IS NULL OR h.valid_to > clock_timestamp())
        AND access.lies_under(held, h) LIMIT 1;
    IF through IS NULL THEN
        RETURN 'referred';
    END IF;
    PERFORM access.end_appointment(inspector, through, held.id, why);
    RETURN 'ended';
END $$;

-- Decides; returns what became of the term. PC421 no inspection is open; PC422 not in sight; PC423 their own reading or
-- name; PC424 decided already; PC425 the reason says too little; PC426 the complaining person needs an answer;
-- PC427 no such outcome; PC428 only what was not justified ends a term.
CREATE FUNCTION access.decide_inspection(wanted bigint, outcome text, reason text, answer text, end_term boolean)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.inspector_entry();
    one access.inspection_case;
    term text := 'untouched';
    wrong text;
BEGIN
    SELECT c.* INTO one FROM access.inspection_case c WHERE c.id = wanted AND access.inspection_in_sight(entry, c)
        FOR UPDATE;
    wrong := CASE
        WHEN one.id IS NULL THEN 'PC422'
        WHEN access.inspection_bias(entry, one) <> '' THEN 'PC423'
        WHEN one.state = 'decided' THEN 'PC424'
        WHEN outcome IS NULL OR outcome NOT IN ('justified', 'not_justified', 'referred', 'needs_more') THEN 'PC427'
        WHEN length(btrim(coalesce(reason, ''))) < 20 THEN 'PC425'
        WHEN one.kind = 'complaint' AND outcome <> 'needs_more' AND length(btrim(coalesce(answer, ''))) < 10 THEN 'PC426'
        WHEN end_term AND (outcome <> 'not_justified' OR one.appointment_id IS NULL) THEN 'PC428' END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'this may not be decided so' USING ERRCODE = wrong;
    END IF;
    IF end_term THEN
        term := access.end_inspected_term(entry.actor::integer, one, 'inspection TT-' || one.id);
    ELSIF outcome = 'referred' AND one.appointment_id IS NOT NULL THEN
        term := 'referred';
    END IF;
    INSERT INTO access.inspection_decision (case_id, by_officer, office, log_id, outcome, reason, answer, term)
    VALUES (one.id, entry.actor::integer, entry.office, entry.id, decide_inspection.outcome,
            btrim(decide_inspection.reason), btrim(coalesce(decide_inspection.answer, '')), term);
    UPDATE access.inspection_case c SET state = CASE WHEN outcome = 'needs_more' THEN 'needs_more' ELSE 'decided' END
    WHERE c.id = one.id;
    IF one.glass_id IS NOT NULL AND outcome <> 'needs_more' THEN
        PERFORM access.review_break_glass(
            entry.actor::integer, one.glass_id, CASE outcome WHEN 'justified' THEN 'justified'
                WHEN 'not_justified' THEN 'unjustified' ELSE 'to_be_investigated' END, reason);
    END IF;
    PERFORM access.note_act(entry.actor::integer, 'inspection_decided', coalesce(one.officer_id, 0), one.appointment_id,
                            one.id || ' ' || decide_inspection.outcome || ' ' || term);
    RETURN term;
END $$;

-- What inspectors hand to the head of an office: about whom, why, and whether the term has ended. No person is named.
CREATE FUNCTION access.inspection_referrals(head integer, through bigint)
RETURNS TABLE (number bigint, decided_at timestamptz, kind text, outcome text, reason text, by_office text,
               appointment bigint, officer_name text, office text, area_code text, is_over boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment := access.head_appointment(head, through);
BEGIN
    RETURN QUERY
    SELECT c.id, d.decided_at, c.kind, d.outcome, d.reason, d.office, a.id, coalesce(u.first_name, '')::text, a.office,
           a.area_code, coalesce(a.valid_to <= clock_timestamp(), false)
    FROM access.inspection_decision d JOIN access.inspection_case c ON c.id = d.case_id
    JOIN access.appointment a ON a.id = c.appointment_id LEFT JOIN auth_user u ON u.id = a.officer_id
    WHERE d.term = 'referred' AND access.lies_under(a, held) ORDER BY d.id DESC LIMIT 200;
END $$;

REVOKE ALL ON FUNCTION access.inspector_entry(), access.inspection_in_sight(access.log, access.inspection_case),
    access.inspection_bias(access.log, access.inspection_case),
    access.inspection_cases(text, text, boolean, integer, integer), access.inspection_counts(),
    access.inspection_case_of(bigint), access.readings_behind(access.inspection_case),
    access.inspection_readings(bigint, integer, integer), access.inspection_hours(bigint),
    access.inspection_peers(bigint), access.inspection_decisions(bigint),
    access.end_inspected_term(integer, access.inspection_case, text),
    access.decide_inspection(bigint, text, text, text, boolean), access.inspection_referrals(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.inspection_cases(text, text, boolean, integer, integer), access.inspection_counts(),
    access.inspection_case_of(bigint), access.inspection_readings(bigint, integer, integer),
    access.inspection_hours(bigint), access.inspection_peers(bigint), access.inspection_decisions(bigint),
    access.decide_inspection(bigint, text, text, text, boolean), access.inspection_referrals(integer, bigint)
    TO pccovid_web;
