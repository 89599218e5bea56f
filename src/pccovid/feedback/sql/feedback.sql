-- Feedback, its photos and steps. Nobody but the owner reads or writes these tables. Who wrote is known to the person's own
-- pages alone; whoever opens a piece at the desk is written down.

CREATE TABLE access.feedback_transition (
    state text NOT NULL, act text NOT NULL, next_state text NOT NULL, PRIMARY KEY (state, act)
);
CREATE TABLE access.feedback_kind (code text PRIMARY KEY, role text NOT NULL, working_days integer NOT NULL);
CREATE TABLE access.feedback (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL REFERENCES access.feedback_kind (code),
    by_person uuid NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    role text NOT NULL,  -- the office whose turn it is
    area_code text,
    place text NOT NULL,
    words text NOT NULL CHECK (length(btrim(words)) BETWEEN 10 AND 2000),
    state text NOT NULL DEFAULT 'received',
    due_at timestamptz NOT NULL
);
CREATE INDEX feedback_by_person ON access.feedback (by_person);
CREATE INDEX feedback_open ON access.feedback (due_at) WHERE state <> 'answered';
CREATE TABLE access.feedback_photo (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feedback_id bigint NOT NULL REFERENCES access.feedback (id),
    sealed text NOT NULL CHECK (starts_with(sealed, 's:') AND length(sealed) < 4000000)
);
CREATE TABLE access.feedback_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feedback_id bigint NOT NULL REFERENCES access.feedback (id),
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act text NOT NULL,  -- 'read' where it was only opened
    officer_id integer NOT NULL,
    office text NOT NULL,
    told text NOT NULL DEFAULT '',  -- what the person reads
    note text NOT NULL DEFAULT ''
);
CREATE INDEX feedback_step_by_feedback ON access.feedback_step (feedback_id, id);
CREATE TRIGGER feedback_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.feedback_step
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- Sends. `area` is the commune that the place names; without one it goes where the person lives. PC441 no own access; PC442
-- too few words; PC443 ten in a day; PC445 no such kind.
CREATE FUNCTION access.send_feedback(kind text, area text, place text, words text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    of_kind access.feedback_kind;
    made bigint;
BEGIN
    IF own.scope_kind IS DISTINCT FROM 'own' THEN
        RAISE EXCEPTION 'no access is open' USING ERRCODE = 'PC441';
    END IF;
    SELECT k.* INTO of_kind FROM access.feedback_kind k WHERE k.code = kind;
    IF of_kind.code IS NULL OR (area IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = area)) THEN
        RAISE EXCEPTION 'no such kind or area' USING ERRCODE = 'PC445';
    END IF;
    IF length(btrim(coalesce(words, ''))) NOT BETWEEN 10 AND 2000 OR length(place) > 300 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC442';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('feedback ' || own.actor, 0));
    IF (SELECT count(*) FROM access.feedback f WHERE f.by_person::text = own.actor
        AND f.sent_at > clock_timestamp() - interval '1 day') >= 10 THEN
        RAISE EXCEPTION 'ten in a day' USING ERRCODE = 'PC443';
    END IF;
    INSERT INTO access.feedback (kind, by_person, role, area_code, place, words, due_at)
    SELECT of_kind.code, p.id, of_kind.role,
           coalesce(area, p.commune_code, p.district_code, p.province_code), btrim(place), btrim(words),
           access.end_of_day(access.after_working_days(access.local_date(clock_timestamp()), of_kind.working_days))
    FROM public.people_person p WHERE p.id::text = own.actor RETURNING id INTO made;
    RETURN made;
END $$;
CREATE FUNCTION access.add_feedback_photo(feedback bigint, sealed text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE own access.log := access.current_entry();
BEGIN
    PERFORM 1 FROM access.feedback f WHERE f.id = feedback AND own.scope_kind = 'own' AND f.by_person::text = own.actor
        AND f.state = 'received' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no feedback of this person' USING ERRCODE = 'PC441';
    END IF;
    IF (SELECT count(*) FROM access.feedback_photo p WHERE p.feedback_id = feedback) >= 3 THEN
        RAISE EXCEPTION 'three already' USING ERRCODE = 'PC446';
    END IF;
    INSERT INTO access.feedback_photo (feedback_id, sealed) VALUES (feedback, add_feedback_photo.sealed);
END $$;
CREATE FUNCTION access.feedback_of(person uuid)
RETURNS TABLE (number bigint, kind text, sent_at timestamptz, role text, area_code text, place text, words text,
               state text, due_at timestamptz, photos bigint, answer text, office text, answered_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT f.id, f.kind, f.sent_at, f.role, f.area_code, f.place, f.words, f.state, f.due_at,
           (SELECT count(*) FROM access.feedback_photo p WHERE p.feedback_id = f.id), s.told, s.office, s.done_at
    FROM access.feedback f LEFT JOIN LATERAL (
        SELECT * FROM access.feedback_step s WHERE s.feedback_id = f.id AND s.told <> '' ORDER BY s.id DESC LIMIT 1) s ON true
    WHERE access.is_own_view(person) AND person::text = (access.current_entry()).actor
      AND f.by_person IN (SELECT access.numbers_of_person(person)) ORDER BY f.id DESC
$$;

-- The desk: what was written to this office of this area. Nobody is named.
CREATE FUNCTION access.feedback_is_for(one access.feedback, role text, area text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT one.role = feedback_is_for.role
       AND (area IS NULL OR one.area_code = area OR access.area_lies_in(one.area_code, area))
$$;
CREATE FUNCTION access.feedback_queue(officer integer, through bigint, with_closed boolean, skipped integer, most integer)
RETURNS TABLE (number bigint, kind text, sent_at timestamptz, due_at timestamptz, is_late boolean, state text,
               area_code text, photos bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'commune_police']);
BEGIN
    RETURN QUERY
    SELECT f.id, f.kind, f.sent_at, f.due_at, f.state <> 'answered' AND clock_timestamp() >= f.due_at, f.state, f.area_code,
           (SELECT count(*) FROM access.feedback_photo p WHERE p.feedback_id = f.id)
    FROM access.feedback f
    WHERE access.feedback_is_for(f, held.role, held.area_code) AND (with_closed OR f.state <> 'answered')
    ORDER BY f.state = 'answered', f.due_at, f.id OFFSET skipped LIMIT most;
END $$;
CREATE FUNCTION access.feedback_waiting(officer integer, through bigint, OUT waiting bigint, OUT late bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'commune_police']);
BEGIN
    SELECT count(*), count(*) FILTER (WHERE clock_timestamp() >= f.due_at) INTO waiting, late
    FROM access.feedback f WHERE access.feedback_is_for(f, held.role, held.area_code) AND f.state <> 'answered';
END $$;

-- One piece, opened at the desk: that it was is written down. Nothing for another office's. PC421.
CREATE FUNCTION access.read_feedback(officer integer, through bigint, feedback bigint)
RETURNS TABLE (number bigint, kind text, sent_at timestamptz, area_code text, place text, words text, state text,
               due_at timestamptz, photos bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'commune_police']);
    one access.feedback;
