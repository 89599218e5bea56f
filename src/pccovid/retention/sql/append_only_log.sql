-- The log refuses change, but to what erases of it: the transaction that erases a range and takes its summary down
-- (log_and_accounts.sql), and the one that erases a line that nothing rests on any more (accountable.sql).
CREATE OR REPLACE FUNCTION access.refuse_log_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' OR NOT (access.is_erasing() OR EXISTS (
        SELECT 1 FROM access.log_erasure e WHERE e.transaction_id = pg_current_xact_id_if_assigned()
            AND e.erased_at >= transaction_timestamp())) THEN
        RAISE EXCEPTION 'the access log is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION access.refuse_log_change() FROM PUBLIC;
