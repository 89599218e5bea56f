-- The register's desk and the program's door to it.

-- The office an officer acts through, in force: data protection of the whole country, or an inspector. PC461: neither.
CREATE FUNCTION access.breach_office(officer integer, through bigint) RETURNS access.appointment
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer
      AND (a.role = 'inspector' OR (a.role = 'data_protection' AND a.area_code IS NULL))
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC461';
    END IF;
    RETURN held;
END $$;

-- Offices of the whole country see every breach; an inspector of an area those they entered themselves.
CREATE FUNCTION access.breach_in_sight(held access.appointment, one access.breach) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.id IS NOT NULL AND (held.area_code IS NULL OR one.opened_by IS NOT DISTINCT FROM held.officer_id)
$$;

-- A case of inspection that this inspector may report from: in their area, and not about their own reading.
CREATE FUNCTION access.breach_case_in_sight(held access.appointment, wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM access.inspection_case c WHERE c.id = wanted AND held.role = 'inspector'
        AND c.officer_id IS DISTINCT FROM held.officer_id
        AND (held.area_code IS NULL OR (c.area_code IS NOT NULL AND access.area_lies_in(c.area_code, held.area_code))))
$$;

-- Writes the breach with the hours that were in force on the day of its discovery. PC465: a moment that cannot be.
CREATE FUNCTION access.write_breach(one access.breach) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    hours access.breach_period;
    made bigint;
