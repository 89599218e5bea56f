-- A place's scanners: made by its registrant or its commune, listed without their secrets, and taken back when a device is lost.

CREATE FUNCTION access.scanners_of_place(of_place uuid, officer integer, through bigint)
RETURNS TABLE (device uuid, name text, registered_at timestamptz, last_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.place;
BEGIN
    BEGIN
        held := access.check_places_keeper(of_place, officer, through);
    EXCEPTION WHEN SQLSTATE 'PC461' THEN
        RETURN;
    END;
    RETURN QUERY SELECT d.id, d.name, d.registered_at,
                        (SELECT max(s.received_at) FROM access.scan_inbox s WHERE s.device_id = d.id)
    FROM access.scan_device d WHERE d.kind = 'place' AND d.place_key = held.place_key AND d.revoked_at IS NULL
    ORDER BY d.registered_at DESC LIMIT 50;
END $$;

-- From the lane's next look at the list on, nothing is taken from it. PC461: not the asker's place; PC462: not its device.
CREATE FUNCTION access.revoke_scanner(of_place uuid, officer integer, through bigint, device uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.place := access.check_places_keeper(of_place, officer, through);
BEGIN
    UPDATE access.scan_device d SET revoked_at = clock_timestamp()
    WHERE d.id = device AND d.kind = 'place' AND d.place_key = held.place_key AND d.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such device here' USING ERRCODE = 'PC462';
    END IF;
END $$;

-- A device of a place, by its registrant or an office of the commune; the secret stays with who made it. At most twenty for a
-- place, whoever makes them. PC461, PC462.
CREATE OR REPLACE FUNCTION access.register_scanner(officer integer, through bigint, of_place uuid, name text, key_hash bytea)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    held access.place := access.check_places_keeper(of_place, officer, through);
    made uuid;
BEGIN
    IF held.closed_at IS NOT NULL OR (SELECT count(*) FROM access.scan_device d
            WHERE d.kind = 'place' AND d.place_key = held.place_key AND d.revoked_at IS NULL) >= 20 THEN
        RAISE EXCEPTION 'a closed place, or twenty devices already' USING ERRCODE = 'PC462';
    END IF;
    INSERT INTO access.scan_device (kind, place_key, name, commune_code, key_hash, registered_by)
    VALUES ('place', held.place_key, $4, held.commune_code, $5,
            CASE WHEN officer IS NULL THEN 'registrant' ELSE 'appointment ' || through END) RETURNING id INTO made;
    RETURN made;
END $$;

CREATE INDEX IF NOT EXISTS scan_inbox_by_device ON access.scan_inbox (device_id, received_at);

REVOKE ALL ON FUNCTION access.scanners_of_place(uuid, integer, bigint), access.revoke_scanner(uuid, integer, bigint, uuid),
    access.register_scanner(integer, bigint, uuid, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.scanners_of_place(uuid, integer, bigint), access.revoke_scanner(uuid, integer, bigint, uuid),
    access.register_scanner(integer, bigint, uuid, text, bytea) TO pccovid_web;
