-- Who is in sight at a tracer's desk, asked for each case and contact of a page. In PL/pgSQL, whose plans stay with the
-- connection: functions in SQL are planned anew by every statement. Without the index every case of the country was read to
-- find those of the same four weeks.
CREATE INDEX IF NOT EXISTS trace_case_by_first ON access.trace_case (first_at) INCLUDE (person_id) WHERE joined_into IS NULL;

CREATE INDEX IF NOT EXISTS area_by_where_it_lies ON access.area USING gin (lies_in);

-- An area, and after it all that lie in it, for lists that ask of many areas or persons; NULL: the whole country.
CREATE OR REPLACE FUNCTION access.areas_within(area text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT areas_within.area || ARRAY(
        SELECT a.code FROM access.area a
        WHERE a.lies_in @> ARRAY[areas_within.area] AND a.code <> areas_within.area)
    WHERE areas_within.area IS NOT NULL
$$;

-- Whether a home lies in an area, of which areas_within told the areas: what access.person_lies_in says of one person, for lists that
-- join many. Nothing is looked up in it, so that it becomes part of the statement that asks it.
CREATE OR REPLACE FUNCTION access.home_is_within(areas text[], province text, district text, commune text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT areas IS NULL OR coalesce(commune, district, province) = ANY (areas) OR areas[1] IN (province, district, commune)
$$;

CREATE OR REPLACE FUNCTION access.lives_at_desk(entry access.log, person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp COST 500 AS $$
BEGIN
    RETURN entry.scope_area IS NULL OR access.person_lies_in(person, entry.scope_area);
END $$;

-- A case is seen where the person lives, and where they stay.
CREATE OR REPLACE FUNCTION access.case_at_desk(entry access.log, one access.trace_case) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp COST 500 AS $$
BEGIN
    IF one.id IS NULL OR one.joined_into IS NOT NULL
       OR (one.person_id <> ALL (access.persons_restricted('test'))) IS NOT TRUE THEN
        RETURN false;
    END IF;
    RETURN access.lives_at_desk(entry, one.person_id)
        OR coalesce(access.area_lies_in(one.commune_stay, entry.scope_area), false);
END $$;

-- The case of this number, for whoever has it at their desk. PC472: no such case here.
CREATE OR REPLACE FUNCTION access.case_here(entry access.log, case_number bigint) RETURNS access.trace_case
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE one access.trace_case;
BEGIN
    SELECT c.* INTO one FROM access.trace_case c WHERE c.id = case_number;
    IF access.case_at_desk(entry, one) IS NOT TRUE THEN
        RAISE EXCEPTION 'no such case here' USING ERRCODE = 'PC472';
    END IF;
    RETURN one;
END $$;

REVOKE ALL ON FUNCTION access.areas_within(text), access.home_is_within(text[], text, text, text),
    access.lives_at_desk(access.log, uuid), access.case_at_desk(access.log, access.trace_case),
    access.case_here(access.log, bigint) FROM PUBLIC;
