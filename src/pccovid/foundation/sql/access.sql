-- Purpose is enforced here. A transaction sees personal rows only after access.open(…) has written its log row;
-- the log row is the context, so no setting that a role could forge is involved.

CREATE SCHEMA access;
CREATE SCHEMA staging;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pccovid_web, pccovid_jobs;
GRANT USAGE ON SCHEMA access TO pccovid_web, pccovid_jobs;
-- The import makes and drops its own staging tables; nobody else may look into them.
GRANT USAGE, CREATE ON SCHEMA staging TO pccovid_jobs;

-- purpose × category × kind of actor: the declarative table that everything below obeys.
CREATE TABLE access.rule (
    purpose text NOT NULL,
    category text NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('citizen', 'officer', 'job')),
    role text NOT NULL DEFAULT '',  -- the officer's role or the job's name; empty for citizens
    may_write boolean NOT NULL,
    widest_scope text NOT NULL CHECK (widest_scope IN ('own', 'person', 'area', 'all')),
    legal_basis text NOT NULL,
    PRIMARY KEY (purpose, category, actor_kind, role)
);

-- Who holds which office, where and until when. The web may not write it.
CREATE TABLE access.appointment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer_id integer NOT NULL,
    role text NOT NULL,
    area_code text,  -- NULL: the whole country
    office text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    appointed_by text NOT NULL,
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE INDEX appointment_by_officer ON access.appointment (officer_id);

CREATE TABLE access.log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    actor_kind text NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    office text NOT NULL,
    purpose text NOT NULL,
    legal_basis text NOT NULL,
    scope_kind text NOT NULL CHECK (scope_kind IN ('own', 'person', 'area', 'all')),
    scope_persons uuid[] NOT NULL DEFAULT '{}',
    scope_area text,
    case_reference text,
    readable text[] NOT NULL,
    writable text[] NOT NULL,
    connected_as text NOT NULL
);
CREATE INDEX log_by_transaction ON access.log (transaction_id);
CREATE INDEX log_by_actor ON access.log (actor, opened_at);

-- Which persons were shown to whom: what the citizen reads under "who looked".
CREATE TABLE access.disclosure (
    log_id bigint NOT NULL REFERENCES access.log (id),
    person_id uuid NOT NULL,
    categories text[] NOT NULL,
    PRIMARY KEY (log_id, person_id)
);
CREATE INDEX disclosure_by_person ON access.disclosure (person_id);

CREATE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.log
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
CREATE TRIGGER disclosure_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- Which kinds of actor a connection may speak for: the web never acts as a job, a job never as a person.
CREATE FUNCTION access.connection_speaks_for(actor_kind text, connected_as name) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN actor_kind = 'job' THEN pg_has_role(connected_as, 'pccovid_jobs', 'member')
                ELSE pg_has_role(connected_as, 'pccovid_web', 'member') END
$$;

-- Every unit with all units it lies in, itself included; filled by the areas' owner.
CREATE TABLE access.area (code text PRIMARY KEY, lies_in text[] NOT NULL);
CREATE FUNCTION access.area_lies_in(inner_code text, outer_code text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM access.area a WHERE a.code = inner_code AND outer_code = ANY (a.lies_in))
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA access FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
