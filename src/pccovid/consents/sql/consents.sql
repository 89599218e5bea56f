-- Consents: texts, decisions, and the functions that are the only way to them. Nobody but the owner reads or writes the tables.

-- Written from consents/rules.py when the database is prepared; what was once shown is never changed.
CREATE TABLE access.consent_text (
    purpose text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    language text NOT NULL CHECK (language IN ('vi', 'en')),
    title text NOT NULL CHECK (btrim(title) <> ''),
    body text NOT NULL CHECK (btrim(body) <> ''),
    valid_from timestamptz NOT NULL,
    valid_to timestamptz CHECK (valid_to > valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    digest text NOT NULL,  -- SHA-256 of purpose, version, language, title and body
    PRIMARY KEY (purpose, version, language)
);
CREATE FUNCTION access.keep_consent_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.digest := encode(sha256(convert_to(
            concat_ws(E'\n', NEW.purpose, NEW.version::text, NEW.language, NEW.title, NEW.body), 'UTF8')), 'hex');
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['valid_to', 'is_verified']
                            = to_jsonb(OLD) - ARRAY['valid_to', 'is_verified'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a text of consent is not changed: add another version' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER consent_text_is_kept BEFORE INSERT OR UPDATE OR DELETE ON access.consent_text
    FOR EACH ROW EXECUTE FUNCTION access.keep_consent_text();

CREATE TABLE access.consent_decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    purpose text NOT NULL,
    version integer NOT NULL,
    language text NOT NULL,
    gives boolean NOT NULL,
    shown_digest text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    log_id bigint NOT NULL REFERENCES access.log (id),
    FOREIGN KEY (purpose, version, language) REFERENCES access.consent_text (purpose, version, language)
);
CREATE INDEX consent_decision_by_person ON access.consent_decision (person_id, purpose, id);
CREATE FUNCTION access.refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decisions about consent are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER consent_decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.consent_decision
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_consent_change();
CREATE TRIGGER consent_text_is_not_emptied BEFORE TRUNCATE ON access.consent_text
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_consent_change();

-- The last decision about a purpose under any number the person was kept under. A consent counts only under the person's
-- present number: after a merge, which may be wrong, nobody is in a file by what another record said.
CREATE FUNCTION access.last_consent(person uuid, purpose text) RETURNS access.consent_decision
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT d FROM access.consent_decision d
    WHERE d.purpose = last_consent.purpose AND d.person_id IN (SELECT access.numbers_of_person(last_consent.person))
    ORDER BY d.id DESC LIMIT 1
$$;
CREATE FUNCTION access.consent_stands(person uuid, purpose text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM access.last_consent(consent_stands.person, consent_stands.purpose) d
        JOIN access.consent_text t ON t.purpose = d.purpose AND t.version = d.version AND t.language = d.language
        WHERE d.gives AND d.person_id = consent_stands.person AND d.shown_digest = t.digest
          AND t.valid_from <= clock_timestamp() AND (t.valid_to IS NULL OR t.valid_to > clock_timestamp()))
$$;

-- For policies and features: no without an opened access, about anybody out of its sight, and about an unknown purpose.
CREATE FUNCTION access.has_consent(person uuid, purpose text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp COST 500 AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL
       OR (entry.scope_kind IN ('own', 'person') AND NOT coalesce(person = ANY (entry.scope_persons), false))
       OR (entry.scope_area IS NOT NULL AND NOT access.person_lies_in(person, entry.scope_area)) THEN
        RETURN false;
    END IF;
    RETURN coalesce(access.consent_stands(person, has_consent.purpose), false);
END $$;

-- What may be decided now, in the asked language, and what stands. Inside the person's own opened access.
CREATE FUNCTION access.consents_of(person uuid, language text)
RETURNS TABLE (purpose text, version integer, text_language text, title text, body text, digest text,
               valid_from timestamptz, issuer text, document text, is_verified boolean, stands boolean,
               decided_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT t.purpose, t.version, t.language, t.title, t.body, t.digest, t.valid_from, t.issuer, t.document,
           t.is_verified, access.consent_stands(person, t.purpose),
           (SELECT d.decided_at FROM access.last_consent(person, t.purpose) d)
    FROM (SELECT DISTINCT ON (c.purpose) c.* FROM access.consent_text c
          WHERE c.language = consents_of.language AND c.valid_from <= clock_timestamp()
            AND (c.valid_to IS NULL OR c.valid_to > clock_timestamp())
          ORDER BY c.purpose, c.version DESC) t
    WHERE access.is_own_view(person) ORDER BY t.purpose DESC
$$;

-- Every decision with the text it was about, newest first; also those made before a merge.
CREATE FUNCTION access.consent_history_of(person uuid)
RETURNS TABLE (decision bigint, purpose text, version integer, text_language text, title text, gives boolean,
               decided_at timestamptz, shown_digest text, log_entry bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
    SELECT d.id, d.purpose, d.version, d.language, t.title, d.gives, d.decided_at, d.shown_digest, d.log_id
    FROM access.consent_decision d
    JOIN access.consent_text t ON t.purpose = d.purpose AND t.version = d.version AND t.language = d.language
    WHERE access.is_own_view(person) AND d.person_id IN (SELECT access.numbers_of_person(person)) ORDER BY d.id DESC
$$;

-- Only the person decides, for themselves: a guardian reads a child's consents and makes none.
CREATE FUNCTION access.check_own_decision(person uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'citizen' OR entry.scope_kind <> 'own' OR person IS NULL
       OR entry.actor <> person::text THEN
        RAISE EXCEPTION 'one decides for oneself' USING ERRCODE = 'PC451';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('consent ' || person, 0));
    RETURN entry.id;
END $$;

-- PC451: not one's own; PC452: what was shown is not the text in force. Giving what stands already changes nothing.
CREATE FUNCTION access.give_consent(person uuid, purpose text, version integer, language text, digest text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    entry bigint := access.check_own_decision(person);
    last access.consent_decision;
    made bigint;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM access.consent_text t
        WHERE t.purpose = give_consent.purpose AND t.version = give_consent.version
          AND t.language = give_consent.language AND t.digest = give_consent.digest
          AND t.valid_from <= clock_timestamp() AND (t.valid_to IS NULL OR t.valid_to > clock_timestamp())) THEN
        RAISE EXCEPTION 'not the text in force' USING ERRCODE = 'PC452';
    END IF;
    last := access.last_consent(person, give_consent.purpose);
    IF access.consent_stands(person, give_consent.purpose) AND last.version = give_consent.version THEN
        RETURN last.id;
    END IF;
    INSERT INTO access.consent_decision (person_id, purpose, version, language, gives, shown_digest, log_id)
    VALUES (person, give_consent.purpose, give_consent.version, give_consent.language, true, give_consent.digest, entry)
    RETURNING id INTO made;
    RETURN made;
END $$;

-- PC451. Always possible, whatever became of the text; NULL where nothing was given.
CREATE FUNCTION access.withdraw_consent(person uuid, purpose text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    entry bigint := access.check_own_decision(person);
    last access.consent_decision := access.last_consent(person, withdraw_consent.purpose);
    made bigint;
BEGIN
    IF last.gives IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    INSERT INTO access.consent_decision (person_id, purpose, version, language, gives, shown_digest, log_id)
    VALUES (person, last.purpose, last.version, last.language, false, last.shown_digest, entry) RETURNING id INTO made;
    RETURN made;
END $$;

REVOKE ALL ON access.consent_text, access.consent_decision FROM PUBLIC;
REVOKE ALL ON FUNCTION access.last_consent(uuid, text), access.consent_stands(uuid, text),
    access.has_consent(uuid, text), access.consents_of(uuid, text), access.consent_history_of(uuid),
    access.check_own_decision(uuid), access.give_consent(uuid, text, integer, text, text),
    access.withdraw_consent(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.consents_of(uuid, text), access.consent_history_of(uuid),
    access.give_consent(uuid, text, integer, text, text), access.withdraw_consent(uuid, text) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.has_consent(uuid, text) TO pccovid_web, pccovid_jobs;
