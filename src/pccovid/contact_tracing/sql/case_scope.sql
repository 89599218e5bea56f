-- Whose record a tracer opens for a case, 'CA-' and its number: the case, where it is at the desk, and those it met who live in
-- the area; or for a task, 'V-' and its number: the one person it is about, wherever they live, while the area holds it. A record
-- that was merged since is opened under the number that stands.
CREATE OR REPLACE FUNCTION access.persons_of_case(purpose text, case_reference text, area text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    parts text[] := regexp_match(case_reference, '^(CA|V)-([1-9][0-9]{0,17})$');
    asked bigint := parts[2]::bigint;
    desk access.log;
BEGIN
    IF purpose <> 'contact_tracing' OR parts IS NULL THEN
        RETURN NULL;
    END IF;
    desk.scope_area := area;
    RETURN ARRAY(
        WITH RECURSIVE named AS (
            SELECT t.person_id AS id, true AS is_at_desk FROM access.trace_task t
            WHERE parts[1] = 'V' AND t.id = asked AND t.done_at IS NULL AND access.area_at_desk(desk, t.owner_area)
            UNION ALL
            SELECT c.person_id, true FROM access.trace_case c
            WHERE parts[1] = 'CA' AND c.id = asked AND access.case_at_desk(desk, c)
            UNION ALL
            SELECT k.person_id, false FROM access.trace_contact k JOIN access.trace_case c ON c.id = k.case_id
            WHERE parts[1] = 'CA' AND k.case_id = asked AND c.joined_into IS NULL
        ), standing AS (
            SELECT n.id, n.is_at_desk FROM named n
            UNION SELECT p.merged_into_id, s.is_at_desk FROM people_person p JOIN standing s ON p.id = s.id
            WHERE p.merged_into_id IS NOT NULL)
        SELECT DISTINCT s.id FROM standing s WHERE s.is_at_desk OR access.lives_at_desk(desk, s.id));
END $$;
REVOKE ALL ON FUNCTION access.persons_of_case(text, text, text) FROM PUBLIC;
