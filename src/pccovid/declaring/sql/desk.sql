-- The commune's queue. It names nobody; one line is read inside an access opened for care, with the line as its case, so
-- that it is in the log, and shown to the person, before anything is.

CREATE FUNCTION access.triage_queue(officer integer, through bigint, with_closed boolean, skipped integer, most integer)
RETURNS TABLE (number bigint, form text, level text, reasons text[], arrived_at timestamptz, due_at timestamptz,
               is_overdue boolean, state text, area_code text, tries bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station']);
BEGIN
    RETURN QUERY
    SELECT t.id, t.form, t.level, t.reasons, t.arrived_at, t.due_at,
           t.state IN ('waiting', 'visiting') AND clock_timestamp() > t.due_at, t.state, t.area_code,
           (SELECT count(*) FROM access.triage_step s WHERE s.triage_id = t.id AND s.act = 'not_reached')
    FROM access.triage t
    WHERE (held.area_code IS NULL OR t.area_code = held.area_code OR access.area_lies_in(t.area_code, held.area_code))
      AND (with_closed OR t.state IN ('waiting', 'visiting'))
    ORDER BY t.state NOT IN ('waiting', 'visiting'), t.level <> 'emergency', t.due_at, t.id
    OFFSET skipped LIMIT most;
END $$;
CREATE FUNCTION access.triage_waiting(officer integer, through bigint, OUT waiting bigint, OUT overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station']);
BEGIN
    SELECT count(*), count(*) FILTER (WHERE clock_timestamp() > t.due_at) INTO waiting, overdue
    FROM access.triage t
    WHERE t.state IN ('waiting', 'visiting')
      AND (held.area_code IS NULL OR t.area_code = held.area_code OR access.area_lies_in(t.area_code, held.area_code));
END $$;

-- Whom a line of this queue is about, so that their access can be opened; nobody for any other line.
CREATE FUNCTION access.triage_person(officer integer, through bigint, line bigint) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station']);
BEGIN
    RETURN (SELECT t.person_id FROM access.triage t WHERE t.id = line AND (
        held.area_code IS NULL OR t.area_code = held.area_code OR access.area_lies_in(t.area_code, held.area_code)));
END $$;

-- The line whose access is open in this very transaction. PC451: none is.
CREATE FUNCTION access.opened_triage(line bigint) RETURNS access.triage
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    one access.triage;
BEGIN
    SELECT t.* INTO one FROM access.triage t WHERE t.id = line FOR UPDATE;
    IF one.id IS NULL OR entry.purpose IS DISTINCT FROM 'care' OR entry.role <> 'health_station'
       OR entry.case_reference IS DISTINCT FROM 'KB-' || line OR entry.scope_persons <> ARRAY[one.person_id] THEN
        RAISE EXCEPTION 'no access is open for this line' USING ERRCODE = 'PC451';
    END IF;
    RETURN one;
END $$;
CREATE FUNCTION access.triage_at_desk(line bigint)
RETURNS TABLE (number bigint, form text, person uuid, by_other boolean, fact uuid, level text, reasons text[], rules text,
               arrived_at timestamptz, due_at timestamptz, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.triage := access.opened_triage(line);
BEGIN
    RETURN QUERY SELECT one.id, one.form, one.person_id, one.by_person <> one.person_id, one.fact_id, one.level,
                        one.reasons, one.rules, one.arrived_at, one.due_at, one.state;
END $$;
CREATE FUNCTION access.triage_steps_at_desk(line bigint)
RETURNS TABLE (done_at timestamptz, act text, officer_name text, office text, told text, note text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE one access.triage := access.opened_triage(line);
BEGIN
    RETURN QUERY SELECT s.done_at, s.act, coalesce(u.first_name, '')::text, s.office, s.told, s.note
    FROM access.triage_step s LEFT JOIN public.auth_user u ON u.id = s.officer_id WHERE s.triage_id = one.id ORDER BY s.id;
END $$;

-- One step of the station's. PC451; PC453: not possible in this state; PC454: too few words for the person, or, where
-- nobody was reached, for the colleagues.
CREATE FUNCTION access.step_triage(line bigint, act text, told text, note text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.triage := access.opened_triage(line);
    entry access.log := access.current_entry();
    came_to text;
BEGIN
    SELECT t.next_state INTO came_to FROM access.triage_transition t WHERE t.state = one.state AND t.act = step_triage.act;
    IF came_to IS NULL THEN
        RAISE EXCEPTION 'no line moves so' USING ERRCODE = 'PC453';
    END IF;
    IF length(btrim(CASE act WHEN 'not_reached' THEN note ELSE told END)) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC454';
    END IF;
    INSERT INTO access.triage_step (triage_id, act, officer_id, office, log_id, state_before, state_after, told, note)
    VALUES (one.id, act, entry.actor::integer, entry.office, entry.id, one.state, came_to, btrim(told), btrim(note));
    UPDATE access.triage t SET state = came_to WHERE t.id = one.id;
    RETURN came_to;
END $$;

REVOKE ALL ON FUNCTION access.triage_queue(integer, bigint, boolean, integer, integer),
    access.triage_waiting(integer, bigint), access.triage_person(integer, bigint, bigint), access.opened_triage(bigint),
    access.triage_at_desk(bigint), access.triage_steps_at_desk(bigint), access.step_triage(bigint, text, text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.triage_queue(integer, bigint, boolean, integer, integer),
    access.triage_waiting(integer, bigint), access.triage_person(integer, bigint, bigint), access.triage_at_desk(bigint),
    access.triage_steps_at_desk(bigint), access.step_triage(bigint, text, text, text) TO pccovid_web;
