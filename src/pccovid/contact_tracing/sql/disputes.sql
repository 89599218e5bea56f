-- A person says that they met nobody. It becomes a task of the tracers where they live, with their words and a deadline; what the
-- tracer writes when it is done is the answer, and they read it. The exposure stands until a tracer writes otherwise.
ALTER TABLE access.trace_task DROP CONSTRAINT trace_task_kind_check,
    ADD CONSTRAINT trace_task_kind_check CHECK (kind IN ('investigate', 'reach_contact', 'missed_check', 'disputed')),
    ADD COLUMN said text NOT NULL DEFAULT '' CONSTRAINT what_is_said_is_no_book CHECK (length(said) <= 2000);

-- PC472: nothing is told of this person; PC473: too few words; PC477: three times in three weeks already.
CREATE FUNCTION access.dispute_exposure(person uuid, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    met access.trace_contact;
    earlier bigint;
BEGIN
    SELECT k.* INTO met FROM access.trace_contact k JOIN access.trace_case c ON c.id = k.case_id AND c.joined_into IS NULL
    WHERE access.is_own_view(person) AND k.person_id IN (SELECT access.numbers_of_person(person)) AND k.level = 1
      AND k.outcome <> 'not_a_contact' AND k.last_at > access.present() - interval '21 days'
    ORDER BY k.last_at DESC LIMIT 1;
    IF met.id IS NULL THEN
        RAISE EXCEPTION 'nothing is told' USING ERRCODE = 'PC472';
    ELSIF length(btrim(coalesce(words, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('dispute ' || met.person_id, 0));
    SELECT count(*) INTO earlier FROM access.trace_task t
    WHERE t.kind = 'disputed' AND t.person_id = met.person_id AND t.opened_at > clock_timestamp() - interval '21 days';
    IF earlier >= 3 THEN
        RAISE EXCEPTION 'three times already' USING ERRCODE = 'PC477';
    END IF;
    INSERT INTO access.trace_task (kind, subject, case_id, contact_id, person_id, owner_area, due_at, said)
    VALUES ('disputed', 'dispute:' || met.person_id || ':' || clock_timestamp(), met.case_id, met.id, met.person_id,
            access.home_of(met.person_id), clock_timestamp() + interval '24 hours', left(btrim(words), 2000));
END $$;

-- What the person or a guardian wrote, newest first, and what was answered.
CREATE FUNCTION access.disputes_told(person uuid)
RETURNS TABLE (said text, said_at timestamptz, due_at timestamptz, answer text, answered_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT t.said, t.opened_at, t.due_at, t.done_words, t.done_at FROM access.trace_task t
    WHERE access.is_own_view(person) AND t.person_id IN (SELECT access.numbers_of_person(person)) AND t.kind = 'disputed'
      AND t.opened_at > clock_timestamp() - interval '21 days' ORDER BY t.opened_at DESC
$$;

REVOKE ALL ON FUNCTION access.dispute_exposure(uuid, text), access.disputes_told(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.dispute_exposure(uuid, text), access.disputes_told(uuid) TO pccovid_web;
