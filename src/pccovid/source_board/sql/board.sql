-- The board of sources: rules of silence, what was counted of each source, alerts. Counts about nobody; the tables are closed
-- to everybody but the owner.
CREATE TABLE access.silence_rule (
    source text NOT NULL,
    hours integer NOT NULL CHECK (hours > 0),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    PRIMARY KEY (source, valid_from)
);
CREATE TABLE access.source_quality (
    source text PRIMARY KEY,
    counted_at timestamptz NOT NULL,
    claims bigint NOT NULL,
    fields jsonb NOT NULL,  -- field → claims that have it
    repeated_facts bigint NOT NULL,
    lag_hours double precision  -- median from event to arrival, of what arrived in the last 30 days
);
CREATE TABLE access.source_alert (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    stale_since timestamptz NOT NULL,
    noticed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz
);
CREATE UNIQUE INDEX a_source_is_stale_once_at_a_time ON access.source_alert (source) WHERE ended_at IS NULL;

-- Every source: what sends or was delivered under its system's name, and what is asked under the campaign's.
CREATE FUNCTION access.sources_now()
RETURNS TABLE (source text, way text, agency text, agreements bigint[], agreed_until timestamptz, last_success_at timestamptz,
               backlog bigint, oldest_waiting_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    WITH ledger AS (
        SELECT f.system AS source, max(coalesce(r.published_at, r.started_at)) AS last_at
        FROM people_importfile f JOIN people_importrun r ON r.id = f.run_id
        WHERE f.system NOT IN ('correction', 'repair', 'pccovid', 'population', '') GROUP BY 1
    ), agency AS (
        SELECT g.standing || '.' || g.code AS source, g.name,
               array_agg(a.id ORDER BY a.id) FILTER (WHERE access.agreement_state(a) = 'granted') AS numbers,
               max(a.valid_until) FILTER (WHERE access.agreement_state(a) = 'granted') AS until,
               min(o.given_at) FILTER (WHERE access.agreement_state(a) = 'granted' AND a.written <> '{}') AS since,
               (SELECT max(m.received_at) FROM access.exchange_message m WHERE m.agency_code = g.code) AS last_at
        FROM access.agency g JOIN access.agreement a ON a.agency_code = g.code
            JOIN access.agreement_opinion o ON o.agreement_id = a.id AND o.approves GROUP BY g.code
    ), sends AS (
        SELECT coalesce(l.source, a.source) AS source, CASE WHEN a.source IS NULL THEN 'delivered' ELSE 'sends' END AS way,
               coalesce(a.name, '') AS agency, coalesce(a.numbers, '{}') AS numbers, a.until,
               CASE WHEN a.source IS NULL THEN l.last_at ELSE a.last_at END AS last_at,
               (SELECT count(*) FROM people_unplacedrow u WHERE u.system = coalesce(l.source, a.source)
                  AND u.outcome = 'held' AND u.resolved_at IS NULL) AS backlog, NULL::timestamptz AS oldest
        FROM ledger l FULL JOIN agency a ON a.source = l.source
    ), asked AS (
        SELECT c.source, 'asked' AS way, '' AS agency, '{}'::bigint[] AS numbers, NULL::timestamptz AS until,
               (SELECT max(h.last_answer_at) FROM foundation_endpointhour h WHERE h.endpoint = max(c.endpoint)) AS last_at,
               (SELECT count(*) FROM access.verification_task t JOIN access.verification_campaign k ON k.id = t.campaign_id
                WHERE k.source = c.source AND k.ended_at IS NULL AND t.verdict IS NULL) AS backlog,
               min(c.started_at) FILTER (WHERE c.ended_at IS NULL) AS oldest
        FROM access.verification_campaign c GROUP BY c.source
    )
    SELECT * FROM sends UNION ALL SELECT * FROM asked
$$;

-- Opens an alert for each source that has become stale and ends those of sources that are fresh again; returns the new ones. An
-- agency is stale that may send and did not for so long; one that is asked, while somebody waits for its answers.
CREATE FUNCTION access.watch_sources() RETURNS TABLE (source text, stale_since timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    CREATE TEMP TABLE stale_now ON COMMIT DROP AS
    SELECT s.source, coalesce(s.last_success_at, s.began_at) AS since FROM (
        SELECT n.*, CASE n.way WHEN 'asked' THEN n.oldest_waiting_at ELSE (
            SELECT min(o.given_at) FROM access.agreement a JOIN access.agreement_opinion o ON o.agreement_id = a.id
            WHERE a.id = ANY (n.agreements) AND a.written <> '{}') END AS began_at
        FROM access.sources_now() n WHERE n.way <> 'delivered') s
    JOIN LATERAL (
        SELECT r.hours FROM access.silence_rule r
        WHERE r.source IN (s.source, split_part(s.source, '.', 1)) AND current_date >= r.valid_from
          AND (r.valid_to IS NULL OR current_date <= r.valid_to)
        ORDER BY r.source = s.source DESC, r.valid_from DESC LIMIT 1) rule ON true
    WHERE s.began_at IS NOT NULL AND (s.way = 'sends' OR s.backlog > 0)
      AND greatest(s.last_success_at, s.began_at) < clock_timestamp() - make_interval(hours => rule.hours);
    UPDATE access.source_alert a SET ended_at = clock_timestamp()
    WHERE a.ended_at IS NULL AND a.source NOT IN (SELECT n.source FROM stale_now n);
    RETURN QUERY
    INSERT INTO access.source_alert AS made (source, stale_since) SELECT n.source, n.since FROM stale_now n ORDER BY 1
    ON CONFLICT (source) WHERE ended_at IS NULL DO NOTHING RETURNING made.source, made.stale_since;
    DROP TABLE stale_now;
END $$;

-- Counts what each source's newest records hold. It reads every claim: for the program, now and then.
CREATE FUNCTION access.count_sources() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE counted bigint;
BEGIN
    INSERT INTO access.source_quality AS q (source, counted_at, claims, fields, repeated_facts, lag_hours)
    SELECT c.system, clock_timestamp(), count(*), jsonb_build_object(
               'name', count(c.name_key), 'birth_date', count(c.birth_date),
               'birth_day', count(*) FILTER (WHERE c.birth_precision = 'day'), 'sex', count(c.sex),
               'number', count(coalesce(c.personal_id, c.old_id, c.passport)), 'phone', count(c.phone),
               'commune', count(c.commune_code)),
           coalesce(max(d.repeated), 0), max(l.lag)
    FROM people_recordclaim c
        LEFT JOIN (SELECT v.source_system, count(*) AS repeated FROM vaccination_dose v
                   WHERE v.duplicate_of IS NOT NULL AND v.superseded_at IS NULL GROUP BY 1) d ON d.source_system = c.system
        LEFT JOIN (SELECT f.source_system, percentile_cont(0.5) WITHIN GROUP (
                              ORDER BY extract(epoch FROM f.recorded_at - f.happened_at) / 3600) AS lag
                   FROM (SELECT v.source_system, v.recorded_at,
                                v.occurred_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS happened_at
                         FROM vaccination_dose v WHERE v.recorded_at > clock_timestamp() - interval '30 days'
                         UNION ALL
                         SELECT t.source_system, t.recorded_at, coalesce(t.resulted_at, t.collected_at)
                         FROM lab_tests_test t WHERE t.recorded_at > clock_timestamp() - interval '30 days') f
                   WHERE f.happened_at IS NOT NULL GROUP BY 1) l ON l.source_system = c.system
    WHERE NOT c.is_about_nobody AND c.system NOT IN ('correction', 'repair', 'pccovid', 'population') GROUP BY c.system
    ON CONFLICT (source) DO UPDATE SET counted_at = excluded.counted_at, claims = excluded.claims,
        fields = excluded.fields, repeated_facts = excluded.repeated_facts, lag_hours = excluded.lag_hours;
    GET DIAGNOSTICS counted = ROW_COUNT;
    RETURN counted;
END $$;

-- The board. Numbers of rows are those of the ledger, of questions those of the last seven days. PC421: not held.
CREATE FUNCTION access.source_board(officer integer, through bigint)
RETURNS TABLE (source text, way text, agency text, agreements bigint[], agreed_until timestamptz, last_success_at timestamptz,
               backlog bigint, oldest_waiting_at timestamptz, received numeric, linked numeric, new numeric, held numeric,
               rejected numeric, unchanged numeric, repeated numeric, answered numeric, not_reached numeric,
               drifted numeric, refused numeric, milliseconds numeric, closed_until timestamptz, given_up bigint,
               claims bigint, fields jsonb, repeated_facts bigint, lag_hours double precision, counted_at timestamptz,
               stale_since timestamptz, noticed_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(
        officer, through, ARRAY['data_steward', 'data_protection', 'inspector']);
BEGIN
    RETURN QUERY
    SELECT s.*, f.received, f.linked, f.new, f.held, f.rejected, f.unchanged, f.repeated, h.answered, h.not_reached,
           h.drifted, h.refused, h.milliseconds, e.closed_until, b.given_up, q.claims, q.fields, q.repeated_facts,
           q.lag_hours, q.counted_at, a.stale_since, a.noticed_at
    FROM access.sources_now() s
    LEFT JOIN LATERAL (
        SELECT sum(i.received) AS received, sum(i.linked) AS linked, sum(i.new) AS new, sum(i.held) AS held,
               sum(i.rejected) AS rejected, sum(i.unchanged) AS unchanged, sum(i.repeated) AS repeated
        FROM people_importfile i WHERE i.system = s.source AND s.way <> 'asked') f ON true
    LEFT JOIN LATERAL (SELECT max(c.endpoint) AS endpoint FROM access.verification_campaign c
                       WHERE c.source = s.source AND s.way = 'asked') p ON true
    LEFT JOIN LATERAL (
        SELECT sum(t.answered) AS answered, sum(t.not_reached) AS not_reached, sum(t.drifted) AS drifted,
               sum(t.refused) AS refused, sum(t.milliseconds) AS milliseconds
        FROM foundation_endpointhour t
        WHERE t.endpoint = p.endpoint AND t.hour > clock_timestamp() - interval '7 days') h ON true
    LEFT JOIN foundation_outboxendpoint e ON e.endpoint = p.endpoint
    LEFT JOIN LATERAL (SELECT count(*) AS given_up FROM foundation_outbox o
                       WHERE o.endpoint = p.endpoint AND o.state = 'dead') b ON true
    LEFT JOIN access.source_quality q ON q.source = s.source AND s.way <> 'asked'
    LEFT JOIN access.source_alert a ON a.source = s.source AND a.ended_at IS NULL
    ORDER BY a.stale_since IS NULL, s.way, s.source;
END $$;
CREATE FUNCTION access.stale_sources(officer integer, through bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(
        officer, through, ARRAY['data_steward', 'data_protection', 'inspector']);
BEGIN
    RETURN (SELECT count(*) FROM access.source_alert a WHERE a.ended_at IS NULL);
END $$;

REVOKE ALL ON access.silence_rule, access.source_quality, access.source_alert FROM PUBLIC;
REVOKE ALL ON FUNCTION access.sources_now(), access.watch_sources(), access.count_sources(),
    access.source_board(integer, bigint), access.stale_sources(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.watch_sources(), access.count_sources() TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.source_board(integer, bigint), access.stale_sources(integer, bigint) TO pccovid_web;
