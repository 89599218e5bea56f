-- Everybody whom these persons met within these spans: one row for a case, the person met, kind, place or journey, and day.
CREATE FUNCTION access.meetings(cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[])
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE kept double precision := (
    SELECT sum(greatest(c.reltuples, 0)) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.movement_visit'::regclass);
BEGIN
    -- A person costs about as much as three hundred rows read through.
    IF cardinality(persons) * 300.0 > kept THEN
        RETURN QUERY SELECT t.case_id, t.via, t.person_id, CASE WHEN t.is_unmasked THEN 'unmasked_place' ELSE 'place' END, t.place_key, t.day, t.started_at,
            t.ended_at, (t.seconds / 60)::integer, t.is_guessed FROM access.met_by_many(cases, persons, starts, ends) t;
    ELSE
        RETURN QUERY SELECT t.case_id, t.via, t.person_id, CASE WHEN t.is_unmasked THEN 'unmasked_place' ELSE 'place' END, t.place_key, t.day, t.started_at,
            t.ended_at, (t.seconds / 60)::integer, t.is_guessed FROM access.met_by_few(cases, persons, starts, ends) t;
    END IF;
    RETURN QUERY
    WITH span AS MATERIALIZED (
        SELECT s.case_id, s.person_id, greatest(s.a, (SELECT access.seen_from('movement'))) AS a, s.b
        FROM unnest(cases, persons, starts, ends) s (case_id, person_id, a, b)
        WHERE s.a < s.b AND s.b > (SELECT access.seen_from('movement'))
          AND s.person_id <> ALL ((SELECT access.persons_restricted('movement'))::uuid[])
    )
    SELECT DISTINCT s.case_id, s.person_id, other.person_id, 'household', 'household', access.day_here(s.a), s.a, s.b,
           NULL::integer, false
    FROM span s JOIN people_recordclaim mine ON mine.person_id = s.person_id AND mine.household IS NOT NULL
    JOIN people_recordclaim other ON other.household = mine.household AND other.person_id <> s.person_id
    UNION ALL
    SELECT DISTINCT ON (s.case_id, s.person_id, o.person_id, t.vehicle_number, access.day_here(t.departed_at))
           s.case_id, s.person_id, o.person_id, access.seats_kind(t.seat, o.seat), t.vehicle_number,
           access.day_here(t.departed_at), t.departed_at, t.departed_at, NULL, true
    FROM span s JOIN movement_trip t ON t.person_id = s.person_id AND t.superseded_at IS NULL
        AND t.departed_at >= s.a AND t.departed_at < s.b
    JOIN movement_trip o ON o.vehicle_number = t.vehicle_number AND o.superseded_at IS NULL
        AND o.person_id <> t.person_id
        AND o.departed_at BETWEEN t.departed_at - interval '3 hours' AND t.departed_at + interval '3 hours'
    WHERE o.person_id <> ALL ((SELECT access.persons_restricted('movement'))::uuid[])
    UNION ALL
    SELECT DISTINCT ON (s.case_id, s.person_id, o.person_id, t.vehicle_number, t.entered_on)
           s.case_id, s.person_id, o.person_id, access.seats_kind(t.seat, o.seat), t.vehicle_number, t.entered_on,
           greatest(s.a, t.entered_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'),
           greatest(s.a, t.entered_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'), NULL, true
    FROM span s JOIN border_entry t ON t.person_id = s.person_id AND t.superseded_at IS NULL
        AND t.entered_on BETWEEN access.day_here(s.a) AND access.day_here(s.b)
    JOIN border_entry o ON o.vehicle_number = t.vehicle_number AND o.entered_on = t.entered_on
        AND o.superseded_at IS NULL AND o.person_id <> t.person_id
    WHERE o.person_id <> ALL ((SELECT access.persons_restricted('border'))::uuid[])
      AND t.person_id <> ALL ((SELECT access.persons_restricted('border'))::uuid[]);
END $$;

REVOKE ALL ON FUNCTION access.meetings(bigint[], uuid[], timestamptz[], timestamptz[]) FROM PUBLIC;
