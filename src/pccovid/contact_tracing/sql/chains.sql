-- Backward tracing: which cases may have infected which, and at which places several cases were on one day. Derived when it
-- is asked for; nothing of it is kept. Windows and weights are our own choice (rules.source_weight).

CREATE OR REPLACE FUNCTION access.source_weight(met_at timestamptz, first_at timestamptz) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN first_at - met_at < interval '0' OR first_at - met_at > interval '14 days' THEN 0
                WHEN first_at - met_at < interval '1 day' THEN 0.2
                WHEN first_at - met_at <= interval '10 days' THEN 1.0 ELSE 0.5 END
$$;

-- Of these cases, who may have infected them, and whom they may have infected: contacts who became cases after they met.
CREATE OR REPLACE FUNCTION access.case_links(cases bigint[]) RETURNS TABLE (source bigint, target bigint, score double precision)
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT k.case_id, t.id, max(k.score * access.source_weight(k.first_at, t.first_at))
    FROM access.trace_case t
    JOIN access.trace_contact k ON k.person_id = t.person_id AND k.level = 1 AND k.outcome <> 'not_a_contact'
        AND k.case_id <> t.id AND access.source_weight(k.first_at, t.first_at) > 0
    JOIN access.trace_case s ON s.id = k.case_id AND s.joined_into IS NULL
    WHERE t.joined_into IS NULL AND (t.id = ANY (cases) OR k.case_id = ANY (cases))
      AND t.person_id <> ALL (access.persons_restricted('test')) AND s.person_id <> ALL (access.persons_restricted('test'))
    GROUP BY k.case_id, t.id
$$;

-- All cases that such links join to this one, nearest first, at most so many.
CREATE OR REPLACE FUNCTION access.chain_of_case(case_number bigint, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    known bigint[] := ARRAY[case_number];
    fresh bigint[] := known;
BEGIN
    WHILE cardinality(fresh) > 0 AND cardinality(known) < most LOOP
        fresh := ARRAY(
            SELECT DISTINCT n.id FROM access.case_links(fresh) l, unnest(ARRAY[l.source, l.target]) n (id)
            WHERE n.id <> ALL (known) ORDER BY n.id LIMIT most - cardinality(known));
        known := known || fresh;
    END LOOP;
    RETURN known;
END $$;

-- The chain of a case in sight as links between its cases, each by its place in the chain (1: this case); its number only
-- where the case itself is in sight. PC472: no such case here.
CREATE OR REPLACE FUNCTION access.trace_chain_seen(case_number bigint)
RETURNS TABLE (source integer, target integer, source_number bigint, target_number bigint, source_on date, target_on date,
               score double precision, is_likeliest boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    chain bigint[];
    seen bigint[];
BEGIN
    PERFORM access.case_here(entry, case_number);
    chain := access.chain_of_case(case_number, 60);
    seen := ARRAY(SELECT c.id FROM access.trace_case c WHERE c.id = ANY (chain) AND access.case_at_desk(entry, c));
    PERFORM access.tell_of(entry, ARRAY(SELECT c.person_id FROM access.trace_case c WHERE c.id = ANY (seen)), ARRAY['test']);
    RETURN QUERY
    SELECT array_position(chain, l.source), array_position(chain, l.target),
           CASE WHEN s.id = ANY (seen) THEN s.id END, CASE WHEN t.id = ANY (seen) THEN t.id END,
           access.day_here(s.first_at), access.day_here(t.first_at), l.score,
           row_number() OVER (PARTITION BY l.target ORDER BY l.score DESC, s.first_at, l.source) = 1
    FROM access.case_links(chain) l JOIN access.trace_case s ON s.id = l.source JOIN access.trace_case t ON t.id = l.target
    WHERE l.source = ANY (chain) AND l.target = ANY (chain) ORDER BY 2, 7 DESC, 1;
END $$;

-- Places where a case in sight was, from fourteen days before its first positive on, and other cases on the same day; with
-- how many people were there that day, cases or not. Nothing of a case that is out of sight.
CREATE OR REPLACE FUNCTION access.trace_places_seen(case_number bigint)
RETURNS TABLE (place text, day date, cases bigint, people bigint, others bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case;
    since timestamptz := access.seen_from('movement');
    there uuid[];
BEGIN
    SELECT c.* INTO one FROM access.trace_case c WHERE c.id = case_number;
    IF NOT access.case_at_desk(entry, one) OR one.person_id = ANY (access.persons_restricted('movement')) THEN
        RETURN;
    END IF;
    there := ARRAY(SELECT c.person_id FROM access.trace_case c WHERE c.joined_into IS NULL
                   AND c.first_at BETWEEN one.first_at - interval '28 days' AND one.first_at + interval '28 days'
                   AND c.person_id <> ALL (access.persons_restricted('movement'))
                   AND c.person_id <> ALL (access.persons_restricted('test')));
    FOR place, day, cases, people, others IN
    WITH own AS (
        SELECT DISTINCT v.place_key, v.day FROM movement_visit v
        WHERE v.person_id = one.person_id AND v.superseded_at IS NULL AND v.place_key IS NOT NULL
          AND v.day >= access.day_here(greatest(since, one.first_at - interval '14 days'))
          AND v.day <= access.day_here(least(one.ends_at, access.present()))
    ), met AS (
        SELECT o.place_key, o.day, v.person_id FROM own o JOIN movement_visit v ON v.place_key = o.place_key
            AND v.day = o.day AND v.superseded_at IS NULL
    ), shared AS (
        SELECT m.place_key, m.day, count(DISTINCT m.person_id) FILTER (WHERE m.person_id = ANY (there)) AS cases,
               count(DISTINCT m.person_id) AS people,
               array_agg(DISTINCT m.person_id) FILTER (WHERE m.person_id = ANY (there)) AS who
        FROM met m GROUP BY m.place_key, m.day
    )
    SELECT coalesce((SELECT q.name FROM movement_place q WHERE q.place_key = s.place_key LIMIT 1), s.place_key), s.day,
           s.cases, s.people,
           ARRAY(SELECT c.id FROM access.trace_case c WHERE c.person_id = ANY (s.who) AND c.id <> one.id
                 AND access.case_at_desk(entry, c) AND c.first_at BETWEEN one.first_at - interval '28 days'
                     AND one.first_at + interval '28 days' ORDER BY c.id LIMIT 20)
    FROM shared s WHERE s.cases >= 2 ORDER BY s.cases DESC, s.people, s.day LIMIT 30
    LOOP
        -- Where somebody was is told with their case. The log keeps the first word on each person: so this comes first.
        PERFORM access.tell_of(entry, ARRAY[one.person_id], ARRAY['identity', 'movement', 'test']);
        PERFORM access.tell_of(entry, ARRAY(SELECT c.person_id FROM access.trace_case c WHERE c.id = ANY (others)),
                               ARRAY['movement', 'test']);
        RETURN NEXT;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION access.source_weight(timestamptz, timestamptz), access.case_links(bigint[]),
    access.chain_of_case(bigint, integer), access.trace_chain_seen(bigint), access.trace_places_seen(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.trace_chain_seen(bigint), access.trace_places_seen(bigint) TO pccovid_web;
