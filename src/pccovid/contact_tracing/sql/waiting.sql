-- How many open tasks an office's area has or was asked to take on, and how many of them are late: for its first page, without
-- opening anybody's record. PC421: the office is not held.
CREATE OR REPLACE FUNCTION access.tasks_waiting(officer integer, through bigint, OUT waiting bigint, OUT overdue bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    held access.appointment := access.office_now(officer, through, ARRAY['tracer']);
    areas text[] := access.areas_within(held.area_code);
BEGIN
    SELECT count(*), count(*) FILTER (WHERE t.due_at < clock_timestamp()) INTO waiting, overdue
    FROM access.trace_task t
    WHERE t.done_at IS NULL AND (areas IS NULL OR t.owner_area = ANY (areas) OR t.handed_to = ANY (areas));
END $$;

REVOKE ALL ON FUNCTION access.tasks_waiting(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.tasks_waiting(integer, bigint) TO pccovid_web;
