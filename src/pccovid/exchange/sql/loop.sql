-- The measured loop: how long specimens and doses take from where they were taken or given until their person has seen them, and
-- what never came. Counted and timed by laboratory and site; nobody is named, and no row of anybody is shown.
CREATE FUNCTION access.first_seen_by_person(person uuid, recorded timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT min(l.opened_at) FROM access.log l
    WHERE l.actor = person::text AND l.actor_kind = 'citizen' AND l.purpose = 'own_record' AND l.opened_at >= recorded
$$;

-- PC431: the office is not held. Medians are hours; NULL where no step of that kind is known.
CREATE FUNCTION access.loop_of_tests(officer integer, through bigint, days integer)
RETURNS TABLE (source text, came bigint, resulted bigint, waiting bigint, overdue bigint, oldest_overdue timestamptz,
               to_laboratory double precision, to_result double precision, to_here double precision,
               to_person double precision, seen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_steward', 'inspector']);
    begins timestamptz := access.present() - make_interval(days => least(greatest(days, 1), 31));
    late timestamptz := access.present() - interval '48 hours';
BEGIN
    RETURN QUERY
    WITH path AS MATERIALIZED (
        SELECT coalesce(t.laboratory, t.site_name, t.source_system) AS source, t.collected_at, t.received_at, t.resulted_at,
               t.recorded_at, t.result, access.first_seen_by_person(t.person_id, t.recorded_at) AS seen_at
        FROM lab_tests_test t
        WHERE t.superseded_at IS NULL AND coalesce(t.collected_at, t.recorded_at) >= begins
          AND (held.area_code IS NULL OR access.person_lies_in(t.person_id, held.area_code))
    )
    SELECT p.source, count(*), count(p.result), count(*) FILTER (WHERE p.result IS NULL),
        count(*) FILTER (WHERE p.result IS NULL AND p.collected_at < late),
        min(p.collected_at) FILTER (WHERE p.result IS NULL AND p.collected_at < late),
        access.median_hours(array_agg(p.received_at - p.collected_at)),
        access.median_hours(array_agg(p.resulted_at - coalesce(p.received_at, p.collected_at))),
        access.median_hours(array_agg(p.recorded_at - p.resulted_at)),
        access.median_hours(array_agg(p.seen_at - p.recorded_at)), count(p.seen_at)
    FROM path p GROUP BY p.source ORDER BY 5 DESC, 2 DESC, 1 LIMIT 200;
END $$;

-- PC431. A dose is missing where a later one by number stands and the one before it does not: told with the later one's site.
CREATE FUNCTION access.loop_of_doses(officer integer, through bigint, days integer)
RETURNS TABLE (source text, came bigint, missing bigint, oldest_missing timestamptz, to_register double precision,
               to_here double precision, to_person double precision, seen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_steward', 'inspector']);
    begins timestamptz := access.present() - make_interval(days => least(greatest(days, 1), 31));
BEGIN
    RETURN QUERY
    WITH path AS MATERIALIZED (
        SELECT coalesce(d.site_name, d.source_system) AS source, d.occurred_on::timestamptz AS given_at, d.entered_at,
               d.recorded_at, access.first_seen_by_person(d.person_id, d.recorded_at) AS seen_at,
               d.dose_number > 1 AND NOT EXISTS (
                   SELECT 1 FROM vaccination_dose b WHERE b.person_id = d.person_id AND b.superseded_at IS NULL
                     AND b.dose_number = d.dose_number - 1) AS lacks_earlier
        FROM vaccination_dose d
        WHERE d.superseded_at IS NULL AND d.duplicate_of IS NULL AND d.occurred_on >= begins::date
          AND (held.area_code IS NULL OR access.person_lies_in(d.person_id, held.area_code))
    )
    SELECT p.source, count(*), count(*) FILTER (WHERE p.lacks_earlier), min(p.given_at) FILTER (WHERE p.lacks_earlier),
        access.median_hours(array_agg(p.entered_at - p.given_at)),
        access.median_hours(array_agg(p.recorded_at - coalesce(p.entered_at, p.given_at))),
        access.median_hours(array_agg(p.seen_at - p.recorded_at)), count(p.seen_at)
    FROM path p GROUP BY p.source ORDER BY 3 DESC, 2 DESC, 1 LIMIT 200;
END $$;

-- The median in hours of the spans that are none before their beginning; NULL without any.
CREATE FUNCTION access.median_hours(spans interval[]) RETURNS double precision
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s)) / 3600)::numeric, 2)::double precision
    FROM unnest(spans) s WHERE s >= interval '0'
$$;

REVOKE ALL ON FUNCTION access.first_seen_by_person(uuid, timestamptz), access.median_hours(interval[]),
    access.loop_of_tests(integer, bigint, integer), access.loop_of_doses(integer, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.loop_of_tests(integer, bigint, integer), access.loop_of_doses(integer, bigint, integer)
    TO pccovid_web;
