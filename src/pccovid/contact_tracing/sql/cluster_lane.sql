-- Tracing with the meetings found elsewhere (on_cluster.py), in the steps of access.trace_contacts, in one transaction. What
-- leaves the database is what the purpose may see of the days that are asked for; what comes back is judged here.

-- Takes the cases that stand; what is written anew goes.
CREATE FUNCTION access.begin_trace(cases bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    chosen bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cases', 0));
    chosen := ARRAY(SELECT c.id FROM access.trace_case c WHERE c.id = ANY (cases) AND c.joined_into IS NULL ORDER BY 1);
    PERFORM access.drop_exposures(chosen);
    RETURN chosen;
END $$;

-- Whose stays are looked for, and the days in which others may have met them.
CREATE FUNCTION access.spans_for_cluster(chosen bigint[], of_level integer)
RETURNS TABLE (n bigint, case_id bigint, person_id uuid, starts_at timestamptz, ends_at timestamptz, weight double precision,
               from_day date, to_day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    since timestamptz := access.seen_from('movement');
    restricted uuid[] := access.persons_restricted('movement');
BEGIN
    RETURN QUERY
    SELECT row_number() OVER (), s.case_id, s.person_id, greatest(s.starts_at, since), s.ends_at, s.weight,
           access.day_here(greatest(s.starts_at, since) - interval '2 hours'), access.day_here(s.ends_at) + 1
    FROM access.spans_to_trace(chosen, of_level) s
    WHERE s.starts_at < s.ends_at AND s.ends_at > since AND s.person_id <> ALL (restricted);
END $$;

-- The visits of a day, but for those of whoever restricted them. A day before the purpose may look is not given.
CREATE FUNCTION access.visits_for_cluster(of_day date)
RETURNS TABLE (person_id uuid, place_key text, entered_at timestamptz, left_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    since timestamptz := access.seen_from('movement');
    restricted uuid[] := access.persons_restricted('movement');
BEGIN
    RETURN QUERY
    SELECT v.person_id, v.place_key, v.entered_at, v.left_at FROM movement_visit v
    WHERE v.day = of_day AND v.superseded_at IS NULL AND v.place_key IS NOT NULL AND v.person_id <> ALL (restricted)
      AND (since = '-infinity' OR v.day >= access.day_here(since - interval '2 hours'));
END $$;

-- Writes meetings that a cluster found, one of each array: with the rule of the day and the score, as many_meetings.sql.
CREATE FUNCTION access.take_meetings(
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
CREATE FUNCTION access.settle_level(chosen bigint[], of_level integer) RETURNS void
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
    LATERAL access.other_meetings(given.c, given.p, given.a, given.b, given.w) m
    JOIN access.trace_case z ON z.id = m.case_id
    WHERE of_level = 1 OR (m.person_id <> z.person_id AND NOT EXISTS (
        SELECT 1 FROM access.trace_contact k
        WHERE k.case_id = m.case_id AND k.person_id = m.person_id AND k.level = 1));
    PERFORM access.settle_contacts(chosen, of_level, false);
END $$;

-- The cases are traced; how many F1 and F2 they have.
CREATE FUNCTION access.end_trace(chosen bigint[]) RETURNS TABLE (first_level bigint, second_level bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    UPDATE access.trace_case k SET traced_at = (SELECT access.present()) WHERE k.id = ANY (chosen);
    RETURN QUERY SELECT count(*) FILTER (WHERE k.level = 1), count(*) FILTER (WHERE k.level = 2)
    FROM access.trace_contact k WHERE k.case_id = ANY (chosen);
END $$;

REVOKE ALL ON FUNCTION access.begin_trace(bigint[]), access.spans_for_cluster(bigint[], integer),
    access.visits_for_cluster(date), access.settle_level(bigint[], integer), access.end_trace(bigint[]),
    access.take_meetings(integer, bigint[], uuid[], uuid[], text[], date[], timestamptz[], timestamptz[],
                         double precision[], boolean[], double precision[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.begin_trace(bigint[]), access.spans_for_cluster(bigint[], integer),
    access.visits_for_cluster(date), access.settle_level(bigint[], integer), access.end_trace(bigint[]),
    access.take_meetings(integer, bigint[], uuid[], uuid[], text[], date[], timestamptz[], timestamptz[],
                         double precision[], boolean[], double precision[]) TO pccovid_jobs;
