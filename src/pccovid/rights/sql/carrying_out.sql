-- What the program does: carries out what was granted, and hands on what is late.

-- Hands every request that is late to the inspectorate; returns how many.
CREATE FUNCTION access.escalate_overdue_rights() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    late bigint;
    handed_on integer := 0;
BEGIN
    FOR late IN SELECT r.id FROM access.right_request r
                WHERE EXISTS (SELECT 1 FROM access.right_transition t WHERE t.state = r.state AND t.actor = 'program'
                              AND t.act = 'escalate_overdue')
                  AND access.right_is_overdue(r) ORDER BY r.id FOR UPDATE SKIP LOCKED LOOP
        INSERT INTO access.right_step (request_id, act, actor, state_before, state_after)
        VALUES (late, 'escalate_overdue', 'program', '', '');
        handed_on := handed_on + 1;
    END LOOP;
    RETURN handed_on;
END $$;

-- What was granted and waits for the program, oldest first. `granted` and `refusal` are the decision's.
CREATE FUNCTION access.granted_rights()
RETURNS TABLE (number bigint, kind text, about text, person uuid, attribute text, fact_table text, fact uuid,
               decided text, granted text[], refusal text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT r.id, r.kind, r.about, r.person_id, r.attribute, r.fact_table, r.fact_id,
           access.right_value_of(r.id, 'decided'), s.granted, s.refusal
    FROM access.right_request r CROSS JOIN LATERAL (
        SELECT * FROM access.right_step s WHERE s.request_id = r.id AND s.act = 'grant' ORDER BY s.id DESC LIMIT 1) s
    WHERE r.state = 'granted' AND r.about <> 'identity'
    UNION ALL
    SELECT r.id, r.kind, r.about, r.person_id, r.attribute, r.fact_table, r.fact_id,
           access.right_value_of(r.id, 'decided'), NULL, NULL
    FROM access.right_request r WHERE r.state = 'granted' AND r.about = 'identity' ORDER BY 1
$$;

-- The program's step at the end of carrying out, inside the access opened for the request. PC451.
CREATE FUNCTION access.finish_right(request bigint, act text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.right_request := access.opened_right(request);
    made bigint;
BEGIN
    INSERT INTO access.right_step (request_id, act, actor, log_id, state_before, state_after, told)
    VALUES (one.id, act, 'program', (access.current_entry()).id, '', '', '') RETURNING id INTO made;
    RETURN made;
END $$;

-- Erases what the person told themselves of the granted kinds, empties the rows it came in, takes the proofs down, and writes
-- what became of each kind. Returns the rows erased. `salt` hides the commitments and is kept elsewhere.
ALTER TABLE access.erasure DROP CONSTRAINT erasure_because_check, ADD CONSTRAINT erasure_because_check
    CHECK (because IN ('period', 'end_of_epidemic', 'explains_nothing_more', 'emptied', 'asked'));

CREATE FUNCTION access.erase_for_right(request bigint, run uuid, salt bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    one access.right_request := access.opened_right(request);
    decision access.right_step;
    of access.erasable;
    keys text[];
    records uuid[];
    stays bigint;
    erased bigint := 0;
    gone jsonb := '{}';
    kept jsonb := '{}';
    finished bigint;
BEGIN
    IF (access.current_entry()).actor_kind <> 'job' OR one.state <> 'granted' OR one.kind <> 'erasure'
       OR length(salt) < 32 THEN
        RAISE EXCEPTION 'nothing was granted to be erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT s.* INTO STRICT decision FROM access.right_step s
    WHERE s.request_id = one.id AND s.act = 'grant' ORDER BY s.id DESC LIMIT 1;
    FOR of IN SELECT e.* FROM access.erasable e WHERE e.category = ANY (decision.granted)
              ORDER BY e.category, e.table_name LOOP
        EXECUTE format(
            'WITH gone AS (DELETE FROM public.%1$I WHERE person_id IN (SELECT access.numbers_of_person($1))'
            ' AND provenance = ANY ($2) RETURNING id::text AS key, record_id)'
            ' SELECT array_agg(key), array_agg(DISTINCT record_id),'
            ' (SELECT count(*) FROM public.%1$I WHERE person_id IN (SELECT access.numbers_of_person($1))'
            '  AND provenance <> ALL ($2)) FROM gone', of.table_name)
            INTO keys, records, stays USING one.person_id, of.provenances;
        PERFORM access.note_erasure(run, 0, of.table_name, 'asked', clock_timestamp(), keys, salt);
        PERFORM access.empty_what_explained(run, salt, records, of.category = 'contact');
        erased := erased + coalesce(cardinality(keys), 0);
        gone := gone || jsonb_build_object(
            of.category, coalesce((gone ->> of.category)::bigint, 0) + coalesce(cardinality(keys), 0));
        kept := kept || jsonb_build_object(of.category, coalesce((kept ->> of.category)::bigint, 0) + stays);
    END LOOP;
    finished := access.finish_right(request, CASE
        WHEN erased = 0 THEN 'find_nothing'
        WHEN one.categories <@ decision.granted AND (SELECT bool_and(k.value::bigint = 0) FROM jsonb_each_text(kept) k)
            THEN 'carry_out'
        ELSE 'carry_out_partly' END);
    INSERT INTO access.right_part (step_id, category, is_done, rows, refusal)
    SELECT finished, g.key, true, g.value::bigint, NULL FROM jsonb_each_text(gone) g WHERE g.value::bigint > 0
    UNION ALL SELECT finished, k.key, false, k.value::bigint, 'kept_by_law' FROM jsonb_each_text(kept) k
    WHERE k.value::bigint > 0
    UNION ALL SELECT finished, k.key, false, 0, 'nothing_held' FROM jsonb_each_text(kept) k
    WHERE k.value::bigint = 0 AND (gone ->> k.key)::bigint = 0
    UNION ALL SELECT finished, c, false, 0, coalesce(decision.refusal, 'epidemic_control')
    FROM unnest(one.categories) c WHERE c <> ALL (decision.granted);
    RETURN erased;
END $$;

-- The rows as received that carried what was erased lose their content, held copies of them go. They keep their line, so
-- that the same delivery carried over again does not bring the facts back. Where addresses went, the claims of those rows
-- forget their address line and e-mail as well; area codes stay, by which offices are found.
CREATE FUNCTION access.empty_what_explained(run uuid, salt bytea, records uuid[], of_contact boolean)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE keys text[];
BEGIN
    WITH forgotten AS (DELETE FROM people_unplacedrow u WHERE u.record_id = ANY (records) RETURNING u.id)
    SELECT array_agg(id::text) INTO keys FROM forgotten;
    PERFORM access.note_erasure(run, 0, 'people_unplacedrow', 'asked', clock_timestamp(), keys, salt);
    WITH emptied AS (
        UPDATE people_sourcerecord s SET payload = '{"erased": true}'
        WHERE s.record_id = ANY (records) AND s.payload <> '{"erased": true}' RETURNING s.id)
    SELECT array_agg(id::text) INTO keys FROM emptied;
    PERFORM access.note_erasure(run, 0, 'people_sourcerecord', 'emptied', clock_timestamp(), keys, salt);
    WITH emptied AS (
        UPDATE people_recordclaim c SET address = NULL, email = NULL, sealed = c.sealed - 'email'
        WHERE of_contact AND c.record_id = ANY (records) AND (c.address IS NOT NULL OR c.email IS NOT NULL)
        RETURNING c.record_id)
    SELECT array_agg(record_id::text) INTO keys FROM emptied;
    PERFORM access.note_erasure(run, 0, 'people_recordclaim', 'emptied', clock_timestamp(), keys, salt);
END $$;

REVOKE ALL ON FUNCTION access.escalate_overdue_rights(), access.granted_rights(), access.finish_right(bigint, text),
    access.erase_for_right(bigint, uuid, bytea), access.empty_what_explained(uuid, bytea, uuid[], boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.escalate_overdue_rights(), access.granted_rights(), access.finish_right(bigint, text),
    access.erase_for_right(bigint, uuid, bytea) TO pccovid_jobs;
