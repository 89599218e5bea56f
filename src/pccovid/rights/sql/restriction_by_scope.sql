-- Whose rows of the category are not shown in the open context, among those in its scope. A restriction goes with the person
-- when records are merged, under whatever number it was asked for.
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
