-- Officers' second factors. Secrets of one-time codes are sealed with a key the database does not have.

CREATE TABLE access.officer_factor (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer_id integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('totp', 'passkey')),
    label text NOT NULL,
    secret bytea,          -- totp: sealed
    credential_id bytea UNIQUE,
    credential bytea,      -- passkey: the public key as the authenticator attested it
    uses bigint NOT NULL DEFAULT 0,  -- totp: the last time step used; passkey: the authenticator's counter
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    confirmed_at timestamptz,
    used_at timestamptz,
    removed_at timestamptz,
    CHECK ((kind = 'totp') = (secret IS NOT NULL)),
    CHECK ((kind = 'passkey') = (credential IS NOT NULL AND credential_id IS NOT NULL))
);
CREATE INDEX officer_factor_by_officer ON access.officer_factor (officer_id) WHERE removed_at IS NULL;

CREATE TABLE access.officer_recovery_code (
    officer_id integer NOT NULL,
    code_hash bytea NOT NULL,  -- keyed
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at timestamptz,
    PRIMARY KEY (officer_id, code_hash)
);

CREATE FUNCTION access.factors_of(officer integer)
RETURNS TABLE (id bigint, kind text, label text, secret bytea, credential bytea, uses bigint, is_confirmed boolean,
               added_at timestamptz, used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT f.id, f.kind, f.label, f.secret, f.credential, f.uses, f.confirmed_at IS NOT NULL, f.added_at, f.used_at
    FROM access.officer_factor f WHERE f.officer_id = officer AND f.removed_at IS NULL ORDER BY f.id
$$;

-- One unconfirmed secret at a time; it counts as a factor only after a code of it was shown.
CREATE FUNCTION access.begin_totp(officer integer, secret bytea, label text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    DELETE FROM access.officer_factor f WHERE f.officer_id = officer AND f.confirmed_at IS NULL;
    INSERT INTO access.officer_factor (officer_id, kind, label, secret)
    VALUES (officer, 'totp', begin_totp.label, begin_totp.secret) RETURNING id
$$;

-- True once for each time step, whichever worker asks: a code seen over a shoulder is already spent.
CREATE FUNCTION access.use_totp(officer integer, factor bigint, step bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE was_confirmed boolean;
BEGIN
    SELECT confirmed_at IS NOT NULL INTO was_confirmed FROM access.officer_factor WHERE id = factor FOR UPDATE;
    UPDATE access.officer_factor SET uses = step, used_at = clock_timestamp(),
        confirmed_at = coalesce(confirmed_at, clock_timestamp())
    WHERE id = factor AND officer_id = officer AND kind = 'totp' AND removed_at IS NULL AND uses < step;
    IF FOUND AND NOT was_confirmed THEN
        PERFORM access.note_act(officer, 'factor_added', officer, NULL, 'totp');
    END IF;
    RETURN FOUND;
END $$;

CREATE FUNCTION access.add_passkey(officer integer, credential_id bytea, credential bytea, uses bigint, label text)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT access.note_act(officer, 'factor_added', officer, NULL, 'passkey');
    INSERT INTO access.officer_factor (officer_id, kind, label, credential_id, credential, uses, confirmed_at)
    VALUES (officer, 'passkey', add_passkey.label, add_passkey.credential_id, add_passkey.credential,
            add_passkey.uses, clock_timestamp()) RETURNING id
$$;

-- The counter must grow, or stay at zero where the authenticator keeps none (WebAuthn, section 7.2).
CREATE FUNCTION access.use_passkey(officer integer, factor bigint, counter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    UPDATE access.officer_factor SET uses = counter, used_at = clock_timestamp()
    WHERE id = factor AND officer_id = officer AND kind = 'passkey' AND removed_at IS NULL
      AND (uses < counter OR (uses = 0 AND counter = 0));
    RETURN FOUND;
END $$;

-- False where it would leave the account without any.
CREATE FUNCTION access.remove_factor(officer integer, factor bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    PERFORM 1 FROM access.officer_factor WHERE officer_id = officer FOR UPDATE;
    UPDATE access.officer_factor f SET removed_at = clock_timestamp()
    WHERE f.id = factor AND f.officer_id = officer AND f.removed_at IS NULL
      AND EXISTS (SELECT 1 FROM access.officer_factor o WHERE o.officer_id = officer AND o.id <> factor
                  AND o.removed_at IS NULL AND o.confirmed_at IS NOT NULL);
    IF FOUND THEN
        PERFORM access.note_act(officer, 'factor_removed', officer, NULL, factor::text);
    END IF;
    RETURN FOUND;
END $$;

CREATE FUNCTION access.keep_recovery_codes(officer integer, hashes bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT access.note_act(officer, 'recovery_codes_made', officer, NULL, NULL);
    DELETE FROM access.officer_recovery_code WHERE officer_id = officer;
    INSERT INTO access.officer_recovery_code (officer_id, code_hash) SELECT officer, h FROM unnest(hashes) h
$$;

CREATE FUNCTION access.use_recovery_code(officer integer, hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    UPDATE access.officer_recovery_code SET used_at = clock_timestamp()
    WHERE officer_id = officer AND code_hash = hash AND used_at IS NULL;
    IF FOUND THEN
        PERFORM access.note_act(officer, 'recovery_code_used', officer, NULL, NULL);
        RETURN true;
    END IF;
    RETURN false;
END $$;

CREATE FUNCTION access.recovery_codes_left(officer integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT count(*)::integer FROM access.officer_recovery_code WHERE officer_id = officer AND used_at IS NULL
$$;

REVOKE ALL ON access.officer_factor, access.officer_recovery_code FROM PUBLIC;
REVOKE ALL ON FUNCTION access.factors_of(integer), access.begin_totp(integer, bytea, text),
    access.use_totp(integer, bigint, bigint), access.add_passkey(integer, bytea, bytea, bigint, text),
    access.use_passkey(integer, bigint, bigint), access.remove_factor(integer, bigint),
    access.keep_recovery_codes(integer, bytea[]), access.use_recovery_code(integer, bytea),
    access.recovery_codes_left(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.factors_of(integer), access.begin_totp(integer, bytea, text),
    access.use_totp(integer, bigint, bigint), access.add_passkey(integer, bytea, bytea, bigint, text),
    access.use_passkey(integer, bigint, bigint), access.remove_factor(integer, bigint),
    access.keep_recovery_codes(integer, bytea[]), access.use_recovery_code(integer, bytea),
    access.recovery_codes_left(integer) TO pccovid_web;
