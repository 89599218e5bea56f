-- What a person does about their own data, or as a guardian about a child's. Every function answers only inside the access
-- that was opened for that own record (access.is_own_view, inspection/sql).

-- Whether this very person has such a fact: tables and columns are the retention rules' own.
CREATE OR REPLACE FUNCTION access.has_fact(person uuid, of_table text, fact uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = access, public, pg_temp AS $$
DECLARE is_there boolean := false;
BEGIN
    PERFORM 1 FROM access.retention_rule r WHERE r.table_name = of_table AND r.is_fact;
    IF FOUND THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I WHERE id = $1 AND person_id = $2 AND superseded_at IS NULL)',
                       of_table) INTO is_there USING fact, person;
    END IF;
    RETURN is_there;
END $$;

-- Whether a request is of the person whose own view is open (records merged into theirs count).
CREATE OR REPLACE FUNCTION access.is_own_right(one access.right_request) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM access.current_entry() e CROSS JOIN unnest(e.scope_persons) p
                   WHERE e.scope_kind = 'own' AND one.person_id IN (SELECT access.numbers_of_person(p)))
$$;

-- Asks. `wanted` is sealed. A document number needs two officers, whoever's identity is verified. PC441: not one's own; PC442:
-- too few words; PC443: ten in a day; PC444: the very same waits already; PC445: there is no such kind, kind of data,
-- attribute or fact.
CREATE OR REPLACE FUNCTION access.ask_right(
    person uuid, kind text, about text, categories text[], attribute text, fact_table text, fact uuid, wanted text,
    words text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    who public.people_person;
    due record;
    made bigint;
    wrong text;
BEGIN
    wrong := CASE
        WHEN NOT access.is_own_view(person) THEN 'PC441'
        WHEN length(btrim(coalesce(words, ''))) < 10 OR length(words) > 2000 THEN 'PC442'
        WHEN NOT EXISTS (SELECT 1 FROM access.right_desk d WHERE d.kind = ask_right.kind AND d.about = ask_right.about)
            THEN 'PC445'
        WHEN EXISTS (SELECT 1 FROM unnest(categories) c
                     WHERE c IN ('reading_log', 'count') OR NOT c = ANY (own.readable)) THEN 'PC445'
        WHEN ask_right.kind = 'erasure' AND (cardinality(categories) = 0 OR NOT categories <@ ARRAY(
            SELECT DISTINCT e.category FROM access.erasable e)) THEN 'PC445'
        WHEN about = 'identity' AND (coalesce(wanted, '') = '' OR attribute IS NULL OR attribute NOT IN
            ('name', 'birth_date', 'sex', 'nationality', 'phone', 'email', 'personal_id', 'old_id', 'passport', 'insurance_no',
             'residence')) THEN 'PC445'
        WHEN about = 'fact' AND NOT access.has_fact(person, fact_table, fact) THEN 'PC445' END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'this cannot be asked' USING ERRCODE = wrong;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('right ' || person, 0));
    IF (SELECT count(*) FROM access.right_request r WHERE r.person_id = ask_right.person
        AND r.asked_at > clock_timestamp() - interval '1 day') >= 10 THEN
        RAISE EXCEPTION 'ten in a day' USING ERRCODE = 'PC443';
    END IF;
    IF EXISTS (SELECT 1 FROM access.right_request r JOIN access.right_state s ON s.code = r.state AND s.clock <> ''
               WHERE r.person_id = ask_right.person AND r.kind = ask_right.kind AND r.about = ask_right.about
                 AND r.categories = ask_right.categories AND r.attribute IS NOT DISTINCT FROM ask_right.attribute
                 AND r.fact_id IS NOT DISTINCT FROM ask_right.fact) THEN
        RAISE EXCEPTION 'the same waits already' USING ERRCODE = 'PC444';
    END IF;
    SELECT p.* INTO who FROM public.people_person p WHERE p.id = person;
    due := access.right_deadlines(ask_right.kind, clock_timestamp());
    INSERT INTO access.right_request (kind, about, person_id, asked_by, log_id, words, categories, attribute, fact_table,
                                      fact_id, area_code, needs_two, state, acknowledge_due, finish_due)
    VALUES (ask_right.kind, ask_right.about, person, own.actor::uuid, own.id, btrim(ask_right.words),
            ask_right.categories, ask_right.attribute, ask_right.fact_table, ask_right.fact,
            coalesce(who.commune_code, who.district_code, who.province_code),
            ask_right.about = 'identity' AND (coalesce(who.is_identity_verified, false)
                OR ask_right.attribute IN ('personal_id', 'old_id', 'passport', 'insurance_no')), 'received', due.acknowledge,
            due.finish)
    RETURNING id INTO made;
    IF coalesce(wanted, '') <> '' THEN
        INSERT INTO access.right_value (request_id, kind, sealed) VALUES (made, 'wanted', wanted);
    END IF;
    RETURN made;
