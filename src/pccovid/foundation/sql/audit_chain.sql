-- The log of access as a chain: each entry's hash covers its content, the persons it showed, and the hash before it.
--
-- Writing an access must not wait for another's, so entries are chained afterwards, in the order of their numbers, as soon
-- as no transaction that could still add an earlier one is open. What lies behind that horizon and is not in the chain
-- was slipped in later (chaining.sql).
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

REVOKE ALL ON access.chain, access.chain_run FROM PUBLIC;
REVOKE ALL ON FUNCTION access.entry_content(access.log) FROM PUBLIC;
-- The end of the chain is no secret: it is what anchors are made of.
GRANT SELECT ON access.chain TO pccovid_jobs;
