-- Opening cases from positive tests: one pass over what is new, set by set, that may be repeated at will.

-- The tracing program's own opened access; nobody else goes on.
CREATE OR REPLACE FUNCTION access.tracing_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose <> 'contact_tracing' OR entry.scope_kind <> 'all' THEN
        RAISE EXCEPTION 'cases are traced by the tracing program' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN entry;
END $$;

CREATE OR REPLACE FUNCTION access.day_here(moment timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$ SELECT (moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::date $$;

-- The factor of the epidemic: a case in the person's commune within fourteen days before. Our own reading.
CREATE OR REPLACE FUNCTION access.has_factor(person uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM access.trace_case c JOIN people_person h ON h.id = person
        WHERE h.commune_code IN (c.commune_residence, c.commune_stay) AND c.person_id <> person
          AND c.first_at <= at AND at < c.first_at + interval '14 days')
$$;

-- Positive single specimens that no case has yet, and the definition of their day that they meet.
CREATE OR REPLACE FUNCTION access.case_positives() RETURNS TABLE (test_id uuid, person_id uuid, at timestamptz, definition text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH positive AS (
        SELECT t.id, t.person_id, t.method, coalesce(t.collected_at, t.resulted_at, t.recorded_at) AS at
        FROM lab_tests_test t
        -- A pooled tube is nobody's own result: each of its people is tested again.
        WHERE t.result = 'positive' AND NOT t.is_pooled AND t.superseded_at IS NULL
          AND t.person_id <> ALL ((SELECT access.persons_restricted('test'))::uuid[])
          AND NOT EXISTS (SELECT 1 FROM access.trace_case_test k WHERE k.test_id = t.id)
    )
    SELECT DISTINCT ON (p.id) p.id, p.person_id, p.at, d.code
    FROM positive p JOIN access.case_definition d ON d.method = p.method
        AND access.day_here(p.at) >= d.valid_from AND (d.valid_to IS NULL OR access.day_here(p.at) < d.valid_to)
    WHERE CASE d.needs
        WHEN 'is_contact' THEN EXISTS (
            SELECT 1 FROM access.trace_contact k WHERE k.person_id = p.person_id AND k.level = 1
              AND k.first_at <= p.at AND p.at < k.last_at + interval '14 days')
        WHEN 'twice_with_factor' THEN EXISTS (
            SELECT 1 FROM lab_tests_test o WHERE o.person_id = p.person_id AND o.id <> p.id AND o.method = 'antigen'
              AND o.result = 'positive' AND NOT o.is_pooled AND o.superseded_at IS NULL
              AND abs(extract(epoch FROM coalesce(o.collected_at, o.resulted_at, o.recorded_at) - p.at)) <= 8 * 3600)
          AND access.has_factor(p.person_id, p.at)
        WHEN 'suspect_with_factor' THEN access.is_suspected(p.person_id, p.at) AND access.has_factor(p.person_id, p.at)
        ELSE true END
    ORDER BY p.id, d.needs, d.code;
END $$;

-- How long two positives of one person are one illness, by the rule of the day of the first.
CREATE OR REPLACE FUNCTION access.one_illness(first_at timestamptz) RETURNS interval
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce((SELECT make_interval(days => r.joined_days) FROM access.infectious_rule r
        WHERE access.day_here($1) >= r.valid_from AND (r.valid_to IS NULL OR access.day_here($1) < r.valid_to)),
        interval '90 days')
$$;

-- Puts positives to the case of their illness, and opens cases for the rest. Returns how many were opened.
CREATE OR REPLACE FUNCTION access.place_positives() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE opened bigint;
BEGIN
    WITH known AS (
        INSERT INTO access.trace_case_test (test_id, case_id)
        SELECT DISTINCT ON (p.test_id) p.test_id, c.id FROM access.case_positives() p
        JOIN access.trace_case c ON c.person_id = p.person_id AND c.joined_into IS NULL
            AND p.at BETWEEN c.first_at - access.one_illness(p.at) AND c.last_at + access.one_illness(c.first_at)
        ORDER BY p.test_id, c.id RETURNING test_id, case_id
    )
    UPDATE access.trace_case c SET first_at = least(c.first_at, k.first_at), last_at = greatest(c.last_at, k.last_at),
        traced_at = CASE WHEN k.first_at < c.first_at THEN NULL ELSE c.traced_at END
    FROM (SELECT n.case_id, min(coalesce(t.collected_at, t.resulted_at, t.recorded_at)) AS first_at,
                 max(coalesce(t.collected_at, t.resulted_at, t.recorded_at)) AS last_at
          FROM known n JOIN lab_tests_test t ON t.id = n.test_id GROUP BY n.case_id) k
    WHERE c.id = k.case_id;
    WITH sorted AS (
        SELECT p.*, p.at - lag(p.at) OVER w > access.one_illness(lag(p.at) OVER w) AS begins
        FROM access.case_positives() p WINDOW w AS (PARTITION BY p.person_id ORDER BY p.at, p.test_id)
    ), illness AS (
        SELECT s.*, count(*) FILTER (WHERE s.begins) OVER (PARTITION BY s.person_id ORDER BY s.at, s.test_id) AS number
        FROM sorted s
    ), made AS (
        INSERT INTO access.trace_case (person_id, definition, opened_by_test, first_at, last_at, starts_at, ends_at)
        SELECT i.person_id, (array_agg(i.definition ORDER BY i.at, i.test_id)) [1],
               (array_agg(i.test_id ORDER BY i.at, i.test_id)) [1], min(i.at), max(i.at), min(i.at), max(i.at)
        FROM illness i GROUP BY i.person_id, i.number
        ON CONFLICT (opened_by_test) DO NOTHING
        RETURNING id, person_id, first_at, last_at
    )
    INSERT INTO access.trace_case_test (test_id, case_id)
    SELECT i.test_id, m.id FROM illness i JOIN made m ON m.person_id = i.person_id AND i.at BETWEEN m.first_at AND m.last_at
    ON CONFLICT DO NOTHING;
    SELECT count(*) INTO opened FROM access.trace_case c WHERE c.opened_at >= transaction_timestamp();
    RETURN opened;
END $$;

-- Cases go with their test's person through merge and split; what has become one illness is joined, else taken apart.
CREATE OR REPLACE FUNCTION access.settle_cases() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    UPDATE access.trace_case c SET person_id = t.person_id, traced_at = NULL
    FROM lab_tests_test t WHERE t.id = c.opened_by_test AND t.person_id <> c.person_id;
    UPDATE access.trace_case c SET joined_into = whole.id, traced_at = NULL
    FROM access.trace_case c2 LEFT JOIN LATERAL (
        SELECT min(e.id) AS id FROM access.trace_case e WHERE e.person_id = c2.person_id AND e.id < c2.id
          AND c2.first_at <= e.last_at + access.one_illness(e.first_at)
          AND e.first_at <= c2.last_at + access.one_illness(c2.first_at)) whole ON true
    WHERE c2.id = c.id AND c.joined_into IS DISTINCT FROM whole.id;
    DELETE FROM access.trace_contact k USING access.trace_case c WHERE c.id = k.case_id AND c.joined_into IS NOT NULL AND k.outcome = '' AND k.isolated_at IS NULL;
    DELETE FROM access.trace_exposure x USING access.trace_case c WHERE c.id = x.case_id AND c.joined_into IS NOT NULL;
    UPDATE access.trace_case c SET commune_residence = p.commune_code,
        commune_stay = coalesce((SELECT a.commune_code FROM people_address a WHERE a.person_id = c.person_id
            AND a.kind = 'stay' AND a.superseded_at IS NULL ORDER BY a.recorded_at DESC LIMIT 1), p.commune_code)
    FROM people_person p WHERE p.id = c.person_id;
END $$;

-- When each case is infectious, by the rule of the day it was found and what its tests said since; an officer's word goes
-- first. A case whose period changed is traced anew.
CREATE OR REPLACE FUNCTION access.settle_periods() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, access, public, pg_temp AS $$
    WITH told AS (
        SELECT c.id, c.first_at - make_interval(days => r.days_before) AS starts_at,
               coalesce(over.at, c.last_at + make_interval(days => r.longest_days)) AS ends_at,
               coalesce(over.because, 'longest') AS because
        FROM access.trace_case c JOIN access.infectious_rule r ON access.day_here(c.first_at) >= r.valid_from
            AND (r.valid_to IS NULL OR access.day_here(c.first_at) < r.valid_to)
        LEFT JOIN LATERAL (
            SELECT coalesce(t.collected_at, t.resulted_at, t.recorded_at) AS at,
                   CASE WHEN t.result = 'negative' THEN 'negative' ELSE 'ct' END AS because
            FROM lab_tests_test t WHERE t.person_id = c.person_id AND t.superseded_at IS NULL AND NOT t.is_pooled
              AND (t.result = 'negative' OR (t.result = 'positive' AND t.ct_value > r.ct_above))
              AND coalesce(t.collected_at, t.resulted_at, t.recorded_at) > c.first_at
              AND coalesce(t.collected_at, t.resulted_at, t.recorded_at)
                  <= c.last_at + make_interval(days => r.longest_days)
            ORDER BY 1 LIMIT 1) over ON true
    ), by_hand AS (
        SELECT DISTINCT ON (e.case_id) e.* FROM access.trace_period e ORDER BY e.case_id, e.id DESC
    ), now_so AS (
        SELECT t.id, coalesce(e.starts_at, t.starts_at) AS starts_at, coalesce(e.ends_at, t.ends_at) AS ends_at,
               CASE WHEN e.id IS NULL THEN t.because ELSE 'edited' END AS because, e.onset_on
        FROM told t LEFT JOIN by_hand e ON e.case_id = t.id
    )
    UPDATE access.trace_case c SET starts_at = n.starts_at, ends_at = n.ends_at, ends_because = n.because,
        onset_on = n.onset_on, traced_at = NULL
    FROM now_so n WHERE n.id = c.id
      AND (c.starts_at, c.ends_at, c.ends_because, c.onset_on) IS DISTINCT FROM (n.starts_at, n.ends_at, n.because, n.onset_on)
$$;

-- The pass. Returns how many cases were opened. For the tracing program alone.
CREATE OR REPLACE FUNCTION access.open_cases() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracing_entry();
    opened bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cases', 0));
    PERFORM access.settle_cases();
    opened := access.place_positives();
    PERFORM access.settle_cases();
    PERFORM access.settle_periods();
    RETURN opened;
END $$;

REVOKE ALL ON FUNCTION access.tracing_entry(), access.day_here(timestamptz), access.has_factor(uuid, timestamptz),
    access.case_positives(),
    access.one_illness(timestamptz), access.place_positives(), access.settle_cases(), access.settle_periods(),
    access.open_cases() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.open_cases() TO pccovid_jobs;
