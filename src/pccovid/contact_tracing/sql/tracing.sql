-- Contacts of cases: F1 from whom the case met while infectious, F2 from whom an F1 met before they were isolated.

-- All exposures of a person to a case as one contact; what officers wrote on it stays, and who is met no more goes unless
-- an officer has written on them. Returns how many contacts of that level there are.
CREATE OR REPLACE FUNCTION access.settle_contacts(cases bigint[], of_level integer, is_first boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE counted bigint;
BEGIN
    IF is_first THEN
        INSERT INTO access.trace_contact (case_id, person_id, level, score, exposures, first_at, last_at)
        SELECT x.case_id, x.person_id, of_level, 1 - exp(sum(ln(1 - least(x.score, 0.999999)))), count(*)::integer,
               min(x.started_at), max(x.ended_at)
        FROM access.trace_exposure x WHERE x.case_id = ANY (cases) AND x.level = of_level GROUP BY x.case_id, x.person_id
        ORDER BY x.case_id, x.person_id;  -- in the order of the key, which is then written from left to right
        GET DIAGNOSTICS counted = ROW_COUNT;
        RETURN counted;
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
    RETURN (SELECT count(*) FROM access.trace_contact k WHERE k.case_id = ANY (cases) AND k.level = of_level);
END $$;

-- Traces these cases anew: their exposures are written afresh. Returns how many F1 there are, and F2 if they were looked for.
-- Several may trace at once, each its own cases: who opens or joins cases waits for all of them, and they for one another only
-- where two have cases of one slot (in_lanes.py has as many). For the program alone.
CREATE OR REPLACE FUNCTION access.trace_contacts(cases bigint[], with_second boolean)
RETURNS TABLE (first_level bigint, second_level bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('cases', 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('tracing', s.slot))
    FROM (SELECT DISTINCT c % 64 AS slot FROM unnest(cases) c ORDER BY 1) s;
    RETURN QUERY SELECT w.* FROM access.write_contacts(
        ARRAY(SELECT c.id FROM access.trace_case c WHERE c.id = ANY (cases) AND c.joined_into IS NULL), with_second) w;
END $$;

-- Writes down whom these persons met, of one level: found and written in one statement. Who is a case's F1, or the case,
-- is not its F2.
CREATE OR REPLACE FUNCTION access.write_exposures(of_level integer, cases bigint[], persons uuid[], starts timestamptz[],
                                                  ends timestamptz[], weights double precision[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp SET work_mem = '128MB' SET jit = off AS $$
DECLARE
    found text := 'SELECT * FROM access.met_by_few($3, $4, $5, $6, $7, $2, $9, $8)';
    apart text := '';
BEGIN
    IF access.are_many(persons) THEN
        found := access.many_meetings(starts, ends);
    END IF;
    IF of_level = 2 THEN
        -- All of them in one table in memory, whatever few the planner expects.
        apart := 'WHERE (m.case_id, m.person_id) NOT IN (
            SELECT z.id, z.person_id FROM access.trace_case z WHERE z.id = ANY ($3)
            UNION ALL SELECT k.case_id, k.person_id FROM access.trace_contact k WHERE k.case_id = ANY ($3) AND k.level = 1)';
    END IF;
    EXECUTE format('
        INSERT INTO access.trace_exposure (case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at,
                                           minutes, is_guessed, score)
        SELECT m.case_id, $1, m.via, m.person_id, m.kind, m.subject, m.day, m.started_at, m.ended_at, m.minutes,
               m.is_guessed, m.score
        FROM (%s UNION ALL SELECT * FROM access.other_meetings($3, $4, $5, $6, $7, $9, $8)) m %s', found, apart)
    USING of_level, true, cases, persons, starts, ends, weights, access.persons_restricted('movement'),
          access.seen_from('movement');
END $$;

-- Whose stays are looked for, and when: of the first level the cases while infectious, of the second their F1 from when
-- those may infect others until they are isolated.
CREATE OR REPLACE FUNCTION access.spans_to_trace(chosen bigint[], of_level integer)
RETURNS TABLE (case_id bigint, person_id uuid, starts_at timestamptz, ends_at timestamptz, weight double precision)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE today timestamptz := access.present();
BEGIN
    IF of_level = 1 THEN
        RETURN QUERY SELECT k.id, k.person_id, k.starts_at, least(k.ends_at, today), 1.0::double precision
        FROM access.trace_case k WHERE k.id = ANY (chosen);
    ELSE
        RETURN QUERY SELECT k.case_id, k.person_id, s.a, s.b, k.score
        FROM access.trace_contact k JOIN access.trace_case z ON z.id = k.case_id
        JOIN access.infectious_rule r ON access.day_here(z.first_at) >= r.valid_from
            AND (r.valid_to IS NULL OR access.day_here(z.first_at) < r.valid_to),
        LATERAL (SELECT k.first_at + make_interval(days => r.contact_latent_days) AS a,
                        least(k.isolated_at, k.last_at + make_interval(days => r.contact_days), today) AS b) s
        WHERE k.case_id = ANY (chosen) AND k.level = 1 AND k.outcome <> 'not_a_contact' AND s.a < s.b;
    END IF;
END $$;

-- What is written anew goes. What is older than the purpose may look is not looked for again, so it stays until its period
-- ends.
CREATE OR REPLACE FUNCTION access.drop_exposures(chosen bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, access, pg_temp AS $$
    DELETE FROM access.trace_exposure x WHERE x.case_id = ANY ($1) AND x.ended_at > (SELECT access.seen_from('movement'))
$$;

-- What tracing these cases writes, each level in one statement for exposures and one for contacts. Returns how many contacts of
-- each level that it wrote there are.
CREATE OR REPLACE FUNCTION access.write_contacts(chosen bigint[], with_second boolean,
                                                 OUT first_level bigint, OUT second_level bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    c bigint[];
    p uuid[];
    a timestamptz[];
    b timestamptz[];
    w double precision[];
    counted bigint[] := '{0,0}';
    is_first boolean := NOT EXISTS (SELECT 1 FROM access.trace_contact k WHERE k.case_id = ANY (chosen));
BEGIN
    PERFORM access.drop_exposures(chosen);
    FOR of_level IN 1..CASE WHEN with_second THEN 2 ELSE 1 END LOOP
        SELECT array_agg(s.case_id), array_agg(s.person_id), array_agg(s.starts_at), array_agg(s.ends_at),
               array_agg(s.weight) INTO c, p, a, b, w
        FROM (SELECT * FROM access.spans_to_trace(chosen, of_level) ORDER BY case_id, person_id) s;
        PERFORM access.write_exposures(of_level, c, p, a, b, w);
        counted[of_level] := access.settle_contacts(chosen, of_level, is_first);
    END LOOP;
    UPDATE access.trace_case k SET traced_at = (SELECT access.present()) WHERE k.id = ANY (chosen);
    first_level := counted[1];
    second_level := counted[2];
END $$;

-- Whom a case met, found now and written nowhere. For the program alone.
CREATE OR REPLACE FUNCTION access.find_meetings(case_number bigint)
RETURNS TABLE (case_id bigint, via uuid, person_id uuid, kind text, subject text, day date, started_at timestamptz,
               ended_at timestamptz, minutes integer, is_guessed boolean, score double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    one access.trace_case;
BEGIN
    SELECT c.* INTO one FROM access.trace_case c WHERE c.id = case_number AND c.joined_into IS NULL;
    RETURN QUERY SELECT * FROM access.meetings(ARRAY[one.id], ARRAY[one.person_id], ARRAY[one.starts_at],
                                               ARRAY[least(one.ends_at, access.present())], ARRAY[1.0::double precision], true);
END $$;

-- Cases that are to be traced: never yet, changed since, or still infectious when they last were.
CREATE OR REPLACE FUNCTION access.cases_to_trace(most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.tracing_entry();
BEGIN
    RETURN ARRAY(
        SELECT c.id FROM access.trace_case c
        WHERE c.joined_into IS NULL AND c.ends_at > (SELECT access.seen_from('movement'))
          AND (c.traced_at IS NULL OR c.traced_at < least(c.ends_at + interval '2 days', access.present() - interval '1 hour'))
        ORDER BY c.traced_at NULLS FIRST, c.id LIMIT most);
END $$;

REVOKE ALL ON FUNCTION access.spans_to_trace(bigint[], integer), access.drop_exposures(bigint[]),
    access.settle_contacts(bigint[], integer, boolean), access.trace_contacts(bigint[], boolean),
    access.write_exposures(integer, bigint[], uuid[], timestamptz[], timestamptz[], double precision[]),
    access.write_contacts(bigint[], boolean), access.find_meetings(bigint), access.cases_to_trace(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.trace_contacts(bigint[], boolean), access.find_meetings(bigint),
    access.cases_to_trace(integer) TO pccovid_jobs;
