-- Appointing by superiors. A head holds an office in an area and gives that same office on: never another office,
-- never outside the area, never longer than the head's own appointment or the office's longest term.

ALTER TABLE access.appointment
    ADD COLUMN is_head boolean NOT NULL DEFAULT false,
    ADD COLUMN appointed_through bigint REFERENCES access.appointment (id);

-- Filled from officers/offices.py whenever a database is prepared.
CREATE TABLE access.office_term (
    role text PRIMARY KEY,
    longest_days integer NOT NULL CHECK (longest_days > 0),
    needs_area boolean NOT NULL
);

CREATE FUNCTION access.offices_of(officer integer)
RETURNS TABLE (appointment bigint, role text, area_code text, office text, valid_to timestamptz, is_head boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT a.id, a.role, a.area_code, a.office, a.valid_to, a.is_head FROM access.appointment a
    WHERE a.officer_id = officer AND a.role <> 'break_glass'
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp())
    ORDER BY a.role, a.area_code NULLS FIRST, a.id
$$;

-- The head's appointment, if it is one, in force, of an active account. SQLSTATE PC401 otherwise.
CREATE FUNCTION access.head_appointment(head integer, through bigint) RETURNS access.appointment
LANGUAGE plpgsql STABLE SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = head AND a.is_head AND a.role <> 'break_glass'
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not the head of an office' USING ERRCODE = 'PC401';
    END IF;
    RETURN held;
END $$;

-- Whether an appointment lies under a head's: the same office, in the area, and not a head of that very area.
CREATE FUNCTION access.lies_under(lower access.appointment, head access.appointment) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT lower.role = head.role AND lower.id <> head.id AND lower.officer_id <> head.officer_id
       AND (head.area_code IS NULL
            OR (lower.area_code IS NOT NULL AND access.area_lies_in(lower.area_code, head.area_code)))
       AND NOT (lower.is_head AND lower.area_code IS NOT DISTINCT FROM head.area_code)
$$;

-- PC401 no head, PC402 outside the area, PC403 too long, PC404 oneself, PC405 no such account, PC406 not as a head.
CREATE FUNCTION access.appoint(
    head integer, through bigint, officer integer, area text, office text, until timestamptz, as_head boolean
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.head_appointment(head, through);
    term access.office_term;
    made bigint;
BEGIN
    IF officer = head THEN
        RAISE EXCEPTION 'nobody appoints themselves' USING ERRCODE = 'PC404';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM auth_user u WHERE u.id = appoint.officer) THEN
        RAISE EXCEPTION 'no such account' USING ERRCODE = 'PC405';
    END IF;
    SELECT t.* INTO term FROM access.office_term t WHERE t.role = held.role;
    IF term IS NULL OR (area IS NULL AND (term.needs_area OR held.area_code IS NOT NULL))
       OR (area IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access.area r WHERE r.code = appoint.area))
       OR (held.area_code IS NOT NULL AND NOT access.area_lies_in(area, held.area_code)) THEN
        RAISE EXCEPTION 'outside the area' USING ERRCODE = 'PC402';
    END IF;
    IF until IS NULL OR until <= clock_timestamp() OR until > clock_timestamp() + make_interval(days => term.longest_days)
       OR until > held.valid_to THEN
        RAISE EXCEPTION 'longer than the head may give' USING ERRCODE = 'PC403';
    END IF;
    IF as_head AND area IS NOT DISTINCT FROM held.area_code THEN
        RAISE EXCEPTION 'a head makes heads of smaller areas only' USING ERRCODE = 'PC406';
    END IF;
    INSERT INTO access.appointment
        (officer_id, role, area_code, office, valid_from, valid_to, appointed_by, is_head, appointed_through)
    VALUES (officer, held.role, area, appoint.office, clock_timestamp(), until, 'officer ' || head, as_head, held.id)
    RETURNING id INTO made;
    UPDATE auth_user SET is_active = true WHERE id = officer AND NOT is_active;
    PERFORM access.note_act(head, 'appointed', officer, made, held.role || ' ' || coalesce(area, '') || ' ' || until);
    RETURN made;
END $$;

-- Ends it at once with every session of the officer. PC401, PC402.
CREATE FUNCTION access.end_appointment(head integer, through bigint, appointment bigint, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.head_appointment(head, through);
    ended access.appointment;
BEGIN
    SELECT a.* INTO ended FROM access.appointment a WHERE a.id = end_appointment.appointment
        AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp()) FOR UPDATE;
    IF NOT FOUND OR NOT access.lies_under(ended, held) THEN
        RAISE EXCEPTION 'not under this head' USING ERRCODE = 'PC402';
    END IF;
    UPDATE access.appointment a SET valid_to = greatest(clock_timestamp(), a.valid_from + interval '1 microsecond')
    WHERE a.id = ended.id
       OR (a.role = 'break_glass' AND a.appointed_through = ended.id AND a.valid_to > clock_timestamp());
    UPDATE auth_user SET is_active = false WHERE id = ended.officer_id AND NOT EXISTS (
        SELECT 1 FROM access.appointment a WHERE a.officer_id = ended.officer_id
        AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp()));
    PERFORM access.note_act(head, 'appointment_ended', ended.officer_id, ended.id, why);
    PERFORM access.end_sessions(ended.officer_id, head, 'appointment ended');
