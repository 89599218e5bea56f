-- What a context sees, asked once a statement. Each policy compares a row with values that PostgreSQL computes once
-- (sub-selects) and only when needed, so a page costs little more with row security than without. Each answer is one look at
-- the log: calling access.current_entry, which has a search path of its own, cost as much as the look-up.
--
-- All are in PL/pgSQL, which keeps its plans for the life of the connection; a function in SQL would be planned anew in every
-- statement. It also looks names up when it is asked, not when it is made: tables of later migrations may be named here.

-- The last context opened in this very transaction. A log that came from another server by pg_restore brings transaction
-- numbers that this server has still to hand out: whoever drew numbers until one matched would stand in somebody else's old
-- access, and nothing would be logged. An entry of this very transaction was written after the transaction began. (A clock set
-- back within a transaction shows nothing: it fails closed.)
CREATE OR REPLACE FUNCTION access.current_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log;
BEGIN
    SELECT l.* INTO entry FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN entry;
END $$;
CREATE OR REPLACE FUNCTION access.reads(category text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    RETURN coalesce(category = ANY (entry.readable), false);
END $$;

-- The three answers a policy on personal rows asks for, each NULL or false where the category is not readable: the persons in
-- sight, where the scope names persons (within an area: those of them who live there) …
-- A case's people are in sight wherever they live: the database named them when it was opened. An officer's page of a person
-- asks this in each statement: where the one named person lives is looked up here, as access.person_lies_in does, since
-- entering another function costs as much again.
CREATE OR REPLACE FUNCTION access.persons_seen(category text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    kind text;
    persons uuid[];
    area text;
    is_readable boolean;
    province text;
    district text;
    commune text;
BEGIN
    SELECT l.scope_kind, l.scope_persons, l.scope_area, persons_seen.category = ANY (l.readable)
    INTO kind, persons, area, is_readable FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    IF is_readable AND (kind IN ('own', 'case') OR (kind = 'person' AND area IS NULL)) THEN
        RETURN persons;
    ELSIF is_readable AND kind = 'person' AND cardinality(persons) = 1 THEN
        SELECT p.province_code, p.district_code, p.commune_code
        INTO province, district, commune FROM public.people_person p WHERE p.id = persons[1];
        IF area IN (province, district, commune) THEN
            RETURN persons;
        END IF;
        RETURN CASE WHEN access.person_lies_in(persons[1], area) THEN persons ELSE '{}' END;
    ELSIF is_readable AND kind = 'person' THEN
        RETURN ARRAY(SELECT p FROM unnest(persons) p WHERE access.person_lies_in(p, area));
    END IF;
    RETURN NULL;
END $$;
-- … whether everybody is …
CREATE OR REPLACE FUNCTION access.everybody_seen(category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE answer boolean;
BEGIN
    SELECT l.scope_kind = 'all' AND everybody_seen.category = ANY (l.readable) INTO answer FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN coalesce(answer, false);
END $$;
-- … and the area whose people are.
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

-- Whether a person lives in the area of the open context. The answer for any other area is no: nobody can find out where
-- somebody lives by trying areas. access.person_lies_in, which would tell, is for functions of the owner alone.
CREATE OR REPLACE FUNCTION access.lives_in_area_seen(person uuid, area text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp COST 500 AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM access.log l
                   WHERE l.transaction_id = pg_current_xact_id_if_assigned()
                     AND l.opened_at >= transaction_timestamp() AND l.scope_area = area)
       AND access.person_lies_in(person, area);
END $$;

-- The earliest moment at which a row of this category may lie to be seen in the open context (spans.sql).
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
CREATE OR REPLACE FUNCTION access.person_seen(person uuid, category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp COST 500 AS $$
BEGIN
    RETURN (person = ANY (access.persons_seen(category)) OR access.everybody_seen(category)
            OR access.lives_in_area_seen(person, access.area_seen(category)))
       AND (person = ANY (access.persons_restricted(category))) IS NOT TRUE;
END $$;

REVOKE ALL ON FUNCTION access.current_entry(), access.reads(text), access.persons_seen(text), access.everybody_seen(text),
    access.area_seen(text), access.lives_in_area_seen(uuid, text), access.seen_from(text), access.person_seen(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.current_entry(), access.reads(text), access.persons_seen(text), access.everybody_seen(text),
    access.area_seen(text), access.lives_in_area_seen(uuid, text), access.seen_from(text) TO pccovid_web, pccovid_jobs;
