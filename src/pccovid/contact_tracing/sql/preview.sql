-- What another infectious period would find, looked at before it is written: who comes in, who stays, who goes. Nobody is named
-- who lives elsewhere; everybody who is named is told of in the log. PC472: no such case here; PC474: a span that cannot be.
CREATE OR REPLACE FUNCTION access.preview_contacts(case_number bigint, starts_at timestamptz, ends_at timestamptz)
RETURNS TABLE (person uuid, name text, lives_in text, change text, score double precision, minutes bigint, days date[],
               kinds text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case := access.case_here(entry, case_number);
    met jsonb;
BEGIN
    IF $2 IS NULL OR $3 IS NULL OR $2 > $3 OR $2 < one.first_at - interval '30 days' OR $3 > one.last_at + interval '90 days' THEN
        RAISE EXCEPTION 'a span that cannot be' USING ERRCODE = 'PC474';
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('p', x.person_id, 's', x.score, 'm', x.minutes, 'd', x.days, 'k', x.kinds)), '[]')
    INTO met FROM (
        SELECT m.person_id, 1 - exp(sum(ln(1 - least(m.score, 0.999999)))) AS score, sum(m.minutes) AS minutes,
               array_agg(DISTINCT m.day ORDER BY m.day) AS days, array_agg(DISTINCT m.kind) AS kinds
        FROM access.meetings(ARRAY[one.id], ARRAY[one.person_id], ARRAY[$2], ARRAY[least($3, access.present())],
                             ARRAY[1.0::double precision], true) m
        WHERE m.person_id <> one.person_id GROUP BY m.person_id) x;
    PERFORM access.tell_of(entry, ARRAY(
        SELECT g.who FROM (
            SELECT (e ->> 'p')::uuid AS who FROM jsonb_array_elements(met) e
            UNION SELECT k.person_id FROM access.trace_contact k WHERE k.case_id = one.id AND k.level = 1) g
        WHERE access.lives_at_desk(entry, g.who)), ARRAY['identity', 'movement']);
    RETURN QUERY
    WITH found AS (
        SELECT (e ->> 'p')::uuid AS who, (e ->> 's')::double precision AS score, (e ->> 'm')::bigint AS minutes,
               ARRAY(SELECT (d.value)::date FROM jsonb_array_elements_text(e -> 'd') d) AS days,
               ARRAY(SELECT t.value FROM jsonb_array_elements_text(e -> 'k') t) AS kinds
        FROM jsonb_array_elements(met) e
    ), known AS (SELECT k.person_id AS who FROM access.trace_contact k WHERE k.case_id = one.id AND k.level = 1)
    SELECT CASE WHEN h.here THEN h.who END, CASE WHEN h.here THEN p.name END,
           coalesce(p.commune_code, p.district_code, p.province_code),
           CASE WHEN k.who IS NULL THEN 'new' WHEN f.who IS NULL THEN 'gone' ELSE 'kept' END, f.score, f.minutes, f.days, f.kinds
    FROM found f FULL JOIN known k ON k.who = f.who
    CROSS JOIN LATERAL (
        SELECT coalesce(f.who, k.who) AS who, access.lives_at_desk(entry, coalesce(f.who, k.who))
               AND coalesce(f.who, k.who) <> ALL ((SELECT access.persons_restricted('movement'))::uuid[]) AS here) h
    LEFT JOIN people_person p ON p.id = h.who
    ORDER BY 4 DESC, f.score DESC NULLS LAST, 3, 1 LIMIT 300;
END $$;

REVOKE ALL ON FUNCTION access.preview_contacts(bigint, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.preview_contacts(bigint, timestamptz, timestamptz) TO pccovid_web;
