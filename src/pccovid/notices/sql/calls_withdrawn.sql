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

-- Whom a program tells beside the app. Of a call made in their name, and of its being taken back, people hear by SMS at the number that most sources give
-- for their own, whether they asked for messages or not: otherwise nobody without the app would learn of one that was not
-- theirs. Nothing of a child to who is no guardian any more.
DROP FUNCTION IF EXISTS access.people_to_notify(integer);
CREATE FUNCTION access.people_to_notify(most integer)
RETURNS TABLE (last_notice bigint, person uuid, endpoints text[], subscriptions bigint[], phone text, own_phone text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
BEGIN
    IF NOT access.connection_speaks_for('job', session_user) THEN
        RAISE EXCEPTION 'only a program sends notices' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH waiting AS (
        SELECT n.person_id, max(n.id) AS last, bool_or(n.kind IN ('telephone', 'call_withdrawn')) AS is_of_call
        FROM access.notice n
        WHERE n.sent_at IS NULL AND n.read_at IS NULL AND (n.about_id IS NULL OR EXISTS (
            SELECT 1 FROM unnest(access.dependants_of(n.person_id)) child
            WHERE n.about_id IN (SELECT access.numbers_of_person(child))))
        GROUP BY n.person_id)
    SELECT w.last, w.person_id,
           ARRAY(SELECT s.sealed FROM access.push_subscription s WHERE s.person_id = w.person_id ORDER BY s.id),
           ARRAY(SELECT s.id FROM access.push_subscription s WHERE s.person_id = w.person_id ORDER BY s.id),
           c.sealed_phone, CASE WHEN w.is_of_call THEN own.sealed END
    FROM waiting w LEFT JOIN access.notice_choice c ON c.person_id = w.person_id
    LEFT JOIN LATERAL (
        SELECT p.sealed FROM public.people_contactpoint p
        WHERE w.is_of_call AND p.person_id = w.person_id AND p.system = 'phone' AND p.is_own AND p.sealed IS NOT NULL
        ORDER BY cardinality(p.sources) DESC, p.id LIMIT 1) own ON true
    WHERE c.person_id IS NOT NULL OR own.sealed IS NOT NULL
       OR EXISTS (SELECT 1 FROM access.push_subscription s WHERE s.person_id = w.person_id)
    ORDER BY 1 LIMIT most;
END $$;

REVOKE ALL ON FUNCTION access.notice_of_withdrawal(), access.notice_to_guardians(), access.people_to_notify(integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.people_to_notify(integer) TO pccovid_jobs;
