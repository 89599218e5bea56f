-- What restricts a person restricts whoever is opened by a split of that person, under the same request: whoever asked for it
-- meant every record that stood on them, and lifts it for both. For the program that takes people apart.
CREATE OR REPLACE FUNCTION access.restrict_both(stayed uuid, opened uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose <> 'data_repair' THEN
        RAISE EXCEPTION 'only the repair of data takes people apart' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO access.restriction (request_id, person_id, category)
    SELECT DISTINCT r.request_id, opened, r.category
    FROM access.numbers_of_person(stayed) n (id) JOIN access.restriction r ON r.person_id = n.id
    WHERE r.lifted_at IS NULL;
END $$;
REVOKE ALL ON FUNCTION access.restrict_both(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.restrict_both(uuid, uuid) TO pccovid_jobs;
