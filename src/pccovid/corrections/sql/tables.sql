-- Corrections of facts, their steps, values and photos, and the notices to sources. Nobody but the owner reads or writes
-- these tables; web and jobs call functions that check who they are. Rules are data, filled when a database is prepared.

CREATE TABLE access.correction_state (code text PRIMARY KEY, turn text NOT NULL);
CREATE TABLE access.correction_transition (
    state text NOT NULL,
    act text NOT NULL,
    actor text NOT NULL CHECK (actor IN ('person', 'station', 'source', 'program')),
    next_state text NOT NULL,
    needs_words boolean NOT NULL,
    PRIMARY KEY (state, act, actor)
);
CREATE TABLE access.correction_period (
    state text NOT NULL,
    working_days integer NOT NULL CHECK (working_days > 0),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    PRIMARY KEY (state, valid_from)
);
CREATE TABLE access.correction_table (table_name text PRIMARY KEY, columns text[] NOT NULL, blank jsonb);

CREATE TABLE access.correction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('wrong', 'missing')),
    person_id uuid NOT NULL,
    asked_by uuid NOT NULL,  -- the person, or their guardian
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    log_id bigint NOT NULL REFERENCES access.log (id),
    fact_table text NOT NULL REFERENCES access.correction_table (table_name),
    fact_id uuid NOT NULL,  -- the wrong fact, or the self-declared one that stands in for the missing
    system text NOT NULL,  -- whose fact it is
    area_code text,
    words text NOT NULL CHECK (length(btrim(words)) >= 10),
    state text NOT NULL REFERENCES access.correction_state (code),
    due_at timestamptz,
    outcome text CHECK (outcome IN ('values', 'not_mine')),
    new_fact_id uuid
);
CREATE INDEX correction_by_person ON access.correction (person_id);
CREATE UNIQUE INDEX a_fact_is_disputed_once_at_a_time ON access.correction (fact_id)
    WHERE state IN ('received', 'checking', 'needs_more', 'confirmed', 'signed');
CREATE TABLE access.correction_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    correction_id bigint NOT NULL REFERENCES access.correction (id),
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act text NOT NULL,
    actor text NOT NULL CHECK (actor IN ('person', 'station', 'source', 'program')),
    officer_id integer,
    office text NOT NULL DEFAULT '',
    log_id bigint NOT NULL REFERENCES access.log (id),
    state_before text NOT NULL,
    state_after text NOT NULL,
    told text NOT NULL DEFAULT '',  -- what the person reads
    note text NOT NULL DEFAULT '',  -- what stays inside
    CHECK ((actor IN ('station', 'source')) = (officer_id IS NOT NULL))
);
CREATE INDEX correction_step_by_correction ON access.correction_step (correction_id, id);
CREATE TRIGGER correction_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.correction_step
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- What the person says is right, and what the station found, sealed; the newest of a kind counts.
CREATE TABLE access.correction_value (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    correction_id bigint NOT NULL REFERENCES access.correction (id),
    kind text NOT NULL CHECK (kind IN ('wanted', 'decided')),
    sealed text NOT NULL CHECK (starts_with(sealed, 's:'))
);
CREATE INDEX correction_value_by_correction ON access.correction_value (correction_id, kind, id);
CREATE TABLE access.correction_photo (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    correction_id bigint NOT NULL REFERENCES access.correction (id),
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sealed text NOT NULL CHECK (starts_with(sealed, 's:') AND length(sealed) < 4000000)
);
CREATE INDEX correction_photo_by_correction ON access.correction_photo (correction_id, id);

-- What is to be told to a source: written with the step that causes it, in one transaction; handed on by whoever delivers.
CREATE TABLE access.correction_notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    correction_id bigint NOT NULL REFERENCES access.correction (id),
    kind text NOT NULL CHECK (kind IN ('asked', 'corrected')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    handed_on_at timestamptz,
    UNIQUE (correction_id, kind, at)
);
CREATE INDEX correction_notice_waiting ON access.correction_notice (id) WHERE handed_on_at IS NULL;

CREATE FUNCTION access.correction_value_of(correction bigint, kind text) RETURNS text
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT v.sealed FROM access.correction_value v
    WHERE v.correction_id = correction AND v.kind = correction_value_of.kind ORDER BY v.id DESC LIMIT 1
$$;

-- Until when a state that begins now may last: the end of so many working days; nothing for an end.
CREATE FUNCTION access.correction_due(state text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT access.end_of_day(access.after_working_days(d.today, p.working_days))
    FROM (SELECT access.local_date(clock_timestamp()) AS today) d, access.correction_period p
    WHERE p.state = correction_due.state AND d.today >= p.valid_from AND (p.valid_to IS NULL OR d.today <= p.valid_to)
    ORDER BY p.valid_from DESC LIMIT 1
$$;

-- Writes a step and moves the correction; whoever calls has checked who acts. PC453: not possible in this state; PC454: the
-- person must read why.
CREATE FUNCTION access.move_correction(one access.correction, act text, actor text, told text, note text) RETURNS text
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    way access.correction_transition;
    is_officer boolean := actor IN ('station', 'source');
BEGIN
    SELECT t.* INTO way FROM access.correction_transition t
    WHERE t.state = one.state AND t.act = move_correction.act AND t.actor = move_correction.actor;
    IF way.state IS NULL THEN
        RAISE EXCEPTION 'no correction moves so' USING ERRCODE = 'PC453';
    END IF;
    IF way.needs_words AND length(btrim(coalesce(told, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC454';
    END IF;
    INSERT INTO access.correction_step (correction_id, act, actor, officer_id, office, log_id, state_before, state_after,
                                        told, note)
    VALUES (one.id, act, actor, CASE WHEN is_officer THEN entry.actor::integer END,
            CASE WHEN is_officer THEN entry.office ELSE '' END, entry.id, one.state, way.next_state,
            btrim(coalesce(told, '')), btrim(coalesce(note, '')));
    UPDATE access.correction c SET state = way.next_state, due_at = access.correction_due(way.next_state) WHERE c.id = one.id;
    IF way.next_state = 'confirmed' THEN
        INSERT INTO access.correction_notice (correction_id, kind) VALUES (one.id, 'asked');
    ELSIF way.next_state = 'corrected' THEN
        INSERT INTO access.correction_notice (correction_id, kind) VALUES (one.id, 'corrected');
    END IF;
    RETURN way.next_state;
END $$;

REVOKE ALL ON access.correction_state, access.correction_transition, access.correction_period, access.correction_table,
    access.correction, access.correction_step, access.correction_value, access.correction_photo,
    access.correction_notice FROM PUBLIC;
REVOKE ALL ON FUNCTION access.correction_value_of(bigint, text), access.correction_due(text),
    access.move_correction(access.correction, text, text, text, text) FROM PUBLIC;
