-- Break-glass: one person's record outside the office's area or purpose, for a typed reason, for a quarter of an hour.
-- It works through access.open like every other read: the officer holds the office `break_glass` for these minutes,
-- and this trigger lets that office see the one person of an open glass and nobody else. Every row of access.log with
-- the role `break_glass` is therefore such a read; the citizen sees it like any other.

CREATE TABLE access.break_glass (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer_id integer NOT NULL,
    appointment_id bigint NOT NULL REFERENCES access.appointment (id),  -- the office it was broken from
    person_id uuid,  -- NULL while the person is sought; set once
    reason text NOT NULL CHECK (length(btrim(reason)) >= 20),
    broken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at timestamptz NOT NULL,
    reviewed_by integer,
    reviewed_at timestamptz,
    outcome text CHECK (outcome IN ('justified', 'unjustified', 'to_be_investigated')),
    review_note text NOT NULL DEFAULT '',
    CHECK (reviewed_by IS DISTINCT FROM officer_id),
    CHECK ((reviewed_at IS NULL) = (outcome IS NULL) AND (reviewed_at IS NULL) = (reviewed_by IS NULL))
);
CREATE INDEX break_glass_by_officer ON access.break_glass (officer_id, broken_at);
CREATE INDEX break_glass_waiting ON access.break_glass (broken_at) WHERE reviewed_at IS NULL;

-- Nothing but the person, once, and the review, once, may be written after the breaking; nothing is deleted.
CREATE FUNCTION access.keep_break_glass() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.reviewed_at IS NOT NULL OR (OLD.person_id IS NOT NULL AND NEW.person_id <> OLD.person_id)
       OR (NEW.officer_id, NEW.appointment_id, NEW.reason, NEW.broken_at, NEW.ends_at)
          IS DISTINCT FROM (OLD.officer_id, OLD.appointment_id, OLD.reason, OLD.broken_at, OLD.ends_at) THEN
        RAISE EXCEPTION 'a broken glass is not mended' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER break_glass_is_kept BEFORE UPDATE OR DELETE ON access.break_glass
    FOR EACH ROW EXECUTE FUNCTION access.keep_break_glass();

-- Breaks it. PC411: the office is not held; PC412: the reason says too little; PC413: five in a day, wait or ask.
CREATE FUNCTION access.break_glass(officer integer, appointment bigint, reason text, person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    held access.appointment;
    made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('break_glass', officer));
    SELECT a.* INTO held FROM access.appointment a JOIN auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = appointment AND a.officer_id = officer AND a.role <> 'break_glass'
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC411';
    END IF;
    IF length(btrim(coalesce(break_glass.reason, ''))) < 20 THEN
        RAISE EXCEPTION 'the reason says too little' USING ERRCODE = 'PC412';
    END IF;
    IF (SELECT count(*) FROM access.break_glass g
        WHERE g.officer_id = officer AND g.broken_at > clock_timestamp() - interval '1 day') >= 5 THEN
        RAISE EXCEPTION 'five in a day' USING ERRCODE = 'PC413';
    END IF;
    INSERT INTO access.break_glass (officer_id, appointment_id, person_id, reason, ends_at)
    VALUES (officer, held.id, person, btrim(break_glass.reason),
            least(clock_timestamp() + interval '15 minutes', held.valid_to))
    RETURNING id INTO made;
    INSERT INTO access.appointment
        (officer_id, role, area_code, office, valid_from, valid_to, appointed_by, appointed_through)
    SELECT officer, 'break_glass', NULL, held.office, g.broken_at, g.ends_at, 'break_glass ' || made, held.id
    FROM access.break_glass g WHERE g.id = made;
    PERFORM access.note_act(officer, 'glass_broken', officer, held.id, made::text);
    RETURN made;
END $$;

