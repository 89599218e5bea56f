-- What an inspection of the access layer found and mended. Each part says what was possible before.

-- A log that came from another server by pg_restore brings transaction numbers that this server has still to hand out: whoever
-- drew numbers until one matched stood in somebody else's old access, and nothing was logged. An entry of this very
-- transaction was written after the transaction began. (A clock set back within a transaction shows nothing: it fails closed.)
CREATE OR REPLACE FUNCTION access.current_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log;
BEGIN
    SELECT l.* INTO entry FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    RETURN entry;
END $$;
CREATE OR REPLACE FUNCTION access.lives_in_area_seen(person uuid, area text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp COST 500 AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM access.log l
                   WHERE l.transaction_id = pg_current_xact_id_if_assigned()
                     AND l.opened_at >= transaction_timestamp() AND l.scope_area = area)
       AND access.person_lies_in(person, area);
END $$;

-- What a rollback leaves behind. The log row of an access goes with its transaction: whoever held the web's connection could
-- open, read and roll back. The number that the row had is never given again, so `pccovid audit verify` counts the missing
-- ones; and the server's own log, which no role of ours can write or read, tells who opened under it. It names officers and
-- jobs, never a citizen, a person or a case. A server that puts statements into its log would add those: there it is silent,
-- and `pccovid db roles` says so.
CREATE FUNCTION access.tell_server_log(entry bigint, actor_kind text, actor text, role text, purpose text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('log_min_error_statement') IN ('panic', 'fatal') THEN
        RAISE LOG 'access % by % as % for %', entry,
            CASE actor_kind WHEN 'citizen' THEN 'a citizen' WHEN 'officer' THEN 'officer ' || actor ELSE 'a job' END,
            coalesce(nullif(role, ''), '-'), purpose;
    END IF;
END $$;

-- As before, but: a legal basis of blanks is none; an own record names its owner, not nobody; a citizen has no office to
-- put into the log; and the server's log is told.
CREATE OR REPLACE FUNCTION access.open(
    actor_kind text, actor text, role text, purpose text, legal_basis text,
    scope_kind text, scope_persons uuid[] DEFAULT '{}', scope_area text DEFAULT NULL, case_reference text DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    held access.appointment;
    role_now text := CASE WHEN open.actor_kind = 'citizen' THEN '' ELSE open.role END;
    readable_now text[];
    writable_now text[];
    persons_now uuid[] := coalesce(open.scope_persons, '{}');
    opened bigint;
BEGIN
    IF NOT access.connection_speaks_for(open.actor_kind, session_user) THEN
        RAISE EXCEPTION 'this connection may not act as a %', open.actor_kind USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF btrim(coalesce(open.legal_basis, '')) = '' THEN
        RAISE EXCEPTION 'a read needs its legal basis' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF open.scope_kind = 'own' THEN
        IF open.actor_kind <> 'citizen' OR persons_now IS DISTINCT FROM ARRAY[open.actor]::uuid[] THEN
            RAISE EXCEPTION 'an own record is the actor''s own' USING ERRCODE = 'insufficient_privilege';
        END IF;
        persons_now := persons_now || access.dependants_of(open.actor::uuid);
    END IF;
    IF open.actor_kind = 'officer' THEN
        SELECT a.* INTO held FROM access.appointment a
        WHERE a.officer_id::text = open.actor AND a.role = role_now
          AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp())
          AND (a.area_code IS NULL
               OR (open.scope_kind IN ('area', 'person')
                   AND open.scope_area IS NOT NULL AND access.area_lies_in(open.scope_area, a.area_code)))
        ORDER BY a.area_code NULLS FIRST LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no appointment of this officer covers that' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    SELECT array_agg(r.category), coalesce(array_agg(r.category) FILTER (WHERE r.may_write), '{}')
    INTO readable_now, writable_now
    FROM access.rule r
    WHERE r.purpose = open.purpose AND r.actor_kind = open.actor_kind AND r.role = role_now
      AND access.width(open.scope_kind) <= access.width(r.widest_scope);
    IF readable_now IS NULL THEN
        RAISE EXCEPTION 'no rule allows purpose % for %', open.purpose, open.actor_kind
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO access.log (actor_kind, actor, role, office, purpose, legal_basis, scope_kind, scope_persons,
                            scope_area, case_reference, readable, writable, connected_as)
    VALUES (open.actor_kind, open.actor, role_now, coalesce(held.office, ''), open.purpose, open.legal_basis,
            open.scope_kind, persons_now, open.scope_area, open.case_reference, readable_now, writable_now,
            session_user)
    RETURNING id INTO opened;
    PERFORM access.tell_server_log(opened, open.actor_kind, open.actor, role_now, open.purpose);
    RETURN opened;
END $$;

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

-- As before, but: runs keep one another out by a lock on the table of runs. The advisory lock of before could be taken by any
-- role, which stopped the chain. And after a restore the log goes on being chained: a number that this server has not handed
-- out yet is of another, and its entry can wait for nobody.
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
REVOKE ALL ON FUNCTION access.tell_server_log(bigint, text, text, text, text), access.chained_until() FROM PUBLIC;
