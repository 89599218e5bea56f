-- How many open orders an office's area keeps, in how many the day's check was missed, and how many needs are late: for its first
-- page, without opening anybody's record. PC421: the office is not held.
CREATE FUNCTION access.orders_waiting(officer integer, through bigint, OUT open bigint, OUT missed bigint, OUT late bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(officer, through, ARRAY['tracer', 'quarantine_officer']);
    today date := access.day_here(access.present());
BEGIN
    SELECT count(*), count(*) FILTER (WHERE access.check_is_missed(o, today)),
           coalesce(sum((SELECT count(*) FROM access.quarantine_need n
                         WHERE n.order_id = o.id AND n.outcome IS NULL AND n.due_at < clock_timestamp())), 0)
    INTO open, missed, late
    FROM access.quarantine_order o
    WHERE o.state = 'open' AND (held.area_code IS NULL OR access.area_lies_in(o.area_code, held.area_code));
END $$;

REVOKE ALL ON FUNCTION access.orders_waiting(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.orders_waiting(integer, bigint) TO pccovid_web;
