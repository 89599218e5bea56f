-- What stands beside an officer's account, what officers did to one another, and limits shared by all workers.
-- The web role reads and writes none of these tables; it calls the functions.

CREATE TABLE access.officer_account (
    officer_id integer PRIMARY KEY,
    enrol_until timestamptz NOT NULL,  -- until then an account without a second factor may add its first
    epoch integer NOT NULL DEFAULT 1,  -- sessions of an earlier epoch are over
    must_change_password boolean NOT NULL DEFAULT false
);
-- Who has an account today was never asked for a second factor: a week to add one.
INSERT INTO access.officer_account (officer_id, enrol_until) SELECT id, now() + interval '7 days' FROM auth_user;

CREATE TABLE access.officer_act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer NOT NULL,
    act text NOT NULL,
    officer_id integer NOT NULL,
    appointment_id bigint,
    detail text NOT NULL DEFAULT ''
);
CREATE INDEX officer_act_by_officer ON access.officer_act (officer_id, done_at);
CREATE TRIGGER officer_act_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.officer_act
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

CREATE FUNCTION access.note_act(by_officer integer, act text, officer integer, appointment bigint, detail text)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO access.officer_act (by_officer, act, officer_id, appointment_id, detail)
    VALUES (by_officer, act, officer, appointment, coalesce(detail, ''))
$$;

-- Where an account stands. Accounts that the owner opened without a row here may enrol for a week.
CREATE FUNCTION access.officer_standing(officer integer)
RETURNS TABLE (epoch integer, may_enrol boolean, must_change_password boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT coalesce(a.epoch, 0), coalesce(a.enrol_until, u.date_joined + interval '7 days') > clock_timestamp(),
           coalesce(a.must_change_password, false)
    FROM auth_user u LEFT JOIN access.officer_account a ON a.officer_id = u.id WHERE u.id = officer AND u.is_active
$$;

-- Ends every session of the account: each carries the epoch it began in.
CREATE FUNCTION access.end_sessions(officer integer, by_officer integer, why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    INSERT INTO access.officer_account (officer_id, enrol_until)
    SELECT id, date_joined + interval '7 days' FROM auth_user WHERE id = end_sessions.officer
    ON CONFLICT (officer_id) DO UPDATE SET epoch = access.officer_account.epoch + 1;
    SELECT access.note_act(by_officer, 'sessions_ended', officer, NULL, why)
$$;

CREATE FUNCTION access.password_changed(officer integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT access.end_sessions(officer, officer, 'password changed');
    UPDATE access.officer_account SET must_change_password = false WHERE officer_id = officer
$$;

-- Turns taken lately: one table for every limit, so that several workers count together.
CREATE TABLE access.turn (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX turn_by_key ON access.turn (kind, key_hash, taken_at);
CREATE INDEX turn_by_time ON access.turn (taken_at);

-- Takes a turn if fewer than `allowed` were taken within the span; answers 0, or the seconds until the next is free.
-- A refused try takes no turn: whoever goes on knocking does not wait longer for it.
CREATE FUNCTION access.take_turn(kind text, key text, allowed integer, within interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    hash bytea := sha256(convert_to(take_turn.kind || ':' || take_turn.key, 'UTF8'));
    blocking timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(hash, 'hex'), 1));
    SELECT t.taken_at INTO blocking FROM access.turn t
    WHERE t.kind = take_turn.kind AND t.key_hash = hash AND t.taken_at > clock_timestamp() - within
    ORDER BY t.taken_at DESC OFFSET greatest(allowed - 1, 0) LIMIT 1;
    IF FOUND THEN
        RETURN greatest(1, ceil(extract(epoch FROM blocking + within - clock_timestamp())))::integer;
    END IF;
    INSERT INTO access.turn (kind, key_hash) VALUES (take_turn.kind, hash);
    DELETE FROM access.turn WHERE id IN (
        SELECT t.id FROM access.turn t WHERE t.taken_at < clock_timestamp() - interval '1 day'
        ORDER BY t.taken_at LIMIT 50 FOR UPDATE SKIP LOCKED);
    RETURN 0;
END $$;

CREATE FUNCTION access.forget_turns(kind text, key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    DELETE FROM access.turn t WHERE t.kind = forget_turns.kind
        AND t.key_hash = sha256(convert_to(forget_turns.kind || ':' || forget_turns.key, 'UTF8'))
$$;

REVOKE ALL ON access.officer_account, access.officer_act, access.turn FROM PUBLIC;
REVOKE ALL ON FUNCTION access.note_act(integer, text, integer, bigint, text), access.officer_standing(integer),
    access.end_sessions(integer, integer, text), access.password_changed(integer),
    access.take_turn(text, text, integer, interval), access.forget_turns(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.officer_standing(integer), access.end_sessions(integer, integer, text),
    access.password_changed(integer), access.take_turn(text, text, integer, interval),
    access.forget_turns(text, text) TO pccovid_web;
