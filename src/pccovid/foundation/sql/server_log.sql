-- What a rollback leaves behind. The log row of an access goes with its transaction: whoever held the web's connection could
-- open, read and roll back. The number that the row had is never given again, so `pccovid audit verify` counts the missing
-- ones; and the server's own log, which no role of ours can write or read, tells who opened under it. It names officers and
-- jobs, never a citizen, a person or a case. A server that puts statements into its log would add those: there it is silent,
-- and `pccovid db roles` says so.
CREATE FUNCTION access.tell_server_log(entry bigint, actor_kind text, actor text, role text, purpose text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('log_min_error_statement') IN ('panic', 'fatal') THEN
        RAISE LOG 'access % by % as % for %', entry,
            CASE actor_kind WHEN 'citizen' THEN 'a citizen' WHEN 'officer' THEN 'officer ' || actor ELSE 'a job' END,
            coalesce(nullif(role, ''), '-'), purpose;
    END IF;
END $$;
REVOKE ALL ON FUNCTION access.tell_server_log(bigint, text, text, text, text) FROM PUBLIC;
