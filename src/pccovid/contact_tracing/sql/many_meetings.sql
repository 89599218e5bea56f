-- Whom many persons met at places, day by day. As place_meetings.sql says for few; planned by the day, since looking
-- somebody up in all days costs one index for each, and most days are no use to most stays.

-- The days of movement there are, between two.
CREATE OR REPLACE FUNCTION access.days_kept(first date, last date) RETURNS SETOF date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT d::date FROM generate_series($1, $2, interval '1 day') d
    WHERE to_regclass('public.movement_visit' || to_char(d, '"_d"YYYYMMDD')) IS NOT NULL ORDER BY 1
$$;

-- A statement of one arm for each of these days; `%1$L` in the arm is the day.
CREATE OR REPLACE FUNCTION access.by_day(arm text, days date[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(format($1, d), ' UNION ALL '), format($1, date '0001-01-01')) FROM unnest($2) d
$$;

-- Fills the working tables, which are the transaction's own: spans, the stays of their persons, and stays without a
-- usable beginning. Returns the days in which others may have met them.
CREATE OR REPLACE FUNCTION access.gather_stays(persons uuid[], starts timestamptz[], ends timestamptz[]) RETURNS date[]
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp
-- What stands here as it is is planned once; what is put together, each time.
SET plan_cache_mode = force_generic_plan SET jit = off SET client_min_messages = warning AS $$
DECLARE
    since timestamptz := access.seen_from('movement');
    restricted uuid[] := access.persons_restricted('movement');
    days date[];
BEGIN
    DROP TABLE IF EXISTS pg_temp.traced_span, pg_temp.traced_stay, pg_temp.traced_odd;
    CREATE TEMP TABLE traced_span (n bigint, person_id uuid, a timestamptz, b timestamptz, from_day date, to_day date)
        ON COMMIT DROP;
    CREATE TEMP TABLE traced_stay (n bigint, person_id uuid, place_key text, a timestamptz, b timestamptz,
                                   is_guessed boolean, from_day date, to_day date) ON COMMIT DROP;
    CREATE TEMP TABLE traced_odd (person_id uuid, place_key text, left_at timestamptz, day date) ON COMMIT DROP;
    EXECUTE 'INSERT INTO pg_temp.traced_span
        SELECT s.n, s.person_id, greatest(s.a, $4), s.b, access.day_here(greatest(s.a, $4) - interval ''2 hours''),
               access.day_here(s.b) + 1
        FROM unnest($1, $2, $3) WITH ORDINALITY s (person_id, a, b, n)
        WHERE s.a < s.b AND s.b > $4 AND s.person_id <> ALL ($5)'
    USING persons, starts, ends, since, restricted;
    ANALYZE pg_temp.traced_span;
    days := ARRAY(SELECT access.days_kept(least_day, most_day) FROM (
        SELECT min(s.from_day) AS least_day, max(s.to_day) AS most_day FROM pg_temp.traced_span s) q);
    EXECUTE 'INSERT INTO pg_temp.traced_stay
        SELECT o.n, o.person_id, o.place_key, o.a, o.b, o.is_guessed, access.day_here(o.a - interval ''2 hours''),
               access.day_here(o.b) + 1
        FROM (' || access.by_day('
            SELECT s.n, s.person_id, v.place_key, greatest(s.a, access.there_from(v.entered_at, v.left_at)) AS a,
                   least(s.b, coalesce(v.left_at, v.entered_at + interval ''2 hours'')) AS b,
                   v.left_at IS NULL OR v.entered_at IS NULL AS is_guessed
            FROM pg_temp.traced_span s JOIN movement_visit v ON v.day = %1$L AND v.person_id = s.person_id
                AND v.superseded_at IS NULL AND v.place_key IS NOT NULL
            WHERE s.from_day <= %1$L AND s.to_day >= %1$L', days) || ') o WHERE o.a < o.b';
    ANALYZE pg_temp.traced_stay;
    -- Often there is none; then nothing is planned for them.
    IF EXISTS (SELECT 1 FROM movement_visit v WHERE v.day = ANY (days) AND v.superseded_at IS NULL AND v.left_at IS NOT NULL
               AND (v.entered_at IS NULL OR v.left_at - v.entered_at > interval '24 hours' OR v.left_at < v.entered_at)) THEN
        INSERT INTO pg_temp.traced_odd
        SELECT v.person_id, v.place_key, v.left_at, v.day FROM movement_visit v
        WHERE v.day = ANY (days) AND v.superseded_at IS NULL AND v.left_at IS NOT NULL AND v.place_key IS NOT NULL
          AND (v.entered_at IS NULL OR v.left_at - v.entered_at > interval '24 hours' OR v.left_at < v.entered_at);
        ANALYZE pg_temp.traced_odd;
    END IF;
    RETURN days;
END $$;

-- The statement that finds them; $2: only what counts; $3, $4, $7: cases, persons and weights; $8: who is left out.
CREATE OR REPLACE FUNCTION access.many_meetings(days date[]) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    arms text := access.by_day('
        SELECT o.n, v.person_id, o.place_key, greatest(o.a, v.entered_at) AS a,
               least(o.b, coalesce(v.left_at, v.entered_at + interval ''2 hours'')) AS b,
               o.is_guessed OR v.left_at IS NULL AS is_guessed
        FROM pg_temp.traced_stay o JOIN movement_visit v ON v.day = %1$L AND v.place_key = o.place_key
            AND v.superseded_at IS NULL AND v.entered_at > o.a - interval ''24 hours'' AND v.entered_at < o.b
            AND coalesce(v.left_at, v.entered_at + interval ''2 hours'') > o.a AND v.person_id <> o.person_id
            AND (v.left_at IS NULL OR (v.left_at >= v.entered_at AND v.left_at <= v.entered_at + interval ''24 hours''))
        WHERE o.from_day <= %1$L AND o.to_day >= %1$L', days);
BEGIN
    IF EXISTS (SELECT 1 FROM pg_temp.traced_odd) THEN
        arms := arms || ' UNION ALL
            SELECT o.n, v.person_id, o.place_key, greatest(o.a, v.left_at - interval ''2 hours''), least(o.b, v.left_at), true
            FROM pg_temp.traced_stay o JOIN pg_temp.traced_odd v ON v.place_key = o.place_key
                AND v.day BETWEEN o.from_day AND o.to_day
                AND v.left_at > o.a AND v.left_at < o.b + interval ''2 hours'' AND v.person_id <> o.person_id';
    END IF;
    RETURN '
        SELECT $3[d.n] AS case_id, $4[d.n] AS via, d.person_id, r.kind, d.place_key AS subject, d.day, d.a AS started_at,
               d.b AS ended_at, d.minutes, d.is_guessed, access.score_of(r, d.minutes, d.is_guessed, $7[d.n]) AS score
        FROM (SELECT u.n, u.person_id, u.place_key, u.day, min(u.a) AS a, max(u.b) AS b,
                     (sum(u.seconds) / 60)::integer AS minutes, bool_or(u.is_guessed) AS is_guessed
              -- Who is counted twice (own phone and the place''s device) was there once.
              FROM (SELECT m.*, greatest(0, date_part(''epoch'', m.b - greatest(m.a, max(m.b) OVER (
                               PARTITION BY m.n, m.person_id, m.place_key, m.day ORDER BY m.a
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)))) AS seconds
                    FROM (SELECT one.*, access.day_here(one.a) AS day FROM (' || arms || ') one
                          WHERE one.person_id <> ALL ($8)) m) u
              GROUP BY u.n, u.person_id, u.place_key, u.day) d
        -- As the kind of the place says; a place without a known kind counts as masked.
        JOIN access.contact_rule r ON r.kind = CASE WHEN d.place_key IN (
                SELECT p.place_key FROM movement_place p JOIN access.place_class k ON k.place_kind = p.kind AND k.is_unmasked)
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
    RETURN QUERY EXECUTE access.many_meetings(access.gather_stays(persons, starts, ends))
    USING NULL, is_counted, cases, persons, NULL, NULL, weights, access.persons_restricted('movement');
END $$;

REVOKE ALL ON FUNCTION access.days_kept(date, date), access.by_day(text, date[]),
    access.gather_stays(uuid[], timestamptz[], timestamptz[]), access.many_meetings(date[]),
    access.met_by_many(bigint[], uuid[], timestamptz[], timestamptz[], double precision[], boolean) FROM PUBLIC;
