-- The desks that answer requests, and the inspectorate's. The queue names nobody. One request is read only inside an access
-- opened for it (purpose `rights`, case YC-number): it is in the log before anything is shown, and the person is told.

-- The office held now. PC421: it is not.
CREATE OR REPLACE FUNCTION access.right_officer(officer integer, through bigint) RETURNS access.appointment
LANGUAGE plpgsql STABLE SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer
      AND (a.role = 'inspector' OR a.role IN (SELECT d.role FROM access.right_desk d))
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC421';
    END IF;
    RETURN held;
END $$;

-- Whether a request is for an office: by kind and, for offices of an area, by where the person lived when they asked;
-- an inspector has what was escalated in their area.
CREATE OR REPLACE FUNCTION access.right_is_for(one access.right_request, role text, area text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT CASE WHEN role = 'inspector'
        THEN one.state = 'escalated' AND (area IS NULL OR access.area_lies_in(one.area_code, area))
        ELSE one.state <> 'escalated' AND EXISTS (
            SELECT 1 FROM access.right_desk d WHERE d.kind = one.kind AND d.about = one.about AND d.role = right_is_for.role
              AND (area IS NULL OR one.area_code = area OR access.area_lies_in(one.area_code, area))
              AND (NOT d.is_by_area OR one.area_code IS NOT NULL)) END
$$;

-- A granted or closed request is looked at by nobody any more; the queue's line tells what became of it.
CREATE OR REPLACE FUNCTION access.right_waits_for_officer(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT state IN ('received', 'acknowledged', 'extended', 'proposed', 'overturned', 'escalated')
$$;

CREATE OR REPLACE FUNCTION access.rights_queue(officer integer, through bigint, with_closed boolean, skipped integer, most integer)
RETURNS TABLE (number bigint, kind text, about text, attribute text, asked_at timestamptz, state text, due timestamptz,
               is_overdue boolean, area_code text, is_waiting boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.right_officer(officer, through);
BEGIN
    RETURN QUERY
    SELECT q.*, access.right_waits_for_officer(q.state) FROM (
        SELECT r.id, r.kind, r.about, r.attribute, r.asked_at, r.state,
               CASE s.clock WHEN 'acknowledge' THEN r.acknowledge_due WHEN 'finish' THEN r.finish_due
                   WHEN 'escalation' THEN r.escalation_due END AS due,
               access.right_is_overdue(r) AS late, r.area_code
        FROM access.right_request r JOIN access.right_state s ON s.code = r.state
        WHERE access.right_is_for(r, held.role, held.area_code) AND (with_closed OR s.clock <> '')) q
    ORDER BY NOT q.late, q.due IS NULL, q.due, q.id DESC OFFSET skipped LIMIT most;
END $$;
CREATE OR REPLACE FUNCTION access.rights_waiting(officer integer, through bigint, OUT waiting bigint, OUT overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.right_officer(officer, through);
BEGIN
    SELECT count(*), count(*) FILTER (WHERE access.right_is_overdue(r)) INTO waiting, overdue
    FROM access.right_request r
    WHERE access.right_waits_for_officer(r.state) AND access.right_is_for(r, held.role, held.area_code);
END $$;

-- Whom a request of this desk is about, so that their access can be opened: nothing for any other request.
CREATE OR REPLACE FUNCTION access.right_person(officer integer, through bigint, request bigint) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.right_officer(officer, through);
BEGIN
    RETURN (SELECT r.person_id FROM access.right_request r WHERE r.id = request
            AND access.right_waits_for_officer(r.state) AND access.right_is_for(r, held.role, held.area_code));
END $$;

-- Under the purpose `rights` exactly the person of one request is open: to an office it is for while it waits for an officer,
-- to the program once it is granted.
CREATE OR REPLACE FUNCTION access.check_right_opening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.right_request;
BEGIN
    SELECT r.* INTO one FROM access.right_request r WHERE NEW.case_reference = 'YC-' || r.id;
    IF one.id IS NULL OR (CASE NEW.actor_kind
        WHEN 'job' THEN one.state <> 'granted'
        WHEN 'officer' THEN NEW.scope_kind <> 'person' OR NEW.scope_persons <> ARRAY[one.person_id]
            OR NOT access.right_waits_for_officer(one.state)
            OR NOT access.right_is_for(one, NEW.role, NEW.scope_area)
        ELSE true END) THEN
        RAISE EXCEPTION 'no request lets this person be read' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- For openings of now alone: an entry that is written afterwards for an announcement without one opens nothing
-- (foundation/sql/announcing.sql), whatever the request has become since.
CREATE OR REPLACE TRIGGER a_request_shows_its_person BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.purpose = 'rights' AND NEW.opened_at >= transaction_timestamp())
    EXECUTE FUNCTION access.check_right_opening();

-- The request whose access is open in this very transaction. PC451: none is.
CREATE OR REPLACE FUNCTION access.opened_right(request bigint) RETURNS access.right_request
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    one access.right_request;
BEGIN
    IF entry.id IS NULL OR entry.purpose <> 'rights' OR entry.case_reference IS DISTINCT FROM 'YC-' || request THEN
        RAISE EXCEPTION 'no access is open for this request' USING ERRCODE = 'PC451';
    END IF;
    SELECT r.* INTO STRICT one FROM access.right_request r WHERE r.id = request FOR UPDATE;
    RETURN one;
END $$;

-- Why this officer may not decide, or ''. Accounts know no person: who bears the person's very name is kept away.
CREATE OR REPLACE FUNCTION access.right_bias(one access.right_request, officer integer) RETURNS text
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM public.people_person p JOIN public.auth_user u ON u.id = officer
                     WHERE p.id IN (one.person_id, one.asked_by) AND access.told_name(p.name) = access.told_name(u.first_name)
                       AND access.told_name(u.first_name) <> '') THEN 'own_name'
        WHEN one.state = 'escalated' AND EXISTS (
            SELECT 1 FROM access.right_step s WHERE s.request_id = one.id AND s.officer_id = officer
              AND s.actor = 'officer') THEN 'own_decision'
        WHEN one.state = 'proposed' AND officer = (
            SELECT s.officer_id FROM access.right_step s WHERE s.request_id = one.id AND s.act = 'propose'
            ORDER BY s.id DESC LIMIT 1) THEN 'own_proposal'
        ELSE '' END
$$;

-- The request whole, as its desk reads it.
CREATE OR REPLACE FUNCTION access.right_at_desk(request bigint)
RETURNS TABLE (number bigint, kind text, about text, person uuid, by_guardian boolean, asked_at timestamptz, words text,
               categories text[], attribute text, fact_table text, fact uuid, wanted text, decided text, state text,
               acknowledge_due timestamptz, finish_due timestamptz, escalation_due timestamptz, is_overdue boolean,
               needs_two boolean, is_extended boolean, longest_extension integer, bias text, person_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.right_request := access.opened_right(request);
    entry access.log := access.current_entry();
BEGIN
    INSERT INTO access.disclosure (log_id, person_id, categories)
    VALUES (entry.id, one.person_id, ARRAY['identity']) ON CONFLICT DO NOTHING;
    RETURN QUERY
    SELECT one.id, one.kind, one.about, one.person_id, one.asked_by <> one.person_id, one.asked_at, one.words,
           one.categories, one.attribute, one.fact_table, one.fact_id, access.right_value_of(one.id, 'wanted'),
           access.right_value_of(one.id, 'decided'), one.state, one.acknowledge_due, one.finish_due, one.escalation_due,
           access.right_is_overdue(one), one.needs_two,
           EXISTS (SELECT 1 FROM access.right_step s WHERE s.request_id = one.id AND s.act = 'extend'),
           (access.right_period_on(one.kind, access.local_date(one.asked_at))).longest_extension_days,
           access.right_bias(one, entry.actor::integer),
           (SELECT p.name FROM public.people_person p WHERE p.id = one.person_id);
END $$;
CREATE OR REPLACE FUNCTION access.right_steps_at_desk(request bigint)
RETURNS TABLE (step bigint, done_at timestamptz, act text, actor text, officer_name text, office text, state_after text,
               told text, note text, refusal text, days integer, granted text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE one access.right_request := access.opened_right(request);
BEGIN
    RETURN QUERY
    SELECT s.id, s.done_at, s.act, s.actor, coalesce(u.first_name, '')::text, s.office, s.state_after, s.told, s.note,
           s.refusal, s.days, s.granted
    FROM access.right_step s LEFT JOIN public.auth_user u ON u.id = s.officer_id WHERE s.request_id = one.id ORDER BY s.id;
END $$;
-- How many rows there are of what erasure could take, and how many of them law keeps: numbers, no content.
CREATE OR REPLACE FUNCTION access.right_holdings(request bigint)
RETURNS TABLE (category text, erasable bigint, kept bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.right_request := access.opened_right(request);
    of access.erasable;
BEGIN
    FOR of IN SELECT e.* FROM access.erasable e WHERE e.category = ANY (one.categories)
              ORDER BY e.category, e.table_name LOOP
        EXECUTE format('SELECT count(*) FILTER (WHERE provenance = ANY ($2)),'
                       ' count(*) FILTER (WHERE provenance <> ALL ($2)) FROM public.%I WHERE person_id = $1', of.table_name)
            INTO erasable, kept USING one.person_id, of.provenances;
        category := of.category;
        RETURN NEXT;
    END LOOP;
END $$;

-- Which acts fit a kind, beside the states: who is corrected or erased by the program is granted, what needs two is proposed.
CREATE OR REPLACE FUNCTION access.right_act_fits(one access.right_request, act text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN act = 'propose' THEN one.needs_two
        WHEN act = 'grant' THEN NOT one.needs_two AND one.kind IN ('correction', 'erasure')
        WHEN act = 'fulfil' THEN one.kind NOT IN ('correction', 'erasure')
        WHEN act = 'fulfil_partly' THEN one.kind IN ('restriction', 'objection', 'withdrawal')
        ELSE true END
$$;

-- One step of an officer's or inspector's; returns the state it leads to. `granted`: the kinds of data it is granted for
-- (empty: the whole record); `refusal` also says why the rest is not. `decided` is sealed. PC451 no access is open; PC453 not
-- possible in this state; PC454 too few words for the person; PC455 no such reason for this kind; PC456 no such longer time;
-- PC457 biased: own name, own decision or own proposal; PC458 the inspectorate overturned a refusal; PC459 nothing decided on.
CREATE OR REPLACE FUNCTION access.step_right(
    request bigint, act text, told text, note text, refusal text, days integer, granted text[], decided text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.right_request := access.opened_right(request);
    entry access.log := access.current_entry();
    acting text := CASE entry.role WHEN 'inspector' THEN 'inspector' ELSE 'officer' END;
    is_partial boolean;
    longest integer;
    wrong text;
    made bigint;
    came_to text;
BEGIN
    is_partial := cardinality(granted) > 0 AND (cardinality(one.categories) = 0 OR NOT one.categories <@ granted);
    longest := (access.right_period_on(one.kind, access.local_date(one.asked_at))).longest_extension_days;
    wrong := CASE
        WHEN entry.actor_kind <> 'officer' THEN 'PC451'
        WHEN access.right_bias(one, entry.actor::integer) <> '' THEN 'PC457'
        WHEN NOT EXISTS (SELECT 1 FROM access.right_transition t WHERE t.state = one.state AND t.act = step_right.act
                         AND t.actor = acting) OR NOT access.right_act_fits(one, act) THEN 'PC453'
        WHEN length(btrim(coalesce(told, ''))) < 10 AND act NOT IN ('propose', 'agree', 'send_back') THEN 'PC454'
        WHEN length(btrim(coalesce(note, ''))) < 10 AND act IN ('propose', 'send_back', 'uphold', 'overturn') THEN 'PC454'
        WHEN act = 'refuse' AND refusal IS NULL THEN 'PC455'
        WHEN refusal IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access.right_refusal f
            WHERE f.code = step_right.refusal AND one.kind = ANY (f.kinds)) THEN 'PC455'
        WHEN act = 'extend' AND (days IS NULL OR days NOT BETWEEN 1 AND longest OR EXISTS (
            SELECT 1 FROM access.right_step s WHERE s.request_id = one.id AND s.act = 'extend')) THEN 'PC456'
        WHEN act = 'refuse' AND one.state = 'overturned' AND EXISTS (
            SELECT 1 FROM access.right_step s WHERE s.request_id = one.id AND s.act = 'refuse') THEN 'PC458'
        WHEN act IN ('grant', 'fulfil', 'fulfil_partly') AND one.about = 'data' AND one.kind <> 'paper_copy' AND (
            granted IS NULL OR (cardinality(one.categories) > 0 AND (cardinality(granted) = 0
                                                                     OR NOT granted <@ one.categories))) THEN 'PC459'
        WHEN (act = 'fulfil_partly') <> is_partial AND act IN ('fulfil', 'fulfil_partly')
            AND one.kind <> 'paper_copy' THEN 'PC459'
        WHEN act IN ('grant', 'fulfil_partly') AND is_partial AND refusal IS NULL THEN 'PC455'
        WHEN act IN ('grant', 'propose') AND one.about = 'identity' AND coalesce(decided, '') = '' THEN 'PC459' END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'this step may not be taken so' USING ERRCODE = wrong;
    END IF;
    INSERT INTO access.right_step (request_id, act, actor, officer_id, role, office, log_id, state_before, state_after,
                                   told, note, refusal, days, granted)
    VALUES (one.id, step_right.act, acting, entry.actor::integer, entry.role, entry.office, entry.id, '', '',
            btrim(coalesce(step_right.told, '')), btrim(coalesce(step_right.note, '')), step_right.refusal,
            CASE WHEN step_right.act = 'extend' THEN step_right.days END, step_right.granted)
    RETURNING id, state_after INTO made, came_to;
    IF coalesce(decided, '') <> '' THEN
        INSERT INTO access.right_value (request_id, kind, sealed) VALUES (one.id, 'decided', step_right.decided);
    END IF;
    IF came_to IN ('fulfilled', 'partly_fulfilled') AND one.kind <> 'paper_copy' THEN
        PERFORM access.restrict_for_right(one, made, granted, refusal);
    END IF;
    RETURN came_to;
END $$;

-- The effect of restriction, objection and withdrawal: from this moment on, until the person lifts it. A withdrawal ends every
-- consent of its person.
CREATE OR REPLACE FUNCTION access.restrict_for_right(one access.right_request, step bigint, granted text[], refusal text) RETURNS void
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE every text[] := ARRAY(
    SELECT DISTINCT r.category FROM access.rule r WHERE r.category NOT IN ('reading_log', 'count') ORDER BY 1);
BEGIN
    IF one.kind = 'withdrawal' THEN
        PERFORM access.withdraw_consents_for_right(one.person_id);
    END IF;
    IF cardinality(granted) = 0 THEN
        INSERT INTO access.restriction (request_id, person_id) VALUES (one.id, one.person_id);
        RETURN;
    END IF;
    INSERT INTO access.restriction (request_id, person_id, category)
    SELECT one.id, one.person_id, c FROM unnest(granted) c
    WHERE NOT EXISTS (SELECT 1 FROM access.restriction x
                      WHERE x.request_id = one.id AND x.category = c AND x.lifted_at IS NULL);
    INSERT INTO access.right_part (step_id, category, is_done, refusal)
    SELECT step, c, c = ANY (granted), CASE WHEN c <> ALL (granted) THEN refusal END
    FROM unnest(CASE WHEN cardinality(one.categories) = 0 THEN every ELSE one.categories END) c;
END $$;

-- Restrictions in force, for the desk's figures: how many persons, nobody by name.
CREATE OR REPLACE FUNCTION access.restrictions_in_force(officer integer, through bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    PERFORM access.right_officer(officer, through);
    RETURN (SELECT count(DISTINCT x.person_id) FROM access.restriction x WHERE x.lifted_at IS NULL);
END $$;

REVOKE ALL ON FUNCTION access.right_officer(integer, bigint), access.right_is_for(access.right_request, text, text),
    access.right_waits_for_officer(text), access.rights_queue(integer, bigint, boolean, integer, integer),
    access.rights_waiting(integer, bigint), access.right_person(integer, bigint, bigint), access.check_right_opening(),
    access.opened_right(bigint), access.right_bias(access.right_request, integer), access.right_at_desk(bigint),
    access.right_steps_at_desk(bigint), access.right_holdings(bigint),
    access.right_act_fits(access.right_request, text),
    access.step_right(bigint, text, text, text, text, integer, text[], text),
    access.restrict_for_right(access.right_request, bigint, text[], text),
    access.restrictions_in_force(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.rights_queue(integer, bigint, boolean, integer, integer),
    access.rights_waiting(integer, bigint), access.right_person(integer, bigint, bigint), access.right_at_desk(bigint),
    access.right_steps_at_desk(bigint), access.right_holdings(bigint),
    access.step_right(bigint, text, text, text, text, integer, text[], text),
    access.restrictions_in_force(integer, bigint) TO pccovid_web;
