-- Cases of inspection: complaints, emergency openings to review, and what the detectors found in the log of access.
-- Nobody but the owner reads or writes these tables; web and jobs call functions that check who they are.

-- Filled from inspection/rules.py whenever a database is prepared. A kind without `floor` has no detector.
CREATE TABLE access.inspection_kind (
    kind text PRIMARY KEY,
    due_hours integer NOT NULL CHECK (due_hours > 0),
    shows_names boolean NOT NULL,  -- whether the desk is told whose record was read
    floor numeric CHECK (floor > 0),  -- never a finding below this
    factor numeric,  -- spreads above the peers' median; NULL: the floor alone decides
    alone_floor numeric,  -- the limit while there are too few peers to compare with
    days_back integer,
    fewest_peers integer,
    purposes text[] NOT NULL DEFAULT '{}',
    from_hour integer,
    to_hour integer
);

-- When a reading may be told to the person later, or without its office and case. Empty unless a law in force says so.
CREATE TABLE access.withholding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose text NOT NULL,
    category text,  -- NULL: whatever was seen
    effect text NOT NULL CHECK (effect IN ('delay', 'mask')),
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL CHECK (valid_to > valid_from),
    days integer NOT NULL CHECK (days BETWEEN 1 AND 90),
    legal_basis text NOT NULL CHECK (btrim(legal_basis) <> ''),
    is_verified boolean NOT NULL  -- without a lawyer's word a rule withholds nothing
);

CREATE TABLE access.inspection_case (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,  -- what makes it one: officer and day, person and week, glass, complainant and reading
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'needs_more', 'decided')),
    officer_id integer,  -- whose reading it is about; NULL for a program's, or for many officers'
    role text NOT NULL DEFAULT '',
    office text NOT NULL DEFAULT '',
    area_code text,  -- NULL: only inspectors of the whole country
    appointment_id bigint,
    person_id uuid,
    log_id bigint,
    glass_id bigint,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    evidence jsonb NOT NULL DEFAULT '{}',
    words text NOT NULL DEFAULT '',  -- what the person wrote
    UNIQUE (kind, subject)
);
CREATE INDEX inspection_case_waiting ON access.inspection_case (due_at) WHERE state <> 'decided';
CREATE INDEX inspection_case_by_person ON access.inspection_case (person_id) WHERE kind = 'complaint';
CREATE INDEX inspection_case_by_glass ON access.inspection_case (glass_id) WHERE glass_id IS NOT NULL;

CREATE TABLE access.inspection_decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES access.inspection_case (id),
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer NOT NULL,
    office text NOT NULL,
    log_id bigint,  -- the access under which it was decided
    outcome text NOT NULL CHECK (outcome IN ('justified', 'not_justified', 'referred', 'needs_more')),
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    answer text NOT NULL DEFAULT '',  -- what the complaining person is told
    term text NOT NULL DEFAULT 'untouched' CHECK (term IN ('untouched', 'ended', 'referred', 'over'))
);
CREATE INDEX inspection_decision_by_case ON access.inspection_decision (case_id, id);
CREATE TRIGGER inspection_decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.inspection_decision
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- A case only moves on: what it is about, since when, until when and in whose words never changes; a decided one is shut.
CREATE FUNCTION access.keep_inspection_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.state = 'decided'
       OR (NEW.id, NEW.kind, NEW.subject, NEW.opened_at, NEW.due_at, NEW.officer_id, NEW.role, NEW.words, NEW.log_id)
          IS DISTINCT FROM
          (OLD.id, OLD.kind, OLD.subject, OLD.opened_at, OLD.due_at, OLD.officer_id, OLD.role, OLD.words, OLD.log_id)
       OR (OLD.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id) THEN
        RAISE EXCEPTION 'a case of inspection is kept as it was opened' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inspection_case_is_kept BEFORE UPDATE OR DELETE ON access.inspection_case
    FOR EACH ROW EXECUTE FUNCTION access.keep_inspection_case();
CREATE TRIGGER inspection_case_is_not_emptied BEFORE TRUNCATE ON access.inspection_case
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