END $$;

-- The person's requests, newest first; those of the children whose guardian they are, each under its own person.
CREATE OR REPLACE FUNCTION access.rights_of(person uuid)
RETURNS TABLE (number bigint, kind text, about text, asked_at timestamptz, by_guardian boolean, words text,
               categories text[], attribute text, fact_table text, wanted text, state text, acknowledge_due timestamptz,
               finish_due timestamptz, escalation_due timestamptz, is_overdue boolean, has_restriction boolean,
               desks text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT r.id, r.kind, r.about, r.asked_at, r.asked_by <> r.person_id, r.words, r.categories, r.attribute,
           r.fact_table, access.right_value_of(r.id, 'wanted'), r.state, r.acknowledge_due, r.finish_due,
           r.escalation_due, access.right_is_overdue(r),
           EXISTS (SELECT 1 FROM access.restriction x WHERE x.request_id = r.id AND x.lifted_at IS NULL),
           ARRAY(SELECT d.role FROM access.right_desk d WHERE d.kind = r.kind AND d.about = r.about
                 ORDER BY d.is_by_area DESC, d.role)
    FROM access.right_request r
    WHERE access.is_own_view(person) AND r.person_id IN (SELECT access.numbers_of_person(person)) ORDER BY r.id DESC
$$;

-- The steps of one of them, oldest first; offices are named, officers never, and what stays inside stays there.
CREATE OR REPLACE FUNCTION access.right_steps_of(request bigint)
RETURNS TABLE (step bigint, done_at timestamptz, act text, actor text, role text, office text, state_after text,
               told text, refusal text, days integer, parts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT s.id, s.done_at, s.act, s.actor, s.role, s.office, s.state_after, s.told, s.refusal, s.days,
           coalesce((SELECT jsonb_agg(jsonb_build_object('category', p.category, 'is_done', p.is_done, 'rows', p.rows,
                         'refusal', p.refusal) ORDER BY p.is_done DESC, p.category)
                     FROM access.right_part p WHERE p.step_id = s.id), '[]')
    FROM access.right_step s JOIN access.right_request r ON r.id = s.request_id
    WHERE r.id = request AND access.is_own_right(r) ORDER BY s.id
$$;

-- One step of the person's own: withdraw, escalate, lift. PC441: not one's own; PC446: not late, and nothing was refused;
-- PC453: not possible in this state.
CREATE OR REPLACE FUNCTION access.step_own_right(request bigint, act text, words text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    one access.right_request;
    came_to text;
BEGIN
    SELECT r.* INTO one FROM access.right_request r WHERE r.id = request AND access.is_own_right(r) FOR UPDATE;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'no request of this person' USING ERRCODE = 'PC441';
    END IF;
    IF act NOT IN ('withdraw', 'escalate', 'lift') OR NOT EXISTS (SELECT 1 FROM access.right_transition t
        WHERE t.state = one.state AND t.act = step_own_right.act AND t.actor = 'person') THEN
        RAISE EXCEPTION 'no act of a person' USING ERRCODE = 'PC453';
    END IF;
    IF act = 'escalate' AND one.state NOT IN ('refused', 'partly_fulfilled') AND NOT access.right_is_overdue(one) THEN
        RAISE EXCEPTION 'it is not late' USING ERRCODE = 'PC446';
    END IF;
    IF act = 'lift' AND NOT EXISTS (
        SELECT 1 FROM access.restriction x WHERE x.request_id = one.id AND x.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'nothing is restricted' USING ERRCODE = 'PC453';
    END IF;
    INSERT INTO access.right_step (request_id, act, actor, log_id, state_before, state_after, told)
    VALUES (one.id, act, 'person', own.id, '', '', btrim(coalesce(words, ''))) RETURNING state_after INTO came_to;
    IF act = 'lift' THEN
        UPDATE access.restriction x SET lifted_at = clock_timestamp() WHERE x.request_id = one.id AND x.lifted_at IS NULL;
    END IF;
    RETURN came_to;
END $$;

REVOKE ALL ON FUNCTION access.has_fact(uuid, text, uuid), access.is_own_right(access.right_request),
    access.ask_right(uuid, text, text, text[], text, text, uuid, text, text), access.rights_of(uuid),
    access.right_steps_of(bigint), access.step_own_right(bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.ask_right(uuid, text, text, text[], text, text, uuid, text, text),
    access.rights_of(uuid), access.right_steps_of(bigint), access.step_own_right(bigint, text, text) TO pccovid_web;
