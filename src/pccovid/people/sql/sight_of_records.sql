-- A relationship's other end is asked by a function. As a sub-select on the claims it brought these' own policies into every
-- statement, whose planning took longer than all else the statement did.
CREATE FUNCTION access.record_seen(record uuid, category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp COST 500 AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.people_recordclaim c
                   WHERE c.record_id = record_seen.record AND access.person_seen(c.person_id, record_seen.category));
END $$;
REVOKE ALL ON FUNCTION access.record_seen(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.record_seen(uuid, text) TO pccovid_web;

DROP POLICY sees_other_end ON people_relationship;
CREATE POLICY sees_other_end ON people_relationship FOR SELECT TO pccovid_web USING (
    (SELECT access.reads('contact')) AND access.record_seen(other_record_id, 'identity'));
