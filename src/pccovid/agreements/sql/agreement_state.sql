-- waiting, refused, lapsed, granted, ended, expired. In PL/pgSQL, whose plans are kept for the life of the connection: every message
-- of an agency asks several times.
CREATE OR REPLACE FUNCTION access.agreement_state(one access.agreement) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE approved boolean;
BEGIN
    IF EXISTS (SELECT 1 FROM access.agreement_end e WHERE e.agreement_id = one.id) THEN
        RETURN 'ended';
    END IF;
    SELECT o.approves INTO approved FROM access.agreement_opinion o WHERE o.agreement_id = one.id;
    RETURN CASE
        WHEN NOT approved THEN 'refused'
        WHEN approved AND clock_timestamp() < one.valid_until THEN 'granted'
        WHEN approved THEN 'expired'
        WHEN clock_timestamp() > one.asked_at + interval '14 days' THEN 'lapsed'
        ELSE 'waiting' END;
END $$;
REVOKE ALL ON FUNCTION access.agreement_state(access.agreement) FROM PUBLIC;
