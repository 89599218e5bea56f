-- What the first policies asked. None does any more (protected_before.sql).
-- NULL where the scope is not bound to persons; an empty list sees nobody.
CREATE OR REPLACE FUNCTION access.scope_persons() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT e.scope_persons FROM access.current_entry() e WHERE e.scope_kind IN ('own', 'person')
$$;
CREATE OR REPLACE FUNCTION access.scope_area() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT e.scope_area FROM access.current_entry() e WHERE e.scope_kind IN ('area', 'person')
$$;
-- One person against the context's scope; the three are computed once a statement and handed in.
CREATE OR REPLACE FUNCTION access.in_scope(person uuid, all_persons boolean, persons uuid[], area text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT all_persons
        OR ((persons IS NOT NULL OR area IS NOT NULL)
            AND (persons IS NULL OR person = ANY (persons))
            AND (area IS NULL OR access.lives_in_area_seen(person, area)))
$$;

REVOKE ALL ON FUNCTION access.scope_persons(), access.scope_area(), access.in_scope(uuid, boolean, uuid[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.scope_persons(), access.scope_area(), access.in_scope(uuid, boolean, uuid[], text)
    TO pccovid_web, pccovid_jobs;
