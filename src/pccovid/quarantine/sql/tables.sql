-- Orders of quarantine. Nobody but the owner reads or writes these tables. Rules are rows with dates, filled from
-- quarantine/rules.py.

CREATE TABLE access.quarantine_rule (
    code text NOT NULL,
    who text NOT NULL CHECK (who IN ('contact')),
    position integer NOT NULL,  -- the first that fits is taken
    place text NOT NULL CHECK (place IN ('central', 'home')),
    days integer NOT NULL CHECK (days > 0),
    longest_days integer NOT NULL,  -- where the last test does not allow release
    monitor_days integer NOT NULL CHECK (monitor_days >= 0),
    test_days integer[] NOT NULL,
    home_after_day integer,  -- after a negative test of that day the rest is at home
    least_doses integer,
    dose_from_days integer,
    dose_to_days integer,
    recovered_days integer,  -- having recovered within so many days fits as well
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    verified boolean NOT NULL,
    PRIMARY KEY (code, valid_from),
    CHECK (longest_days >= days)
);

CREATE TABLE access.quarantine_order (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    contact_id bigint NOT NULL,
    rule_code text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    place text NOT NULL CHECK (place IN ('central', 'home')),
    starts_on date NOT NULL,
    ends_on date NOT NULL CHECK (ends_on >= starts_on),
    latest_end date NOT NULL,
    monitor_days integer NOT NULL,
    test_days integer[] NOT NULL,
    home_after_day integer,
    ordered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ordered_by integer NOT NULL,
    office text NOT NULL,
    area_code text NOT NULL,  -- whose order it is: no order is nobody's
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'released', 'cancelled', 'became_case')),
    closed_at timestamptz,
    CONSTRAINT what_is_closed_says_when CHECK ((state = 'open') = (closed_at IS NULL)),
    CONSTRAINT an_area_is_named CHECK (btrim(area_code) <> '')
);
CREATE UNIQUE INDEX one_open_order_a_person ON access.quarantine_order (person_id) WHERE state = 'open';
CREATE INDEX quarantine_order_by_person ON access.quarantine_order (person_id);

-- A closed order stays as it is: who was released is not held by the same order again.
CREATE FUNCTION access.keep_quarantine_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'a closed order is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quarantine_order_is_kept BEFORE UPDATE ON access.quarantine_order
    FOR EACH ROW EXECUTE FUNCTION access.keep_quarantine_order();

CREATE TABLE access.quarantine_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES access.quarantine_order (id) ON DELETE CASCADE,
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    step text NOT NULL CHECK (step IN ('ordered', 'extended', 'home', 'released', 'cancelled', 'became_case', 'objected',
                                       'answered')),
    by_officer integer,  -- NULL: a program, or the person
    office text NOT NULL DEFAULT '',
    ends_on date,
    words text NOT NULL DEFAULT ''
);
CREATE INDEX quarantine_step_by_order ON access.quarantine_step (order_id, id);

CREATE TABLE access.quarantine_check (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,  -- of an order; both are erased together
    day date NOT NULL,
    checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    via text NOT NULL CHECK (via IN ('app', 'call', 'visit')),
    has_symptoms boolean NOT NULL,
    UNIQUE (order_id, day)
);

CREATE TABLE access.quarantine_certificate (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL UNIQUE,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

ALTER TABLE access.quarantine_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.quarantine_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.quarantine_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.quarantine_certificate ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.quarantine_rule, access.quarantine_order, access.quarantine_step, access.quarantine_check,
    access.quarantine_certificate FROM PUBLIC;
REVOKE ALL ON FUNCTION access.keep_quarantine_order() FROM PUBLIC;
