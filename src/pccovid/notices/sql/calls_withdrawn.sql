-- One thing more is told, to the person and to guardians: that a station took back what it had written down in a call.

ALTER TABLE access.notice DROP CONSTRAINT notice_kind_check;
ALTER TABLE access.notice ADD CONSTRAINT notice_kind_check CHECK (kind IN (
    'correction', 'triage', 'feedback', 'mass', 'exposure', 'quarantine', 'telephone', 'result', 'call_withdrawn'));

-- Its subject is the reading of the station's, as that of a call is.
CREATE FUNCTION access.notice_of_withdrawal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject) VALUES (NEW.person_id, 'call_withdrawn', NEW.log_id);
    RETURN NULL;
END $$;
CREATE TRIGGER the_person_is_told AFTER INSERT ON access.declaration_withdrawal
    FOR EACH ROW EXECUTE FUNCTION access.notice_of_withdrawal();

CREATE OR REPLACE FUNCTION access.notice_to_guardians() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    -- The trigger sees its own rows too, and a statement without rows as well: nothing of a child ends it.
    IF EXISTS (SELECT 1 FROM made m WHERE m.about_id IS NULL
               AND m.kind IN ('exposure', 'quarantine', 'telephone', 'call_withdrawn', 'result')) THEN
        INSERT INTO access.notice (person_id, kind, subject, about_id)
        SELECT g, m.kind, m.subject, m.person_id FROM made m CROSS JOIN LATERAL access.guardians_of(m.person_id) g
        WHERE m.about_id IS NULL AND m.kind IN ('exposure', 'quarantine', 'telephone', 'call_withdrawn', 'result');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS guardians_are_told ON access.notice;
CREATE TRIGGER guardians_are_told AFTER INSERT ON access.notice
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION access.notice_to_guardians();

REVOKE ALL ON FUNCTION access.notice_of_withdrawal(), access.notice_to_guardians() FROM PUBLIC;
