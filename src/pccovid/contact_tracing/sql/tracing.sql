-- Contacts of cases: F1 from whom the case met while infectious, F2 from whom an F1 met before they were isolated.

-- Exposures as the rules of their day count them, with their score.
CREATE FUNCTION access.counted_meetings(cases bigint[], persons uuid[], starts timestamptz[], ends timestamptz[],
                                        weights double precision[])
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean, score double precision)
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT m.*, w.weight * r.weight * CASE WHEN m.is_guessed THEN 0.7 ELSE 1 END
           * CASE WHEN r.scale_minutes = 0 OR m.minutes IS NULL THEN 1
                  ELSE 1 - exp(-m.minutes::double precision / r.scale_minutes) END
    FROM access.meetings(cases, persons, starts, ends) m
    JOIN access.contact_rule r ON r.kind = m.kind AND m.day >= r.valid_from AND (r.valid_to IS NULL OR m.day < r.valid_to)
        AND (m.minutes IS NULL OR m.minutes >= r.least_minutes)
    JOIN (SELECT u.c, u.p, max(u.w) AS weight FROM unnest(cases, persons, weights) u (c, p, w) GROUP BY u.c, u.p) w
        ON w.c = m.case_id AND w.p = m.via
$$;

-- All exposures of a person to a case as one contact; what officers wrote on it stays, and who is met no more goes unless
-- an officer has written on them.
CREATE FUNCTION access.settle_contacts(cases bigint[], of_level integer, is_first boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF is_first THEN
        INSERT INTO access.trace_contact (case_id, person_id, level, score, exposures, first_at, last_at)
        SELECT x.case_id, x.person_id, of_level, 1 - exp(sum(ln(1 - least(x.score, 0.999999)))), count(*)::integer,
               min(x.started_at), max(x.ended_at)
        FROM access.trace_exposure x WHERE x.case_id = ANY (cases) AND x.level = of_level GROUP BY x.case_id, x.person_id;
        RETURN;
    END IF;
    WITH told AS MATERIALIZED (
        SELECT x.case_id, x.person_id, 1 - exp(sum(ln(1 - least(x.score, 0.999999)))) AS score, count(*)::integer AS exposures,
               min(x.started_at) AS first_at, max(x.ended_at) AS last_at
        FROM access.trace_exposure x WHERE x.case_id = ANY (cases) AND x.level = of_level GROUP BY x.case_id, x.person_id
    ), known AS (
        UPDATE access.trace_contact k SET level = of_level, score = t.score, exposures = t.exposures,
            first_at = t.first_at, last_at = t.last_at
        FROM told t WHERE k.case_id = t.case_id AND k.person_id = t.person_id
          AND (k.level, k.score, k.exposures, k.first_at, k.last_at)
              IS DISTINCT FROM (of_level, t.score, t.exposures, t.first_at, t.last_at)
    )
    INSERT INTO access.trace_contact (case_id, person_id, level, score, exposures, first_at, last_at)
    SELECT t.case_id, t.person_id, of_level, t.score, t.exposures, t.first_at, t.last_at FROM told t
    WHERE NOT EXISTS (SELECT 1 FROM access.trace_contact k WHERE k.case_id = t.case_id AND k.person_id = t.person_id);
    DELETE FROM access.trace_contact k WHERE k.case_id = ANY (cases) AND k.level = of_level AND k.outcome = ''
      AND k.isolated_at IS NULL AND k.last_at > (SELECT access.seen_from('movement')) AND NOT EXISTS (
        SELECT 1 FROM access.trace_exposure x WHERE x.case_id = k.case_id AND x.person_id = k.person_id);
END $$;

-- Traces these cases anew: their exposures are written afresh. Returns how many F1 and F2 there are. For the program alone.
CREATE FUNCTION access.trace_contacts(cases bigint[], with_second boolean)
RETURNS TABLE (first_level bigint, second_level bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    chosen bigint[] := ARRAY(SELECT c.id FROM access.trace_case c WHERE c.id = ANY (cases) AND c.joined_into IS NULL);
    c bigint[];
    p uuid[];
    a timestamptz[];
    b timestamptz[];
    w double precision[];
    is_first boolean := NOT EXISTS (SELECT 1 FROM access.trace_contact k WHERE k.case_id = ANY (chosen));
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cases', 0));
    -- What is older than the purpose may look is not looked for again, so it stays until its period ends.
    DELETE FROM access.trace_exposure x WHERE x.case_id = ANY (chosen) AND x.ended_at > (SELECT access.seen_from('movement'));
    SELECT array_agg(k.id), array_agg(k.person_id), array_agg(k.starts_at), array_agg(least(k.ends_at, access.present())),
           array_agg(1.0::double precision)
    INTO c, p, a, b, w FROM access.trace_case k WHERE k.id = ANY (chosen);
    INSERT INTO access.trace_exposure (case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at,
                                       minutes, is_guessed, score)
    SELECT m.case_id, 1, m.via, m.person_id, m.kind, m.subject, m.day, m.started_at, m.ended_at, m.minutes, m.is_guessed,
           m.score FROM access.counted_meetings(c, p, a, b, w) m;
    PERFORM access.settle_contacts(chosen, 1, is_first);
    IF with_second THEN
        SELECT array_agg(k.case_id), array_agg(k.person_id), array_agg(s.a), array_agg(s.b), array_agg(k.score)
        INTO c, p, a, b, w
        FROM access.trace_contact k JOIN access.trace_case z ON z.id = k.case_id
        JOIN access.infectious_rule r ON access.day_here(z.first_at) >= r.valid_from
            AND (r.valid_to IS NULL OR access.day_here(z.first_at) < r.valid_to),
        LATERAL (SELECT k.first_at + make_interval(days => r.contact_latent_days) AS a,
                        least(k.isolated_at, k.last_at + make_interval(days => r.contact_days), access.present()) AS b) s
        WHERE k.case_id = ANY (chosen) AND k.level = 1 AND k.outcome <> 'not_a_contact' AND s.a < s.b;
        INSERT INTO access.trace_exposure (case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at,
                                           minutes, is_guessed, score)
        SELECT m.case_id, 2, m.via, m.person_id, m.kind, m.subject, m.day, m.started_at, m.ended_at, m.minutes,
               m.is_guessed, m.score
        FROM access.counted_meetings(c, p, a, b, w) m JOIN access.trace_case z ON z.id = m.case_id
        WHERE m.person_id <> z.person_id AND NOT EXISTS (
            SELECT 1 FROM access.trace_contact k
            WHERE k.case_id = m.case_id AND k.person_id = m.person_id AND k.level = 1);
        PERFORM access.settle_contacts(chosen, 2, is_first);
    END IF;
    UPDATE access.trace_case k SET traced_at = access.present() WHERE k.id = ANY (chosen);
    RETURN QUERY SELECT count(*) FILTER (WHERE k.level = 1), count(*) FILTER (WHERE k.level = 2)
    FROM access.trace_contact k WHERE k.case_id = ANY (chosen);
END $$;

-- Cases that are to be traced: never yet, changed since, or still infectious when they last were.
CREATE FUNCTION access.cases_to_trace(most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    RETURN ARRAY(
        SELECT c.id FROM access.trace_case c
        WHERE c.joined_into IS NULL AND c.ends_at > (SELECT access.seen_from('movement'))
          AND (c.traced_at IS NULL OR c.traced_at < least(c.ends_at + interval '2 days', access.present() - interval '1 hour'))
        ORDER BY c.traced_at NULLS FIRST, c.id LIMIT most);
END $$;

REVOKE ALL ON FUNCTION access.counted_meetings(bigint[], uuid[], timestamptz[], timestamptz[], double precision[]),
    access.settle_contacts(bigint[], integer, boolean), access.trace_contacts(bigint[], boolean), access.cases_to_trace(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.trace_contacts(bigint[], boolean), access.cases_to_trace(integer) TO pccovid_jobs;
