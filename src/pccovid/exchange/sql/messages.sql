-- Messages of agencies: what each contained and what became of it, counted; never what it said. Added to, never changed.
CREATE TABLE access.exchange_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency_code text NOT NULL,
    agreement_id bigint NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,  -- SHA-256 of the message as it came
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    received integer NOT NULL,
    linked integer NOT NULL CHECK (linked >= 0),
    new integer NOT NULL CHECK (new >= 0),
    held integer NOT NULL CHECK (held >= 0),
    rejected integer NOT NULL CHECK (rejected >= 0),
    unchanged integer NOT NULL CHECK (unchanged >= 0),
    CHECK (received = linked + new + held + rejected)
);
CREATE INDEX exchange_message_by_agency ON access.exchange_message (agency_code, received_at);
CREATE FUNCTION access.refuse_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'messages are added to, never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER exchange_message_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.exchange_message
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_message_change();
REVOKE ALL ON access.exchange_message FROM PUBLIC;
-- Noted by the job, inside the access that an agreement opened for it.
CREATE FUNCTION access.note_message(kind text, digest bytea, counts integer[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    made bigint;
BEGIN
    IF entry.id IS NULL OR entry.purpose <> 'exchange' THEN
        RAISE EXCEPTION 'no access is open for what an agency sends' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO access.exchange_message (agency_code, agreement_id, kind, digest, received, linked, new, held, rejected,
                                         unchanged)
    SELECT a.agency_code, a.id, note_message.kind, note_message.digest, counts[1], counts[2], counts[3], counts[4],
           counts[5], counts[6]
    FROM access.agreement a WHERE 'CS-' || a.id = entry.case_reference
    RETURNING id INTO made;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION access.note_message(text, bytea, integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.note_message(text, bytea, integer[]) TO pccovid_jobs;
CREATE TRIGGER what_is_sent_is_agreed BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.purpose = 'exchange') EXECUTE FUNCTION access.check_exchange();
