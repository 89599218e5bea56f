-- Identities that the population database does not agree with: opened by the program for the person's own commune. The health
-- station asks at home and writes what is right, the commune's police verify in their database and sign, the program puts
-- it in place. The person reads the case like their own reports, but did not open it and cannot withdraw it.
ALTER TABLE access.correction DROP CONSTRAINT correction_kind_check;
ALTER TABLE access.correction ADD CONSTRAINT correction_kind_check CHECK (kind IN ('wrong', 'missing', 'identity'));
ALTER TABLE access.correction ALTER COLUMN asked_by DROP NOT NULL;
ALTER TABLE access.correction ADD CONSTRAINT only_the_program_asks_for_nobody CHECK ((asked_by IS NULL) = (kind = 'identity'));

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

REVOKE ALL ON FUNCTION access.open_identity_cases(uuid[], text[], text),
    access.finish_identity_case(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.open_identity_cases(uuid[], text[], text), access.finish_identity_case(bigint)
    TO pccovid_jobs;
