-- A withdrawal that an office grants (rights/) ends every consent that the person gave, under whatever number. It is written
-- under the access in which the office decided; the person finds it among their decisions.
CREATE FUNCTION access.withdraw_consents_for_right(person uuid) RETURNS integer
LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    given text;
    last access.consent_decision;
    ended integer := 0;
BEGIN
    IF entry.purpose IS DISTINCT FROM 'rights' OR NOT person = ANY (entry.scope_persons) THEN
        RAISE EXCEPTION 'no request of this person is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('consent ' || person, 0));
    FOR given IN SELECT DISTINCT d.purpose FROM access.consent_decision d
                 WHERE d.person_id IN (SELECT access.numbers_of_person(person)) ORDER BY 1 LOOP
        last := access.last_consent(person, given);
        IF last.gives THEN
            INSERT INTO access.consent_decision (person_id, purpose, version, language, gives, shown_digest, log_id)
            VALUES (person, last.purpose, last.version, last.language, false, last.shown_digest, entry.id);
            ended := ended + 1;
        END IF;
    END LOOP;
    RETURN ended;
END $$;
REVOKE ALL ON FUNCTION access.withdraw_consents_for_right(uuid) FROM PUBLIC;
