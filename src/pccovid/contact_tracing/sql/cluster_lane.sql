-- Tracing with the meetings found elsewhere (on_cluster.py). Nothing is locked while a cluster looks: what left the database is
-- compared with what stands when its answer comes, and a case of which anything has changed waits for the next pass. What
-- leaves is what the purpose may see, of the places and days in which a traced person stayed; what comes back is judged here.

-- The cases that stand, up to when they are looked at, and from when.
CREATE OR REPLACE FUNCTION access.cases_for_cluster(cases bigint[])
RETURNS TABLE (chosen bigint[], as_of timestamptz, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    RETURN QUERY SELECT ARRAY(SELECT c.id FROM access.trace_case c WHERE c.id = ANY (cases) AND c.joined_into IS NULL ORDER BY 1),
                        access.present(), access.seen_from('movement');
END $$;

-- Whose stays are looked for, and the days in which others may have met them. `since`: as cases_for_cluster said; a run lasts
-- less than a day.
CREATE OR REPLACE FUNCTION access.spans_for_cluster(chosen bigint[], of_level integer, as_of timestamptz, since timestamptz)
RETURNS TABLE (n bigint, case_id bigint, person_id uuid, starts_at timestamptz, ends_at timestamptz, weight double precision,
               from_day date, to_day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    restricted uuid[] := access.persons_restricted('movement');
BEGIN
    since := greatest(since, access.seen_from('movement') - interval '1 day');
    RETURN QUERY
    SELECT row_number() OVER (ORDER BY q.case_id, q.person_id), q.case_id, q.person_id, q.a, q.b, q.weight,
           access.day_here(q.a - interval '2 hours'), access.day_here(q.b) + 1
    FROM (SELECT s.case_id, s.person_id, greatest(s.starts_at, since) AS a, least(s.ends_at, as_of) AS b, s.weight
          FROM access.spans_to_trace(chosen, of_level) s WHERE s.person_id <> ALL (restricted)) q
    WHERE q.a < q.b;
END $$;

-- The visits at places and in days in which somebody of these spans stayed, theirs among them.
CREATE OR REPLACE FUNCTION access.visits_for_cluster(chosen bigint[], of_level integer, as_of timestamptz, since timestamptz)
RETURNS TABLE (person_id uuid, place_key text, entered_at timestamptz, left_at timestamptz, day date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp SET work_mem = '128MB' SET jit = off AS $$
DECLARE
    entry access.log := access.tracing_entry();
    p uuid[];
    a timestamptz[];
    b timestamptz[];
    days date[];
BEGIN
    SELECT array_agg(s.person_id), array_agg(s.starts_at), array_agg(s.ends_at) INTO p, a, b
    FROM access.spans_for_cluster(chosen, of_level, as_of, since) s;
    days := ARRAY(SELECT access.days_kept(access.day_here(min(s.a) - interval '2 hours'), access.day_here(max(s.b)) + 1)
                  FROM unnest(a, b) s (a, b));
    IF days = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE '
        WITH span AS MATERIALIZED (
            SELECT s.n, s.person_id, s.a, s.b FROM unnest($1, $2, $3) WITH ORDINALITY s (person_id, a, b, n)
        ), ' || access.stays_of_spans(days) || access.by_day('
        SELECT v.person_id, v.place_key, v.entered_at, v.left_at, date %2$L FROM public.%1$I v
        WHERE v.superseded_at IS NULL AND v.person_id <> ALL ($4) AND v.place_key IN (
            SELECT place_key FROM %5$I UNION ALL SELECT place_key FROM %6$I WHERE NOT is_late
            UNION ALL SELECT place_key FROM far WHERE day = %2$L)', days, ' UNION ALL ')
    USING p, a, b, access.persons_restricted('movement');
END $$;

-- Takes the cases of which the spans that left are still those that stand, and drops their exposures of this level, which are
-- written anew in this transaction.
CREATE OR REPLACE FUNCTION access.begin_level(
    chosen bigint[], of_level integer, as_of timestamptz, since timestamptz, cases bigint[], persons uuid[],
    starts timestamptz[], ends timestamptz[], weights double precision[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    same bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cases', 0));
    WITH stand AS MATERIALIZED (
        SELECT s.case_id, s.person_id, s.starts_at, s.ends_at, s.weight
        FROM access.spans_for_cluster(chosen, of_level, as_of, since) s
    ), sent AS MATERIALIZED (
        SELECT * FROM unnest(cases, persons, starts, ends, weights) u (case_id, person_id, starts_at, ends_at, weight)
    ), apart AS (
        (TABLE stand EXCEPT TABLE sent) UNION ALL (TABLE sent EXCEPT TABLE stand)
    )
    SELECT array_agg(c.id ORDER BY c.id) INTO same FROM access.trace_case c
    WHERE c.id = ANY (chosen) AND c.joined_into IS NULL AND c.id NOT IN (SELECT a.case_id FROM apart a);
    DELETE FROM access.trace_exposure x
    WHERE x.case_id = ANY (same) AND x.level = of_level AND x.ended_at > (SELECT access.seen_from('movement'));
    RETURN coalesce(same, '{}');
END $$;

-- Writes meetings that a cluster found, one of each array: with the rule of the day and the score, as many_meetings.sql.
CREATE OR REPLACE FUNCTION access.take_meetings(
    of_level integer, cases bigint[], vias uuid[], persons uuid[], places text[], days date[], starts timestamptz[],
    ends timestamptz[], seconds double precision[], guessed boolean[], weights double precision[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    INSERT INTO access.trace_exposure (case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at,
                                       minutes, is_guessed, score)
    SELECT d.case_id, of_level, d.via, d.person_id, r.kind, d.place_key, d.day, d.a, d.b, d.minutes, d.is_guessed,
           access.score_of(r, d.minutes, d.is_guessed, d.weight)
    FROM (SELECT u.case_id, u.via, u.person_id, u.place_key, u.day, u.a, u.b, u.is_guessed, u.weight,
                 (u.seconds / 60)::integer AS minutes
          FROM unnest(cases, vias, persons, places, days, starts, ends, seconds, guessed, weights)
              u (case_id, via, person_id, place_key, day, a, b, seconds, is_guessed, weight)) d
    JOIN access.trace_case z ON z.id = d.case_id
    JOIN access.contact_rule r ON r.kind = CASE WHEN d.place_key IN (
            SELECT p.place_key FROM movement_place p JOIN access.place_class k ON k.place_kind = p.kind AND k.is_unmasked)
            THEN 'unmasked_place' ELSE 'place' END
        AND d.day >= r.valid_from AND (r.valid_to IS NULL OR d.day < r.valid_to) AND d.minutes >= r.least_minutes
    WHERE of_level = 1 OR (d.person_id <> z.person_id AND NOT EXISTS (
        SELECT 1 FROM access.trace_contact k
        WHERE k.case_id = d.case_id AND k.person_id = d.person_id AND k.level = 1));
END $$;

-- Households and journeys of a level are found here, and its contacts written.
CREATE OR REPLACE FUNCTION access.settle_level(chosen bigint[], of_level integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    INSERT INTO access.trace_exposure (case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at,
                                       minutes, is_guessed, score)
    SELECT m.case_id, of_level, m.via, m.person_id, m.kind, m.subject, m.day, m.started_at, m.ended_at, m.minutes,
           m.is_guessed, m.score
    FROM (SELECT array_agg(s.case_id) AS c, array_agg(s.person_id) AS p, array_agg(s.starts_at) AS a,
                 array_agg(s.ends_at) AS b, array_agg(s.weight) AS w
          FROM access.spans_to_trace(chosen, of_level) s) given,
    LATERAL access.other_meetings(given.c, given.p, given.a, given.b, given.w, access.seen_from('movement'),
                                  access.persons_restricted('movement')) m
    JOIN access.trace_case z ON z.id = m.case_id
    WHERE of_level = 1 OR (m.person_id <> z.person_id AND NOT EXISTS (
        SELECT 1 FROM access.trace_contact k
        WHERE k.case_id = m.case_id AND k.person_id = m.person_id AND k.level = 1));
    PERFORM access.settle_contacts(chosen, of_level, false);
END $$;

-- The cases are traced; how many F1 and F2 they have.
CREATE OR REPLACE FUNCTION access.end_trace(chosen bigint[], as_of timestamptz) RETURNS TABLE (first_level bigint, second_level bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    UPDATE access.trace_case k SET traced_at = least(as_of, (SELECT access.present())) WHERE k.id = ANY (chosen);
    RETURN QUERY SELECT count(*) FILTER (WHERE k.level = 1), count(*) FILTER (WHERE k.level = 2)
    FROM access.trace_contact k WHERE k.case_id = ANY (chosen);
END $$;

REVOKE ALL ON FUNCTION access.cases_for_cluster(bigint[]),
    access.spans_for_cluster(bigint[], integer, timestamptz, timestamptz),
    access.visits_for_cluster(bigint[], integer, timestamptz, timestamptz),
    access.begin_level(bigint[], integer, timestamptz, timestamptz, bigint[], uuid[], timestamptz[], timestamptz[],
                       double precision[]),
    access.settle_level(bigint[], integer), access.end_trace(bigint[], timestamptz),
    access.take_meetings(integer, bigint[], uuid[], uuid[], text[], date[], timestamptz[], timestamptz[],
                         double precision[], boolean[], double precision[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.cases_for_cluster(bigint[]),
    access.spans_for_cluster(bigint[], integer, timestamptz, timestamptz),
    access.visits_for_cluster(bigint[], integer, timestamptz, timestamptz),
    access.begin_level(bigint[], integer, timestamptz, timestamptz, bigint[], uuid[], timestamptz[], timestamptz[],
                       double precision[]),
    access.settle_level(bigint[], integer), access.end_trace(bigint[], timestamptz),
    access.take_meetings(integer, bigint[], uuid[], uuid[], text[], date[], timestamptz[], timestamptz[],
                         double precision[], boolean[], double precision[]) TO pccovid_jobs;
