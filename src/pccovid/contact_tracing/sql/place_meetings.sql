-- Who was where these few persons were, within these spans, with the rule of the day and the score: one row for a case,
-- the person through whom, the person met, place and day. Their places are looked up one by one, by a plan made once; for
-- many there is many_meetings.sql. Not `is_counted`: what is too short to count as well. `since`, `restricted`: from when the
-- purpose sees movement, and whose is not used.
CREATE OR REPLACE FUNCTION access.met_by_few(
    cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[], weights double precision[], is_counted boolean,
    since timestamptz, restricted uuid[])
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean, score double precision)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- What lies outside is not even begun to be read: a plan made once knows no days, and opening each costs more than the look.
    first_day date;
    last_day date;
BEGIN
    SELECT access.day_here(min(greatest(s.a, since)) - interval '2 hours'), access.day_here(max(s.b)) + 1
    INTO first_day, last_day FROM unnest(starts, ends) s (a, b) WHERE s.a < s.b AND s.b > since;
    RETURN QUERY
    WITH span AS MATERIALIZED (
        SELECT s.n, s.person_id, s.a, s.b, access.day_here(s.a - interval '2 hours') AS from_day,
               access.day_here(s.b) + 1 AS to_day
        FROM (SELECT z.n, z.person_id, greatest(z.a, since) AS a, z.b
              FROM unnest(persons, starts, ends) WITH ORDINALITY z (person_id, a, b, n)
              WHERE z.a < z.b AND z.b > since AND z.person_id <> ALL (restricted) OFFSET 0) s
    ), stay_day AS MATERIALIZED (
        -- A stay lies in the day of its end, one without an end in the day it began, which may have been two hours before. So
        -- others whom a stay met lie in its own days, or in the next if they were there over midnight.
        SELECT o.n, o.person_id, o.place_key, o.a, o.b, o.is_guessed, o.kind, o.from_day + g.step AS day,
               (o.a - interval '24 hours') AT TIME ZONE 'Asia/Ho_Chi_Minh' AS here_from,
               o.b AT TIME ZONE 'Asia/Ho_Chi_Minh' AS here_until
        FROM (
            SELECT one.*, access.day_here(one.a - interval '2 hours') AS from_day, access.day_here(one.b) + 1 AS to_day,
                   -- As the kind of the place says; a place without a known kind counts as masked. One look for each stay:
                   -- there are far more places than few persons go to.
                   CASE WHEN (SELECT true FROM movement_place p JOIN access.place_class k ON k.place_kind = p.kind
                              WHERE p.place_key = one.place_key AND k.is_unmasked LIMIT 1)
                        THEN 'unmasked_place' ELSE 'place' END AS kind
            FROM (
                SELECT s.n, s.person_id, v.place_key, greatest(s.a, access.there_from(v.entered_at, v.left_at)) AS a,
                       least(s.b, coalesce(v.left_at, v.entered_at + interval '2 hours')) AS b,
                       v.left_at IS NULL OR access.there_from(v.entered_at, v.left_at) IS DISTINCT FROM v.entered_at
                           AS is_guessed
                FROM span s JOIN movement_visit v ON v.person_id = s.person_id AND v.superseded_at IS NULL
                    AND v.place_key IS NOT NULL AND v.day BETWEEN first_day AND last_day
                    AND v.day BETWEEN s.from_day AND s.to_day) one
            WHERE one.a < one.b OFFSET 0) o, generate_series(0, o.to_day - o.from_day) g (step)
    ), met AS (
        SELECT o.n, v.person_id, o.place_key, o.kind, greatest(o.a, v.there_from) AS a,
               least(o.b, coalesce(v.left_at, v.entered_at + interval '2 hours')) AS b,
               o.is_guessed OR v.left_at IS NULL OR v.there_from IS DISTINCT FROM v.entered_at AS is_guessed
        -- For each stay by itself, however little the planner knows of the days when the plan is made.
        FROM stay_day o CROSS JOIN LATERAL (
            SELECT v.person_id, v.entered_at, v.left_at, access.there_from(v.entered_at, v.left_at) AS there_from
            FROM movement_visit v
            WHERE v.place_key = o.place_key AND v.day = o.day AND v.superseded_at IS NULL
              AND v.day BETWEEN first_day AND last_day
              AND access.there_here(v.entered_at, v.left_at) > o.here_from
              AND access.there_here(v.entered_at, v.left_at) < o.here_until
              AND coalesce(v.left_at, v.entered_at + interval '2 hours') > o.a AND v.person_id <> o.person_id
            OFFSET 0) v
    ), piece AS (
        SELECT m.*, access.day_here(m.a) AS day,
               max(m.b) OVER (PARTITION BY m.n, m.person_id, m.place_key ORDER BY m.a, m.b DESC, m.is_guessed
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
        FROM met m WHERE m.person_id <> ALL (restricted)
    ), of_day AS (
        -- Who is counted twice (own phone and the place's device) was there once, over midnight too.
        SELECT m.n, m.person_id, m.place_key, m.kind, m.day, min(greatest(m.a, m.until)) AS a, max(m.b) AS b,
               (sum(date_part('epoch', m.b - greatest(m.a, m.until))) / 60)::integer AS minutes,
               bool_or(m.is_guessed) AS is_guessed
        FROM piece m WHERE (m.until >= m.b) IS NOT TRUE
        GROUP BY m.n, m.person_id, m.place_key, m.kind, m.day
    )
    SELECT cases[d.n], persons[d.n], d.person_id, d.kind, d.place_key, d.day, d.a, d.b, d.minutes, d.is_guessed,
           access.score_of(r, d.minutes, d.is_guessed, weights[d.n])
    FROM of_day d
    JOIN access.contact_rule r ON r.kind = d.kind AND d.day >= r.valid_from AND (r.valid_to IS NULL OR d.day < r.valid_to)
        AND (d.minutes >= r.least_minutes OR NOT is_counted);
END $$;
REVOKE ALL ON FUNCTION access.met_by_few(bigint[], uuid[], timestamptz[], timestamptz[], double precision[], boolean,
    timestamptz, uuid[]) FROM PUBLIC;
