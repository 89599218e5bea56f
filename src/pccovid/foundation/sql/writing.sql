-- What a policy asks of who writes, each in one look at the log, as sight.sql has it for who reads: a message of
-- an agency asks some sixty times.
CREATE OR REPLACE FUNCTION access.writes(category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE answer boolean;
BEGIN
    SELECT writes.category = ANY (l.writable) INTO answer FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN coalesce(answer, false);
END $$;
CREATE OR REPLACE FUNCTION access.scope_is_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE answer boolean;
BEGIN
    SELECT l.scope_kind = 'all' INTO answer FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN coalesce(answer, false);
END $$;
REVOKE ALL ON FUNCTION access.writes(text), access.scope_is_all() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.writes(text), access.scope_is_all() TO pccovid_web, pccovid_jobs;
