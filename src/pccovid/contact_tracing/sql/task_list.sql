-- The list of open tasks at a tracer's desk: so many of each kind, the soonest due first, and how many there are. Never all of them:
-- whoever is named is told to have been seen. The indexes are in the order of the list, for the country, for an area, and for what
-- an area is asked to take on.
CREATE INDEX IF NOT EXISTS trace_task_due ON access.trace_task (kind, due_at, id) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS trace_task_owned ON access.trace_task (owner_area, kind, due_at, id) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS trace_task_handed ON access.trace_task (handed_to, kind, due_at, id)
    WHERE done_at IS NULL AND handed_to IS NOT NULL;
DROP INDEX IF EXISTS access.trace_task_open;
CREATE INDEX IF NOT EXISTS appointment_of_tracers ON access.appointment (area_code) WHERE role = 'tracer';

CREATE OR REPLACE FUNCTION access.has_tracer(area text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM access.appointment a WHERE a.role = 'tracer' AND a.valid_from <= clock_timestamp()
          AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp())
          AND a.area_code = ANY (area || coalesce((SELECT r.lies_in FROM access.area r WHERE r.code = area), '{}')))
$$;

-- Why nobody may be holding a task: no tracer covers its owner's area, or it was handed over and nobody answered for a day.
CREATE OR REPLACE FUNCTION access.between_chairs(one access.trace_task) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT CASE
        WHEN one.owner_area = '*' THEN 'no_home'
        WHEN one.handed_at < clock_timestamp() - interval '24 hours' THEN 'unanswered'
        WHEN NOT access.has_tracer(one.owner_area) THEN 'no_tracer'
        ELSE '' END
$$;

