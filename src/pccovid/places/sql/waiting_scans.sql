-- What the fold takes up (movement/sql/scans.sql): at most so many waiting rows, oldest first, each handed to one worker alone.
-- Who is scanned, or listed on paper, aboard a vehicle makes a journey as who checks in on their own page does.
CREATE OR REPLACE FUNCTION access.waiting_scans(most integer)
RETURNS TABLE (once uuid, scan_id uuid, place_key text, checkpoint text, kind smallint, way smallint,
               happened_at timestamptz, received_at timestamptz, person_id uuid, content bytea, vehicle text, seat text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.check_folding();
    RETURN QUERY
    SELECT s.once, s.scan_id, coalesce(s.place_key, d.place_key),
           CASE WHEN d.kind = 'checkpoint' THEN d.name END, s.kind, s.way, s.happened_at, s.received_at, s.person_id,
           s.content, coalesce(s.vehicle, p.name), s.seat
    FROM access.scan_inbox s LEFT JOIN access.scan_device d ON d.id = s.device_id
    LEFT JOIN access.place p ON p.place_key = coalesce(s.place_key, d.place_key) AND p.kind = 'vehicle'
    WHERE s.folded_at IS NULL ORDER BY s.received_at LIMIT most FOR UPDATE OF s SKIP LOCKED;
END $$;

REVOKE ALL ON FUNCTION access.waiting_scans(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.waiting_scans(integer) TO pccovid_jobs;
