-- Steps of others that a person is told of: the row is written with the step, in its transaction.

-- Of a case that a program opened the person it is about is told: nobody asked for it.
CREATE OR REPLACE FUNCTION access.notice_of_correction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT coalesce(c.asked_by, c.person_id), 'correction', c.id
    FROM access.correction c WHERE c.id = NEW.correction_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER the_person_is_told AFTER INSERT ON access.correction_step
    FOR EACH ROW WHEN (NEW.actor <> 'person') EXECUTE FUNCTION access.notice_of_correction();

CREATE OR REPLACE FUNCTION access.notice_of_triage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT d.by_person, 'triage', d.id FROM access.declaration_draft d WHERE d.triage_id = NEW.triage_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER the_person_is_told AFTER INSERT ON access.triage_step
    FOR EACH ROW WHEN (NEW.told <> '') EXECUTE FUNCTION access.notice_of_triage();

CREATE OR REPLACE FUNCTION access.notice_of_feedback() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT f.by_person, 'feedback', f.id FROM access.feedback f WHERE f.id = NEW.feedback_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER the_person_is_told AFTER INSERT ON access.feedback_step
    FOR EACH ROW WHEN (NEW.told <> '') EXECUTE FUNCTION access.notice_of_feedback();

REVOKE ALL ON FUNCTION access.notice_of_correction(), access.notice_of_triage(), access.notice_of_feedback() FROM PUBLIC;
