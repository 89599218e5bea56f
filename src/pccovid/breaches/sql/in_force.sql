-- The rules of access as they are in force in this database, for those who watch over them. PC461: another office.
CREATE FUNCTION access.rules_in_force(officer integer, through bigint)
RETURNS TABLE (purpose text, category text, actor_kind text, role text, may_write boolean, widest_scope text,
               legal_basis text, max_days integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.appointment := access.breach_office(officer, through);
BEGIN
    RETURN QUERY
    SELECT r.purpose, r.category, r.actor_kind, r.role, r.may_write, r.widest_scope, r.legal_basis, r.max_days
    FROM access.rule r ORDER BY r.purpose, r.actor_kind, r.role, r.category;
END $$;
REVOKE ALL ON FUNCTION access.rules_in_force(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.rules_in_force(integer, bigint) TO pccovid_web;
