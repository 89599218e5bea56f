-- Whom many met at places, day by day, in one statement. As place_meetings.sql says for few; each day's table is named, since
-- asking the whole movement costs a look into every day, and most days are no use to most stays.

-- The days of movement there are, between two.
CREATE OR REPLACE FUNCTION access.days_kept(first date, last date) RETURNS SETOF date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT d::date FROM generate_series($1, $2, interval '1 day') d
    WHERE to_regclass('public.movement_visit' || to_char(d, '"_d"YYYYMMDD')) IS NOT NULL ORDER BY 1
$$;

-- A text for each of these days, one after the other. In it, `%1$I`: the day's table, `%2$L`: the day, `%3$L`, `%4$L`: when it
-- begins and ends; `%5$I`, `%6$I`: what the statement calls the stays of that day and of the day before; `%7$L`, `%8$L`: two
-- hours after it begins and ends, `%9$L`: when the day before begins. Moments are written out, so that none is reckoned row by row.
CREATE OR REPLACE FUNCTION access.by_day(arm text, days date[], joined_by text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(format($1, 'movement_visit' || to_char(d, '"_d"YYYYMMDD'), d, d::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh',
                             (d + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'stay_' || to_char(d, 'YYYYMMDD'),
                             CASE WHEN d - 1 = ANY ($2) THEN 'stay_' || to_char(d - 1, 'YYYYMMDD') ELSE 'stay_none' END,
                             (d + time '02:00') AT TIME ZONE 'Asia/Ho_Chi_Minh', (d + 1 + time '02:00') AT TIME ZONE 'Asia/Ho_Chi_Minh',
                             (d - 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'),
                      $3 ORDER BY d)
    FROM unnest($2) d
$$;

-- Who else was where these persons stayed. A visit lies in the day of its end, one without an end in the day it began. So others
-- may have met a stay in its own day; in the next one, if they were there over midnight, whose visits have an index of their
-- own; and in other days that the stay reaches into, or began within two hours after. `there`: as access.there_here.
CREATE OR REPLACE FUNCTION access.others_there(days date[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    WITH said (there, a) AS (VALUES (
        'CASE WHEN v.left_at IS NULL OR (v.left_at >= v.entered_at AND v.left_at - v.entered_at <= interval ''24 hours'')
              THEN v.entered_at AT TIME ZONE ''Asia/Ho_Chi_Minh''
              ELSE (v.left_at AT TIME ZONE ''Asia/Ho_Chi_Minh'') - interval ''2 hours'' END',
        'greatest(o.a, CASE WHEN v.left_at IS NULL OR (v.left_at >= v.entered_at
                                                       AND v.left_at - v.entered_at <= interval ''24 hours'')
                            THEN v.entered_at ELSE v.left_at - interval ''2 hours'' END)'
    )), arm (text) AS (SELECT '
        SELECT o.n, v.person_id, o.place_key, ' || s.a || ' AS a,
               least(o.b, coalesce(v.left_at, v.entered_at + interval ''2 hours'')) AS b,
               o.is_guessed OR (v.left_at >= v.entered_at AND v.left_at - v.entered_at <= interval ''24 hours'') IS NOT TRUE
                   AS is_guessed,
               -- Who came and left in one day met others in it.
               CASE WHEN v.entered_at >= %%3$L AND v.left_at >= v.entered_at THEN date %%2$L
                    ELSE (' || s.a || ' AT TIME ZONE ''Asia/Ho_Chi_Minh'')::date END AS day
        FROM %1$s JOIN public.%%1$I v ON v.place_key = o.place_key AND v.superseded_at IS NULL
            AND ' || s.there || ' < o.b AT TIME ZONE ''Asia/Ho_Chi_Minh''
            AND coalesce(v.left_at, v.entered_at + interval ''2 hours'') > o.a AND v.person_id <> o.person_id %2$s' FROM said s)
    SELECT access.by_day(format(arm.text,
            '(SELECT n, person_id, place_key, a, b, is_guessed FROM %5$I
              UNION ALL SELECT n, person_id, place_key, a, b, is_guessed FROM far WHERE day = %2$L) o', ''), days, ' UNION ALL ')
        || ' UNION ALL ' || access.by_day(format(arm.text,
            '(SELECT n, person_id, place_key, a, b, is_guessed FROM %6$I WHERE NOT is_late) o',
            'AND (' || s.there || ')::date < v.day'), days, ' UNION ALL ')
    FROM arm, said s
$$;

-- The stays of these days, each day's by itself; last those that reach beyond their day, with each other day they touch.
-- In the order of places, so that one look finds the next one's page at hand. `coalesce`: what is common among places is of no
-- use to the planner, which would compare it for each day anew; for the same reason nothing here calls a function that it would
-- have to read again each time (as access.there_from, access.day_here).
-- `IS NOT TRUE`: where there are no statistics the planner holds a comparison to be rarely true and its opposite often, and
-- most spans touch most days.
CREATE OR REPLACE FUNCTION access.stays_of_spans(days date[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT access.by_day('%5$I AS MATERIALIZED (
            SELECT o.*, o.a < %7$L AS is_early, o.b >= %4$L AS is_late
            FROM (SELECT s.n, s.person_id, coalesce(v.place_key, '''') AS place_key,
                         greatest(s.a, CASE WHEN v.left_at IS NULL OR (v.left_at >= v.entered_at
                                                                       AND v.left_at <= v.entered_at + interval ''24 hours'')
                                            THEN v.entered_at ELSE v.left_at - interval ''2 hours'' END) AS a,
                         least(s.b, coalesce(v.left_at, v.entered_at + interval ''2 hours'')) AS b,
                         (v.left_at >= v.entered_at AND v.left_at <= v.entered_at + interval ''24 hours'') IS NOT TRUE
                             AS is_guessed
                  FROM span s JOIN public.%1$I v ON v.person_id = s.person_id AND v.superseded_at IS NULL
                      AND v.place_key IS NOT NULL
                  WHERE (s.a >= %8$L) IS NOT TRUE AND (s.b < %9$L) IS NOT TRUE OFFSET 0) o
            WHERE o.a < o.b ORDER BY o.place_key), ', days, '')
        || access.by_day('stay_none AS (SELECT * FROM %5$I WHERE false), ', $1[1:1], '')
        || 'far AS MATERIALIZED (
            SELECT f.n, f.person_id, f.place_key, f.a, f.b, f.is_guessed, f.own + g.step AS day
            FROM (SELECT e.*, access.day_here(e.a - interval ''2 hours'') AS first_day,
                         CASE WHEN e.is_late THEN access.day_here(e.b) + 1 ELSE e.own END AS last_day
                  FROM (' || access.by_day('SELECT *, date %2$L AS own FROM %5$I WHERE is_early OR is_late', days, ' UNION ALL ')
        || ') e OFFSET 0) f,
            generate_series(-2, 2) g (step)
            WHERE g.step <> 0 AND f.own + g.step >= f.first_day AND f.own + g.step <= f.last_day)'
$$;

-- The statement that finds them. $2: only what counts; $3 to $7: cases, persons, starts, ends and weights; $8: who is left
-- out; $9: from when the purpose may look.
CREATE OR REPLACE FUNCTION access.many_meetings(starts timestamptz[], ends timestamptz[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    since timestamptz := access.seen_from('movement');
    days date[] := ARRAY(SELECT access.days_kept(access.day_here(min(greatest(s.a, since)) - interval '2 hours'),
                                                 access.day_here(max(s.b)) + 1)
                         FROM unnest(starts, ends) s (a, b) WHERE s.a < s.b AND s.b > since);
    -- Mostly nobody is, and then nobody is asked for in each arm of each day.
    left_out text := CASE WHEN access.persons_restricted('movement') = '{}' THEN '' ELSE ' AND %s.person_id <> ALL ($8)' END;
BEGIN
    RETURN 'WITH span AS MATERIALIZED (
            SELECT z.n, z.person_id, greatest(z.a, $9) AS a, z.b
            FROM unnest($4, $5, $6) WITH ORDINALITY z (person_id, a, b, n)
            WHERE (z.a >= z.b) IS NOT TRUE AND (z.b <= $9) IS NOT TRUE' || format(left_out, 'z') || '
            ORDER BY z.person_id  -- so looked up from left to right
        )' || CASE WHEN days = '{}' THEN '' ELSE ', ' || access.stays_of_spans(days) END || '
        SELECT $3[d.n] AS case_id, $4[d.n] AS via, d.person_id, r.kind, d.place_key AS subject, d.day, d.a AS started_at,
               d.b AS ended_at, d.minutes, d.is_guessed, access.score_of(r, d.minutes, d.is_guessed, $7[d.n]) AS score
        FROM (
            -- Who is counted twice (own phone and the place''s device) was there once, over midnight too.
            SELECT p.n, p.person_id, p.place_key, p.day, min(greatest(p.a, p.until)) AS a, max(p.b) AS b,
                   (sum(date_part(''epoch'', p.b - greatest(p.a, p.until))) / 60)::integer AS minutes,
                   bool_or(p.is_guessed) AS is_guessed
            FROM (
                -- By case, as exposures are kept: spans are numbered so.
                SELECT met.*, max(met.b) OVER (PARTITION BY met.n, met.person_id, met.place_key
                                               ORDER BY met.day, met.a, met.b DESC, met.is_guessed
                                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
                FROM (' || CASE WHEN days = '{}' THEN '
                    SELECT z.n, z.person_id, '''' AS place_key, NULL::date AS day, z.a, z.b,
                           false AS is_guessed FROM span z WHERE false'
                ELSE '
                    SELECT m.n, m.person_id, m.place_key, m.day, m.a, m.b, m.is_guessed
                    FROM (' || access.others_there(days) || ') m
                    WHERE true' || format(left_out, 'm') END || ') met
            ) p WHERE (p.until >= p.b) IS NOT TRUE
            GROUP BY p.n, p.person_id, p.place_key, p.day
        ) d
        -- As the kind of the place says; a place without a known kind counts as masked.
        JOIN access.contact_rule r ON r.kind = CASE WHEN d.place_key IN (
                SELECT p.place_key FROM public.movement_place p
                JOIN access.place_class k ON k.place_kind = p.kind AND k.is_unmasked)
                THEN ''unmasked_place'' ELSE ''place'' END
            AND d.day >= r.valid_from AND (r.valid_to IS NULL OR d.day < r.valid_to)
            AND (d.minutes >= r.least_minutes OR NOT $2)';
END $$;

-- The same as met_by_few, for many.
CREATE OR REPLACE FUNCTION access.met_by_many(cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[],
                                   weights double precision[], is_counted boolean)
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean, score double precision)
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp SET work_mem = '128MB' SET jit = off AS $$
BEGIN
    RETURN QUERY EXECUTE access.many_meetings(starts, ends)
    USING NULL, is_counted, cases, persons, starts, ends, weights, access.persons_restricted('movement'),
          access.seen_from('movement');
END $$;

REVOKE ALL ON FUNCTION access.days_kept(date, date), access.by_day(text, date[], text),
    access.others_there(date[]), access.stays_of_spans(date[]), access.many_meetings(timestamptz[], timestamptz[]),
    access.met_by_many(bigint[], uuid[], timestamptz[], timestamptz[], double precision[], boolean) FROM PUBLIC;
