-- Campaigns of verification: who is to be asked about, and what came of it. Nobody but the owner reads or writes the tables;
-- the program works through functions inside an access opened for one campaign, officers read counts.

CREATE TABLE access.verification_campaign (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    endpoint text NOT NULL,
    per_second real NOT NULL CHECK (per_second > 0),
    persons bigint NOT NULL DEFAULT 0,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX one_campaign_of_a_source_at_a_time ON access.verification_campaign (source) WHERE ended_at IS NULL;
CREATE TABLE access.verification_task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id bigint NOT NULL REFERENCES access.verification_campaign (id),
    position bigint NOT NULL,
    person_id uuid NOT NULL,
    area_code text NOT NULL,
    verdict text CHECK (verdict IN ('agree', 'disagree', 'no_id', 'not_verifiable')),
    code text NOT NULL DEFAULT '',
    settled_at timestamptz,
    UNIQUE (campaign_id, position),
    CHECK ((verdict IS NULL) = (settled_at IS NULL))
);
CREATE INDEX verification_task_waiting ON access.verification_task (campaign_id) WHERE verdict IS NULL;
CREATE INDEX verification_task_by_person ON access.verification_task (person_id);
-- Up to where a source's own feed of changes has been followed.
CREATE TABLE access.verification_mark (
    source text PRIMARY KEY,
    mark bigint NOT NULL,
    followed_at timestamptz NOT NULL
);
-- By area, so that no page counts tasks. `verdict` 'all' is how many there are.
CREATE TABLE access.verification_count (
    campaign_id bigint NOT NULL REFERENCES access.verification_campaign (id),
    area_code text NOT NULL,
    verdict text NOT NULL,
    persons bigint NOT NULL,
    PRIMARY KEY (campaign_id, area_code, verdict)
);

-- The program's access for a campaign that runs, and no other.
CREATE FUNCTION access.check_verification_opening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF NEW.actor_kind <> 'job' OR NOT EXISTS (
        SELECT 1 FROM access.verification_campaign c
        WHERE 'XM-' || c.id = NEW.case_reference AND c.ended_at IS NULL) THEN
        RAISE EXCEPTION 'no campaign of verification runs' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_campaign_opens_its_persons BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.purpose = 'identity_verification' AND NEW.opened_at >= transaction_timestamp())
    EXECUTE FUNCTION access.check_verification_opening();

