-- The log of access as a chain: each entry's hash covers its content, the persons it showed, and the hash before it.
--
-- Writing an access must not wait for another's, so entries are chained afterwards, in the order of their numbers, as soon
-- as no transaction that could still add an earlier one is open. What lies behind that horizon and is not in the chain
-- was slipped in later.
CREATE TABLE access.chain (
    position bigint PRIMARY KEY,
    log_id bigint NOT NULL UNIQUE,
    content bytea NOT NULL,
    hash bytea NOT NULL
);
-- Every run that chained something: up to which transaction all entries were taken.
CREATE TABLE access.chain_run (
    last_position bigint PRIMARY KEY,
    horizon xid8 NOT NULL,
    chained_at timestamptz NOT NULL
);
CREATE TRIGGER chain_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.chain
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
CREATE TRIGGER chain_run_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.chain_run
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- The digest of one entry with everything it showed.
CREATE FUNCTION access.entry_content(entry access.log) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
    SELECT sha256(convert_to(
        jsonb_build_array(
            entry.id, entry.opened_at, entry.transaction_id::text, entry.actor_kind, entry.actor, entry.role, entry.office,
            entry.purpose, entry.legal_basis, entry.scope_kind, entry.scope_persons, entry.scope_area,
            entry.case_reference, entry.readable, entry.writable, entry.connected_as,
            (SELECT jsonb_agg(jsonb_build_array(d.person_id, d.categories) ORDER BY d.person_id)
             FROM access.disclosure d WHERE d.log_id = entry.id))::text, 'UTF8'))
$$;

-- Chains at most `most` entries; returns how many. One at a time: who comes second finds nothing to do.
CREATE FUNCTION access.extend_chain(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    -- Everything before this is in the chain.
    done xid8 := coalesce((SELECT max(r.horizon) FROM access.chain_run r), '0'::xid8);
    last_position bigint;
    last_hash bytea;
    entry access.log;
    digest bytea;
    added integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('pccovid audit chain')) THEN
        RETURN 0;
    END IF;
    SELECT c.position, c.hash INTO last_position, last_hash FROM access.chain c ORDER BY c.position DESC LIMIT 1;
    last_position := coalesce(last_position, 0);
    last_hash := coalesce(last_hash, ''::bytea);
    FOR entry IN
        SELECT l.* FROM access.log l LEFT JOIN access.chain c ON c.log_id = l.id
        WHERE c.log_id IS NULL AND l.transaction_id < horizon
          AND l.transaction_id >= done
        ORDER BY l.id LIMIT most
    LOOP
        digest := access.entry_content(entry);
        last_position := last_position + 1;
        last_hash := sha256(last_hash || digest);
        INSERT INTO access.chain (position, log_id, content, hash) VALUES (last_position, entry.id, digest, last_hash);
        added := added + 1;
    END LOOP;
    IF added > 0 AND added < most THEN
        INSERT INTO access.chain_run (last_position, horizon, chained_at)
        VALUES (last_position, horizon, clock_timestamp());
    END IF;
    RETURN added;
END $$;

REVOKE ALL ON access.chain, access.chain_run FROM PUBLIC;
REVOKE ALL ON FUNCTION access.extend_chain(integer), access.entry_content(access.log) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.extend_chain(integer) TO pccovid_jobs;
-- The end of the chain is no secret: it is what anchors are made of.
GRANT SELECT ON access.chain TO pccovid_jobs;
