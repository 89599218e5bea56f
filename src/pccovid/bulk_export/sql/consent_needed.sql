-- The consent that the open context needs of everybody in it; NULL where it needs none. Every statement about persons asks.
CREATE OR REPLACE FUNCTION access.consent_needed() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    open_for text;
    case_now text;
BEGIN
    SELECT l.purpose, l.case_reference INTO open_for, case_now FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    IF open_for IS DISTINCT FROM 'export' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT max(r.consent) FROM access.export_request q JOIN access.export_rule r ON r.purpose = q.purpose
            WHERE 'XD-' || q.id = case_now);
END $$;
REVOKE ALL ON FUNCTION access.consent_needed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.consent_needed() TO pccovid_jobs;
