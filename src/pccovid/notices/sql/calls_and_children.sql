-- Three things more are told: that a station declared for the person on the telephone, that a result of a test is there, and,
-- to a guardian, what concerns a child. `about_id` is the child; NULL: the person themselves.

ALTER TABLE access.notice ADD COLUMN about_id uuid;
ALTER TABLE access.notice DROP CONSTRAINT notice_kind_check;
ALTER TABLE access.notice ADD CONSTRAINT notice_kind_check
    CHECK (kind IN ('correction', 'triage', 'feedback', 'mass', 'exposure', 'quarantine', 'telephone', 'result'));
DROP INDEX access.notice_of_exposure;
CREATE INDEX notice_of_exposure ON access.notice (person_id, made_at) WHERE kind = 'exposure' AND about_id IS NULL;

-- A call: its subject is the reading of the station's, against which the person can object.
CREATE FUNCTION access.notice_of_call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT NEW.person_id, 'telephone', e.id FROM access.current_entry() e WHERE e.actor_kind = 'officer';
    RETURN NULL;
END $$;
CREATE TRIGGER the_person_is_told AFTER INSERT ON public.declarations_declaration
    FOR EACH ROW WHEN (NEW.source_system = 'pccovid' AND NEW.answers ->> 'told_by' = 'telephone')
    EXECUTE FUNCTION access.notice_of_call();

-- A result of the last three days: what an earlier app knew is no news.
CREATE FUNCTION access.notice_of_result() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject) VALUES (NEW.person_id, 'result', 0);
    RETURN NULL;
END $$;
CREATE TRIGGER the_person_is_told AFTER INSERT ON public.lab_tests_test
    FOR EACH ROW WHEN (NEW.person_id IS NOT NULL AND NEW.superseded_at IS NULL AND NEW.result <> ''
                       AND NEW.resulted_at > now() - interval '3 days')
    EXECUTE FUNCTION access.notice_of_result();

-- By the same word as access.dependants_of, the other way round.
CREATE FUNCTION access.guardians_of(child uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT DISTINCT mine.person_id
    FROM people_relationship r JOIN people_recordclaim mine ON mine.record_id = r.other_record_id
    JOIN people_person p ON p.id = r.person_id
    WHERE r.person_id = child AND r.kind = 'guardian' AND r.provenance = 'official' AND r.superseded_at IS NULL
      AND mine.person_id <> child AND p.birth_date + interval '18 years' > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;

-- One notice for everybody who met a case since they were last told of one; returns how many. In one statement, so that a
-- thousand cases cost one pass. Who is a case by now is told by others. For the tracing program alone.
-- A guardian's notice of a child is no notice to the guardian of their own.
CREATE OR REPLACE FUNCTION access.tell_exposures() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    present timestamptz := access.present();
    told bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('exposure notices', 0));
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT k.person_id, 'exposure', max(k.id)
    FROM access.trace_contact k JOIN access.trace_case c ON c.id = k.case_id AND c.joined_into IS NULL
    WHERE k.level = 1 AND k.outcome <> 'not_a_contact' AND k.last_at > present - interval '21 days'
      AND NOT EXISTS (SELECT 1 FROM access.notice n WHERE n.kind = 'exposure' AND n.about_id IS NULL
                      AND n.person_id = k.person_id AND n.made_at >= k.found_at)
      AND NOT EXISTS (SELECT 1 FROM access.trace_case own
                      WHERE own.person_id = k.person_id AND own.joined_into IS NULL AND own.ends_at > present)
    GROUP BY k.person_id;
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$;

REVOKE ALL ON FUNCTION access.notice_of_call(), access.notice_of_result(), access.guardians_of(uuid),
    access.tell_exposures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.tell_exposures() TO pccovid_jobs;
