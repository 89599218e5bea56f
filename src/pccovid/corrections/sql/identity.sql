-- Identities that the population database does not agree with: opened by the program for the person's own commune. The health
-- station asks at home and writes what is right, the commune's police verify in their database and sign, the program puts
-- it in place. The person reads the case like their own reports, but did not open it and cannot withdraw it.
ALTER TABLE access.correction DROP CONSTRAINT correction_kind_check;
ALTER TABLE access.correction ADD CONSTRAINT correction_kind_check CHECK (kind IN ('wrong', 'missing', 'identity'));
ALTER TABLE access.correction ALTER COLUMN asked_by DROP NOT NULL;
ALTER TABLE access.correction ADD CONSTRAINT only_the_program_asks_for_nobody CHECK ((asked_by IS NULL) = (kind = 'identity'));

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
CREATE FUNCTION access.correction_office(officer integer, through bigint) RETURNS access.appointment
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT access.office_now(officer, through, ARRAY['health_station', 'data_steward', 'commune_police'])
$$;

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
CREATE OR REPLACE FUNCTION access.step_own_correction(correction bigint, act text, words text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.correction := access.own_correction(correction);
    came_to text;
BEGIN
    IF one.kind = 'identity' AND act = 'withdraw' THEN
        RAISE EXCEPTION 'not opened by the person' USING ERRCODE = 'PC453';
    END IF;
    came_to := access.move_correction(one, act, 'person', words, '');
    IF came_to = 'withdrawn' AND one.kind = 'missing' THEN
        EXECUTE format('UPDATE public.%I SET superseded_at = clock_timestamp() WHERE id = $1 AND superseded_at IS NULL',
                       one.fact_table) USING one.fact_id;
    END IF;
    RETURN came_to;
END $$;
-- The police are at the desk themselves: they need no notice.
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

-- Opens a case for each of these persons of whom none is open; returns how many. Whoever lives nobody knows where has no
-- commune that could ask: for them there is none. Only inside an access that a program opened to verify identities.
CREATE FUNCTION access.open_identity_cases(persons uuid[], words text[], of_system text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    opened bigint;
BEGIN
    IF entry.actor_kind IS DISTINCT FROM 'job' OR entry.purpose IS DISTINCT FROM 'identity_verification' THEN
        RAISE EXCEPTION 'no access is open to verify identities' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO access.correction (kind, person_id, log_id, fact_table, fact_id, system, area_code, words, state, due_at)
    SELECT 'identity', p.id, entry.id, 'people_person', p.id, of_system, p.commune_code, w.words, 'received',
           access.correction_due('received')
    FROM unnest(persons, open_identity_cases.words) w (person, words) JOIN public.people_person p ON p.id = w.person
    WHERE p.commune_code IS NOT NULL ORDER BY p.id
    ON CONFLICT (fact_id) WHERE state IN ('received', 'checking', 'needs_more', 'confirmed', 'signed') DO NOTHING;
    GET DIAGNOSTICS opened = ROW_COUNT;
    RETURN opened;
END $$;
-- Ends an identity's case whose values the program has just put in place. PC455: it was not signed.
CREATE FUNCTION access.finish_identity_case(correction bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.correction := access.opened_correction(correction);
BEGIN
    IF (access.current_entry()).actor_kind <> 'job' OR one.state <> 'signed' OR one.kind <> 'identity' THEN
        RAISE EXCEPTION 'this was not signed' USING ERRCODE = 'PC455';
    END IF;
    PERFORM access.move_correction(one, 'carry_out', 'program', '', '');
END $$;

REVOKE ALL ON FUNCTION access.correction_office(integer, bigint), access.open_identity_cases(uuid[], text[], text),
    access.finish_identity_case(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.open_identity_cases(uuid[], text[], text), access.finish_identity_case(bigint)
    TO pccovid_jobs;
