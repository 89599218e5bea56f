-- Models, shadows, what each would change, who approved it, and what is needed to go back. Rows of shadows name records
-- and persons: they are read with access to everybody, like the links they are made of.

CREATE TABLE relinking_model (
    print text PRIMARY KEY,     -- sha-256 of the content
    version text NOT NULL CHECK (version <> ''),
    trained_on text NOT NULL,
    content text NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL
);

CREATE TABLE relinking_shadow (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_print text NOT NULL REFERENCES relinking_model (print),
    model_version text NOT NULL,
    software text NOT NULL,
    stage text NOT NULL CHECK (stage IN ('linking', 'comparing', 'ready', 'swapped', 'rolled_back', 'discarded')),
    made_by text NOT NULL,
    started_at timestamptz NOT NULL,
    stood jsonb,                -- how the index stood when its claims were read
    counts jsonb NOT NULL DEFAULT '{}',
    ready_at timestamptz,
    swapped_by text NOT NULL DEFAULT '',
    swapped_at timestamptz,
    run_id bigint,
    stood_after jsonb,          -- how the index stood when it had been swapped in
    logged_to bigint,           -- the last entry of the access log by then
    rolled_back_by text NOT NULL DEFAULT '',
    rolled_back_at timestamptz,
    CHECK (stage NOT IN ('ready', 'swapped', 'rolled_back') OR (ready_at IS NOT NULL AND stood IS NOT NULL)),
    CHECK (stage NOT IN ('swapped', 'rolled_back') OR (swapped_at IS NOT NULL AND stood_after IS NOT NULL)),
    CHECK (stage <> 'rolled_back' OR rolled_back_at IS NOT NULL)
);
CREATE UNIQUE INDEX one_shadow_waits_at_a_time ON relinking_shadow ((true)) WHERE stage IN ('comparing', 'ready');

CREATE TABLE relinking_approval (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shadow_id bigint NOT NULL REFERENCES relinking_shadow (id),
    officer_id integer NOT NULL,
    office text NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT nobody_approves_twice UNIQUE (shadow_id, officer_id)
);

-- Which model links what arrives: the last row's; none, the one that ships.
CREATE TABLE relinking_modelchange (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_print text REFERENCES relinking_model (print),  -- empty: the one that ships
    shadow_id bigint NOT NULL REFERENCES relinking_shadow (id),
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);

-- The records that would stand on another person, or be held, or be placed.
CREATE TABLE relinking_move (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shadow_id bigint NOT NULL REFERENCES relinking_shadow (id),
    record_id uuid NOT NULL,
    system text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('merged', 'split', 'moved', 'held', 'placed', 'still_held')),
    reason text NOT NULL,
    person_before uuid,
    person_after uuid,
    decision text NOT NULL,
    weight double precision,
    evidence jsonb NOT NULL,
    link_before bigint NOT NULL,
    UNIQUE (shadow_id, record_id)
);
CREATE INDEX relinking_move_record ON relinking_move (record_id);
CREATE INDEX relinking_move_before ON relinking_move (shadow_id, person_before);
CREATE INDEX relinking_move_after ON relinking_move (shadow_id, person_after);

-- The persons whose records would change, opened ones among them.
CREATE TABLE relinking_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shadow_id bigint NOT NULL REFERENCES relinking_shadow (id),
    person_id uuid NOT NULL,
    kinds text[] NOT NULL,
    records_before bigint NOT NULL,
    records_after bigint NOT NULL,
    is_verified boolean NOT NULL,
    other_person uuid,          -- absorbed into; for a restored one, absorbed in so far
    merge_id bigint,            -- the merge the swap made of it, or took back
    UNIQUE (shadow_id, person_id)
);

-- The pairs that people would be asked about, of those that nobody has been asked about.
CREATE TABLE relinking_pair (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shadow_id bigint NOT NULL REFERENCES relinking_shadow (id),
    pair_id uuid NOT NULL,
    record_id uuid NOT NULL,
    other_record_id uuid NOT NULL,
    weight double precision,
    evidence jsonb NOT NULL,
    reason text NOT NULL,
    UNIQUE (shadow_id, pair_id)
);

CREATE INDEX relinking_pair_record ON relinking_pair (record_id);
CREATE INDEX relinking_pair_other ON relinking_pair (other_record_id);

-- What the swap overwrote and nothing else tells: table, row, and its former values.
CREATE TABLE relinking_undo (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shadow_id bigint NOT NULL REFERENCES relinking_shadow (id),
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    was jsonb NOT NULL,
    UNIQUE (shadow_id, table_name, row_id)
);

DO $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['relinking_shadow', 'relinking_approval', 'relinking_move', 'relinking_change',
                               'relinking_pair', 'relinking_undo'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY sees ON %I FOR SELECT TO pccovid_web, pccovid_jobs USING ('
            '(SELECT access.reads(''source_record'')) AND (SELECT access.scope_is_all()))', one);
        IF one <> 'relinking_approval' THEN
            EXECUTE format('CREATE POLICY writes ON %I FOR ALL TO pccovid_jobs USING ('
                '(SELECT access.writes(''source_record'')) AND (SELECT access.scope_is_all()))', one);
        END IF;
    END LOOP;
END $$;
GRANT SELECT ON relinking_shadow, relinking_approval, relinking_move, relinking_change TO pccovid_web, pccovid_jobs;
GRANT SELECT ON relinking_pair, relinking_undo, relinking_model, relinking_modelchange TO pccovid_jobs;
GRANT INSERT ON relinking_model, relinking_modelchange TO pccovid_jobs;
GRANT INSERT, UPDATE ON relinking_shadow TO pccovid_jobs;
GRANT INSERT, UPDATE, DELETE ON relinking_move, relinking_change, relinking_pair, relinking_undo TO pccovid_jobs;