BEGIN
    SELECT f.* INTO one FROM access.feedback f
    WHERE f.id = feedback AND access.feedback_is_for(f, held.role, held.area_code);
    IF one.id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO access.feedback_step (feedback_id, act, officer_id, office) VALUES (one.id, 'read', officer, held.office);
    RETURN QUERY SELECT one.id, one.kind, one.sent_at, one.area_code, one.place, one.words, one.state, one.due_at,
        ARRAY(SELECT p.id FROM access.feedback_photo p WHERE p.feedback_id = one.id ORDER BY p.id);
END $$;
CREATE FUNCTION access.feedback_steps_at_desk(officer integer, through bigint, feedback bigint)
RETURNS TABLE (done_at timestamptz, act text, officer_name text, office text, told text, note text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'commune_police']);
BEGIN
    RETURN QUERY SELECT s.done_at, s.act, coalesce(u.first_name, '')::text, s.office, s.told, s.note
    FROM access.feedback f JOIN access.feedback_step s ON s.feedback_id = f.id AND s.act <> 'read'
        LEFT JOIN public.auth_user u ON u.id = s.officer_id
    WHERE f.id = feedback AND access.feedback_is_for(f, held.role, held.area_code) ORDER BY s.id;
END $$;
CREATE FUNCTION access.read_feedback_photo(officer integer, through bigint, feedback bigint, photo bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'commune_police']);
BEGIN
    RETURN (SELECT p.sealed FROM access.feedback_photo p JOIN access.feedback f ON f.id = p.feedback_id
            WHERE p.id = photo AND f.id = feedback AND access.feedback_is_for(f, held.role, held.area_code));
END $$;
-- PC421; PC451 another office's; PC453 not in this state; PC454 too few words.
CREATE FUNCTION access.step_feedback(officer integer, through bigint, feedback bigint, act text, told text, note text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'commune_police']);
    one access.feedback;
    came_to text;
BEGIN
    SELECT f.* INTO one FROM access.feedback f
    WHERE f.id = feedback AND access.feedback_is_for(f, held.role, held.area_code) FOR UPDATE;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'another office''s' USING ERRCODE = 'PC451';
    END IF;
    SELECT t.next_state INTO came_to FROM access.feedback_transition t
    WHERE t.state = one.state AND t.act = step_feedback.act;
    IF came_to IS NULL THEN
        RAISE EXCEPTION 'not in this state' USING ERRCODE = 'PC453';
    END IF;
    IF length(btrim(CASE act WHEN 'answer' THEN told WHEN 'hand_over' THEN note ELSE 'nothing to say' END)) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC454';
    END IF;
    INSERT INTO access.feedback_step (feedback_id, act, officer_id, office, told, note)
    VALUES (one.id, act, officer, held.office, btrim(told), btrim(note));
    UPDATE access.feedback f SET state = came_to, role = CASE
        WHEN act <> 'hand_over' THEN f.role WHEN f.role = 'health_station' THEN 'commune_police' ELSE 'health_station' END
    WHERE f.id = one.id;
    RETURN came_to;
END $$;

REVOKE ALL ON access.feedback_transition, access.feedback_kind, access.feedback, access.feedback_photo,
    access.feedback_step FROM PUBLIC;
REVOKE ALL ON FUNCTION access.send_feedback(text, text, text, text), access.add_feedback_photo(bigint, text),
    access.feedback_of(uuid), access.feedback_is_for(access.feedback, text, text),
    access.feedback_queue(integer, bigint, boolean, integer, integer), access.feedback_waiting(integer, bigint),
    access.read_feedback(integer, bigint, bigint), access.feedback_steps_at_desk(integer, bigint, bigint),
    access.read_feedback_photo(integer, bigint, bigint, bigint),
    access.step_feedback(integer, bigint, bigint, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.send_feedback(text, text, text, text), access.add_feedback_photo(bigint, text),
    access.feedback_of(uuid), access.feedback_queue(integer, bigint, boolean, integer, integer),
    access.feedback_waiting(integer, bigint), access.read_feedback(integer, bigint, bigint),
    access.feedback_steps_at_desk(integer, bigint, bigint),
    access.read_feedback_photo(integer, bigint, bigint, bigint),
    access.step_feedback(integer, bigint, bigint, text, text, text) TO pccovid_web;
