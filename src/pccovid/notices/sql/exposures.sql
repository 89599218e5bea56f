-- Having met a case, and steps of one's quarantine, are told as well: the day and what to do, and nothing of the case.

ALTER TABLE access.notice DROP CONSTRAINT notice_kind_check;
ALTER TABLE access.notice ADD CONSTRAINT notice_kind_check
    CHECK (kind IN ('correction', 'triage', 'feedback', 'mass', 'exposure', 'quarantine'));
CREATE INDEX notice_of_exposure ON access.notice (person_id, made_at) WHERE kind = 'exposure';

-- One notice for everybody who met a case since they were last told of one; returns how many. In one statement, so that a
-- thousand cases cost one pass. Who is a case by now is told by others. For the tracing program alone.
CREATE FUNCTION access.tell_exposures() RETURNS bigint
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
      AND NOT EXISTS (SELECT 1 FROM access.notice n
                      WHERE n.kind = 'exposure' AND n.person_id = k.person_id AND n.made_at >= k.found_at)
      AND NOT EXISTS (SELECT 1 FROM access.trace_case own
                      WHERE own.person_id = k.person_id AND own.joined_into IS NULL AND own.ends_at > present)
    GROUP BY k.person_id;
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$;

-- Steps that others took; many of one pass are told in one statement.
CREATE FUNCTION access.notice_of_quarantine() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT o.person_id, 'quarantine', o.id FROM made s JOIN access.quarantine_order o ON o.id = s.order_id
    WHERE s.step NOT IN ('objected', 'became_case');
    RETURN NULL;
END $$;
CREATE TRIGGER the_person_is_told AFTER INSERT ON access.quarantine_step
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION access.notice_of_quarantine();

-- The person's own, newest first; a mass notice brings its text, having met a case its days.
DROP FUNCTION access.notices_of(uuid);
CREATE FUNCTION access.notices_of(person uuid)
RETURNS TABLE (number bigint, kind text, subject bigint, made_at timestamptz, is_new boolean, text text, office text,
               days date[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT n.id, n.kind, n.subject, n.made_at, n.read_at IS NULL, m.text, m.proposed_office,
           CASE WHEN n.kind = 'exposure' THEN ARRAY(
               SELECT DISTINCT access.day_here(k.last_at) FROM access.trace_contact k
               WHERE k.person_id = n.person_id AND k.level = 1 AND k.outcome <> 'not_a_contact'
                 AND k.found_at <= n.made_at AND k.last_at > n.made_at - interval '21 days' ORDER BY 1) ELSE '{}' END
    FROM access.notice n LEFT JOIN access.mass_notice m ON n.kind = 'mass' AND m.id = n.subject
    WHERE access.is_own_view(person) AND person::text = (access.current_entry()).actor
      AND n.person_id IN (SELECT access.numbers_of_person(person))
    ORDER BY n.id DESC LIMIT 100
$$;

REVOKE ALL ON FUNCTION access.tell_exposures(), access.notice_of_quarantine(), access.notices_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.tell_exposures() TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.notices_of(uuid) TO pccovid_web;
