-- Forms, drafts, and the communes' queue of declarations that need somebody to answer. Nobody but the owner reads or
-- writes these tables; the web calls functions that check who it speaks for.

CREATE TABLE access.declaration_form (
    code text NOT NULL,
    version integer NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    PRIMARY KEY (code, version)
);
CREATE TABLE access.triage_transition (
    state text NOT NULL, act text NOT NULL, next_state text NOT NULL, PRIMARY KEY (state, act)
);

-- One form somebody is filling in, sealed; after it was sent, the receipt: which fact came of it and what it meant.
CREATE TABLE access.declaration_draft (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    form text NOT NULL,
    version integer NOT NULL,
    person_id uuid NOT NULL,  -- whom it is about
    by_person uuid NOT NULL,  -- who fills it in
    tie_id uuid,  -- the tie by which somebody declares for another
    sealed text NOT NULL DEFAULT '' CHECK (sealed = '' OR starts_with(sealed, 's:')),
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    fact_id uuid,
    level text,
    reasons text[],
    triage_id bigint,
    FOREIGN KEY (form, version) REFERENCES access.declaration_form (code, version),
    CHECK ((sent_at IS NULL) = (fact_id IS NULL) AND (sent_at IS NULL) = (level IS NULL)),
    CHECK (sent_at IS NULL OR sealed = '')
);
CREATE INDEX declaration_draft_by_filler ON access.declaration_draft (by_person, id);
CREATE UNIQUE INDEX a_form_is_filled_in_once_at_a_time ON access.declaration_draft (by_person, person_id, form)
    WHERE sent_at IS NULL;

-- A declaration that somebody has to answer. No foreign key from its steps: both are erased by their own period.
CREATE TABLE access.triage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fact_id uuid NOT NULL UNIQUE,
    form text NOT NULL,
    person_id uuid NOT NULL,
    by_person uuid NOT NULL,
    area_code text,
    level text NOT NULL CHECK (level IN ('emergency', 'today')),
    reasons text[] NOT NULL CHECK (cardinality(reasons) > 0),
    rules text NOT NULL,
    arrived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
);
CREATE INDEX triage_open ON access.triage (due_at) WHERE state IN ('waiting', 'visiting');
CREATE INDEX triage_by_person ON access.triage (person_id);
CREATE TABLE access.triage_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    triage_id bigint NOT NULL,
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act text NOT NULL,
    officer_id integer NOT NULL,
    office text NOT NULL,
    log_id bigint NOT NULL REFERENCES access.log (id),
    state_before text NOT NULL,
    state_after text NOT NULL,
    told text NOT NULL,  -- what the person reads
    note text NOT NULL  -- what stays inside
);
CREATE INDEX triage_step_by_triage ON access.triage_step (triage_id, id);
CREATE TRIGGER triage_step_is_kept BEFORE UPDATE OR TRUNCATE ON access.triage_step
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- The office held now, in one of these roles. PC421: it is not.
CREATE FUNCTION access.office_now(officer integer, through bigint, roles text[]) RETURNS access.appointment
LANGUAGE plpgsql STABLE SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer AND a.role = ANY (roles)
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC421';
    END IF;
    RETURN held;
END $$;

REVOKE ALL ON access.declaration_form, access.triage_transition, access.declaration_draft, access.triage,
    access.triage_step FROM PUBLIC;
REVOKE ALL ON FUNCTION access.office_now(integer, bigint, text[]) FROM PUBLIC;
