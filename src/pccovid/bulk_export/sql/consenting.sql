-- Exports that rest on consent: only the consenting are in sight of the job, only they may be in the file, and a withdrawal
-- destroys files that could still be fetched.
ALTER TABLE access.export_rule ADD COLUMN consent text;  -- the consent's purpose; NULL where the law alone allows it

-- Restrictive: it takes away from what other policies let through.
CREATE FUNCTION access.limit_to_consenting(personal regclass, person_column text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE POLICY consenting ON %s AS RESTRICTIVE FOR SELECT TO pccovid_jobs USING (
            (SELECT access.consent_needed()) IS NULL OR access.has_consent(%I, (SELECT access.consent_needed())))',
        personal, person_column);
END $$;
SELECT access.limit_to_consenting('people_person', 'id');
SELECT access.limit_to_consenting(name::regclass, 'person_id')
FROM unnest(ARRAY['people_identifier', 'people_recordclaim', 'people_contactpoint', 'people_address',
                  'people_relationship', 'vaccination_dose', 'lab_tests_test']) AS name;

-- Ends the making, in the very transaction that read the rows; for whoever withdrew while the file was being made, consent is
-- asked once more. PC438: somebody did; make it anew.
CREATE OR REPLACE FUNCTION access.finish_export(request bigint, rows bigint, people bigint, content bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE needed text := access.consent_needed();
BEGIN
    IF (access.current_entry()).case_reference IS DISTINCT FROM 'XD-' || request
       OR (access.current_entry()).purpose <> 'export' THEN
        RAISE EXCEPTION 'no access is open for this request' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (SELECT count(*) FROM access.disclosure d WHERE d.log_id = (access.current_entry()).id) <> people THEN
        RAISE EXCEPTION 'whoever is in an export is told' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Withdrawals wait from here until this ends, or this waits for theirs.
    IF needed IS NOT NULL THEN
        LOCK TABLE access.consent_decision IN SHARE MODE;
    END IF;
    IF needed IS NOT NULL AND EXISTS (
        SELECT 1 FROM access.disclosure d
        WHERE d.log_id = (access.current_entry()).id AND NOT access.has_consent(d.person_id, needed)) THEN
        RAISE EXCEPTION 'somebody withdrew' USING ERRCODE = 'PC438';
    END IF;
    INSERT INTO access.export_file (request_id, content, kept_until)
    VALUES (request, content, clock_timestamp() + interval '7 days');
    UPDATE access.export_request r SET made_at = clock_timestamp(), rows = finish_export.rows,
        people = finish_export.people, digest = encode(sha256(content), 'hex')
    WHERE r.id = request;
END $$;

CREATE FUNCTION access.destroy_withdrawn_files() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    DELETE FROM access.export_file f USING access.export_request q
    WHERE q.id = f.request_id
      AND EXISTS (SELECT 1 FROM access.export_rule r WHERE r.purpose = q.purpose AND r.consent = NEW.purpose)
      AND EXISTS (SELECT 1 FROM access.log l JOIN access.disclosure d ON d.log_id = l.id
                  WHERE l.purpose = 'export' AND l.case_reference = 'XD-' || q.id
                    AND d.person_id IN (SELECT access.numbers_of_person(NEW.person_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER a_withdrawal_destroys_files AFTER INSERT ON access.consent_decision
    FOR EACH ROW WHEN (NOT NEW.gives) EXECUTE FUNCTION access.destroy_withdrawn_files();

REVOKE ALL ON FUNCTION access.limit_to_consenting(regclass, text),
    access.finish_export(bigint, bigint, bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.finish_export(bigint, bigint, bigint, bytea) TO pccovid_jobs;
