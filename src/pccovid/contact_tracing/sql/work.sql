-- Tasks by commune: each has an owner and a deadline; they are handed over and taken on, and what nobody holds is listed.

CREATE TABLE access.trace_task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('investigate', 'reach_contact', 'missed_check')),
    subject text NOT NULL UNIQUE,
    case_id bigint,
    contact_id bigint,
    order_id bigint,
    person_id uuid NOT NULL,
    owner_area text NOT NULL,  -- '*': the whole country's tracers, where nobody knows where the person lives
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL,
    handed_to text,
    handed_at timestamptz,
    handed_words text NOT NULL DEFAULT '',
    done_at timestamptz,
    done_words text NOT NULL DEFAULT '',
    CONSTRAINT every_task_has_an_owner CHECK (btrim(owner_area) <> ''),
    CONSTRAINT it_is_handed_to_somebody_else CHECK ((handed_to IS NULL) = (handed_at IS NULL) AND handed_to <> owner_area)
);
CREATE INDEX trace_task_open ON access.trace_task (owner_area, due_at) WHERE done_at IS NULL;
ALTER TABLE access.trace_task ENABLE ROW LEVEL SECURITY;

CREATE TABLE access.trace_task_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id bigint NOT NULL REFERENCES access.trace_task (id) ON DELETE CASCADE,
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    step text NOT NULL CHECK (step IN ('handed', 'accepted', 'declined', 'done')),
    from_area text NOT NULL,
    to_area text,
    by_officer integer NOT NULL,
    office text NOT NULL,
    words text NOT NULL DEFAULT ''
);
CREATE INDEX trace_task_step_by_task ON access.trace_task_step (task_id, id);
ALTER TABLE access.trace_task_step ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.trace_task, access.trace_task_step FROM PUBLIC;

CREATE FUNCTION access.home_of(person uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT coalesce((SELECT coalesce(p.commune_code, p.district_code, p.province_code) FROM people_person p WHERE p.id = person),
                    '*')
$$;

-- What there is to do, as cases and contacts say by now; what has been done closes. Returns how many are new. For the
-- program alone; may be repeated at will.
CREATE FUNCTION access.settle_tasks() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    made bigint;
BEGIN
    WITH wanted AS (
        INSERT INTO access.trace_task (kind, subject, case_id, person_id, owner_area, due_at)
        SELECT 'investigate', 'case:' || c.id, c.id, c.person_id, coalesce(c.commune_stay, access.home_of(c.person_id)),
               c.opened_at + interval '24 hours'
        FROM access.trace_case c WHERE c.joined_into IS NULL AND c.ends_at > access.seen_from('movement')
        UNION ALL
        SELECT 'reach_contact', 'contact:' || k.case_id || ':' || k.person_id, k.case_id, k.person_id,
               access.home_of(k.person_id), k.found_at + interval '24 hours'
        FROM access.trace_contact k WHERE k.level = 1 AND k.outcome = ''
        ON CONFLICT (subject) DO NOTHING RETURNING 1
    )
    SELECT count(*) INTO made FROM wanted;
    UPDATE access.trace_task t SET contact_id = k.id FROM access.trace_contact k
    WHERE t.kind = 'reach_contact' AND t.done_at IS NULL AND k.case_id = t.case_id AND k.person_id = t.person_id
      AND t.contact_id IS DISTINCT FROM k.id;
    UPDATE access.trace_task t SET done_at = clock_timestamp()
    WHERE t.done_at IS NULL AND t.kind = 'reach_contact' AND NOT EXISTS (
        SELECT 1 FROM access.trace_contact k WHERE k.case_id = t.case_id AND k.person_id = t.person_id
          AND k.outcome IN ('', 'not_reached', 'elsewhere'));
    UPDATE access.trace_task t SET done_at = clock_timestamp() FROM access.trace_case c
    WHERE t.done_at IS NULL AND t.kind = 'investigate' AND c.id = t.case_id AND c.joined_into IS NOT NULL;
    RETURN made;
END $$;

CREATE FUNCTION access.area_at_desk(entry access.log, area text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT entry.scope_area IS NULL OR area = entry.scope_area
        OR (area <> '*' AND coalesce(access.area_lies_in(area, entry.scope_area), false))
$$;

-- Whose task it is sees whom it is about, wherever they live; who is only asked to take it on does not yet.
CREATE FUNCTION access.shown_at_desk(entry access.log, one access.trace_task) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT access.lives_at_desk(entry, one.person_id) OR access.area_at_desk(entry, one.owner_area)
$$;

-- Hands over, takes on, declines or finishes a task. PC472: no such task here; PC473: too few words; PC478: no such area, or
-- nothing was handed to this one.
CREATE FUNCTION access.step_trace_task(number bigint, step text, to_area text, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_task;
    is_handed_here boolean;
BEGIN
    SELECT t.* INTO one FROM access.trace_task t WHERE t.id = number AND t.done_at IS NULL FOR UPDATE;
    is_handed_here := coalesce(access.area_at_desk(entry, one.handed_to), false);
    IF one.id IS NULL OR NOT (access.area_at_desk(entry, one.owner_area) OR is_handed_here) THEN
        RAISE EXCEPTION 'no such task here' USING ERRCODE = 'PC472';
    ELSIF step_trace_task.step NOT IN ('handed', 'accepted', 'declined', 'done')
          OR (step_trace_task.step <> 'accepted' AND length(btrim(coalesce(words, ''))) < 10) THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF (step_trace_task.step = 'handed' AND (NOT access.area_at_desk(entry, one.owner_area) OR one.handed_to IS NOT NULL
            OR to_area = one.owner_area OR NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = to_area)))
          OR (step_trace_task.step IN ('accepted', 'declined') AND NOT is_handed_here)
          OR (step_trace_task.step = 'done' AND NOT access.area_at_desk(entry, one.owner_area)) THEN
        RAISE EXCEPTION 'it cannot go there' USING ERRCODE = 'PC478';
    END IF;
    INSERT INTO access.trace_task_step (task_id, step, from_area, to_area, by_officer, office, words)
    VALUES (one.id, step_trace_task.step, one.owner_area,
            CASE WHEN step_trace_task.step = 'handed' THEN to_area ELSE one.handed_to END, entry.actor::integer, entry.office,
            btrim(coalesce(words, '')));
    UPDATE access.trace_task t SET
        owner_area = CASE WHEN step_trace_task.step = 'accepted' THEN t.handed_to ELSE t.owner_area END,
        handed_to = CASE WHEN step_trace_task.step = 'handed' THEN to_area
                         WHEN step_trace_task.step = 'done' THEN t.handed_to END,
        handed_at = CASE WHEN step_trace_task.step = 'handed' THEN clock_timestamp()
                         WHEN step_trace_task.step = 'done' THEN t.handed_at END,
        handed_words = CASE WHEN step_trace_task.step IN ('handed', 'declined') THEN btrim(words) ELSE '' END,
        done_at = CASE WHEN step_trace_task.step = 'done' THEN clock_timestamp() END,
        done_words = CASE WHEN step_trace_task.step = 'done' THEN btrim(words) ELSE '' END
    WHERE t.id = one.id;
END $$;

REVOKE ALL ON FUNCTION access.home_of(uuid), access.settle_tasks(), access.area_at_desk(access.log, text),
    access.shown_at_desk(access.log, access.trace_task), access.step_trace_task(bigint, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.settle_tasks() TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.step_trace_task(bigint, text, text, text) TO pccovid_web;
