-- Erasing the log of access itself after its years, and accounts of officers who have left.
--
-- The chain of the log stays: a link holds no name, only hashes. What goes are the entries of a range from the beginning, and
-- whom they showed. The range must have been anchored outside the database that many years ago; whoever verifies holds it to
-- the anchors, which the database cannot write, so that nobody can pass off younger entries as erased.

CREATE TABLE access.log_period (
    is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
    years integer NOT NULL CHECK (years >= 1),
    account_days integer NOT NULL CHECK (account_days >= 1),
    document text NOT NULL,
    verified boolean NOT NULL
);
-- A sealed summary for each range: how many entries for which purpose and office there were, and where the chain stood.
CREATE TABLE access.log_erasure (
    last_position bigint PRIMARY KEY,
    first_position bigint NOT NULL UNIQUE CHECK (first_position <= last_position),
    last_log_id bigint NOT NULL,
    hash bytea NOT NULL,
    cut_off timestamptz NOT NULL,
    erased_at timestamptz NOT NULL,
    summary jsonb NOT NULL,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE TRIGGER log_erasure_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.log_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_erasure_change();

DROP TRIGGER log_is_append_only ON access.log;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.log
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_log_change();
DROP TRIGGER disclosure_is_append_only ON access.disclosure;
CREATE TRIGGER disclosure_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_log_change();

-- The entries among these that something kept longer rests on: requests, consents, releases.
CREATE FUNCTION access.entries_rested_on(entries bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    one record;
    rested bigint[];
    found bigint[] := '{}';
BEGIN
    FOR one IN SELECT c.conrelid::regclass AS by_table, a.attname FROM pg_constraint c
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
               WHERE c.contype = 'f' AND c.confrelid = 'access.log'::regclass
                 AND c.conrelid <> 'access.disclosure'::regclass LOOP
        EXECUTE format('SELECT array_agg(DISTINCT %1$I) FROM %2$s WHERE %1$I = ANY ($1)', one.attname, one.by_table)
            INTO rested USING entries;
        found := found || coalesce(rested, '{}');
    END LOOP;
    RETURN found;
END $$;

-- Up to where the log may be erased: anchored before the period began.
CREATE FUNCTION access.log_due_until(as_of timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT max(a.position) FROM access.anchoring a, access.log_period p
    WHERE a.noted_at < as_of - make_interval(years => p.years)
$$;

-- Erases at most so many entries from the beginning; returns how many links the range had. What something rests on keeps its
-- line and loses whom it was about and who looked.
CREATE FUNCTION access.erase_log(as_of timestamptz, most integer, run uuid, batch integer, salt bytea) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    done bigint := coalesce((SELECT max(e.last_position) FROM access.log_erasure e), 0);
    due bigint := access.log_due_until(as_of);
    until bigint := least(due, done + most);
    entries bigint[];
    kept bigint[];
    told jsonb;
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    IF due IS NULL OR until <= done THEN  -- least() takes no notice of a NULL
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('pccovid log erasure'));
    SELECT array_agg(c.log_id) INTO entries FROM access.chain c WHERE c.position > done AND c.position <= until;
    kept := access.entries_rested_on(entries);
    SELECT coalesce(jsonb_object_agg(s.key, s.entries), '{}') INTO told FROM (
        SELECT l.purpose || '/' || l.role AS key, count(*) AS entries FROM access.log l WHERE l.id = ANY (entries) GROUP BY 1) s;
    INSERT INTO access.log_erasure (first_position, last_position, last_log_id, hash, cut_off, erased_at, summary)
    SELECT done + 1, until, (SELECT max(x) FROM unnest(entries) x), c.hash,
           as_of - make_interval(years => p.years), clock_timestamp(), told
    FROM access.chain c, access.log_period p WHERE c.position = until;
    DELETE FROM access.disclosure d WHERE d.log_id = ANY (entries);
    DELETE FROM access.log l WHERE l.id = ANY (entries) AND l.id <> ALL (kept);
    UPDATE access.log SET actor = '', office = '', scope_persons = '{}', scope_area = NULL, case_reference = NULL
    WHERE id = ANY (kept);
    PERFORM access.note_erasure(run, batch, 'access.log', 'period', as_of, entries::text[], salt);
    RETURN (until - done)::integer;
END $$;

-- Officers whose last office ended so many days ago, and who hold none that is still to begin: nothing signs them in any more.
CREATE FUNCTION access.closed_accounts(as_of timestamptz, days integer) RETURNS TABLE (officer integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT u.id FROM public.auth_user u
    WHERE EXISTS (SELECT 1 FROM access.appointment a WHERE a.officer_id = u.id)
      AND NOT EXISTS (SELECT 1 FROM access.appointment a WHERE a.officer_id = u.id
                      AND (a.valid_to IS NULL OR a.valid_to >= as_of - make_interval(days => days)))
$$;

-- What signs a closed account in goes after its days: factors, recovery codes, password. After the log's years the name
-- goes too: until then inspectors must know whom an entry names. Returns (accounts shut, names erased).
CREATE FUNCTION access.erase_accounts(
    as_of timestamptz, run uuid, batch integer, salt bytea, OUT shut integer, OUT erased integer
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    period access.log_period;
    closed integer[];
    nameless integer[];
    keys text[];
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    SELECT p.* INTO STRICT period FROM access.log_period p;
    SELECT array_agg(c.officer) INTO closed FROM access.closed_accounts(as_of, period.account_days) c;
    WITH gone AS (DELETE FROM access.officer_factor f WHERE f.officer_id = ANY (closed) RETURNING f.id)
    SELECT array_agg(g.id::text) INTO keys FROM gone g;
    PERFORM access.note_erasure(run, batch, 'access.officer_factor', 'period', as_of, keys, salt);
    WITH gone AS (DELETE FROM access.officer_recovery_code r WHERE r.officer_id = ANY (closed)
                  RETURNING r.officer_id, encode(r.code_hash, 'hex') AS code)
    SELECT array_agg(g.officer_id || ' ' || g.code) INTO keys FROM gone g;
    PERFORM access.note_erasure(run, batch, 'access.officer_recovery_code', 'period', as_of, keys, salt);
    WITH emptied AS (UPDATE auth_user SET password = '!', is_active = false
                     WHERE id = ANY (closed) AND password <> '!' RETURNING id)
    SELECT array_agg(e.id::text) INTO keys FROM emptied e;
    PERFORM access.note_erasure(run, batch, 'auth_user', 'emptied', as_of, keys, salt);
    shut := coalesce(cardinality(keys), 0);
    SELECT array_agg(c.officer) INTO nameless
    FROM access.closed_accounts(as_of - make_interval(years => period.years), 0) c
    JOIN auth_user u ON u.id = c.officer AND u.username <> 'erased-' || c.officer
    WHERE NOT EXISTS (SELECT 1 FROM access.log l WHERE l.actor_kind = 'officer' AND l.actor = c.officer::text);
    UPDATE auth_user SET username = 'erased-' || id, first_name = '', last_name = '', email = '', last_login = NULL
    WHERE id = ANY (nameless);
    DELETE FROM access.officer_account WHERE officer_id = ANY (nameless);
    PERFORM access.note_erasure(run, batch, 'auth_user', 'period', as_of, nameless::text[], salt);
    erased := coalesce(cardinality(nameless), 0);
END $$;

REVOKE ALL ON access.log_period, access.log_erasure FROM PUBLIC;
REVOKE ALL ON FUNCTION access.entries_rested_on(bigint[]), access.log_due_until(timestamptz),
    access.erase_log(timestamptz, integer, uuid, integer, bytea), access.closed_accounts(timestamptz, integer),
    access.erase_accounts(timestamptz, uuid, integer, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.log_due_until(timestamptz),
    access.erase_log(timestamptz, integer, uuid, integer, bytea),
    access.erase_accounts(timestamptz, uuid, integer, bytea) TO pccovid_jobs;