-- Numbers of the open tasks of a kind that an area has or is asked to take on (NULL: of the whole country), the soonest due first,
-- those after a given one; nobody's who is restricted.
CREATE OR REPLACE FUNCTION access.tasks_due(areas text[], of_kind text, after bigint, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    restricted uuid[] := access.persons_restricted('test');
    last_due timestamptz := coalesce((SELECT t.due_at FROM access.trace_task t WHERE t.id = after), '-infinity');
BEGIN
    IF areas IS NULL THEN
        RETURN QUERY SELECT t.id FROM access.trace_task t
        WHERE t.done_at IS NULL AND t.kind = of_kind AND (t.due_at, t.id) > (last_due, coalesce(after, 0))
          AND t.person_id <> ALL (restricted) ORDER BY t.due_at, t.id LIMIT most;
        RETURN;
    END IF;
    RETURN QUERY SELECT f.id FROM (
        SELECT o.* FROM unnest(areas) a (code) CROSS JOIN LATERAL (
            SELECT t.id, t.due_at FROM access.trace_task t
            WHERE t.done_at IS NULL AND t.owner_area = a.code AND t.kind = of_kind
              AND (t.due_at, t.id) > (last_due, coalesce(after, 0)) AND t.person_id <> ALL (restricted)
            ORDER BY t.due_at, t.id LIMIT most) o
        UNION
        SELECT h.* FROM unnest(areas) a (code) CROSS JOIN LATERAL (
            SELECT t.id, t.due_at FROM access.trace_task t
            WHERE t.done_at IS NULL AND t.handed_to = a.code AND t.kind = of_kind
              AND (t.due_at, t.id) > (last_due, coalesce(after, 0)) AND t.person_id <> ALL (restricted)
            ORDER BY t.due_at, t.id LIMIT most) h) f
    ORDER BY f.due_at, f.id LIMIT most;
END $$;

-- Open tasks of the area, and those handed to it: of each kind, or of one, at most so many after a given one. The whole country's
-- tracers see all, and so what nobody may be holding.
CREATE OR REPLACE FUNCTION access.trace_tasks_seen(of_kind text DEFAULT NULL, after bigint DEFAULT NULL, most integer DEFAULT 100)
RETURNS TABLE (number bigint, kind text, case_number bigint, person uuid, name text, owner_area text, due_at timestamptz,
               is_overdue boolean, handed_to text, handed_words text, is_handed_here boolean, is_mine boolean, said text,
               held_by_nobody text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.tracer_entry();
    areas text[] := access.areas_within(entry.scope_area);
    mine bigint[] := ARRAY(
        SELECT d FROM unnest(CASE WHEN of_kind IS NULL THEN ARRAY['investigate', 'reach_contact', 'missed_check', 'disputed']
                             ELSE ARRAY[of_kind] END) k CROSS JOIN LATERAL access.tasks_due(areas, k, after, least(most, 100)) d);
BEGIN
    PERFORM access.tell_of(entry, ARRAY(SELECT t.person_id FROM access.trace_task t WHERE t.id = ANY (mine)
                                        AND access.shown_at_desk(entry, t)), ARRAY['identity', 'movement']);
    RETURN QUERY
    SELECT t.id, t.kind, CASE WHEN c.id IS NOT NULL THEN t.case_id END, CASE WHEN s.is_shown THEN t.person_id END,
           CASE WHEN s.is_shown THEN p.name END, t.owner_area, t.due_at, t.due_at < clock_timestamp(), t.handed_to,
           t.handed_words, coalesce(areas IS NULL AND t.handed_to IS NOT NULL OR t.handed_to = ANY (areas), false),
           coalesce(areas IS NULL OR t.owner_area = ANY (areas), false), CASE WHEN s.is_shown THEN t.said ELSE '' END,
           access.between_chairs(t)
    FROM access.trace_task t LEFT JOIN people_person p ON p.id = t.person_id
    LEFT JOIN access.trace_case c ON c.id = t.case_id AND access.case_at_desk(entry, c)
    CROSS JOIN LATERAL (SELECT access.shown_at_desk(entry, t) AS is_shown) s
    WHERE t.id = ANY (mine) ORDER BY t.due_at, t.id;
END $$;

-- Of each kind how many of these there are, are late, may be held by nobody, and are due after a given one; nobody is named.
CREATE OR REPLACE FUNCTION access.trace_tasks_counted(after bigint DEFAULT NULL)
RETURNS TABLE (kind text, waiting bigint, overdue bigint, held_by_nobody bigint, later bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.tracer_entry();
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('test');
    last_due timestamptz := coalesce((SELECT t.due_at FROM access.trace_task t WHERE t.id = after), '-infinity');
BEGIN
    RETURN QUERY
    SELECT g.kind, sum(g.waiting)::bigint, sum(g.overdue)::bigint,
           sum(CASE WHEN g.owner_area = '*' OR NOT access.has_tracer(g.owner_area) THEN g.waiting ELSE g.unanswered END)::bigint,
           sum(g.later)::bigint
    FROM (
        SELECT t.kind, t.owner_area, count(*) AS waiting, count(*) FILTER (WHERE t.due_at < clock_timestamp()) AS overdue,
               count(*) FILTER (WHERE t.handed_at < clock_timestamp() - interval '24 hours') AS unanswered,
               count(*) FILTER (WHERE (t.due_at, t.id) > (last_due, coalesce(after, 0))) AS later
        FROM access.trace_task t
        WHERE t.done_at IS NULL AND (areas IS NULL OR t.owner_area = ANY (areas) OR t.handed_to = ANY (areas))
          AND t.person_id <> ALL (restricted)
        GROUP BY 1, 2) g
    GROUP BY 1;
END $$;

REVOKE ALL ON FUNCTION access.has_tracer(text), access.between_chairs(access.trace_task),
    access.tasks_due(text[], text, bigint, integer), access.trace_tasks_seen(text, bigint, integer),
    access.trace_tasks_counted(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.trace_tasks_seen(text, bigint, integer), access.trace_tasks_counted(bigint) TO pccovid_web;