CREATE FUNCTION access.inspection_due(kind text, since timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT since + make_interval(hours => coalesce(
        (SELECT k.due_hours FROM access.inspection_kind k WHERE k.kind = inspection_due.kind), 72))
$$;

-- The appointment under which an officer read: the glass's own office for an emergency, else as access.open chose it.
CREATE FUNCTION access.appointment_behind(officer integer, role text, at timestamptz, case_reference text)
RETURNS access.appointment LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT a FROM access.appointment a
    WHERE CASE WHEN appointment_behind.role = 'break_glass'
               THEN a.id = (SELECT g.appointment_id FROM access.break_glass g
                            WHERE g.officer_id = officer AND 'KC-' || g.id = appointment_behind.case_reference)
               ELSE a.officer_id = officer AND a.role = appointment_behind.role AND a.valid_from <= at
                    AND (a.valid_to IS NULL OR a.valid_to > at) END
    ORDER BY a.area_code NULLS FIRST LIMIT 1
$$;

-- An emergency opening waits for its review from the moment it happens; one reviewed elsewhere is shut here as well.
CREATE FUNCTION access.inspect_glass() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO access.inspection_case (kind, subject, due_at, officer_id, role, office, area_code, appointment_id,
                                            person_id, glass_id, starts_at, ends_at)
        SELECT 'break_glass', 'glass:' || NEW.id, access.inspection_due('break_glass', NEW.broken_at), NEW.officer_id,
               a.role, a.office, a.area_code, a.id, NEW.person_id, NEW.id, NEW.broken_at, NEW.ends_at
        FROM access.appointment a WHERE a.id = NEW.appointment_id
        ON CONFLICT (kind, subject) DO NOTHING;
        RETURN NEW;
    END IF;
    UPDATE access.inspection_case c SET person_id = NEW.person_id
    WHERE c.glass_id = NEW.id AND c.state <> 'decided' AND c.person_id IS NULL AND NEW.person_id IS NOT NULL;
    IF NEW.reviewed_at IS NOT NULL AND OLD.reviewed_at IS NULL THEN
        INSERT INTO access.inspection_decision (case_id, by_officer, office, outcome, reason)
        SELECT c.id, NEW.reviewed_by, '', CASE NEW.outcome WHEN 'justified' THEN 'justified'
                   WHEN 'unjustified' THEN 'not_justified' ELSE 'referred' END,
               coalesce(nullif(btrim(NEW.review_note), ''), '–')
        FROM access.inspection_case c WHERE c.glass_id = NEW.id AND c.state <> 'decided';
        UPDATE access.inspection_case c SET state = 'decided' WHERE c.glass_id = NEW.id AND c.state <> 'decided';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER glass_is_inspected AFTER INSERT OR UPDATE ON access.break_glass
    FOR EACH ROW EXECUTE FUNCTION access.inspect_glass();

-- Who inspects reading does not open records in an emergency: that is for offices that read.
CREATE FUNCTION access.refuse_inspectors_glass() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM access.appointment a WHERE a.id = NEW.appointment_id AND a.role = 'inspector') THEN
        RAISE EXCEPTION 'an inspector breaks no glass' USING ERRCODE = 'PC411';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_inspector_breaks_no_glass BEFORE INSERT ON access.break_glass
    FOR EACH ROW EXECUTE FUNCTION access.refuse_inspectors_glass();

-- Emergency openings of before that nobody has reviewed.
INSERT INTO access.inspection_case (kind, subject, due_at, officer_id, role, office, area_code, appointment_id, person_id,
                                    glass_id, starts_at, ends_at)
SELECT 'break_glass', 'glass:' || g.id, access.inspection_due('break_glass', clock_timestamp()), g.officer_id, a.role,
       a.office, a.area_code, a.id, g.person_id, g.id, g.broken_at, g.ends_at
FROM access.break_glass g JOIN access.appointment a ON a.id = g.appointment_id WHERE g.reviewed_at IS NULL;

REVOKE ALL ON access.inspection_kind, access.withholding, access.inspection_case, access.inspection_decision FROM PUBLIC;
REVOKE ALL ON FUNCTION access.keep_inspection_case(), access.inspection_due(text, timestamptz),
    access.appointment_behind(integer, text, timestamptz, text), access.inspect_glass(), access.refuse_inspectors_glass()
    FROM PUBLIC;
