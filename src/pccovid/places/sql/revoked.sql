-- Whether the code of somebody, made at that moment, was taken back since: what a citizen who reads another's safe code is
-- told of it, and all they are told. Inside an own access, so that the log has who asked and when. PC461: none is open.
CREATE FUNCTION access.code_is_revoked(person uuid, made timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'citizen' OR entry.scope_kind <> 'own' THEN
        RAISE EXCEPTION 'no access is open' USING ERRCODE = 'PC461';
    END IF;
    -- A code tells its second and no more, as the worker has it.
    RETURN EXISTS (SELECT 1 FROM access.code_revocation r
                   WHERE r.person_id = person AND made < date_trunc('second', r.since));
END $$;
REVOKE ALL ON FUNCTION access.code_is_revoked(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.code_is_revoked(uuid, timestamptz) TO pccovid_web;
