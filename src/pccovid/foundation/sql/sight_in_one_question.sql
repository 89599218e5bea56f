-- What a policy asks, each in one look at the log. Before, every answer called access.current_entry, which is a function with
-- a search path of its own: entering it cost as much as the look-up. The span was a function in SQL, planned anew each time.

CREATE OR REPLACE FUNCTION access.persons_seen(category text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    kind text;
    persons uuid[];
    area text;
    is_readable boolean;
BEGIN
    SELECT l.scope_kind, l.scope_persons, l.scope_area, persons_seen.category = ANY (l.readable)
    INTO kind, persons, area, is_readable FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    IF is_readable AND (kind = 'own' OR (kind = 'person' AND area IS NULL)) THEN
        RETURN persons;
    ELSIF is_readable AND kind = 'person' AND cardinality(persons) = 1 THEN
        RETURN CASE WHEN access.person_lies_in(persons[1], area) THEN persons ELSE '{}' END;
    ELSIF is_readable AND kind = 'person' THEN
        RETURN ARRAY(SELECT p FROM unnest(persons) p WHERE access.person_lies_in(p, area));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION access.everybody_seen(category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE answer boolean;
BEGIN
    SELECT l.scope_kind = 'all' AND everybody_seen.category = ANY (l.readable) INTO answer FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN coalesce(answer, false);
END $$;

CREATE OR REPLACE FUNCTION access.area_seen(category text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE answer text;
BEGIN
    SELECT CASE WHEN l.scope_kind = 'area' AND area_seen.category = ANY (l.readable) THEN l.scope_area END
    INTO answer FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN answer;
END $$;

CREATE OR REPLACE FUNCTION access.seen_from(category text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE days integer;
BEGIN
    SELECT min(r.max_days) INTO days
    FROM (SELECT l.purpose, l.actor_kind, l.role FROM access.log l
          WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
          ORDER BY l.id DESC LIMIT 1) e
    JOIN access.rule r ON r.purpose = e.purpose AND r.actor_kind = e.actor_kind
        AND r.role = CASE WHEN e.actor_kind = 'citizen' THEN '' ELSE e.role END AND r.category = seen_from.category
    WHERE r.max_days IS NOT NULL;
    IF days IS NULL THEN
        RETURN '-infinity';
    END IF;
    RETURN access.present() - make_interval(days => days);
END $$;

-- Whether one person's rows of a category are in sight: all that the policies of a personal table ask, for rows that hang on
-- a person by way of something else.
CREATE FUNCTION access.person_seen(person uuid, category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp COST 500 AS $$
BEGIN
    RETURN (person = ANY (access.persons_seen(category)) OR access.everybody_seen(category)
            OR access.lives_in_area_seen(person, access.area_seen(category)))
       AND (person = ANY (access.persons_restricted(category))) IS NOT TRUE;
END $$;

REVOKE ALL ON FUNCTION access.person_seen(uuid, text) FROM PUBLIC;
