-- The register of breaches. A breach is written once; what happens to it are steps, and both are only ever added. Its state
-- is the last step's, and which step may follow is a table, asked by a trigger: whoever inserts, the owner too.

-- Filled from breaches/rules.py whenever a database is prepared. Days are of Viet Nam; valid_to is the first day after.
CREATE TABLE access.breach_period (
    hours integer NOT NULL CHECK (hours > 0),
    valid_from date PRIMARY KEY,
    valid_to date CHECK (valid_to > valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    verified boolean NOT NULL
);
CREATE TABLE access.breach_move (
    step text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    needs_two boolean NOT NULL,
    needs_words boolean NOT NULL,
    roles text[] NOT NULL,
    PRIMARY KEY (step, from_state)
);

CREATE TABLE access.breach (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL CHECK (source IN ('officer', 'inspection', 'audit', 'export_trace', 'operator')),
    subject text UNIQUE,  -- what a program found, so that it is entered once
    happened_from timestamptz,  -- NULL: not known yet
    happened_to timestamptz CHECK (happened_to >= happened_from),
    discovered_at timestamptz NOT NULL CHECK (discovered_at >= happened_from),
    due_at timestamptz NOT NULL CHECK (due_at > discovered_at),
    period text NOT NULL,  -- the document whose hours run
    kinds text[] NOT NULL CHECK (cardinality(kinds) > 0
        AND kinds <@ ARRAY['confidentiality', 'integrity', 'availability']),
    words text NOT NULL CHECK (length(btrim(words)) >= 20),
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp() CHECK (opened_at >= discovered_at),
    opened_by integer,  -- NULL: a program
    opened_through bigint,
    opened_office text NOT NULL DEFAULT '',
    case_id bigint
);

CREATE TABLE access.breach_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    breach_id bigint NOT NULL REFERENCES access.breach (id),
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    step text NOT NULL,
    by_officer integer CHECK (by_officer IS NOT NULL OR step = 'overdue'),
    through bigint,
    office text NOT NULL DEFAULT '',
    role text NOT NULL DEFAULT '',
    from_state text NOT NULL DEFAULT '',  -- this and the next four are the trigger's to write
    to_state text NOT NULL DEFAULT '',
    is_first boolean NOT NULL DEFAULT false,  -- waits for a second officer
    agrees_with bigint REFERENCES access.breach_step (id),
    first_officer integer CHECK (first_officer <> by_officer),
    words text NOT NULL DEFAULT '',
    kinds text[] CHECK (cardinality(kinds) > 0 AND kinds <@ ARRAY['confidentiality', 'integrity', 'availability']),
    categories text[],
    persons bigint CHECK (persons >= 0),
    persons_basis text CHECK (persons_basis IN ('known', 'estimated', 'unknown')),
    consequences text,
    measures text,
    advice text,
    happened_from timestamptz,
    happened_to timestamptz CHECK (happened_to >= happened_from),
    told_at timestamptz,
    reference text NOT NULL DEFAULT ''
);
CREATE INDEX breach_step_by_breach ON access.breach_step (breach_id, id);
CREATE UNIQUE INDEX breach_is_overdue_once ON access.breach_step (breach_id) WHERE step = 'overdue';
CREATE UNIQUE INDEX breach_is_notified_once ON access.breach_step (breach_id) WHERE step = 'notify';

-- From where in the log of access affected persons were drawn, and whom that gave with which categories.
CREATE TABLE access.breach_source (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    breach_id bigint NOT NULL REFERENCES access.breach (id),
    drawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer,
    office text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('officer_read', 'export', 'case')),
    officer_id integer,  -- whose readings they are
    from_at timestamptz,
    to_at timestamptz CHECK (to_at > from_at),
    export_id bigint REFERENCES access.export_request (id),
    case_id bigint,
    CHECK (CASE kind WHEN 'officer_read' THEN num_nonnulls(officer_id, from_at, to_at) = 3
           WHEN 'export' THEN export_id IS NOT NULL ELSE case_id IS NOT NULL END)
);
CREATE INDEX breach_source_by_breach ON access.breach_source (breach_id);
CREATE TABLE access.breach_person (
    breach_id bigint NOT NULL REFERENCES access.breach (id),
    person_id uuid NOT NULL,
    source_id bigint NOT NULL REFERENCES access.breach_source (id),
    categories text[] NOT NULL,
    PRIMARY KEY (breach_id, person_id, source_id)
);
CREATE INDEX breach_person_by_person ON access.breach_person (person_id);

