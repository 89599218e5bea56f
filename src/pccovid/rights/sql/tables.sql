-- A person's requests, their steps, and what came of each part. Nobody but the owner reads or writes these tables; web and
-- jobs call functions that check who they are. The rules are data, filled from rights/*.py when a database is prepared.

CREATE TABLE access.special_day (
    day date PRIMARY KEY,
    occasion text NOT NULL,
    is_off boolean NOT NULL,  -- else a Saturday that is worked
    document text NOT NULL,
    is_verified boolean NOT NULL
);
CREATE TABLE access.right_period (
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    acknowledge_working_days integer NOT NULL CHECK (acknowledge_working_days >= 0),
    finish_days integer NOT NULL CHECK (finish_days > 0),
    longest_extension_days integer NOT NULL CHECK (longest_extension_days >= 0),
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    PRIMARY KEY (kind, valid_from)
);
CREATE TABLE access.right_state (code text PRIMARY KEY, clock text NOT NULL, meaning text NOT NULL);
CREATE TABLE access.right_transition (
    state text NOT NULL,
    act text NOT NULL,
    actor text NOT NULL CHECK (actor IN ('person', 'officer', 'inspector', 'program')),
    next_state text NOT NULL,
    PRIMARY KEY (state, act, actor)
);
CREATE TABLE access.right_desk (
    kind text NOT NULL, about text NOT NULL, role text NOT NULL, is_by_area boolean NOT NULL,
    PRIMARY KEY (kind, about, role)
);
CREATE TABLE access.right_refusal (
    code text PRIMARY KEY, kinds text[] NOT NULL, text text NOT NULL, text_en text NOT NULL,
    legal_basis text NOT NULL CHECK (legal_basis <> ''), is_verified boolean NOT NULL
);
CREATE TABLE access.erasable (
    category text NOT NULL, table_name text NOT NULL, provenances text[] NOT NULL, PRIMARY KEY (category, table_name)
);

CREATE TABLE access.right_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    about text NOT NULL CHECK (about IN ('identity', 'fact', 'data')),
    person_id uuid NOT NULL,
    asked_by uuid NOT NULL,  -- the person, or their guardian
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    log_id bigint NOT NULL REFERENCES access.log (id),
    words text NOT NULL CHECK (length(btrim(words)) >= 10),
    categories text[] NOT NULL,  -- empty: the whole record
    attribute text,
    fact_table text,
    fact_id uuid,
    area_code text,
    needs_two boolean NOT NULL,
    state text NOT NULL,
    acknowledge_due timestamptz NOT NULL,
    finish_due timestamptz NOT NULL,
    escalation_due timestamptz,
    CHECK ((about = 'identity') = (attribute IS NOT NULL)),
    CHECK ((about = 'fact') = (fact_id IS NOT NULL) AND (fact_id IS NULL) = (fact_table IS NULL))
);
CREATE INDEX right_request_by_person ON access.right_request (person_id);
CREATE INDEX right_request_open ON access.right_request (finish_due)
    WHERE state IN ('received', 'acknowledged', 'extended', 'proposed', 'granted', 'overturned', 'escalated');

CREATE TABLE access.right_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES access.right_request (id),
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act text NOT NULL,
    actor text NOT NULL CHECK (actor IN ('person', 'officer', 'inspector', 'program')),
    officer_id integer,
    role text NOT NULL DEFAULT '',
    office text NOT NULL DEFAULT '',
    log_id bigint REFERENCES access.log (id),
    state_before text NOT NULL,
    state_after text NOT NULL,
    told text NOT NULL DEFAULT '',  -- what the person reads
    note text NOT NULL DEFAULT '',  -- what stays inside
    refusal text,
    days integer,
    granted text[],
    CHECK ((actor IN ('officer', 'inspector')) = (officer_id IS NOT NULL)),
    CHECK (actor = 'program' OR log_id IS NOT NULL),
    CHECK (act <> 'refuse' OR refusal IS NOT NULL),
    CHECK ((act = 'extend') = (days IS NOT NULL) AND days > 0)
);
CREATE INDEX right_step_by_request ON access.right_step (request_id, id);
CREATE UNIQUE INDEX a_request_is_extended_once ON access.right_step (request_id) WHERE act = 'extend';

-- What became of each kind of data, where a request was done in parts.
CREATE TABLE access.right_part (
    step_id bigint NOT NULL REFERENCES access.right_step (id),
    category text NOT NULL,
    is_done boolean NOT NULL,
    rows bigint NOT NULL DEFAULT 0,
    refusal text,
    PRIMARY KEY (step_id, category, is_done),
    CHECK (is_done = (refusal IS NULL))
);

-- Values of a correction, sealed: what the person says is right, and what an officer decides on. The newest of a kind counts.
CREATE TABLE access.right_value (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES access.right_request (id),
    kind text NOT NULL CHECK (kind IN ('wanted', 'decided')),
    sealed text NOT NULL CHECK (starts_with(sealed, 's:'))
);
CREATE INDEX right_value_by_request ON access.right_value (request_id, kind, id);
CREATE FUNCTION access.keep_right_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (NEW.id, NEW.request_id, NEW.kind) IS DISTINCT FROM (OLD.id, OLD.request_id, OLD.kind) THEN
        RAISE EXCEPTION 'a value is only sealed anew' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER right_value_is_kept BEFORE UPDATE OR DELETE ON access.right_value
    FOR EACH ROW EXECUTE FUNCTION access.keep_right_value();
CREATE FUNCTION access.right_value_of(request bigint, kind text) RETURNS text
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT v.sealed FROM access.right_value v
    WHERE v.request_id = request AND v.kind = right_value_of.kind ORDER BY v.id DESC LIMIT 1
$$;

CREATE TRIGGER right_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.right_step
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
CREATE TRIGGER right_part_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.right_part
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- The clock, as rights/rules.py has it.
CREATE FUNCTION access.local_date(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;
CREATE FUNCTION access.end_of_day(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT (day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
$$;
CREATE FUNCTION access.is_working_day(day date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT coalesce((SELECT NOT s.is_off FROM access.special_day s WHERE s.day = is_working_day.day),
                    extract(isodow FROM is_working_day.day) < 6)
$$;
CREATE FUNCTION access.working_day_from(day date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
BEGIN
    WHILE NOT access.is_working_day(day) LOOP
        day := day + 1;
    END LOOP;
    RETURN day;
END $$;
CREATE FUNCTION access.after_working_days(day date, days integer) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
BEGIN
    FOR passed IN 1 .. days LOOP
        day := access.working_day_from(day + 1);
    END LOOP;
    RETURN day;
END $$;
CREATE FUNCTION access.right_period_on(kind text, day date) RETURNS access.right_period
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT p FROM access.right_period p
    WHERE p.kind = right_period_on.kind AND right_period_on.day >= p.valid_from
      AND (p.valid_to IS NULL OR right_period_on.day <= p.valid_to)
$$;
CREATE FUNCTION access.right_deadlines(kind text, received timestamptz, OUT acknowledge timestamptz, OUT finish timestamptz)
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
DECLARE
    day date := access.local_date(received);
    rule access.right_period := access.right_period_on(kind, day);
BEGIN
    acknowledge := access.end_of_day(access.after_working_days(day, rule.acknowledge_working_days));
    finish := access.end_of_day(access.working_day_from(day + rule.finish_days));
END $$;
CREATE FUNCTION access.moved_deadline(due timestamptz, days integer) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT access.end_of_day(access.working_day_from(access.local_date(due - interval '1 microsecond') + days))
$$;

-- Whether a request is late now: with its answer, or with its end.
CREATE FUNCTION access.right_is_overdue(one access.right_request) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT coalesce(clock_timestamp() >= CASE s.clock WHEN 'acknowledge' THEN one.acknowledge_due
        WHEN 'finish' THEN one.finish_due WHEN 'escalation' THEN one.escalation_due END, false)
    FROM access.right_state s WHERE s.code = one.state
$$;

-- Every step is a transition of the table, whoever writes it; it moves the request on. PC453: not possible in this state.
CREATE FUNCTION access.check_right_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.right_request;
BEGIN
    SELECT r.* INTO STRICT one FROM access.right_request r WHERE r.id = NEW.request_id FOR UPDATE;
    SELECT t.next_state INTO NEW.state_after FROM access.right_transition t
    WHERE t.state = one.state AND t.act = NEW.act AND t.actor = NEW.actor;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no request moves so' USING ERRCODE = 'PC453';
    END IF;
    NEW.state_before := one.state;
    RETURN NEW;
END $$;
CREATE TRIGGER right_step_is_a_transition BEFORE INSERT ON access.right_step
    FOR EACH ROW EXECUTE FUNCTION access.check_right_step();

CREATE FUNCTION access.move_right_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    UPDATE access.right_request r SET
        state = NEW.state_after,
        finish_due = CASE
            WHEN NEW.act = 'extend' THEN access.moved_deadline(r.finish_due, NEW.days)
            -- What the inspectorate gives back has the kind's whole time again.
            WHEN NEW.act = 'overturn' THEN (access.right_deadlines(r.kind, NEW.done_at)).finish
            ELSE r.finish_due END,
        escalation_due = CASE WHEN NEW.state_after = 'escalated'
            THEN (access.right_deadlines('escalation', NEW.done_at)).finish ELSE r.escalation_due END
    WHERE r.id = NEW.request_id;
    RETURN NULL;
END $$;
CREATE TRIGGER right_step_moves_its_request AFTER INSERT ON access.right_step
    FOR EACH ROW EXECUTE FUNCTION access.move_right_request();

-- A request only moves with a step, and what was asked never changes.
CREATE FUNCTION access.keep_right_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    -- Within the trigger of a step alone.
    IF TG_OP <> 'UPDATE' OR pg_trigger_depth() < 2
       OR to_jsonb(NEW) - ARRAY['state', 'finish_due', 'escalation_due']
          IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'finish_due', 'escalation_due']
       OR NEW.state IS DISTINCT FROM coalesce(
            (SELECT s.state_after FROM access.right_step s WHERE s.request_id = OLD.id ORDER BY s.id DESC LIMIT 1),
            OLD.state) THEN
        RAISE EXCEPTION 'a request is kept as it was asked, and moves by steps' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER right_request_is_kept BEFORE UPDATE OR DELETE ON access.right_request
    FOR EACH ROW EXECUTE FUNCTION access.keep_right_request();
CREATE TRIGGER right_request_is_not_emptied BEFORE TRUNCATE ON access.right_request
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

REVOKE ALL ON access.special_day, access.right_period, access.right_state, access.right_transition, access.right_desk,
    access.right_refusal, access.erasable, access.right_request, access.right_step, access.right_part,
    access.right_value FROM PUBLIC;
REVOKE ALL ON FUNCTION access.local_date(timestamptz), access.end_of_day(date), access.is_working_day(date),
    access.working_day_from(date), access.after_working_days(date, integer), access.right_period_on(text, date),
    access.right_deadlines(text, timestamptz), access.moved_deadline(timestamptz, integer),
    access.right_is_overdue(access.right_request), access.check_right_step(), access.move_right_request(),
    access.keep_right_request(), access.keep_right_value(), access.right_value_of(bigint, text) FROM PUBLIC;
