-- The present: that of the made nation where there is one. Not in plain SQL, which outside another statement's plan is read and
-- planned anew by every statement that asks; and every policy that holds a table to a span asks.
CREATE OR REPLACE FUNCTION access.present() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT d.day FROM access.sandbox_day d), now());
END $$;
REVOKE ALL ON FUNCTION access.present() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.present() TO pccovid_web, pccovid_jobs;
