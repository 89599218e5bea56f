-- What a program sends beside the app, by push and SMS. It learns no name.

-- One line a person who has something unsent, with the newest notice it covers. Of a call made in their name, and of its being
-- taken back, people hear by SMS at the number that most sources give for their own, whether they asked for messages or not:
-- otherwise nobody without the app would learn of one that was not theirs. Nothing of a child to who is no guardian any more.
CREATE OR REPLACE FUNCTION access.people_to_notify(most integer)
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
CREATE OR REPLACE FUNCTION access.note_notified(person uuid, last_notice bigint, failed bigint[], gone bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    UPDATE access.notice n SET sent_at = clock_timestamp()
    WHERE n.person_id = person AND n.id <= last_notice AND n.sent_at IS NULL;
    UPDATE access.push_subscription s SET failures = CASE WHEN s.id = ANY (failed) THEN s.failures + 1 ELSE 0 END
    WHERE s.person_id = person;
    DELETE FROM access.push_subscription s WHERE s.person_id = person AND (s.id = ANY (gone) OR s.failures >= 3);
END $$;

REVOKE ALL ON FUNCTION access.people_to_notify(integer), access.note_notified(uuid, bigint, bigint[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.people_to_notify(integer), access.note_notified(uuid, bigint, bigint[], bigint[])
    TO pccovid_jobs;
