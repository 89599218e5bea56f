-- Checking in on one's own page: oneself and one's dependants, at an open place, into the same inbox as every scan.
-- What a phone kept while it had no connection happened when the phone says, within the last seven days, as scans of devices
-- do. PC461: somebody else's; PC462: another time; PC463: no open place.
DROP FUNCTION IF EXISTS access.check_in(uuid, uuid[], integer, uuid, text[]);
CREATE FUNCTION access.check_in(
    of_place uuid, persons uuid[], way integer, scan_id uuid, seats text[] DEFAULT NULL, happened timestamptz DEFAULT NULL
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    held access.place;
    added integer;
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'citizen' OR entry.scope_kind <> 'own' OR NOT persons <@ entry.scope_persons
       OR cardinality(persons) = 0 OR way NOT IN (0, 1) THEN
        RAISE EXCEPTION 'one checks in oneself and one''s own' USING ERRCODE = 'PC461';
    END IF;
    IF happened NOT BETWEEN now() - interval '7 days' AND now() + interval '5 minutes' THEN
        RAISE EXCEPTION 'not in the last seven days' USING ERRCODE = 'PC462';
    END IF;
    SELECT t.* INTO held FROM access.place p JOIN access.place t ON t.id = coalesce(p.same_as, p.id) WHERE p.id = of_place;
    IF held.id IS NULL OR held.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'no such place is open' USING ERRCODE = 'PC463';
    END IF;
    -- Aboard a vehicle it is a journey as well, on a seat where one was said.
    INSERT INTO access.scan_inbox (once, scan_id, place_key, kind, way, device_at, happened_at, person_id, vehicle, seat)
    SELECT md5(scan_id || '/' || p.id || '/' || way)::uuid, scan_id, held.place_key, 0, way::smallint,
           coalesce(happened, now()), least(coalesce(happened, now()), now()), p.id,
           CASE WHEN held.kind = 'vehicle' THEN held.name END,
           CASE WHEN held.kind = 'vehicle' THEN nullif(left(btrim(p.seat), 10), '') END
    FROM unnest(persons, seats) AS p (id, seat) WHERE p.id IS NOT NULL ON CONFLICT (once) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END $$;
REVOKE ALL ON FUNCTION access.check_in(uuid, uuid[], integer, uuid, text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.check_in(uuid, uuid[], integer, uuid, text[], timestamptz) TO pccovid_web;