-- The campaign of a source that runs, or a new one: over everybody whose identity is unverified, or over whoever has one of
-- these numbers (hashes), verified or not; in one statement for all of them. Who has no number, or no name or birth date to ask
-- with, is settled at once; the others' work goes into the outbox in ranges of `batch` tasks, ordered by area.
CREATE FUNCTION access.start_verification(
    source text, endpoint text, per_second real, batch integer, started_by text, numbers text[] DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    made bigint;
    to_ask bigint;
    moment timestamptz := clock_timestamp();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('verification ' || start_verification.source, 0));
    SELECT c.id INTO made FROM access.verification_campaign c
    WHERE c.source = start_verification.source AND c.ended_at IS NULL;
    IF made IS NOT NULL THEN
        UPDATE access.verification_campaign c SET per_second = start_verification.per_second WHERE c.id = made;
        RETURN made;
    END IF;
    INSERT INTO access.verification_campaign (source, endpoint, per_second, started_by, started_at)
    VALUES (start_verification.source, start_verification.endpoint, start_verification.per_second,
            start_verification.started_by, moment) RETURNING id INTO made;
    INSERT INTO access.verification_task (campaign_id, position, person_id, area_code, verdict, code, settled_at)
    SELECT made, row_number() OVER (ORDER BY u.verdict IS NOT NULL, u.area_code, u.id), u.id, u.area_code, u.verdict,
           coalesce(u.code, ''), CASE WHEN u.verdict IS NOT NULL THEN moment END
    FROM (SELECT p.id, coalesce(p.commune_code, p.district_code, p.province_code, '') AS area_code,
                 CASE WHEN n.person_id IS NULL THEN 'no_id' WHEN p.name IS NULL OR p.birth_date IS NULL
                      THEN 'not_verifiable' END AS verdict,
                 CASE WHEN n.person_id IS NULL THEN '205' WHEN p.name IS NULL OR p.birth_date IS NULL
                      THEN 'incomplete' END AS code
          FROM people_person p LEFT JOIN (SELECT DISTINCT i.person_id FROM people_identifier i
                                          WHERE i.system IN ('personal_id', 'old_id')) n ON n.person_id = p.id
          WHERE p.merged_into_id IS NULL AND CASE WHEN numbers IS NULL THEN NOT p.is_identity_verified
              ELSE p.id IN (SELECT i.person_id FROM people_identifier i
                            WHERE i.system = 'personal_id' AND i.value = ANY (numbers)) END) u;
    INSERT INTO access.verification_count (campaign_id, area_code, verdict, persons)
    SELECT made, t.area_code, coalesce(g.verdict, 'all'), count(*)
    FROM access.verification_task t CROSS JOIN LATERAL (VALUES (NULL::text), (t.verdict)) g (verdict)
    WHERE t.campaign_id = made AND (g.verdict IS NULL OR t.verdict IS NOT NULL) GROUP BY 1, 2, 3;
    SELECT count(*) FILTER (WHERE t.verdict IS NULL) INTO to_ask FROM access.verification_task t WHERE t.campaign_id = made;
    UPDATE access.verification_campaign c
    SET persons = (SELECT count(*) FROM access.verification_task t WHERE t.campaign_id = made) WHERE c.id = made;
    INSERT INTO foundation_outbox (endpoint, topic, key, body, created_at, next_at)
    SELECT start_verification.endpoint, 'identity_verification', 'XM-' || made || '/' || f,
           jsonb_build_object('campaign', made, 'first', f, 'last', f + batch - 1), moment, moment
    FROM generate_series(1, to_ask, batch) f;
    PERFORM access.end_verification(made);
    RETURN made;
END $$;

-- Ends a campaign of which nobody waits any more; whether it is ended.
CREATE FUNCTION access.end_verification(campaign bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    UPDATE access.verification_campaign c SET ended_at = clock_timestamp()
    WHERE c.id = campaign AND c.ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM access.verification_task t WHERE t.campaign_id = campaign AND t.verdict IS NULL);
    RETURN EXISTS (SELECT 1 FROM access.verification_campaign c WHERE c.id = campaign AND c.ended_at IS NOT NULL);
END $$;

