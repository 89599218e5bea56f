-- What a context sees, asked once a statement. Each policy compares a row with values that PostgreSQL computes once
-- (sub-selects) and only when needed, so a page costs little more with row security than without.

-- Those whose record a person may see as their own, beside the person: the index knows; people's migration replaces this.
CREATE FUNCTION access.dependants_of(person uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$ SELECT '{}'::uuid[] $$;

-- PL/pgSQL keeps its plans for the life of the connection; a function in SQL would be planned anew in every statement.
CREATE OR REPLACE FUNCTION access.current_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log;
BEGIN
    SELECT l.* INTO entry FROM access.log l WHERE l.transaction_id = pg_current_xact_id_if_assigned()
    ORDER BY l.id DESC LIMIT 1;
    RETURN entry;
END $$;
CREATE OR REPLACE FUNCTION access.reads(category text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    RETURN coalesce(category = ANY (entry.readable), false);
END $$;

-- The three answers a policy on personal rows asks for, each NULL or false where the category is not readable:
-- the persons in sight, where the scope names persons (within an area: those of them who live there) …
CREATE FUNCTION access.persons_seen(category text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.scope_kind IN ('own', 'person') AND category = ANY (entry.readable) THEN
        IF entry.scope_kind = 'own' OR entry.scope_area IS NULL THEN
            RETURN entry.scope_persons;
        END IF;
        RETURN ARRAY(SELECT p FROM unnest(entry.scope_persons) p WHERE access.person_lies_in(p, entry.scope_area));
    END IF;
    RETURN NULL;
END $$;
-- … whether everybody is …
CREATE FUNCTION access.everybody_seen(category text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    RETURN coalesce(entry.scope_kind = 'all' AND category = ANY (entry.readable), false);
END $$;
-- … and the area whose people are.
CREATE FUNCTION access.area_seen(category text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    RETURN CASE WHEN entry.scope_kind = 'area' AND category = ANY (entry.readable) THEN entry.scope_area END;
END $$;

-- Whether a person lives in the area of the open context. The answer for any other area is no: nobody can find out where
-- somebody lives by trying areas. person_lies_in, which would tell, is for functions of the owner alone.
CREATE FUNCTION access.lives_in_area_seen(person uuid, area text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp COST 500 AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM access.log l
                   WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.scope_area = area)
       AND access.person_lies_in(person, area);
END $$;
CREATE OR REPLACE FUNCTION access.in_scope(person uuid, all_persons boolean, persons uuid[], area text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT all_persons
        OR ((persons IS NOT NULL OR area IS NOT NULL)
            AND (persons IS NULL OR person = ANY (persons))
            AND (area IS NULL OR access.lives_in_area_seen(person, area)))
$$;

-- Makes a table personal: row security on, one read rule and one write rule from category and scope.
CREATE OR REPLACE FUNCTION access.protect(personal regclass, category text, person_column text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', personal);
    EXECUTE format('DROP POLICY IF EXISTS sees ON %s', personal);
    EXECUTE format('DROP POLICY IF EXISTS writes ON %s', personal);
    EXECUTE format(
        'CREATE POLICY sees ON %1$s FOR SELECT TO pccovid_web, pccovid_jobs USING (
            %2$I = ANY ((SELECT access.persons_seen(%3$L))::uuid[])
            OR (SELECT access.everybody_seen(%3$L))
            OR ((SELECT access.area_seen(%3$L)) IS NOT NULL
                AND access.lives_in_area_seen(%2$I, (SELECT access.area_seen(%3$L)))))',
        personal, person_column, category);
    EXECUTE format(
        'CREATE POLICY writes ON %s FOR ALL TO pccovid_jobs USING (
            (SELECT access.writes(%L)) AND (SELECT access.scope_is_all()))', personal, category);
    EXECUTE format('GRANT SELECT ON %s TO pccovid_web, pccovid_jobs', personal);
END $$;

-- Tables that were protected before.
DO $$
DECLARE known record;
BEGIN
    FOR known IN
        SELECT p.polrelid::regclass AS personal,
               (regexp_match(pg_get_expr(p.polqual, p.polrelid), 'reads\(''([a-z_]+)''')) [1] AS category,
               (regexp_match(pg_get_expr(p.polqual, p.polrelid), 'in_scope\(([a-z_]+),')) [1] AS person_column
        FROM pg_policy p WHERE p.polname = 'sees' AND pg_get_expr(p.polqual, p.polrelid) LIKE '%in_scope(%'
    LOOP
        PERFORM access.protect(known.personal, known.category, known.person_column);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION access.dependants_of(uuid), access.persons_seen(text), access.everybody_seen(text),
    access.area_seen(text), access.lives_in_area_seen(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION access.person_lies_in(uuid, text) FROM pccovid_web, pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.persons_seen(text), access.everybody_seen(text), access.area_seen(text),
    access.lives_in_area_seen(uuid, text) TO pccovid_web, pccovid_jobs;
