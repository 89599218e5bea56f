-- Earlier apps that were to stop: whether they still collect. An app hands over on the day that a rule names, or with the first
-- delivery of it that was published; what its people wrote into it on a later day was collected although it was to stop.
CREATE TABLE access.hand_over (
    source text PRIMARY KEY,
    stops_on date,  -- its last day; NULL: that of its first published delivery
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL
);
ALTER TABLE access.source_quality
    ADD COLUMN newest_own_at timestamptz,  -- the newest time that a standing record of it tells of itself
    ADD COLUMN after_hand_over bigint NOT NULL DEFAULT 0;

-- Each app that hands over: its last day, and what was delivered, in all and of something new after that day.
CREATE FUNCTION access.hand_overs_now()
RETURNS TABLE (source text, last_day date, document text, is_verified boolean, deliveries bigint, later_deliveries bigint,
               last_delivery_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    WITH delivery AS (
        SELECT f.system AS source, r.id, coalesce(r.published_at, r.started_at) AS at,
               sum(f.new + f.linked - f.unchanged) > 0 AS has_news
        FROM people_importfile f JOIN people_importrun r ON r.id = f.run_id
        WHERE f.system IN (SELECT h.source FROM access.hand_over h) GROUP BY 1, 2, 3
    ), handed AS (
        SELECT h.source, coalesce(h.stops_on, min((d.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)) AS last_day, h.document,
               h.is_verified
        FROM access.hand_over h LEFT JOIN delivery d ON d.source = h.source GROUP BY h.source
    )
    SELECT h.source, h.last_day, h.document, h.is_verified, count(d.id),
           count(d.id) FILTER (WHERE d.has_news AND (d.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date > h.last_day), max(d.at)
    FROM handed h LEFT JOIN delivery d ON d.source = h.source WHERE h.last_day IS NOT NULL GROUP BY 1, 2, 3, 4
$$;

-- Counts what apps that hand over tell of the time after. It reads every fact of theirs: for the program, now and then, after
-- access.count_sources().
CREATE FUNCTION access.count_own_times() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE counted bigint;
BEGIN
    INSERT INTO access.source_quality AS q (source, counted_at, claims, fields, repeated_facts, newest_own_at,
                                            after_hand_over)
    SELECT o.source, clock_timestamp(), 0, '{}', 0, max(o.at),
           count(*) FILTER (WHERE (o.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date > h.last_day)
    FROM (
        SELECT d.source_system AS source, d.declared_at AS at FROM declarations_declaration d WHERE d.superseded_at IS NULL
        UNION ALL SELECT v.source_system, v.entered_at FROM movement_visit v WHERE v.superseded_at IS NULL
        UNION ALL SELECT t.source_system, t.departed_at FROM movement_trip t WHERE t.superseded_at IS NULL
        UNION ALL SELECT s.source_system, s.scanned_at FROM movement_scan s WHERE s.superseded_at IS NULL
        UNION ALL SELECT e.source_system, e.entered_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' FROM border_entry e
                  WHERE e.superseded_at IS NULL
    ) o JOIN access.hand_overs_now() h ON h.source = o.source WHERE o.at IS NOT NULL GROUP BY o.source
    ON CONFLICT (source) DO UPDATE SET newest_own_at = excluded.newest_own_at,
        after_hand_over = excluded.after_hand_over;
    GET DIAGNOSTICS counted = ROW_COUNT;
    RETURN counted;
END $$;

-- PC421: not held.
CREATE FUNCTION access.old_apps(officer integer, through bigint)
RETURNS TABLE (source text, last_day date, document text, is_verified boolean, deliveries bigint, later_deliveries bigint,
               last_delivery_at timestamptz, newest_own_at timestamptz, after_hand_over bigint, counted_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(
        officer, through, ARRAY['data_steward', 'data_protection', 'inspector']);
BEGIN
    RETURN QUERY
    SELECT h.*, q.newest_own_at, coalesce(q.after_hand_over, 0), q.counted_at
    FROM access.hand_overs_now() h LEFT JOIN access.source_quality q ON q.source = h.source ORDER BY h.source;
END $$;

REVOKE ALL ON access.hand_over FROM PUBLIC;
REVOKE ALL ON FUNCTION access.hand_overs_now(), access.count_own_times(), access.old_apps(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.count_own_times() TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.old_apps(integer, bigint) TO pccovid_web;
