-- Agreements on sharing data: asked by one officer, granted by another, ended at once by either kind of office; the keys of the
-- agency's machines; and their short tokens. Every table is closed to everybody; the functions are the only way in.

ALTER TABLE access.rule DROP CONSTRAINT rule_actor_kind_check;
ALTER TABLE access.rule ADD CONSTRAINT rule_actor_kind_check
    CHECK (actor_kind IN ('citizen', 'officer', 'job', 'agency'));

CREATE TABLE access.agency (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9-]{1,30}$'),
    name text NOT NULL CHECK (btrim(name) <> ''),
    standing text NOT NULL CHECK (standing IN ('authority', 'facility')),
    named_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE access.agreement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency_code text NOT NULL REFERENCES access.agency (code),
    purpose text NOT NULL,
    categories text[] NOT NULL CHECK (cardinality(categories) > 0),
    written text[] NOT NULL DEFAULT '{}',
    area_code text,  -- NULL: the whole country
    valid_until timestamptz NOT NULL,
    document text NOT NULL CHECK (btrim(document) <> ''),
    reason text NOT NULL CHECK (length(btrim(reason)) >= 20),
    notify_url text CHECK (notify_url ~ '^https?://[^\s@]+$'),
    asked_by integer NOT NULL,
    asked_through bigint NOT NULL,
    asked_office text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (valid_until > asked_at AND valid_until <= asked_at + interval '2 years')
);
CREATE INDEX agreement_by_agency ON access.agreement (agency_code);
CREATE TABLE access.agreement_opinion (
    agreement_id bigint PRIMARY KEY REFERENCES access.agreement (id),
    asked_by integer NOT NULL,
    officer_id integer NOT NULL,
    appointment_id bigint NOT NULL,
    office text NOT NULL,
    approves boolean NOT NULL,
    note text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (officer_id <> asked_by)
);
CREATE TABLE access.agreement_end (
    agreement_id bigint PRIMARY KEY REFERENCES access.agreement (id),
    officer_id integer NOT NULL,
    appointment_id bigint NOT NULL,
    office text NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Public keys alone; `added_by`: the officer's account, or 'agency' where a rotation was signed with a key before.
CREATE TABLE access.agreement_key (
    agreement_id bigint NOT NULL REFERENCES access.agreement (id),
    kid text NOT NULL,
    jwk jsonb NOT NULL CHECK (NOT jwk ?| ARRAY['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']),
    added_by text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    PRIMARY KEY (agreement_id, kid)
);
CREATE TABLE access.agency_assertion (
    agreement_id bigint NOT NULL,
    digest bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (agreement_id, digest)
);
CREATE INDEX agency_assertion_by_end ON access.agency_assertion (expires_at);
CREATE TABLE access.agency_token (
    digest bytea PRIMARY KEY,
    agreement_id bigint NOT NULL REFERENCES access.agreement (id),
    kid text NOT NULL,
    scopes text[] NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX agency_token_by_end ON access.agency_token (expires_at);

CREATE FUNCTION access.refuse_agreement_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was agreed is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER agreement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.agreement
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_agreement_change();
CREATE TRIGGER agreement_opinion_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.agreement_opinion
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_agreement_change();
CREATE TRIGGER agreement_end_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.agreement_end
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_agreement_change();
