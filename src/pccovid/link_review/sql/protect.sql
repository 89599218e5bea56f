-- Opinions and rulings name records, not people: they are read with access to everybody, like the pairs themselves.
ALTER TABLE link_review_opinion ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_review_ruling ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON link_review_opinion FOR SELECT TO pccovid_web, pccovid_jobs USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY sees ON link_review_ruling FOR SELECT TO pccovid_web, pccovid_jobs USING (
    (SELECT access.reads('source_record')) AND (SELECT access.scope_is_all()));
CREATE POLICY writes ON link_review_ruling FOR ALL TO pccovid_jobs USING (
    (SELECT access.writes('source_record')) AND (SELECT access.scope_is_all()));
GRANT SELECT ON link_review_opinion, link_review_ruling TO pccovid_web, pccovid_jobs;
GRANT INSERT, UPDATE ON link_review_ruling TO pccovid_jobs;

CREATE FUNCTION access.refuse_opinion_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'opinions are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER opinion_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON link_review_opinion
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_opinion_change();

-- The one way to say something: as the officer whose access is open, for the repair of data, about a pair that is asked.
CREATE FUNCTION access.give_link_opinion(pair uuid, opinion text, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    given bigint;
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.role <> 'data_steward'
       OR entry.purpose <> 'data_repair' OR entry.scope_kind <> 'all' THEN
        RAISE EXCEPTION 'only a national data steward repairing data may decide about pairs'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM people_reviewpair p WHERE p.id = pair) THEN
        RAISE EXCEPTION 'there is no such pair' USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO link_review_opinion (pair_id, officer_id, office, opinion, reason, given_at)
    VALUES (pair, entry.actor::integer, entry.office, opinion, reason, clock_timestamp()) RETURNING id INTO given;
    PERFORM pg_notify('link_review', '');
    RETURN given;
END $$;
REVOKE ALL ON FUNCTION access.give_link_opinion(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.give_link_opinion(uuid, text, text) TO pccovid_web;