-- Where a source's feed was followed to, and noting where it is now. Nothing moves back.
CREATE FUNCTION access.verification_mark_of(source text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce((SELECT m.mark FROM access.verification_mark m WHERE m.source = verification_mark_of.source), 0)
$$;
CREATE FUNCTION access.note_verification_mark(source text, mark bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    INSERT INTO access.verification_mark AS m (source, mark, followed_at)
    VALUES (note_verification_mark.source, note_verification_mark.mark, clock_timestamp())
    ON CONFLICT (source) DO UPDATE SET mark = greatest(m.mark, excluded.mark), followed_at = excluded.followed_at
$$;
CREATE FUNCTION access.verification_runs(source text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM access.verification_campaign c
                   WHERE c.source = verification_runs.source AND c.ended_at IS NULL)
$$;

-- The campaign whose access is open in this very transaction.
CREATE FUNCTION access.opened_verification(campaign bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.purpose IS DISTINCT FROM 'identity_verification' OR entry.case_reference IS DISTINCT FROM 'XM-' || campaign THEN
        RAISE EXCEPTION 'no access is open for this campaign' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
CREATE FUNCTION access.verification_tasks(campaign bigint, first bigint, last bigint)
RETURNS TABLE (task bigint, person uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.opened_verification(campaign);
    RETURN QUERY SELECT t.id, t.person_id FROM access.verification_task t
    WHERE t.campaign_id = campaign AND t.position BETWEEN first AND last AND t.verdict IS NULL ORDER BY t.position;
END $$;

-- Settles tasks that still wait, and counts them; returns those that did: of two who ask about the same, one is heard.
CREATE FUNCTION access.settle_verification(campaign bigint, tasks bigint[], codes text[], verdicts text[])
RETURNS TABLE (task bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE settled bigint[];
BEGIN
    PERFORM access.opened_verification(campaign);
    PERFORM 1 FROM access.verification_task t WHERE t.id = ANY (tasks) ORDER BY t.id FOR UPDATE;
    WITH done AS (
        UPDATE access.verification_task t SET verdict = g.verdict, code = g.code, settled_at = clock_timestamp()
        FROM unnest(tasks, codes, verdicts) g (id, code, verdict)
        WHERE t.id = g.id AND t.campaign_id = campaign AND t.verdict IS NULL RETURNING t.id, t.area_code, t.verdict
    ), counted AS (
        INSERT INTO access.verification_count AS n (campaign_id, area_code, verdict, persons)
        SELECT campaign, d.area_code, d.verdict, count(*) FROM done d GROUP BY 2, 3 ORDER BY 2, 3
        ON CONFLICT (campaign_id, area_code, verdict) DO UPDATE SET persons = n.persons + excluded.persons
    )
    SELECT coalesce(array_agg(d.id), '{}') INTO settled FROM done d;
    RETURN QUERY SELECT unnest(settled);
END $$;
CREATE FUNCTION access.verification_progress(campaign bigint, OUT persons bigint, OUT settled bigint, OUT per_second real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT c.persons, (SELECT coalesce(sum(n.persons), 0)::bigint FROM access.verification_count n
                       WHERE n.campaign_id = c.id AND n.verdict <> 'all'), c.per_second
    FROM access.verification_campaign c WHERE c.id = campaign
$$;

CREATE FUNCTION access.verification_totals(campaign bigint) RETURNS TABLE (verdict text, persons bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT n.verdict, sum(n.persons)::bigint FROM access.verification_count n
    WHERE n.campaign_id = campaign AND n.verdict <> 'all' GROUP BY 1
$$;

-- Counts of each campaign for the units right below the office's area, or below a unit inside it. PC421: not held.
CREATE FUNCTION access.verification_shares(officer integer, through bigint, below text)
RETURNS TABLE (campaign bigint, source text, started_at timestamptz, ended_at timestamptz, area_code text, verdict text,
               persons bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(
        officer, through, ARRAY['data_steward', 'commune_police', 'health_station', 'data_protection']);
    within text := coalesce(below, held.area_code);
BEGIN
    IF held.area_code IS NOT NULL AND NOT (within = held.area_code OR access.area_lies_in(within, held.area_code)) THEN
        RAISE EXCEPTION 'outside the area' USING ERRCODE = 'PC421';
    END IF;
    RETURN QUERY
    SELECT c.id, c.source, c.started_at, c.ended_at, n.area_code, n.verdict, n.persons
    FROM access.verification_campaign c JOIN access.verification_count n ON n.campaign_id = c.id
    WHERE (within IS NULL OR n.area_code = within OR access.area_lies_in(n.area_code, within))
      AND c.id > (SELECT coalesce(max(m.id), 0) - 12 FROM access.verification_campaign m)
    ORDER BY c.id DESC;
END $$;

REVOKE ALL ON access.verification_campaign, access.verification_task, access.verification_count,
    access.verification_mark FROM PUBLIC;
REVOKE ALL ON FUNCTION access.check_verification_opening(),
    access.start_verification(text, text, real, integer, text, text[]), access.end_verification(bigint),
    access.opened_verification(bigint), access.verification_tasks(bigint, bigint, bigint),
    access.settle_verification(bigint, bigint[], text[], text[]), access.verification_progress(bigint),
    access.verification_totals(bigint), access.verification_mark_of(text), access.note_verification_mark(text, bigint),
    access.verification_runs(text), access.verification_shares(integer, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.start_verification(text, text, real, integer, text, text[]), access.end_verification(bigint),
    access.verification_tasks(bigint, bigint, bigint), access.settle_verification(bigint, bigint[], text[], text[]),
    access.verification_progress(bigint), access.verification_totals(bigint),
    access.verification_mark_of(text), access.note_verification_mark(text, bigint), access.verification_runs(text)
    TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.verification_shares(integer, bigint, text) TO pccovid_web;