-- Names the person who was sought: once, by the officer who broke it, while it is open. False otherwise.
CREATE FUNCTION access.name_in_glass(officer integer, glass bigint, person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    UPDATE access.break_glass g SET person_id = person
    WHERE g.id = glass AND g.officer_id = officer AND g.person_id IS NULL AND g.ends_at > clock_timestamp();
    RETURN FOUND;
END $$;

-- The officer's own open glass; nothing for anybody else's or a closed one.
CREATE FUNCTION access.open_glass(officer integer, glass bigint)
RETURNS TABLE (person_id uuid, reason text, broken_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT g.person_id, g.reason, g.broken_at, g.ends_at FROM access.break_glass g
    WHERE g.id = glass AND g.officer_id = officer AND g.ends_at > clock_timestamp()
$$;

CREATE FUNCTION access.glasses_of(officer integer)
RETURNS TABLE (glass bigint, reason text, broken_at timestamptz, ends_at timestamptz, is_open boolean, found boolean,
               outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT g.id, g.reason, g.broken_at, g.ends_at, g.ends_at > clock_timestamp(), g.person_id IS NOT NULL, g.outcome
    FROM access.break_glass g WHERE g.officer_id = officer ORDER BY g.id DESC LIMIT 20
$$;

-- What the office `break_glass` may open: while a person is sought, names and numbers of all (logged as a search);
-- then this person alone.
CREATE FUNCTION access.check_break_glass() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM access.break_glass g
        JOIN access.appointment a ON a.id = g.appointment_id AND a.valid_from <= clock_timestamp()
            AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp())
        WHERE NEW.actor_kind = 'officer' AND g.officer_id::text = NEW.actor AND g.ends_at > clock_timestamp()
          AND NEW.case_reference = 'KC-' || g.id
          AND CASE NEW.purpose
              WHEN 'break_glass' THEN NEW.scope_kind = 'person' AND NEW.scope_persons = ARRAY[g.person_id]
              WHEN 'break_glass_search' THEN g.person_id IS NULL AND NEW.readable = ARRAY['identity']
              ELSE false END) THEN
        RAISE EXCEPTION 'no glass of this officer is broken for that' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_broken_glass_shows_one_person BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.role = 'break_glass' OR NEW.purpose IN ('break_glass', 'break_glass_search'))
    EXECUTE FUNCTION access.check_break_glass();

-- For the inspector's desk: glasses broken from offices in the inspector's area, those not reviewed first.
CREATE FUNCTION access.glasses_to_review(inspector integer)
RETURNS TABLE (glass bigint, officer integer, officer_name text, role text, area_code text, office text, person uuid,
               reason text, broken_at timestamptz, ends_at timestamptz, reviewed_by integer, reviewed_at timestamptz,
               outcome text, review_note text, openings integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT g.id, g.officer_id, u.first_name::text, a.role, a.area_code, a.office, g.person_id, g.reason, g.broken_at,
           g.ends_at, g.reviewed_by, g.reviewed_at, g.outcome, g.review_note,
           (SELECT count(*)::integer FROM access.log l WHERE l.actor_kind = 'officer'
            AND l.actor = g.officer_id::text AND l.case_reference = 'KC-' || g.id)
    FROM access.break_glass g JOIN access.appointment a ON a.id = g.appointment_id
    JOIN auth_user u ON u.id = g.officer_id
    WHERE g.officer_id <> inspector AND EXISTS (
        SELECT 1 FROM access.appointment i WHERE i.officer_id = inspector AND i.role = 'inspector'
        AND i.valid_from <= clock_timestamp() AND (i.valid_to IS NULL OR i.valid_to > clock_timestamp())
        AND (i.area_code IS NULL OR access.area_lies_in(a.area_code, i.area_code)))
    ORDER BY g.reviewed_at IS NULL DESC, g.id DESC LIMIT 200
$$;

-- Writes the decision, once. PC411: no inspector of that area; the officer's own glass is never theirs to review.
CREATE FUNCTION access.review_break_glass(inspector integer, glass bigint, outcome text, note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM access.glasses_to_review(inspector) q
                   WHERE q.glass = review_break_glass.glass AND q.reviewed_at IS NULL) THEN
        RAISE EXCEPTION 'not for this inspector to review' USING ERRCODE = 'PC411';
    END IF;
    UPDATE access.break_glass g SET reviewed_by = inspector, reviewed_at = clock_timestamp(),
        outcome = review_break_glass.outcome, review_note = coalesce(note, '') WHERE g.id = review_break_glass.glass;
    PERFORM access.note_act(inspector, 'glass_reviewed', g.officer_id, g.appointment_id, g.id || ' ' || g.outcome)
    FROM access.break_glass g WHERE g.id = review_break_glass.glass;
END $$;

REVOKE ALL ON access.break_glass FROM PUBLIC;
REVOKE ALL ON FUNCTION access.break_glass(integer, bigint, text, uuid), access.name_in_glass(integer, bigint, uuid),
    access.open_glass(integer, bigint), access.glasses_of(integer), access.glasses_to_review(integer),
    access.review_break_glass(integer, bigint, text, text), access.check_break_glass(), access.keep_break_glass()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.break_glass(integer, bigint, text, uuid),
    access.name_in_glass(integer, bigint, uuid), access.open_glass(integer, bigint), access.glasses_of(integer),
    access.glasses_to_review(integer), access.review_break_glass(integer, bigint, text, text) TO pccovid_web;
