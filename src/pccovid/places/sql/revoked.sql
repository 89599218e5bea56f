-- Whether the code of somebody, made at that moment, was taken back since: what a citizen who reads another's safe code is
-- told of it, and all they are told. Inside an own access, so that the log has who asked and when; NULL in any other.
CREATE FUNCTION access.code_is_revoked(person uuid, made timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    -- A code tells its second and no more, as the worker has it.
    SELECT EXISTS (SELECT 1 FROM access.code_revocation r WHERE r.person_id = person AND made < date_trunc('second', r.since))
    FROM access.current_entry() e WHERE e.actor_kind = 'citizen' AND e.scope_kind = 'own'
$$;
REVOKE ALL ON FUNCTION access.code_is_revoked(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.code_is_revoked(uuid, timestamptz) TO pccovid_web;
