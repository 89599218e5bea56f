-- What a station wrote down for somebody who called and has to take back: another person called, it was not told so, or it
-- was written twice. Nothing is deleted: the declaration, with the trip or entry it told of, is superseded; who did it, of
-- which office, why, and what the person reads about it stand beside it.
CREATE TABLE access.declaration_withdrawal (
    fact_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason text NOT NULL CHECK (reason IN ('another_person', 'not_as_told', 'written_twice')),
    told text NOT NULL CHECK (length(told) BETWEEN 10 AND 2000),  -- what the person reads
    officer_id integer NOT NULL,
    office text NOT NULL,
    log_id bigint NOT NULL REFERENCES access.log (id)
);
CREATE INDEX declaration_withdrawal_by_person ON access.declaration_withdrawal (person_id);
CREATE TRIGGER declaration_withdrawal_is_kept BEFORE UPDATE OR TRUNCATE ON access.declaration_withdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- Takes back what this very office wrote down in a call, inside an access opened for care over the person with that call as
-- its case, as the call itself was. Again changes nothing. A line that still waits in the queue waits no more.
-- PC451: no such access is open, or another office wrote it; PC453: it stands no more for another cause; PC454: too few words.
CREATE FUNCTION access.withdraw_telephone_declaration(person uuid, call uuid, reason text, told text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_variable
DECLARE
    open access.log := access.current_entry();
    one public.declarations_declaration;
    line access.triage;
BEGIN
    IF open.id IS NULL OR open.actor_kind <> 'officer' OR open.role <> 'health_station' OR open.purpose <> 'care'
       OR open.scope_persons <> ARRAY[person] OR open.case_reference IS DISTINCT FROM 'DT-' || left(call::text, 8)
       OR (person = ANY (access.persons_seen('declaration'))) IS NOT TRUE THEN
        RAISE EXCEPTION 'no access is open for this call' USING ERRCODE = 'PC451';
    END IF;
    SELECT d.* INTO one FROM public.declarations_declaration d
    WHERE d.person_id = person AND d.source_system = 'pccovid' AND d.source_key = 'telephone:' || call FOR UPDATE;
    IF one.id IS NULL OR one.answers ->> 'written_by' IS DISTINCT FROM open.office THEN
        RAISE EXCEPTION 'this office wrote no such declaration' USING ERRCODE = 'PC451';
    END IF;
    IF EXISTS (SELECT 1 FROM access.declaration_withdrawal w WHERE w.fact_id = one.id) THEN
        RETURN;
    END IF;
    IF one.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'this declaration stands no more' USING ERRCODE = 'PC453';
    END IF;
    IF length(btrim(told)) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC454';
    END IF;
    INSERT INTO access.declaration_withdrawal (fact_id, person_id, reason, told, officer_id, office, log_id)
    VALUES (one.id, person, reason, btrim(told), open.actor::integer, open.office, open.id);
    UPDATE public.declarations_declaration d SET superseded_at = clock_timestamp() WHERE d.id = one.id;
    UPDATE public.movement_trip t SET superseded_at = clock_timestamp()
    WHERE t.record_id = one.record_id AND t.superseded_at IS NULL;
    UPDATE public.border_entry e SET superseded_at = clock_timestamp()
    WHERE e.record_id = one.record_id AND e.superseded_at IS NULL;
    SELECT t.* INTO line FROM access.triage t WHERE t.fact_id = one.id AND t.state IN ('waiting', 'visiting') FOR UPDATE;
    IF line.id IS NOT NULL THEN
        INSERT INTO access.triage_step (triage_id, act, officer_id, office, log_id, state_before, state_after, told, note)
        VALUES (line.id, 'withdraw', open.actor::integer, open.office, open.id, line.state, 'withdrawn', '', btrim(told));
        UPDATE access.triage t SET state = 'withdrawn' WHERE t.id = line.id;
    END IF;
END $$;

-- What was taken back of the person's, newest first, for themselves and their guardians.
CREATE FUNCTION access.withdrawn_declarations_of(person uuid)
RETURNS TABLE (form text, declared_at timestamptz, withdrawn_at timestamptz, reason text, told text, office text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT d.form, d.declared_at, w.withdrawn_at, w.reason, w.told, w.office
    FROM access.declaration_withdrawal w JOIN public.declarations_declaration d ON d.id = w.fact_id
    WHERE d.person_id = person AND access.is_own_view(person) ORDER BY w.withdrawn_at DESC
$$;

REVOKE ALL ON access.declaration_withdrawal FROM PUBLIC;
REVOKE ALL ON FUNCTION access.withdraw_telephone_declaration(uuid, uuid, text, text),
    access.withdrawn_declarations_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.withdraw_telephone_declaration(uuid, uuid, text, text),
    access.withdrawn_declarations_of(uuid) TO pccovid_web;
