-- Passkeys of citizens: kept by the person inside their own access, found by their own number when somebody signs in. Nobody
-- but the owner reads or writes the table. A passkey goes with its person through a merge.
CREATE TABLE access.own_passkey (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    credential_id bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 16 AND 1023),
    credential bytea NOT NULL,  -- the public key as the authenticator made it
    uses bigint NOT NULL DEFAULT 0,  -- the authenticator's counter
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
    level smallint,  -- of the identity with which it was added; NULL by phone
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at timestamptz
);
CREATE INDEX own_passkey_by_person ON access.own_passkey (person_id);

-- Who has opened their own record in this transaction. PC441: nobody.
CREATE FUNCTION access.own_actor() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
DECLARE own access.log := access.current_entry();
BEGIN
    IF own.scope_kind IS DISTINCT FROM 'own' THEN
        RAISE EXCEPTION 'no own record is open' USING ERRCODE = 'PC441';
    END IF;
    RETURN own.actor::uuid;
END $$;

-- PC443: five already.
CREATE FUNCTION access.add_own_passkey(credential_id bytea, credential bytea, counter bigint, label text, level smallint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    person uuid := access.own_actor();
    made bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('own passkey ' || person, 0));
    IF (SELECT count(*) FROM access.own_passkey k WHERE k.person_id IN (SELECT access.numbers_of_person(person))) >= 5 THEN
        RAISE EXCEPTION 'five already' USING ERRCODE = 'PC443';
    END IF;
    INSERT INTO access.own_passkey (person_id, credential_id, credential, uses, label, level)
    VALUES (person, credential_id, credential, counter, label, level) RETURNING id INTO made;
    RETURN made;
END $$;
CREATE FUNCTION access.own_passkeys()
RETURNS TABLE (passkey bigint, label text, added_at timestamptz, used_at timestamptz, credential bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
#variable_conflict use_column
DECLARE person uuid := access.own_actor();
BEGIN
    RETURN QUERY SELECT k.id, k.label, k.added_at, k.used_at, k.credential FROM access.own_passkey k
    WHERE k.person_id IN (SELECT access.numbers_of_person(person)) ORDER BY k.id;
END $$;
CREATE FUNCTION access.drop_own_passkey(passkey bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE person uuid := access.own_actor();
BEGIN
    DELETE FROM access.own_passkey k WHERE k.id = passkey AND k.person_id IN (SELECT access.numbers_of_person(person));
    RETURN FOUND;
END $$;

-- Whose passkey this is, as they stand by now; nobody for a number that was never given. Needs no opened access: the number is
-- the authenticator's own, of sixteen random bytes at least.
CREATE FUNCTION access.passkey_signing_in(credential_id bytea)
RETURNS TABLE (passkey bigint, person uuid, credential bytea, level smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    WITH RECURSIVE held AS (
        SELECT k.* FROM access.own_passkey k WHERE k.credential_id = passkey_signing_in.credential_id
    ), one AS (
        SELECT h.person_id AS id, p.merged_into_id FROM held h JOIN public.people_person p ON p.id = h.person_id
        UNION SELECT p.id, p.merged_into_id FROM public.people_person p JOIN one ON p.id = one.merged_into_id)
    SELECT h.id, one.id, h.credential, h.level FROM held h CROSS JOIN one WHERE one.merged_into_id IS NULL
$$;
-- Notes a use; false where the counter did not grow: then it was copied.
CREATE FUNCTION access.use_own_passkey(passkey bigint, counter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    UPDATE access.own_passkey k SET uses = counter, used_at = clock_timestamp()
    WHERE k.id = passkey AND (k.uses < counter OR (k.uses = 0 AND counter = 0));
    RETURN FOUND;
END $$;

REVOKE ALL ON access.own_passkey FROM PUBLIC;
REVOKE ALL ON FUNCTION access.own_actor(), access.add_own_passkey(bytea, bytea, bigint, text, smallint),
    access.own_passkeys(), access.drop_own_passkey(bigint), access.passkey_signing_in(bytea),
    access.use_own_passkey(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.add_own_passkey(bytea, bytea, bigint, text, smallint), access.own_passkeys(),
    access.drop_own_passkey(bigint), access.passkey_signing_in(bytea), access.use_own_passkey(bigint, bigint)
    TO pccovid_web;
