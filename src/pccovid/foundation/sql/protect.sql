-- Makes a table personal: row security on, one read rule and one write rule from category and scope, and what is restricted
-- taken from what is seen.
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
    PERFORM access.obey_restrictions(personal, category, person_column);
END $$;

-- Restrictive: it takes away from what other policies let through.
CREATE OR REPLACE FUNCTION access.obey_restrictions(personal regclass, category text, person_column text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP POLICY IF EXISTS not_restricted ON %s', personal);
    EXECUTE format(
        'CREATE POLICY not_restricted ON %s AS RESTRICTIVE FOR SELECT TO pccovid_web, pccovid_jobs USING (
            (%I = ANY ((SELECT access.persons_restricted(%L))::uuid[])) IS NOT TRUE)', personal, person_column, category);
END $$;

-- Whose rows of the category are not shown in the open context, among those in its scope. A restriction goes with the person
-- when records are merged, under whatever number it was asked for. The restrictions are the rights' (rights/sql/restriction.sql),
-- whose migration comes later; policies name this function from the first personal table on.
CREATE OR REPLACE FUNCTION access.persons_restricted(category text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE entry access.log;
BEGIN
    -- Nearly always nobody is restricted, and every statement asks: the first question is asked here as well.
    IF NOT EXISTS (SELECT 1 FROM access.restriction r WHERE r.lifted_at IS NULL) THEN
        RETURN '{}';
    END IF;
    IF NOT access.restrictions_hold(category) THEN
        RETURN '{}';
    END IF;
    entry := access.current_entry();
    IF entry.scope_kind IN ('own', 'person', 'case') THEN
        RETURN ARRAY(SELECT p FROM unnest(entry.scope_persons) p WHERE EXISTS (
            SELECT 1 FROM access.numbers_of_person(p) n (id) JOIN access.restriction r ON r.person_id = n.id
            WHERE r.lifted_at IS NULL AND (r.category IS NULL OR r.category = persons_restricted.category)));
    END IF;
    RETURN ARRAY(
        WITH RECURSIVE held AS (
            SELECT r.person_id AS id FROM access.restriction r
            WHERE r.lifted_at IS NULL AND (r.category IS NULL OR r.category = persons_restricted.category)
            UNION SELECT p.merged_into_id FROM public.people_person p JOIN held h ON p.id = h.id
            WHERE p.merged_into_id IS NOT NULL)
        SELECT h.id FROM held h WHERE entry.scope_kind = 'all' OR access.person_lies_in(h.id, entry.scope_area));
END $$;

REVOKE ALL ON FUNCTION access.protect(regclass, text, text), access.obey_restrictions(regclass, text, text),
    access.persons_restricted(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.persons_restricted(text) TO pccovid_web, pccovid_jobs;
