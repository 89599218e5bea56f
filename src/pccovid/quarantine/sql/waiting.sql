-- How many open orders an office's area keeps, in how many the day's check was missed, and how many needs are late: for its first
-- page, without opening anybody's record. PC421: the office is not held.
CREATE OR REPLACE FUNCTION access.orders_waiting(officer integer, through bigint, OUT open bigint, OUT missed bigint, OUT late bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    held access.appointment := access.office_now(officer, through, ARRAY['tracer', 'quarantine_officer']);
    areas text[] := access.areas_within(held.area_code);
    today date := access.day_here(access.present());
BEGIN
    SELECT count(*), count(*) FILTER (WHERE access.last_heard(o.checked_on, o.ordered_at) < today - 1) INTO open, missed
    FROM access.quarantine_order o WHERE o.state = 'open' AND (areas IS NULL OR o.area_code = ANY (areas));
    SELECT count(*) INTO late
    FROM access.quarantine_need n JOIN access.quarantine_order o ON o.id = n.order_id AND o.state = 'open'
    WHERE n.outcome IS NULL AND n.due_at < clock_timestamp() AND (areas IS NULL OR o.area_code = ANY (areas));
END $$;

REVOKE ALL ON FUNCTION access.orders_waiting(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.orders_waiting(integer, bigint) TO pccovid_web;