CREATE FUNCTION access.refuse_breach_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register of breaches is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['breach', 'breach_step', 'breach_source', 'breach_person'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.%1$I
                        FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_breach_change()', kept);
    END LOOP;
END $$;

CREATE FUNCTION access.breach_state(breach bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce((SELECT s.to_state FROM access.breach_step s WHERE s.breach_id = breach
                     ORDER BY s.id DESC LIMIT 1), 'discovered')
$$;

-- The first officer's step that waits for a second; new facts, a moved state or a disagreement take it away.
CREATE FUNCTION access.breach_pending(breach bigint, wanted text) RETURNS access.breach_step
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT s FROM access.breach_step s
    WHERE s.breach_id = breach AND s.is_first AND (wanted = '' OR s.step = wanted) AND NOT EXISTS (
        SELECT 1 FROM access.breach_step l WHERE l.breach_id = breach AND l.id > s.id
        AND (l.from_state <> l.to_state OR l.step IN ('supplement', 'disagree')))
    ORDER BY s.id DESC LIMIT 1
$$;

-- When it happened, as the newest step that knows says; else as it was entered.
CREATE FUNCTION access.breach_happened(one access.breach) RETURNS tstzrange
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce(
        (SELECT tstzrange(s.happened_from, s.happened_to, '[]') FROM access.breach_step s
         WHERE s.breach_id = one.id AND s.happened_from IS NOT NULL ORDER BY s.id DESC LIMIT 1),
        tstzrange(one.happened_from, one.happened_to, '[]'))
$$;

-- What a step of its kind must carry: '' where it does, else the code of what is wrong (named at take_breach_step).
CREATE FUNCTION access.breach_step_lacks(one access.breach, step access.breach_step) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT CASE
        WHEN step.step IN ('assess', 'supplement') AND (step.kinds IS NULL OR step.persons_basis IS NULL
            OR num_nonnulls(step.categories, step.consequences, step.measures, step.advice) < 4
            OR (step.persons_basis = 'unknown') <> (step.persons IS NULL)) THEN 'PC464'
        WHEN step.happened_from > one.discovered_at OR step.happened_to < step.happened_from THEN 'PC465'
        WHEN step.step IN ('notify', 'notify_more') AND (step.told_at IS NULL OR step.told_at < one.discovered_at
            OR step.told_at > clock_timestamp()) THEN 'PC465'
        WHEN step.step = 'notify' AND step.told_at > one.due_at AND length(btrim(step.words)) < 20 THEN 'PC466'
        WHEN step.step = 'notify_more' AND NOT EXISTS (SELECT 1 FROM access.breach_step s
            WHERE s.breach_id = one.id AND s.step = 'notify') THEN 'PC462'
        WHEN step.step = 'notify' AND EXISTS (SELECT 1 FROM access.breach_step s
            WHERE s.breach_id = one.id AND s.step = 'notify') THEN 'PC462'
        WHEN step.step = 'inform' AND (length(btrim(coalesce(step.measures, ''))) < 10
            OR length(btrim(coalesce(step.advice, ''))) < 10) THEN 'PC464'
        WHEN step.step = 'inform' AND NOT EXISTS (SELECT 1 FROM access.breach_person p WHERE p.breach_id = one.id)
            THEN 'PC467'
        WHEN step.step = 'disagree' AND access.breach_pending(one.id, '') IS NULL THEN 'PC462'
        WHEN step.step = 'overdue' AND clock_timestamp() <= one.due_at THEN 'PC462'
        ELSE '' END
$$;

CREATE FUNCTION access.check_breach_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    one access.breach;
    move access.breach_move;
    pending access.breach_step;
    wrong text;
BEGIN
    SELECT b.* INTO one FROM access.breach b WHERE b.id = NEW.breach_id FOR UPDATE;
    NEW.from_state := access.breach_state(NEW.breach_id);
    SELECT m.* INTO move FROM access.breach_move m WHERE m.step = NEW.step AND m.from_state = NEW.from_state;
    pending := CASE WHEN move.needs_two THEN access.breach_pending(NEW.breach_id, NEW.step) END;
    wrong := CASE
        WHEN one.id IS NULL OR move.step IS NULL THEN 'PC462'
        WHEN cardinality(move.roles) > 0 AND NEW.role <> ALL (move.roles) THEN 'PC461'
        WHEN EXISTS (SELECT 1 FROM access.breach_source s WHERE s.breach_id = one.id AND s.officer_id = NEW.by_officer)
            THEN 'PC468'
        WHEN move.needs_words AND length(btrim(NEW.words)) < 20 THEN 'PC463'
        WHEN pending.by_officer = NEW.by_officer THEN 'PC469'
        WHEN pending.role <> 'data_protection' AND NEW.role <> 'data_protection' THEN 'PC461'  -- one of the two is
        ELSE access.breach_step_lacks(one, NEW) END;
    IF wrong <> '' THEN
        RAISE EXCEPTION 'this step may not be taken so' USING ERRCODE = wrong;
    END IF;
    NEW.is_first := move.needs_two AND pending.id IS NULL;
    NEW.agrees_with := pending.id;
    NEW.first_officer := pending.by_officer;
    NEW.to_state := CASE WHEN NEW.is_first THEN NEW.from_state ELSE move.to_state END;
    RETURN NEW;
END $$;
CREATE TRIGGER breach_step_is_allowed BEFORE INSERT ON access.breach_step
    FOR EACH ROW EXECUTE FUNCTION access.check_breach_step();

REVOKE ALL ON access.breach_period, access.breach_move, access.breach, access.breach_step, access.breach_source,
    access.breach_person FROM PUBLIC;
REVOKE ALL ON FUNCTION access.refuse_breach_change(), access.breach_state(bigint), access.breach_pending(bigint, text),
    access.breach_happened(access.breach),
    access.breach_step_lacks(access.breach, access.breach_step), access.check_breach_step() FROM PUBLIC;
