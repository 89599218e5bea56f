-- The station's desk, the source's, and the program. The queue names nobody; one correction is read only inside an access
-- opened for it (purpose `correction`, case SS-number).

CREATE OR REPLACE FUNCTION access.correction_office(officer integer, through bigint) RETURNS access.appointment
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT access.office_now(officer, through, ARRAY['health_station', 'data_steward', 'commune_police'])
$$;
-- Whether it is this office's turn: the station of where the person lives, or who speaks for the source: of an identity the
-- commune's police, of facts the steward.
CREATE OR REPLACE FUNCTION access.correction_is_for(one access.correction, role text, area text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT role = CASE (SELECT s.turn FROM access.correction_state s WHERE s.code = one.state)
        WHEN 'station' THEN 'health_station'
        WHEN 'source' THEN CASE one.kind WHEN 'identity' THEN 'commune_police' ELSE 'data_steward' END END
        AND (area IS NULL OR one.area_code = area OR access.area_lies_in(one.area_code, area)) IS TRUE
$$;
CREATE OR REPLACE FUNCTION access.corrections_queue(officer integer, through bigint, skipped integer, most integer)
RETURNS TABLE (number bigint, kind text, fact_table text, of_system text, asked_at timestamptz, state text,
               due_at timestamptz, is_late boolean, area_code text, photos bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.correction_office(officer, through);
BEGIN
    RETURN QUERY
    SELECT c.id, c.kind, c.fact_table, c.system, c.asked_at, c.state, c.due_at, clock_timestamp() >= c.due_at, c.area_code,
           (SELECT count(*) FROM access.correction_photo p WHERE p.correction_id = c.id)
    FROM access.correction c WHERE access.correction_is_for(c, held.role, held.area_code)
    ORDER BY c.due_at, c.id OFFSET skipped LIMIT most;
END $$;
CREATE OR REPLACE FUNCTION access.corrections_waiting(officer integer, through bigint, OUT waiting bigint, OUT late bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.correction_office(officer, through);
BEGIN
    SELECT count(*), count(*) FILTER (WHERE clock_timestamp() >= c.due_at) INTO waiting, late
    FROM access.correction c WHERE access.correction_is_for(c, held.role, held.area_code);
END $$;
CREATE OR REPLACE FUNCTION access.correction_person(officer integer, through bigint, correction bigint) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.correction_office(officer, through);
BEGIN
    RETURN (SELECT c.person_id FROM access.correction c
            WHERE c.id = correction AND access.correction_is_for(c, held.role, held.area_code));
END $$;

-- Under the purpose `correction` exactly the person of one correction is open: to the office whose turn it is, and to the
-- program once both have signed.
CREATE OR REPLACE FUNCTION access.check_correction_opening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.correction;
BEGIN
    SELECT c.* INTO one FROM access.correction c WHERE NEW.case_reference = 'SS-' || c.id;
    IF one.id IS NULL OR (CASE NEW.actor_kind
        WHEN 'job' THEN one.state <> 'signed'
        WHEN 'officer' THEN NEW.scope_kind <> 'person' OR NEW.scope_persons <> ARRAY[one.person_id]
            OR NOT access.correction_is_for(one, NEW.role, NEW.scope_area)
        ELSE true END) THEN
        RAISE EXCEPTION 'no correction lets this person be read' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_correction_shows_its_person BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.purpose = 'correction' AND NEW.opened_at >= transaction_timestamp())
    EXECUTE FUNCTION access.check_correction_opening();

-- The correction whose access is open in this very transaction. PC451: none is.
CREATE OR REPLACE FUNCTION access.opened_correction(correction bigint) RETURNS access.correction
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    one access.correction;
BEGIN
    IF entry.purpose IS DISTINCT FROM 'correction' OR entry.case_reference IS DISTINCT FROM 'SS-' || correction THEN
        RAISE EXCEPTION 'no access is open for this correction' USING ERRCODE = 'PC451';
    END IF;
    SELECT c.* INTO STRICT one FROM access.correction c WHERE c.id = correction FOR UPDATE;
    RETURN one;
END $$;

-- Why this officer may not sign, or ''.
CREATE OR REPLACE FUNCTION access.correction_bias(one access.correction, officer integer) RETURNS text
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM public.people_person p JOIN public.auth_user u ON u.id = officer
                     WHERE p.id IN (one.person_id, one.asked_by) AND access.told_name(p.name) = access.told_name(u.first_name)
                       AND access.told_name(u.first_name) <> '') THEN 'own_name'
        WHEN one.state = 'confirmed' AND EXISTS (
            SELECT 1 FROM access.correction_step s WHERE s.correction_id = one.id AND s.officer_id = officer
              AND s.actor = 'station') THEN 'own_signature'
        ELSE '' END
$$;

CREATE OR REPLACE FUNCTION access.correction_at_desk(correction bigint)
RETURNS TABLE (number bigint, kind text, person uuid, by_guardian boolean, asked_at timestamptz, fact_table text, fact uuid,
               of_system text, words text, state text, due_at timestamptz, outcome text, wanted text, decided text,
               bias text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.correction := access.opened_correction(correction);
    entry access.log := access.current_entry();
BEGIN
    RETURN QUERY
    SELECT one.id, one.kind, one.person_id, one.asked_by <> one.person_id, one.asked_at, one.fact_table, one.fact_id,
           one.system, one.words, one.state, one.due_at, one.outcome, access.correction_value_of(one.id, 'wanted'),
           access.correction_value_of(one.id, 'decided'), access.correction_bias(one, entry.actor::integer);
END $$;
CREATE OR REPLACE FUNCTION access.correction_steps_at_desk(correction bigint)
RETURNS TABLE (done_at timestamptz, act text, actor text, officer_name text, office text, told text, note text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE one access.correction := access.opened_correction(correction);
BEGIN
    RETURN QUERY SELECT s.done_at, s.act, s.actor, coalesce(u.first_name, '')::text, s.office, s.told, s.note
    FROM access.correction_step s LEFT JOIN public.auth_user u ON u.id = s.officer_id
    WHERE s.correction_id = one.id ORDER BY s.id;
END $$;
CREATE OR REPLACE FUNCTION access.correction_photos_at_desk(correction bigint) RETURNS TABLE (photo bigint, sealed text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.correction := access.opened_correction(correction);
BEGIN
    RETURN QUERY SELECT p.id, p.sealed FROM access.correction_photo p WHERE p.correction_id = one.id ORDER BY p.id;
END $$;

-- One step of an office's. `decided` is sealed; `outcome` says what confirming means. PC451; PC453; PC454; PC457 biased;
-- PC459 confirmed without saying what is right.
CREATE OR REPLACE FUNCTION access.step_correction(
    correction bigint, act text, told text, note text, outcome text, decided text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.correction := access.opened_correction(correction);
    entry access.log := access.current_entry();
    came_to text;
BEGIN
    IF access.correction_bias(one, entry.actor::integer) <> '' THEN
        RAISE EXCEPTION 'another officer must' USING ERRCODE = 'PC457';
    END IF;
    IF act = 'confirm' AND (step_correction.outcome IS NULL
                            OR (step_correction.outcome = 'values') <> (coalesce(decided, '') <> '')
                            OR one.kind IN ('missing', 'identity') AND step_correction.outcome <> 'values') THEN
        RAISE EXCEPTION 'what is right is not said' USING ERRCODE = 'PC459';
    END IF;
    came_to := access.move_correction(one, act, CASE WHEN entry.role = 'health_station' THEN 'station' ELSE 'source' END,
                                      told, note);
    IF act = 'confirm' THEN
        UPDATE access.correction c SET outcome = step_correction.outcome WHERE c.id = one.id;
        INSERT INTO access.correction_value (correction_id, kind, sealed)
        SELECT one.id, 'decided', decided WHERE coalesce(decided, '') <> '';
    ELSIF came_to = 'refused' AND one.kind = 'missing' THEN
        EXECUTE format('UPDATE public.%I SET superseded_at = clock_timestamp() WHERE id = $1 AND superseded_at IS NULL',
                       one.fact_table) USING one.fact_id;
    END IF;
    RETURN came_to;
END $$;

-- What both have signed and waits for the program.
CREATE OR REPLACE FUNCTION access.signed_corrections() RETURNS TABLE (number bigint, person uuid, fact_table text, outcome text,
                                                           decided text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT c.id, c.person_id, c.fact_table, c.outcome, access.correction_value_of(c.id, 'decided')
    FROM access.correction c WHERE c.state = 'signed' ORDER BY c.id
$$;
-- Puts the new fact in the old one's place, or only takes the old one away; returns the person whose record it is now.
-- Inside the program's access for this correction. PC451; PC455: the fact was superseded by its own source meanwhile.
CREATE OR REPLACE FUNCTION access.carry_out_correction(correction bigint, payload text, content_hash bytea, fact_values jsonb)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.correction := access.opened_correction(correction);
    of_table access.correction_table;
    before jsonb;
    new_fact uuid;
BEGIN
    SELECT t.* INTO STRICT of_table FROM access.correction_table t WHERE t.table_name = one.fact_table;
    EXECUTE format('SELECT to_jsonb(f) FROM public.%I f WHERE f.id = $1 FOR UPDATE', one.fact_table)
        INTO before USING one.fact_id;
    IF (access.current_entry()).actor_kind <> 'job' OR one.state <> 'signed' OR before IS NULL OR EXISTS (
        SELECT 1 FROM jsonb_object_keys(fact_values) k WHERE k <> ALL (of_table.columns)) THEN
        RAISE EXCEPTION 'this was not signed' USING ERRCODE = 'PC455';
    END IF;
    IF one.outcome = 'values' THEN
        new_fact := md5(one.fact_id || '/corrected/' || one.id)::uuid;
        PERFORM access.write_fact((before ->> 'person_id')::uuid, one.fact_table, 'repair', one.fact_table,
            'SS-' || one.id, 'repair:' || one.fact_table || ':SS-' || one.id, payload, content_hash, 'facility',
            (before - 'duplicate_of') || fact_values, new_fact, 'correction');
    END IF;
    EXECUTE format('UPDATE public.%I SET superseded_at = coalesce(superseded_at, clock_timestamp()) WHERE id = $1',
                   one.fact_table) USING one.fact_id;
    UPDATE access.correction c SET new_fact_id = new_fact WHERE c.id = one.id;
    PERFORM access.move_correction(one, 'carry_out', 'program', '', '');
    RETURN (before ->> 'person_id')::uuid;
END $$;

-- Notices that no source has been handed yet, oldest first; taking them as handed on. For the program that delivers. Of an
-- identity's case there is none: the police are at the desk themselves.
CREATE OR REPLACE FUNCTION access.correction_notices(most integer)
RETURNS TABLE (number bigint, correction bigint, kind text, of_system text, record uuid, fact_table text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE one record;
BEGIN
    FOR one IN SELECT n.id, n.correction_id, n.kind, c.system, c.fact_table, c.fact_id, n.at
               FROM access.correction_notice n JOIN access.correction c ON c.id = n.correction_id
               WHERE n.handed_on_at IS NULL AND c.kind <> 'identity' ORDER BY n.id LIMIT most LOOP
        number := one.id; correction := one.correction_id; kind := one.kind; of_system := one.system;
        fact_table := one.fact_table; at := one.at;
        EXECUTE format('SELECT record_id FROM public.%I WHERE id = $1', one.fact_table) INTO record USING one.fact_id;
        RETURN NEXT;
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION access.hand_on_notice(notice bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    UPDATE access.correction_notice n SET handed_on_at = clock_timestamp() WHERE n.id = notice AND n.handed_on_at IS NULL
$$;

REVOKE ALL ON FUNCTION access.correction_office(integer, bigint), access.correction_is_for(access.correction, text, text),
    access.corrections_queue(integer, bigint, integer, integer), access.corrections_waiting(integer, bigint),
    access.correction_person(integer, bigint, bigint), access.check_correction_opening(),
    access.opened_correction(bigint), access.correction_bias(access.correction, integer),
    access.correction_at_desk(bigint), access.correction_steps_at_desk(bigint),
    access.correction_photos_at_desk(bigint), access.step_correction(bigint, text, text, text, text, text),
    access.signed_corrections(), access.carry_out_correction(bigint, text, bytea, jsonb),
    access.correction_notices(integer), access.hand_on_notice(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.corrections_queue(integer, bigint, integer, integer),
    access.corrections_waiting(integer, bigint), access.correction_person(integer, bigint, bigint),
    access.correction_at_desk(bigint), access.correction_steps_at_desk(bigint),
    access.correction_photos_at_desk(bigint), access.step_correction(bigint, text, text, text, text, text)
    TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.signed_corrections(), access.carry_out_correction(bigint, text, bytea, jsonb),
    access.correction_notices(integer), access.hand_on_notice(bigint) TO pccovid_jobs;
