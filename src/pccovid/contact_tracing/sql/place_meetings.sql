-- Who was where these persons were, within these spans: one row for a case, the person met, place and day. Made twice from
-- this text: for few, whose places are looked up one by one; for many, for whom all days are read through once.
CREATE FUNCTION access.{name}(cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[])
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, place_key text, day date, started_at timestamptz,
               ended_at timestamptz, seconds numeric, is_guessed boolean, is_unmasked boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp {settings} SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH span AS MATERIALIZED (
        SELECT s.case_id, s.person_id, greatest(s.a, (SELECT access.seen_from('movement'))) AS a, s.b
        FROM unnest(cases, persons, starts, ends) s (case_id, person_id, a, b)
        WHERE s.a < s.b AND s.b > (SELECT access.seen_from('movement'))
          AND s.person_id <> ALL ((SELECT access.persons_restricted('movement'))::uuid[])
    ), stay AS MATERIALIZED (
        SELECT one.case_id, one.person_id, one.place_key, lower(one.during) AS a, upper(one.during) AS b, one.is_guessed
        FROM (
            SELECT s.case_id, s.person_id, v.place_key, bool_or(v.left_at IS NULL OR v.entered_at IS NULL) AS is_guessed,
                   unnest(range_agg(tstzrange(access.there_from(v.entered_at, v.left_at),
                                              coalesce(v.left_at, v.entered_at + interval '2 hours'))
                                    * tstzrange(s.a, s.b))) AS during
            FROM span s JOIN movement_visit v ON v.person_id = s.person_id AND v.superseded_at IS NULL
                AND v.place_key IS NOT NULL AND v.day BETWEEN access.day_here(s.a) AND access.day_here(s.b) + 1
            GROUP BY s.case_id, s.person_id, v.place_key) one
        WHERE NOT isempty(one.during)
    ), stay_day AS MATERIALIZED (
        -- A stay lies in the day of its end, which is at most the day after the meeting.
        SELECT o.*, access.day_here(o.a) + n AS day
        FROM stay o CROSS JOIN LATERAL generate_series(0, access.day_here(o.b) + 1 - access.day_here(o.a)) n
    ), met AS (
        SELECT o.case_id, o.person_id AS via, v.person_id, o.place_key, greatest(o.a, v.entered_at) AS a,
               least(o.b, coalesce(v.left_at, v.entered_at + interval '2 hours')) AS b,
               o.is_guessed OR v.left_at IS NULL AS is_guessed
        FROM stay_day o JOIN movement_visit v ON v.place_key = o.place_key AND v.day = o.day AND v.superseded_at IS NULL
            AND v.entered_at > o.a - interval '24 hours' AND v.entered_at < o.b
            AND coalesce(v.left_at, v.entered_at + interval '2 hours') > o.a AND v.person_id <> o.person_id
            AND (v.left_at IS NULL OR v.left_at - v.entered_at BETWEEN interval '0' AND interval '24 hours')
        UNION ALL
        SELECT o.case_id, o.person_id, v.person_id, o.place_key, greatest(o.a, v.left_at - interval '2 hours'),
               least(o.b, v.left_at), true
        FROM stay_day o JOIN movement_visit v ON v.place_key = o.place_key AND v.day = o.day AND v.superseded_at IS NULL
            AND v.left_at IS NOT NULL
            AND (v.entered_at IS NULL OR v.left_at - v.entered_at > interval '24 hours' OR v.left_at < v.entered_at)
            AND v.left_at > o.a AND v.left_at < o.b + interval '2 hours' AND v.person_id <> o.person_id
    )
    SELECT m.case_id, m.via, m.person_id, m.place_key, access.day_here(m.a) AS day, min(m.a) AS a, max(m.b) AS b,
           -- Who is counted twice (own phone and the place's device) was there once.
           CASE WHEN count(*) = 1 THEN extract(epoch FROM max(m.b) - min(m.a))
                ELSE access.seconds_in(array_agg(m.a), array_agg(m.b)) END,
           bool_or(m.is_guessed) AS is_guessed,
           -- As the kind of the place says; a place without a known kind counts as masked.
           m.place_key IN (SELECT p.place_key FROM movement_place p
                           JOIN access.place_class k ON k.place_kind = p.kind AND k.is_unmasked)
    FROM met m WHERE m.person_id <> ALL ((SELECT access.persons_restricted('movement'))::uuid[])
    GROUP BY m.case_id, m.via, m.person_id, m.place_key, access.day_here(m.a);
END $$;
REVOKE ALL ON FUNCTION access.{name}(bigint[], uuid[], timestamptz[], timestamptz[]) FROM PUBLIC;
