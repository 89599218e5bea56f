-- Cases, their exposures and contacts. Nobody but the owner reads or writes these tables; programs and officers call
-- functions that check who they are. Rules are rows with dates, filled from contact_tracing/rules.py.

CREATE TABLE access.case_definition (
    code text NOT NULL,
    method text NOT NULL CHECK (method IN ('pcr', 'antigen')),
    needs text NOT NULL CHECK (needs IN ('', 'is_contact', 'twice_with_factor')),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    verified boolean NOT NULL,
    PRIMARY KEY (code, valid_from)
);

-- From when to when a case is infectious, how long two positives are one illness, and how long a contact may be infectious.
CREATE TABLE access.infectious_rule (
    valid_from date PRIMARY KEY,
    valid_to date CHECK (valid_to > valid_from),
    days_before integer NOT NULL,
    ct_above double precision NOT NULL,
    longest_days integer NOT NULL,
    joined_days integer NOT NULL,
    contact_latent_days integer NOT NULL,
    contact_days integer NOT NULL,
    issuer text NOT NULL,
    document text NOT NULL,
    verified boolean NOT NULL
);

-- From how many minutes together somebody is a contact, and how much that weighs.
CREATE TABLE access.contact_rule (
    kind text NOT NULL CHECK (kind IN ('place', 'unmasked_place', 'household', 'journey', 'far_seat')),
    least_minutes integer NOT NULL CHECK (least_minutes >= 0),
    weight double precision NOT NULL CHECK (weight > 0 AND weight <= 1),
    scale_minutes integer NOT NULL CHECK (scale_minutes >= 0),  -- 0: minutes do not matter
    near_rows integer,  -- of seats: so many rows before and behind
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    verified boolean NOT NULL,
    PRIMARY KEY (kind, valid_from)
);
CREATE TABLE access.place_class (place_kind text PRIMARY KEY, is_unmasked boolean NOT NULL, weight double precision NOT NULL,
    verified boolean NOT NULL);

CREATE TABLE access.trace_case (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    definition text NOT NULL,
    opened_by_test uuid NOT NULL UNIQUE,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    onset_on date,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    ends_because text NOT NULL DEFAULT 'longest' CHECK (ends_because IN ('negative', 'ct', 'longest', 'edited')),
    commune_residence text,
    commune_stay text,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    joined_into bigint REFERENCES access.trace_case (id) ON DELETE SET NULL,
    traced_at timestamptz,
    CONSTRAINT a_case_is_not_joined_into_itself CHECK (joined_into <> id),
    CONSTRAINT a_period_begins_before_it_ends CHECK (starts_at <= ends_at)
);
CREATE INDEX trace_case_by_person ON access.trace_case (person_id);
CREATE INDEX trace_case_joined ON access.trace_case (joined_into) WHERE joined_into IS NOT NULL;

-- A test belongs to one case, so one illness is opened once.
CREATE TABLE access.trace_case_test (
    test_id uuid PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES access.trace_case (id) ON DELETE CASCADE
);
CREATE INDEX trace_case_test_by_case ON access.trace_case_test (case_id);

CREATE TABLE access.trace_period (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES access.trace_case (id) ON DELETE CASCADE,
    edited_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer NOT NULL,
    office text NOT NULL,
    log_id bigint NOT NULL,
    onset_on date,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (starts_at <= ends_at),
    reason text NOT NULL CHECK (btrim(reason) <> '')
);
CREATE INDEX trace_period_by_case ON access.trace_period (case_id, id);

-- One row for each case, person, kind, place or journey, and day; meetings of a day at one place are one.
CREATE TABLE access.trace_exposure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL,  -- of trace_case, whose trigger takes them along; a key would be looked up row by row
    level smallint NOT NULL CHECK (level IN (1, 2)),
    person_id uuid NOT NULL,
    via_person uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('place', 'unmasked_place', 'household', 'journey', 'far_seat')),
    subject text NOT NULL,
    day date NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (started_at <= ended_at),
    minutes integer,
    is_guessed boolean NOT NULL DEFAULT false,  -- somebody did not check in or out, so the end is assumed
    score double precision NOT NULL CHECK (score >= 0 AND score <= 1)
);
CREATE INDEX trace_exposure_by_case ON access.trace_exposure (case_id, level, person_id);

-- A person met by a case, all exposures together.
CREATE TABLE access.trace_contact (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL,
    person_id uuid NOT NULL,
    level smallint NOT NULL CHECK (level IN (1, 2)),
    score double precision NOT NULL,
    exposures integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    isolated_at timestamptz,
    outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'reached', 'not_reached', 'not_a_contact', 'elsewhere')),
    outcome_at timestamptz,
    outcome_by integer,
    outcome_words text NOT NULL DEFAULT '',
    UNIQUE (case_id, person_id),
    CONSTRAINT an_outcome_is_somebodys CHECK ((outcome = '') = (outcome_by IS NULL))
);
CREATE INDEX trace_contact_by_person ON access.trace_contact (person_id);

CREATE FUNCTION access.drop_contacts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    DELETE FROM access.trace_exposure x WHERE x.case_id = OLD.id;
    DELETE FROM access.trace_contact k WHERE k.case_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER contacts_go_with_their_case BEFORE DELETE ON access.trace_case
    FOR EACH ROW EXECUTE FUNCTION access.drop_contacts();
REVOKE ALL ON FUNCTION access.drop_contacts() FROM PUBLIC;

ALTER TABLE access.trace_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.trace_case_test ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.trace_period ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.trace_exposure ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.trace_contact ENABLE ROW LEVEL SECURITY;

-- One case reads its meetings from the index alone; the few stays without an entry, or with a check-out of another day's
-- check-in, have an index of their own (rules.presence).
DROP INDEX visit_by_place;
CREATE INDEX visit_by_place ON movement_visit (place_key, entered_at) INCLUDE (left_at, person_id, day)
    WHERE superseded_at IS NULL;
CREATE INDEX visit_without_entry ON movement_visit (place_key, left_at) INCLUDE (person_id, day)
    WHERE superseded_at IS NULL AND left_at IS NOT NULL
      AND (entered_at IS NULL OR left_at - entered_at > interval '24 hours' OR left_at < entered_at);
CREATE INDEX trip_by_vehicle ON movement_trip (vehicle_number, departed_at) WHERE vehicle_number IS NOT NULL;
CREATE INDEX entry_by_vehicle ON border_entry (vehicle_number, entered_on) WHERE vehicle_number IS NOT NULL;
CREATE INDEX claim_by_household ON people_recordclaim (household) WHERE household IS NOT NULL;

REVOKE ALL ON access.case_definition, access.infectious_rule, access.contact_rule, access.place_class, access.trace_case,
    access.trace_case_test, access.trace_period, access.trace_exposure, access.trace_contact FROM PUBLIC;