BEGIN
    SELECT p.* INTO hours FROM access.breach_period p
    WHERE (one.discovered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date >= p.valid_from
      AND (p.valid_to IS NULL OR (one.discovered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < p.valid_to);
    IF hours.hours IS NULL OR one.discovered_at > clock_timestamp() OR one.happened_from > one.discovered_at
       OR one.happened_to < one.happened_from THEN
        RAISE EXCEPTION 'a moment that cannot be' USING ERRCODE = 'PC465';
    END IF;
    INSERT INTO access.breach (source, subject, happened_from, happened_to, discovered_at, due_at, period, kinds, words,
                               opened_by, opened_through, opened_office, case_id)
    VALUES (one.source, one.subject, one.happened_from, one.happened_to, one.discovered_at,
            one.discovered_at + make_interval(hours => hours.hours), hours.document, one.kinds, btrim(one.words),
            one.opened_by, one.opened_through, coalesce(one.opened_office, ''), one.case_id)
    RETURNING id INTO made;
    RETURN made;
END $$;

-- Enters a breach. PC461; PC462: no such case in sight; PC463: too few words; PC464: no kind; PC465.
CREATE FUNCTION access.open_breach(
    officer integer, through bigint, happened_from timestamptz, happened_to timestamptz, discovered_at timestamptz,
    kinds text[], words text, case_number bigint
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    held access.appointment := access.breach_office(officer, through);
    one access.breach;
    wrong text;
    made bigint;
BEGIN
    wrong := CASE
        WHEN case_number IS NOT NULL AND NOT access.breach_case_in_sight(held, case_number) THEN 'PC462'
        WHEN length(btrim(coalesce(open_breach.words, ''))) < 20 THEN 'PC463'
        WHEN coalesce(cardinality(open_breach.kinds), 0) = 0 OR NOT open_breach.kinds
            <@ ARRAY['confidentiality', 'integrity', 'availability'] THEN 'PC464'
        WHEN open_breach.discovered_at IS NULL THEN 'PC465' END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'this may not be entered so' USING ERRCODE = wrong;
    END IF;
    one.source := CASE WHEN case_number IS NULL THEN 'officer' ELSE 'inspection' END;
    one.happened_from := open_breach.happened_from;
    one.happened_to := open_breach.happened_to;
    one.discovered_at := open_breach.discovered_at;
    one.kinds := open_breach.kinds;
    one.words := open_breach.words;
    one.opened_by := officer;
    one.opened_through := held.id;
    one.opened_office := held.office;
    one.case_id := case_number;
    made := access.write_breach(one);
    PERFORM access.note_act(officer, 'breach_entered', officer, held.id, 'SC-' || made);
    RETURN made;
END $$;

-- A program's finding, entered once by its subject; a leaked export's persons are drawn with it. For the job alone.
CREATE FUNCTION access.report_breach(
    source text, subject text, happened_from timestamptz, happened_to timestamptz, discovered_at timestamptz,
    kinds text[], words text, export_number bigint
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    one access.breach;
    drawn access.breach_source;
    known bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('breach ' || coalesce(report_breach.subject, ''), 0));
    SELECT b.id INTO known FROM access.breach b WHERE b.subject = report_breach.subject;
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    IF report_breach.source NOT IN ('audit', 'export_trace', 'operator') THEN
        RAISE EXCEPTION 'no program''s finding' USING ERRCODE = 'PC462';
    END IF;
    one.source := report_breach.source;
    one.subject := report_breach.subject;
    one.happened_from := report_breach.happened_from;
    one.happened_to := report_breach.happened_to;
    one.discovered_at := report_breach.discovered_at;
    one.kinds := report_breach.kinds;
    one.words := report_breach.words;
    known := access.write_breach(one);
    IF export_number IS NOT NULL THEN
        INSERT INTO access.breach_source (breach_id, kind, export_id) VALUES (known, 'export', export_number)
        RETURNING * INTO drawn;
        PERFORM access.fill_breach_source(drawn);
    END IF;
    RETURN known;
END $$;

-- Takes a step; returns the state reached. The trigger on the table decides: PC461 not this office; PC462 no such step now,
-- or no such breach in sight; PC463 a reason is missing; PC464 what it must carry is missing; PC465 a moment that cannot be;
-- PC466 late without saying why; PC467 nobody to inform is known; PC468 about this officer's own readings; PC469 the
-- second must be another officer.
CREATE FUNCTION access.take_breach_step(
    officer integer, through bigint, breach bigint, step text, words text, kinds text[], categories text[],
    persons bigint, persons_basis text, consequences text, measures text, advice text, happened_from timestamptz,
    happened_to timestamptz, told_at timestamptz, reference text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.appointment := access.breach_office(officer, through);
BEGIN
    IF step = 'overdue' OR NOT EXISTS (SELECT 1 FROM access.breach b WHERE b.id = breach
                                       AND access.breach_in_sight(held, b)) THEN
        RAISE EXCEPTION 'no such step or breach' USING ERRCODE = 'PC462';
    END IF;
    INSERT INTO access.breach_step (breach_id, step, by_officer, through, office, role, words, kinds, categories, persons,
                                    persons_basis, consequences, measures, advice, happened_from, happened_to, told_at,
                                    reference)
    VALUES (breach, take_breach_step.step, officer, held.id, held.office, held.role,
            btrim(coalesce(take_breach_step.words, '')), take_breach_step.kinds, take_breach_step.categories,
            take_breach_step.persons, take_breach_step.persons_basis, btrim(take_breach_step.consequences),
            btrim(take_breach_step.measures), btrim(take_breach_step.advice), take_breach_step.happened_from,
            take_breach_step.happened_to, take_breach_step.told_at,
            btrim(coalesce(take_breach_step.reference, '')));
    PERFORM access.note_act(officer, 'breach_step', officer, held.id, 'SC-' || breach || ' ' || take_breach_step.step);
    RETURN access.breach_state(breach);
END $$;

-- Draws affected persons from the log: everybody shown to one officer between two moments, everybody in an export,
-- everybody a case of inspection is about. Returns how many; names nobody. PC461; PC462: no such breach in sight, or
-- closed; PC465; PC467: that gives nobody; PC468: these are one's own readings.
CREATE FUNCTION access.draw_breach_persons(
    officer integer, through bigint, breach bigint, kind text, username text, from_at timestamptz, to_at timestamptz,
    number bigint
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.breach_office(officer, through);
    read_by integer := (SELECT u.id FROM auth_user u WHERE kind = 'officer_read' AND u.username = lower(btrim(
        draw_breach_persons.username)));
    case_of access.inspection_case;
    drawn access.breach_source;
    found_persons bigint;
    wrong text;
BEGIN
    SELECT c.* INTO case_of FROM access.inspection_case c WHERE draw_breach_persons.kind = 'case' AND c.id = number;
    wrong := CASE
        WHEN NOT EXISTS (SELECT 1 FROM access.breach b WHERE b.id = breach AND access.breach_in_sight(held, b))
            OR access.breach_state(breach) = 'closed' THEN 'PC462'
        WHEN kind NOT IN ('officer_read', 'export', 'case') OR (kind = 'officer_read' AND read_by IS NULL)
            OR (kind = 'case' AND case_of.id IS NULL) OR (kind = 'export' AND NOT EXISTS (
                SELECT 1 FROM access.export_request r WHERE r.id = number)) THEN 'PC467'
        WHEN kind = 'officer_read' AND (from_at IS NULL OR to_at IS NULL OR to_at <= from_at) THEN 'PC465'
        WHEN coalesce(read_by, case_of.officer_id) = officer THEN 'PC468' END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'nobody can be drawn so' USING ERRCODE = wrong;
    END IF;
    INSERT INTO access.breach_source (breach_id, by_officer, office, kind, officer_id, from_at, to_at, export_id, case_id)
    VALUES (breach, officer, held.office, draw_breach_persons.kind, coalesce(read_by, case_of.officer_id),
            CASE WHEN kind = 'officer_read' THEN draw_breach_persons.from_at END,
            CASE WHEN kind = 'officer_read' THEN draw_breach_persons.to_at END,
            CASE WHEN kind = 'export' THEN number END, case_of.id)
    RETURNING * INTO drawn;
    found_persons := access.fill_breach_source(drawn);
    IF found_persons = 0 THEN
        RAISE EXCEPTION 'that gives nobody' USING ERRCODE = 'PC467';
    END IF;
    PERFORM access.note_act(officer, 'breach_persons_drawn', officer, held.id, 'SC-' || breach || ' ' || found_persons);
    RETURN found_persons;
END $$;

-- The register as this office sees it: what is overdue first, then what falls due first, then what has been decided.
CREATE FUNCTION access.breaches_seen(officer integer, through bigint)
RETURNS TABLE (number bigint, source text, happened_from timestamptz, happened_to timestamptz,
               discovered_at timestamptz, due_at timestamptz, period text, kinds text[], words text,
               opened_at timestamptz, opened_office text, case_number bigint, state text, pending text,
               pending_is_mine boolean, was_overdue boolean, told_at timestamptz, persons_drawn bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.appointment := access.breach_office(officer, through);
BEGIN
    RETURN QUERY
    SELECT b.id, b.source, lower(access.breach_happened(b)), upper(access.breach_happened(b)), b.discovered_at, b.due_at, b.period, b.kinds, b.words,
           b.opened_at, b.opened_office, b.case_id, s.state, coalesce((p.pending).step, ''),
           coalesce((p.pending).by_officer = officer, false),
           EXISTS (SELECT 1 FROM access.breach_step o WHERE o.breach_id = b.id AND o.step = 'overdue'),
           (SELECT n.told_at FROM access.breach_step n WHERE n.breach_id = b.id AND n.step = 'notify'),
           (SELECT count(*) FROM access.breach_persons_now(b.id))
    FROM access.breach b CROSS JOIN LATERAL (SELECT access.breach_state(b.id) AS state) s
    CROSS JOIN LATERAL (SELECT access.breach_pending(b.id, '') AS pending) p
    WHERE access.breach_in_sight(held, b)
    ORDER BY s.state NOT IN ('discovered', 'assessed'), s.state = 'closed',
             CASE WHEN s.state IN ('discovered', 'assessed') THEN b.due_at END, b.id DESC LIMIT 500;
END $$;

-- How many breaches in sight have their hours running, and how many of these are past them.
CREATE FUNCTION access.breach_counts(officer integer, through bigint) RETURNS TABLE (running bigint, overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.appointment := access.breach_office(officer, through);
BEGIN
    RETURN QUERY
    SELECT count(*), count(*) FILTER (WHERE b.due_at < clock_timestamp()) FROM access.breach b
    WHERE access.breach_in_sight(held, b) AND access.breach_state(b.id) IN ('discovered', 'assessed');
END $$;

-- The steps of one breach in sight, oldest first; nothing for any other.
CREATE FUNCTION access.breach_steps_seen(officer integer, through bigint, breach bigint)
RETURNS TABLE (taken_at timestamptz, step text, officer_name text, office text, to_state text, is_first boolean,
               words text, kinds text[], categories text[], persons bigint, persons_basis text, consequences text,
               measures text, advice text, told_at timestamptz, reference text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE held access.appointment := access.breach_office(officer, through);
BEGIN
    RETURN QUERY
    SELECT s.taken_at, s.step, coalesce(nullif(u.first_name, ''), u.username, '')::text, s.office, s.to_state, s.is_first,
           s.words, s.kinds, s.categories, s.persons, s.persons_basis, s.consequences, s.measures, s.advice, s.told_at,
           s.reference
    FROM access.breach_step s JOIN access.breach b ON b.id = s.breach_id LEFT JOIN auth_user u ON u.id = s.by_officer
    WHERE b.id = breach AND access.breach_in_sight(held, b) ORDER BY s.id;
END $$;

-- From where the affected of one breach were drawn, oldest first, with how many and which categories.
CREATE FUNCTION access.breach_sources_seen(officer integer, through bigint, breach bigint)
RETURNS TABLE (drawn_at timestamptz, office text, kind text, officer_name text, from_at timestamptz, to_at timestamptz,
               export_number bigint, case_number bigint, persons bigint, categories text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE held access.appointment := access.breach_office(officer, through);
BEGIN
    RETURN QUERY
    SELECT s.drawn_at, s.office, s.kind, coalesce(nullif(u.first_name, ''), u.username, '')::text, s.from_at, s.to_at,
           s.export_id, s.case_id,
           (SELECT count(*) FROM access.breach_person p WHERE p.source_id = s.id),
           coalesce((SELECT array_agg(DISTINCT c ORDER BY c) FROM access.breach_person p, unnest(p.categories) c
                     WHERE p.source_id = s.id), '{}')
    FROM access.breach_source s JOIN access.breach b ON b.id = s.breach_id LEFT JOIN auth_user u ON u.id = s.officer_id
    WHERE b.id = breach AND access.breach_in_sight(held, b) ORDER BY s.id;
END $$;

-- For the worker: marks what has passed its hours without a notification or a decision, once each. Returns how many.
CREATE FUNCTION access.mark_overdue_breaches() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    WITH marked AS (
        INSERT INTO access.breach_step (breach_id, step)
        SELECT b.id, 'overdue' FROM access.breach b
        WHERE b.due_at < clock_timestamp() AND access.breach_state(b.id) IN ('discovered', 'assessed')
          AND NOT EXISTS (SELECT 1 FROM access.breach_step s WHERE s.breach_id = b.id AND s.step = 'overdue')
        RETURNING 1)
    SELECT count(*) FROM marked
$$;

REVOKE ALL ON FUNCTION access.breach_office(integer, bigint), access.breach_in_sight(access.appointment, access.breach),
    access.breach_case_in_sight(access.appointment, bigint), access.write_breach(access.breach),
    access.open_breach(integer, bigint, timestamptz, timestamptz, timestamptz, text[], text, bigint),
    access.report_breach(text, text, timestamptz, timestamptz, timestamptz, text[], text, bigint),
    access.take_breach_step(integer, bigint, bigint, text, text, text[], text[], bigint, text, text, text, text,
                            timestamptz, timestamptz, timestamptz, text),
    access.draw_breach_persons(integer, bigint, bigint, text, text, timestamptz, timestamptz, bigint),
    access.breaches_seen(integer, bigint), access.breach_counts(integer, bigint),
    access.breach_steps_seen(integer, bigint, bigint),
    access.breach_sources_seen(integer, bigint, bigint), access.mark_overdue_breaches() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    access.open_breach(integer, bigint, timestamptz, timestamptz, timestamptz, text[], text, bigint),
    access.take_breach_step(integer, bigint, bigint, text, text, text[], text[], bigint, text, text, text, text,
                            timestamptz, timestamptz, timestamptz, text),
    access.draw_breach_persons(integer, bigint, bigint, text, text, timestamptz, timestamptz, bigint),
    access.breaches_seen(integer, bigint), access.breach_counts(integer, bigint),
    access.breach_steps_seen(integer, bigint, bigint),
    access.breach_sources_seen(integer, bigint, bigint) TO pccovid_web;
GRANT EXECUTE ON FUNCTION
    access.report_breach(text, text, timestamptz, timestamptz, timestamptz, text[], text, bigint),
    access.mark_overdue_breaches() TO pccovid_jobs;
