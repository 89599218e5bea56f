-- What is asked of agreements with every row that is written, with plans that are kept.

-- Whether anybody reads the feed: while no agreement is in force nothing is noted.
CREATE OR REPLACE FUNCTION access.feed_is_read() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM access.agreement a WHERE a.valid_until > clock_timestamp()
                   AND access.agreement_state(a) = 'granted');
END $$;
-- Writing under an agency's name is for the agreement whose access is open in this very transaction.
CREATE OR REPLACE FUNCTION access.check_exchange() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF NEW.actor_kind <> 'job' OR NOT EXISTS (
        SELECT 1 FROM access.agreement a
        WHERE 'CS-' || a.id = NEW.case_reference AND access.agreement_state(a) = 'granted') THEN
        RAISE EXCEPTION 'no agreement in force lets anything be sent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION access.feed_is_read(), access.check_exchange() FROM PUBLIC;
