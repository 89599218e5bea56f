-- Putting the log's entries into the chain (audit_chain.sql), on whichever server, and noting where it was anchored.

-- Which server chained: each counts its transactions anew, and so does a restored log's new home.
ALTER TABLE access.chain_run ADD COLUMN server bigint NOT NULL DEFAULT 0;
ALTER TABLE access.chain_run DISABLE TRIGGER chain_run_is_append_only;
UPDATE access.chain_run SET server = (SELECT system_identifier FROM pg_control_system());
ALTER TABLE access.chain_run ENABLE TRIGGER chain_run_is_append_only;
ALTER TABLE access.chain_run ALTER COLUMN server DROP DEFAULT;

-- Up to which transaction of this very server everything is in the chain.
CREATE FUNCTION access.chained_until() RETURNS xid8
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce(max(r.horizon), '0'::xid8) FROM access.chain_run r
    WHERE r.server = (SELECT system_identifier FROM pg_control_system())
$$;

-- Chains at most `most` entries; returns how many. One at a time: who comes second finds nothing to do. Runs keep one another
-- out by a lock on the table of runs: an advisory lock could be taken by any role, which would stop the chain. After a restore
-- the log goes on being chained: a number that this server has not handed out yet is of another, and its entry can wait for
-- nobody.
CREATE OR REPLACE FUNCTION access.extend_chain(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
    not_handed_out xid8 := pg_snapshot_xmax(pg_current_snapshot());
    done xid8 := access.chained_until();
    last_position bigint;
    last_hash bytea;
    entry access.log;
    digest bytea;
    added integer := 0;
BEGIN
    BEGIN
        LOCK TABLE access.chain_run IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    EXCEPTION WHEN lock_not_available THEN
        RETURN 0;
    END;
    SELECT c.position, c.hash INTO last_position, last_hash FROM access.chain c ORDER BY c.position DESC LIMIT 1;
    last_position := coalesce(last_position, 0);
    last_hash := coalesce(last_hash, ''::bytea);
    FOR entry IN
        SELECT l.* FROM access.log l LEFT JOIN access.chain c ON c.log_id = l.id
        WHERE c.log_id IS NULL
          AND ((l.transaction_id < horizon AND l.transaction_id >= done) OR l.transaction_id > not_handed_out)
        ORDER BY l.id LIMIT most
    LOOP
        digest := access.entry_content(entry);
        last_position := last_position + 1;
        last_hash := sha256(last_hash || digest);
        INSERT INTO access.chain (position, log_id, content, hash) VALUES (last_position, entry.id, digest, last_hash);
        added := added + 1;
    END LOOP;
    IF added > 0 AND added < most THEN
        INSERT INTO access.chain_run (last_position, horizon, chained_at, server)
        SELECT last_position, horizon, clock_timestamp(), s.system_identifier FROM pg_control_system() s;
    END IF;
    RETURN added;
END $$;

-- That an anchor was written is noted here as well: an anchors' file that was removed or cut is missed.
CREATE TABLE access.anchoring (
    position bigint PRIMARY KEY,
    hash bytea NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER anchoring_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.anchoring
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
-- Only what stands in the chain can be noted.
CREATE FUNCTION access.note_anchor(anchored bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    INSERT INTO access.anchoring (position, hash)
    SELECT c.position, c.hash FROM access.chain c WHERE c.position = anchored ON CONFLICT DO NOTHING
$$;

REVOKE ALL ON access.anchoring FROM PUBLIC;
REVOKE ALL ON FUNCTION access.note_anchor(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.note_anchor(bigint) TO pccovid_jobs;
REVOKE ALL ON FUNCTION access.chained_until(), access.extend_chain(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.extend_chain(integer) TO pccovid_jobs;
