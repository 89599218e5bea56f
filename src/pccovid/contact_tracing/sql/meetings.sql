-- How surely a meeting counts, as rules.score_of has it. `weight`: of the F1 through whom an F2 was met.
CREATE OR REPLACE FUNCTION access.score_of(rule access.contact_rule, minutes integer, is_guessed boolean, weight double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT weight * rule.weight * CASE WHEN is_guessed THEN 0.7::double precision ELSE 1::double precision END
           * CASE WHEN rule.scale_minutes = 0 OR minutes IS NULL THEN 1
                  ELSE 1 - exp(-minutes::double precision / rule.scale_minutes) END
$$;
REVOKE ALL ON FUNCTION access.score_of(access.contact_rule, integer, boolean, double precision) FROM PUBLIC;

-- Whether so many persons are many: looking each up in every day then costs more than planning for each day.
CREATE OR REPLACE FUNCTION access.are_many(persons uuid[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT coalesce(cardinality($1), 0) > 50 $$;

-- Everybody whom these persons met within these spans, but for places: households, journeys and whom cases declared, with their score. `since`,
-- `restricted`: from when the purpose sees movement, and whose is not used.
CREATE OR REPLACE FUNCTION access.other_meetings(
    cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[], weights double precision[], since timestamptz,
    restricted uuid[])
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean, score double precision)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- As for places: the days of journeys that lie outside are not even begun to be read, but for those of no usable day.
    first_day date;
    last_day date;
BEGIN
    SELECT access.day_here(min(greatest(s.a, since))), access.day_here(max(s.b)) INTO first_day, last_day
    FROM unnest(starts, ends) s (a, b) WHERE s.a < s.b AND s.b > since;
    RETURN QUERY
    WITH span AS MATERIALIZED (
        SELECT s.case_id, s.person_id, greatest(s.a, since) AS a, s.b, s.weight
        FROM unnest(cases, persons, starts, ends, weights) s (case_id, person_id, a, b, weight)
        WHERE s.a < s.b AND s.b > since AND s.person_id <> ALL (restricted)
    ), met AS (
        SELECT DISTINCT s.case_id, s.person_id AS via, other.person_id, 'household' AS kind, 'household' AS subject,
               access.day_here(s.a) AS day, s.a, s.b, false AS is_guessed, s.weight
        FROM span s JOIN people_recordclaim mine ON mine.person_id = s.person_id AND mine.household IS NOT NULL
        JOIN people_recordclaim other ON other.household = mine.household AND other.person_id <> s.person_id
        UNION ALL
        SELECT DISTINCT ON (s.case_id, s.person_id, o.person_id, t.vehicle_number, access.day_here(t.departed_at))
               s.case_id, s.person_id, o.person_id, access.seats_kind(t.seat, o.seat), t.vehicle_number,
               access.day_here(t.departed_at), t.departed_at, t.departed_at, true, s.weight
        FROM span s JOIN movement_trip t ON t.person_id = s.person_id AND t.superseded_at IS NULL
            AND t.departed_at >= s.a AND t.departed_at < s.b
            AND (t.day BETWEEN first_day AND last_day OR t.day = '0001-01-01')
        JOIN movement_trip o ON o.vehicle_number = t.vehicle_number AND o.superseded_at IS NULL
            AND o.person_id <> t.person_id
            AND (o.day BETWEEN first_day - 1 AND last_day + 1 OR o.day = '0001-01-01')
            AND o.departed_at BETWEEN t.departed_at - interval '3 hours' AND t.departed_at + interval '3 hours'
        WHERE o.person_id <> ALL (restricted)
        UNION ALL
        SELECT DISTINCT ON (s.case_id, s.person_id, o.person_id, t.vehicle_number, t.entered_on)
               s.case_id, s.person_id, o.person_id, access.seats_kind(t.seat, o.seat), t.vehicle_number, t.entered_on,
               greatest(s.a, t.entered_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'),
               greatest(s.a, t.entered_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'), true, s.weight
        FROM span s JOIN border_entry t ON t.person_id = s.person_id AND t.superseded_at IS NULL
            AND t.entered_on BETWEEN access.day_here(s.a) AND access.day_here(s.b)
        JOIN border_entry o ON o.vehicle_number = t.vehicle_number AND o.entered_on = t.entered_on
            AND o.superseded_at IS NULL AND o.person_id <> t.person_id
        WHERE o.person_id <> ALL ((SELECT access.persons_restricted('border'))::uuid[])
          AND t.person_id <> ALL ((SELECT access.persons_restricted('border'))::uuid[])
        UNION ALL
        (SELECT DISTINCT ON (s.case_id, s.person_id, d.other_id, access.day_here(greatest(s.a, d.a)))
                s.case_id, s.person_id, d.other_id, 'declared', 'declared', access.day_here(greatest(s.a, d.a)),
                greatest(s.a, d.a), least(s.b, d.b), false, s.weight
        FROM access.declared_meetings(persons) d
        JOIN span s ON s.person_id = d.person_id AND d.a < s.b AND d.b > s.a
        WHERE d.other_id <> ALL (restricted)
        ORDER BY s.case_id, s.person_id, d.other_id, access.day_here(greatest(s.a, d.a)), d.b DESC)
    )
    SELECT m.case_id, m.via, m.person_id, m.kind, m.subject, m.day, m.a, m.b, NULL::integer, m.is_guessed,
           access.score_of(r, NULL, m.is_guessed, m.weight)
    FROM met m JOIN access.contact_rule r ON r.kind = m.kind AND m.day >= r.valid_from
        AND (r.valid_to IS NULL OR m.day < r.valid_to);
END $$;

-- All of them, of few persons.
CREATE OR REPLACE FUNCTION access.meetings(cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[],
                                weights double precision[], is_counted boolean)
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean, score double precision)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    since timestamptz := access.seen_from('movement');
    restricted uuid[] := access.persons_restricted('movement');
BEGIN
    RETURN QUERY SELECT * FROM access.met_by_few(cases, persons, starts, ends, weights, is_counted, since, restricted);
    RETURN QUERY SELECT * FROM access.other_meetings(cases, persons, starts, ends, weights, since, restricted);
END $$;

REVOKE ALL ON FUNCTION access.are_many(uuid[]),
    access.other_meetings(bigint[], uuid[], timestamptz[], timestamptz[], double precision[], timestamptz, uuid[]),
    access.meetings(bigint[], uuid[], timestamptz[], timestamptz[], double precision[], boolean) FROM PUBLIC;
