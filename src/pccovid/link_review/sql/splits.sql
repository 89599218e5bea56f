-- Requests to split a person name people and records: read with access to everybody, like merges; nothing is shown of whom
-- a restriction holds.
ALTER TABLE link_review_split ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON link_review_split FOR SELECT TO pccovid_web, pccovid_jobs USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY writes ON link_review_split FOR ALL TO pccovid_jobs USING (
    (SELECT access.writes('source_record')) AND (SELECT access.scope_is_all()));
SELECT access.obey_restrictions('link_review_split', 'source_record', 'person_id');
GRANT SELECT ON link_review_split TO pccovid_web, pccovid_jobs;
GRANT UPDATE (done_at, outcome, note, opened_id) ON link_review_split TO pccovid_jobs;

-- Whose access is open, where that is a national steward's who repairs data.
CREATE FUNCTION access.steward_at_repair() RETURNS access.log
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.role <> 'data_steward'
       OR entry.purpose <> 'data_repair' OR entry.scope_kind <> 'all' THEN
        RAISE EXCEPTION 'only a national data steward repairing data may take people apart'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN entry;
END $$;

-- Ask that these records of a person stand on a person of their own.
CREATE FUNCTION access.ask_for_split(person uuid, records uuid[], reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, access, pg_temp AS $$
DECLARE
    entry access.log := access.steward_at_repair();
    chosen uuid[] := ARRAY(SELECT DISTINCT r FROM unnest(records) r WHERE r IS NOT NULL ORDER BY r);
    held uuid[];
    asked bigint;
BEGIN
    IF char_length(btrim(reason)) < 10 THEN
        RAISE EXCEPTION 'no reason' USING ERRCODE = 'PC491';
    END IF;
    PERFORM 1 FROM people_person p WHERE p.id = person AND p.merged_into_id IS NULL FOR SHARE;
    IF NOT FOUND OR person = ANY (access.persons_restricted('source_record')) THEN
        RAISE EXCEPTION 'no such person' USING ERRCODE = 'no_data_found';
    END IF;
    held := ARRAY(SELECT c.record_id FROM people_recordclaim c WHERE c.person_id = person);
    IF NOT chosen <@ held THEN
        RAISE EXCEPTION 'not all of these are records of the person' USING ERRCODE = 'PC492';
    END IF;
    IF cardinality(chosen) = 0 OR cardinality(chosen) = cardinality(held) THEN
        RAISE EXCEPTION 'neither none nor all of the records' USING ERRCODE = 'PC493';
    END IF;
    BEGIN
        INSERT INTO link_review_split (person_id, record_ids, reason, asked_by, asked_office, asked_at, answered_office,
                                       answer, outcome, note)
        VALUES (person, chosen, btrim(ask_for_split.reason), entry.actor::integer, entry.office, clock_timestamp(), '',
                '', '', '') RETURNING id INTO asked;
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION 'asked already' USING ERRCODE = 'PC494';
    END;
    PERFORM pg_notify('link_review', '');
    RETURN asked;
END $$;

-- Agree as a second steward, or decline in words; who asked may take it back in the same way.
CREATE FUNCTION access.answer_split(person uuid, asked bigint, agrees boolean, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, access, pg_temp AS $$
DECLARE
    entry access.log := access.steward_at_repair();
    one link_review_split;
BEGIN
    SELECT s.* INTO one FROM link_review_split s WHERE s.id = asked AND s.person_id = person FOR UPDATE;
    IF NOT FOUND OR person = ANY (access.persons_restricted('source_record')) THEN
        RAISE EXCEPTION 'no such request' USING ERRCODE = 'no_data_found';
    END IF;
    IF one.done_at IS NOT NULL OR one.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'answered already' USING ERRCODE = 'PC495';
    END IF;
    IF answer_split.agrees AND one.asked_by = entry.actor::integer THEN
        RAISE EXCEPTION 'a second steward agrees' USING ERRCODE = 'PC496';
    END IF;
    IF NOT answer_split.agrees AND char_length(btrim(words)) < 10 THEN
        RAISE EXCEPTION 'no reason' USING ERRCODE = 'PC491';
    END IF;
    UPDATE link_review_split s SET answered_by = entry.actor::integer, answered_office = entry.office,
        answered_at = clock_timestamp(), agrees = answer_split.agrees, answer = btrim(words),
        done_at = CASE WHEN answer_split.agrees THEN NULL ELSE clock_timestamp() END,
        outcome = CASE WHEN answer_split.agrees THEN '' ELSE 'declined' END
    WHERE s.id = one.id;
    PERFORM pg_notify('link_review', '');
END $$;
REVOKE ALL ON FUNCTION access.steward_at_repair(), access.ask_for_split(uuid, uuid[], text),
    access.answer_split(uuid, bigint, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.ask_for_split(uuid, uuid[], text), access.answer_split(uuid, bigint, boolean, text)
    TO pccovid_web;