END $$;

-- Opens an account without any office; it can do nothing until it is appointed. PC401; PC407: the name is taken.
CREATE FUNCTION access.enrol_officer(
    head integer, through bigint, username text, full_name text, password_hash text
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE made integer;
BEGIN
    PERFORM access.head_appointment(head, through);
    BEGIN
        INSERT INTO auth_user (username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                               date_joined)
        VALUES (lower(enrol_officer.username), full_name, '', '', password_hash, false, false, true, clock_timestamp())
        RETURNING id INTO made;
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION 'the name is taken' USING ERRCODE = 'PC407';
    END;
    INSERT INTO access.officer_account (officer_id, enrol_until, must_change_password)
    VALUES (made, clock_timestamp() + interval '7 days', true);
    PERFORM access.note_act(head, 'account_opened', made, NULL, '');
    RETURN made;
END $$;

CREATE FUNCTION access.officer_number(head integer, through bigint, username text) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
BEGIN
    PERFORM access.head_appointment(head, through);
    RETURN (SELECT u.id FROM auth_user u WHERE u.username = lower(officer_number.username));
END $$;

-- For whoever lost all factors: everything of theirs goes, a day to enrol anew, a password that must be changed.
-- Only where every office the officer holds lies under the head, so that a small office never opens a larger one.
CREATE FUNCTION access.reset_officer(head integer, through bigint, officer integer, password_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment := access.head_appointment(head, through);
BEGIN
    IF (SELECT count(*) = 0 OR NOT bool_and(access.lies_under(a, held)) FROM access.appointment a
        WHERE a.officer_id = reset_officer.officer AND a.role <> 'break_glass'
          AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp())) THEN
        RAISE EXCEPTION 'not wholly under this head' USING ERRCODE = 'PC402';
    END IF;
    UPDATE access.officer_factor SET removed_at = clock_timestamp() WHERE officer_id = officer AND removed_at IS NULL;
    DELETE FROM access.officer_recovery_code WHERE officer_id = officer;
    UPDATE auth_user SET password = password_hash WHERE id = officer;
    PERFORM access.end_sessions(officer, head, 'factors reset');
    UPDATE access.officer_account SET enrol_until = clock_timestamp() + interval '1 day', must_change_password = true
    WHERE officer_id = officer;
    PERFORM access.note_act(head, 'factors_reset', officer, NULL, '');
END $$;

-- Who holds what under this head, in force or ended within the last thirty days.
CREATE FUNCTION access.staff_under(head integer, through bigint)
RETURNS TABLE (appointment bigint, officer integer, username text, full_name text, area_code text, office text,
               valid_from timestamptz, valid_to timestamptz, is_head boolean, appointed_by text, is_enrolled boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE held access.appointment := access.head_appointment(head, through);
BEGIN
    RETURN QUERY
    SELECT a.id, u.id, u.username::text, u.first_name::text, a.area_code, a.office, a.valid_from, a.valid_to, a.is_head,
           a.appointed_by, EXISTS (SELECT 1 FROM access.officer_factor f WHERE f.officer_id = u.id
                                   AND f.removed_at IS NULL AND f.confirmed_at IS NOT NULL)
    FROM access.appointment a JOIN auth_user u ON u.id = a.officer_id
    WHERE access.lies_under(a, held) AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp() - interval '30 days')
    ORDER BY (a.valid_to IS NULL OR a.valid_to > clock_timestamp()) DESC, a.area_code, u.username, a.id LIMIT 500;
END $$;

REVOKE ALL ON access.office_term FROM PUBLIC;
REVOKE ALL ON FUNCTION access.offices_of(integer), access.head_appointment(integer, bigint),
    access.lies_under(access.appointment, access.appointment),
    access.appoint(integer, bigint, integer, text, text, timestamptz, boolean),
    access.end_appointment(integer, bigint, bigint, text), access.enrol_officer(integer, bigint, text, text, text),
    access.officer_number(integer, bigint, text), access.reset_officer(integer, bigint, integer, text),
    access.staff_under(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.offices_of(integer),
    access.appoint(integer, bigint, integer, text, text, timestamptz, boolean),
    access.end_appointment(integer, bigint, bigint, text), access.enrol_officer(integer, bigint, text, text, text),
    access.officer_number(integer, bigint, text), access.reset_officer(integer, bigint, integer, text),
    access.staff_under(integer, bigint) TO pccovid_web;
