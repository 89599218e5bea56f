-- Scans as they arrive: the hot lane puts them into an inbox under a role that can do nothing else, a worker folds them in.
-- Nobody but the owner reads or writes these tables; the functions are the only way.

-- What may write: a scanner at a place or at a checkpoint, with a secret of its own, of which only the hash is kept.
CREATE TABLE access.scan_device (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('place', 'checkpoint')),
    place_key text,
    name text NOT NULL CHECK (btrim(name) <> ''),
    commune_code text,
    key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    registered_by text NOT NULL,
    ends_at timestamptz,  -- the end of a checkpoint's shift, a day later at most
    revoked_at timestamptz,
    CHECK ((kind = 'place') = (place_key IS NOT NULL))
);
CREATE INDEX scan_device_by_place ON access.scan_device (place_key);

-- Somebody whose codes were seen by others: those issued before are nobody's.
CREATE TABLE access.code_revocation (
    person_id uuid PRIMARY KEY,
    since timestamptz NOT NULL
);
ALTER TABLE access.code_revocation ENABLE ROW LEVEL SECURITY;

-- `once`: what makes a scan the same scan: a safe code's use at one place in one direction, else the scan's own number.
-- `person_id`: who checked in on their own page, else NULL and `content` says it, sealed for the worker alone.
CREATE TABLE access.scan_inbox (
    once uuid PRIMARY KEY,
    scan_id uuid NOT NULL,
    device_id uuid,
    place_key text,
    kind smallint NOT NULL CHECK (kind IN (0, 1, 2)),  -- 0 own page, 1 safe code, 2 another code, in the letterbox
    way smallint NOT NULL CHECK (way IN (0, 1, 2)),  -- 0 in, 1 out, 2 past a checkpoint
    device_at timestamptz NOT NULL,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id uuid,
    vehicle text,  -- plate, train or flight number, where the place is a vehicle
    seat text,
    content bytea NOT NULL DEFAULT '' CHECK (octet_length(content) <= 4096),
    folded_at timestamptz,
    outcome text
);
ALTER TABLE access.scan_inbox ENABLE ROW LEVEL SECURITY;
CREATE INDEX scan_inbox_waiting ON access.scan_inbox (received_at) WHERE folded_at IS NULL;

CREATE FUNCTION access.scan_devices() RETURNS TABLE (id uuid, key_hash bytea, kind text, place_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    -- A checkpoint is the same one in every shift: what one shift stored, the next does not store again.
    SELECT d.id, d.key_hash, d.kind, coalesce(d.place_key, concat_ws('/', 'checkpoint', d.commune_code, d.name))
    FROM access.scan_device d WHERE d.revoked_at IS NULL AND (d.ends_at IS NULL OR d.ends_at > clock_timestamp())
$$;

-- Stores what is not stored yet. Returns the positions (from 1) of rows whose code was used before by another scan: a
-- replay. A row that was sent before is as good as stored, and is not named. All other rows are stored when this commits.
CREATE FUNCTION access.take_scans(
    once uuid[], scan_id uuid[], device_id uuid[], kind smallint[], way smallint[], device_at timestamptz[],
    happened_at timestamptz[], content bytea[]
) RETURNS integer[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
#variable_conflict use_column
DECLARE
    added bigint;
    replayed integer[];
BEGIN
    INSERT INTO access.scan_inbox (once, scan_id, device_id, kind, way, device_at, happened_at, content)
    SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (once) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added = cardinality($1) THEN
        RETURN '{}';
    END IF;
    -- A statement of its own: it sees what another lane has stored while this one waited for it.
    SELECT coalesce(array_agg(g.position::integer), '{}') INTO replayed
    FROM unnest($1, $2) WITH ORDINALITY AS g (once, scan_id, position)
    JOIN access.scan_inbox s ON s.once = g.once WHERE s.scan_id <> g.scan_id;
    RETURN replayed;
END $$;

-- The fold. What waits is handed out by access.waiting_scans, which asks places as well (places/sql/waiting_scans.sql).
CREATE FUNCTION access.check_folding() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose <> 'check_in' THEN
        RAISE EXCEPTION 'scans are folded in under an access opened for it' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- What became of each. Whose it was is forgotten where it has been placed; one that is held keeps its content to be tried
-- again by `hold_again`.
CREATE FUNCTION access.note_folded(once uuid[], outcome text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.check_folding();
    UPDATE access.scan_inbox s SET folded_at = clock_timestamp(), outcome = g.outcome,
        person_id = NULL, vehicle = NULL, seat = NULL, content = CASE WHEN g.outcome = 'held' THEN s.content ELSE '' END
    FROM unnest($1, $2) AS g (once, outcome) WHERE s.once = g.once AND s.folded_at IS NULL;
END $$;
CREATE FUNCTION access.revocations_to_fold() RETURNS SETOF access.code_revocation
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.check_folding();
    RETURN QUERY SELECT * FROM access.code_revocation;
END $$;
CREATE FUNCTION access.take_up_held_scans() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE taken bigint;
BEGIN
    PERFORM access.check_folding();
    UPDATE access.scan_inbox SET folded_at = NULL, outcome = NULL WHERE outcome = 'held';
    GET DIAGNOSTICS taken = ROW_COUNT;
    RETURN taken;
END $$;

-- Who was at a place in a span of time is answered from the index alone, of the days that can hold such a visit.
DROP INDEX visit_by_place;
CREATE INDEX visit_by_place ON movement_visit (place_key, entered_at)
    INCLUDE (id, day, person_id, left_at, recorded_at, superseded_at);

REVOKE ALL ON access.scan_device, access.scan_inbox, access.code_revocation FROM PUBLIC;
REVOKE ALL ON FUNCTION access.scan_devices(), access.check_folding(), access.note_folded(uuid[], text[]),
    access.take_up_held_scans(), access.revocations_to_fold(),
    access.take_scans(uuid[], uuid[], uuid[], smallint[], smallint[], timestamptz[], timestamptz[], bytea[])
    FROM PUBLIC;
GRANT USAGE ON SCHEMA access, public TO pccovid_scan;
GRANT EXECUTE ON FUNCTION access.scan_devices(),
    access.take_scans(uuid[], uuid[], uuid[], smallint[], smallint[], timestamptz[], timestamptz[], bytea[])
    TO pccovid_scan;
GRANT EXECUTE ON FUNCTION access.note_folded(uuid[], text[]), access.take_up_held_scans(), access.revocations_to_fold()
    TO pccovid_jobs;
