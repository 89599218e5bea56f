-- What a person reads of their own notices, and as a guardian of a child's.

-- Which child of whoever has their own record open a notice is about; NULL where it is no child of theirs any more.
CREATE FUNCTION access.child_told_of(about uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT p FROM access.current_entry() e CROSS JOIN unnest(e.scope_persons) p
    WHERE e.scope_kind = 'own' AND p::text <> e.actor AND about IN (SELECT access.numbers_of_person(p)) LIMIT 1
$$;

-- The person's own, newest first; a mass notice brings its text, having met a case its days.
CREATE OR REPLACE FUNCTION access.notices_of(person uuid)
RETURNS TABLE (number bigint, kind text, subject bigint, made_at timestamptz, is_new boolean, text text, office text,
               days date[], child uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT n.id, n.kind, n.subject, n.made_at, n.read_at IS NULL, m.text, m.proposed_office,
           CASE WHEN n.kind = 'exposure' THEN ARRAY(
               SELECT DISTINCT access.day_here(k.last_at) FROM access.trace_contact k
               WHERE k.person_id = coalesce(n.about_id, n.person_id) AND k.level = 1 AND k.outcome <> 'not_a_contact'
                 AND k.found_at <= n.made_at AND k.last_at > n.made_at - interval '21 days' ORDER BY 1) ELSE '{}' END,
           access.child_told_of(n.about_id)
    FROM access.notice n LEFT JOIN access.mass_notice m ON n.kind = 'mass' AND m.id = n.subject
    WHERE access.is_own_view(person) AND person::text = (access.current_entry()).actor
      AND n.person_id IN (SELECT access.numbers_of_person(person))
      AND (n.about_id IS NULL OR access.child_told_of(n.about_id) IS NOT NULL)
    ORDER BY n.id DESC LIMIT 100
$$;
CREATE OR REPLACE FUNCTION access.new_notices(person uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT count(*) FROM access.notice n
    WHERE access.is_own_view(person) AND person::text = (access.current_entry()).actor
      AND n.person_id IN (SELECT access.numbers_of_person(person)) AND n.read_at IS NULL
      AND (n.about_id IS NULL OR access.child_told_of(n.about_id) IS NOT NULL)
$$;

REVOKE ALL ON FUNCTION access.child_told_of(uuid), access.notices_of(uuid), access.new_notices(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.notices_of(uuid), access.new_notices(uuid) TO pccovid_web;
