-- The register of places. Nobody but the owner reads or writes its tables; the functions are the only way.
-- PC461: not the asker's place or commune; PC462: not as a place can be; PC463: the place is closed or unknown.

CREATE TABLE access.place_kind (
    code text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    air text NOT NULL CHECK (air IN ('open_air', 'aired', 'closed')),
    crowd text NOT NULL CHECK (crowd IN ('sparse', 'ordinary', 'dense')),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    issuer text NOT NULL,
    document text NOT NULL,
    is_verified boolean NOT NULL,
    PRIMARY KEY (code, valid_from)
);

-- A place as it is now. The registrant is a person of the index, an officer's office, or whoever registered it elsewhere.
CREATE TABLE access.place (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    place_key text NOT NULL UNIQUE,
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 2 AND 200),
    kind text NOT NULL,
    commune_code text NOT NULL,
    address text NOT NULL CHECK (length(address) <= 300),
    print text NOT NULL,
    registered_by text NOT NULL CHECK (registered_by IN ('citizen', 'commune', 'carried')),
    registrant_id uuid,
    registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at timestamptz,
    same_as uuid,
    CHECK ((registered_by = 'citizen') = (registrant_id IS NOT NULL))
);
CREATE INDEX place_by_registrant ON access.place (registrant_id);
CREATE INDEX place_by_commune ON access.place (commune_code);

-- What was done to it, by whom: only added.
CREATE TABLE access.place_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ('registered', 'moved', 'closed', 'opened_again', 'found_same', 'taken_up')),
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_kind text NOT NULL CHECK (by_kind IN ('registrant', 'officer')),
    appointment_id bigint,
    commune_before text,
    address_before text,
    log_id bigint
);
CREATE FUNCTION access.refuse_place_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done to a place is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER place_step_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.place_step
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_place_change();

CREATE FUNCTION access.kinds_of_places() RETURNS SETOF access.place_kind
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT * FROM access.place_kind k
    WHERE k.valid_from <= access.present()::date AND (k.valid_to IS NULL OR k.valid_to > access.present()::date)
    ORDER BY k.code
$$;

-- Beside the register the place is described where visits look for theirs.
CREATE FUNCTION access.describe_place(of_place uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, access, pg_temp AS $$
    INSERT INTO movement_place (id, record_id, source_record_id, place_key, name, kind, commune_code, address,
                                registered_at, recorded_at)
    SELECT p.id, p.id, p.id, p.place_key, p.name, p.kind, p.commune_code, p.address, p.registered_at, clock_timestamp()
    FROM access.place p WHERE p.id = of_place AND p.registered_by <> 'carried'
    ON CONFLICT (id) DO UPDATE SET commune_code = excluded.commune_code, address = excluded.address
$$;

CREATE FUNCTION access.check_place(name text, kind text, commune text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF length(btrim(coalesce($1, ''))) < 2
       OR NOT EXISTS (SELECT 1 FROM access.kinds_of_places() k WHERE k.code = $2)
       OR NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = $3 AND cardinality(a.lies_in) >= 3) THEN
        RAISE EXCEPTION 'no such place' USING ERRCODE = 'PC462';
    END IF;
END $$;
CREATE FUNCTION access.new_place_key() RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'PC-' || upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 16))
$$;

-- By the citizen, inside their own opened access: the sign-in by phone code stands behind it.
CREATE FUNCTION access.register_own_place(name text, kind text, commune text, address text, print text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    made uuid;
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'citizen' OR entry.scope_kind <> 'own' THEN
        RAISE EXCEPTION 'one registers for oneself' USING ERRCODE = 'PC461';
    END IF;
    PERFORM access.check_place($1, $2, $3);
    PERFORM pg_advisory_xact_lock(hashtextextended('places of ' || entry.actor, 0));
    IF (SELECT count(*) FROM access.place p WHERE p.registrant_id = entry.actor::uuid AND p.closed_at IS NULL) >= 50 THEN
        RAISE EXCEPTION 'so many places are the commune''s to register' USING ERRCODE = 'PC462';
    END IF;
    INSERT INTO access.place (place_key, name, kind, commune_code, address, print, registered_by, registrant_id)
    VALUES (access.new_place_key(), btrim($1), $2, $3, coalesce($4, ''), $5, 'citizen', entry.actor::uuid)
    RETURNING id INTO made;
    INSERT INTO access.place_step (place_id, step, by_kind, log_id) VALUES (made, 'registered', 'registrant', entry.id);
    PERFORM access.describe_place(made);
    RETURN made;
END $$;

-- An office of the commune; the area it is held for.
CREATE FUNCTION access.place_office(officer integer, through bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer AND a.role IN ('commune_police', 'health_station')
      AND a.area_code IS NOT NULL
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC461';
    END IF;
    RETURN held.area_code;
END $$;
CREATE FUNCTION access.register_place(
    officer integer, through bigint, name text, kind text, commune text, address text, print text
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    area text := access.place_office(officer, through);
    made uuid;
BEGIN
    PERFORM access.check_place($3, $4, $5);
    IF NOT access.area_lies_in($5, area) THEN
        RAISE EXCEPTION 'another commune''s' USING ERRCODE = 'PC461';
    END IF;
    INSERT INTO access.place (place_key, name, kind, commune_code, address, print, registered_by)
    VALUES (access.new_place_key(), btrim($3), $4, $5, coalesce($6, ''), $7, 'commune') RETURNING id INTO made;
    INSERT INTO access.place_step (place_id, step, by_kind, appointment_id) VALUES (made, 'registered', 'officer', through);
    PERFORM access.describe_place(made);
    RETURN made;
END $$;

-- A place of an earlier system is taken up under its own key, once.
CREATE FUNCTION access.take_up_place(officer integer, through bigint, key text, kind text, print text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    area text := access.place_office(officer, through);
    carried movement_place;
    made uuid;
BEGIN
    SELECT m.* INTO carried FROM movement_place m WHERE m.place_key = key ORDER BY m.id LIMIT 1;
    IF carried.id IS NULL OR carried.commune_code IS NULL OR NOT access.area_lies_in(carried.commune_code, area) THEN
        RAISE EXCEPTION 'no such place here' USING ERRCODE = 'PC461';
    END IF;
    PERFORM access.check_place(carried.name, $4, carried.commune_code);
    INSERT INTO access.place (place_key, name, kind, commune_code, address, print, registered_by)
    VALUES (key, btrim(carried.name), $4, carried.commune_code, coalesce(carried.address, ''), $5, 'carried')
    ON CONFLICT (place_key) DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN
        RETURN (SELECT p.id FROM access.place p WHERE p.place_key = key);
    END IF;
    INSERT INTO access.place_step (place_id, step, by_kind, appointment_id) VALUES (made, 'taken_up', 'officer', through);
    RETURN made;
END $$;

-- Whether the asker may change the place: the registrant inside their own access, or an office of its commune.
CREATE FUNCTION access.check_places_keeper(of_place uuid, officer integer, through bigint) RETURNS access.place
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    held access.place;
BEGIN
    SELECT p.* INTO held FROM access.place p WHERE p.id = of_place;
    IF officer IS NOT NULL THEN
        IF held.id IS NOT NULL AND access.area_lies_in(held.commune_code, access.place_office(officer, through)) THEN
            RETURN held;
        END IF;
    ELSIF entry.actor_kind = 'citizen' AND entry.scope_kind = 'own' AND held.registrant_id = entry.actor::uuid THEN
        RETURN held;
    END IF;
    RAISE EXCEPTION 'not theirs' USING ERRCODE = 'PC461';
END $$;
CREATE FUNCTION access.change_place(
    of_place uuid, officer integer, through bigint, step text, commune text DEFAULT NULL, address text DEFAULT NULL,
    print text DEFAULT NULL, same_as uuid DEFAULT NULL
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
#variable_conflict use_column
DECLARE held access.place := access.check_places_keeper($1, $2, $3);
BEGIN
    IF $4 = 'moved' THEN
        PERFORM access.check_place(held.name, held.kind, $5);
        IF $2 IS NOT NULL AND NOT access.area_lies_in($5, access.place_office($2, $3)) THEN
            RAISE EXCEPTION 'another commune''s' USING ERRCODE = 'PC461';
        END IF;
        UPDATE access.place p SET commune_code = $5, address = coalesce($6, ''), print = $7 WHERE p.id = held.id;
    ELSIF $4 = 'closed' AND held.closed_at IS NULL THEN
        UPDATE access.place p SET closed_at = clock_timestamp() WHERE p.id = held.id;
    ELSIF $4 = 'opened_again' AND held.closed_at IS NOT NULL AND held.same_as IS NULL THEN
        UPDATE access.place p SET closed_at = NULL WHERE p.id = held.id;
    ELSIF $4 = 'found_same' AND $2 IS NOT NULL AND held.same_as IS NULL AND $8 <> held.id
          AND (access.check_places_keeper($8, $2, $3)).same_as IS NULL
          AND NOT EXISTS (SELECT 1 FROM access.place p WHERE p.same_as = held.id) THEN
        UPDATE access.place p SET same_as = $8, closed_at = coalesce(p.closed_at, clock_timestamp()) WHERE p.id = held.id;
    ELSE
        RAISE EXCEPTION 'that cannot be done to this place' USING ERRCODE = 'PC462';
    END IF;
    INSERT INTO access.place_step (place_id, step, by_kind, appointment_id, commune_before, address_before, log_id)
    VALUES (held.id, $4, CASE WHEN $2 IS NULL THEN 'registrant' ELSE 'officer' END, $3, held.commune_code,
            held.address, CASE WHEN $2 IS NULL THEN (access.current_entry()).id END);
    PERFORM access.describe_place(held.id);
END $$;

-- What is shown of places: to whoever has the poster, to the registrant, to the commune.
CREATE FUNCTION access.place_shown(of_place uuid)
RETURNS TABLE (id uuid, place_key text, name text, kind text, commune_code text, address text, closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT t.id, t.place_key, t.name, t.kind, t.commune_code, t.address, t.closed_at
    FROM access.place p JOIN access.place t ON t.id = coalesce(p.same_as, p.id) WHERE p.id = of_place
$$;
CREATE FUNCTION access.own_places()
RETURNS TABLE (id uuid, place_key text, name text, kind text, commune_code text, address text, closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT p.id, p.place_key, p.name, p.kind, p.commune_code, p.address, p.closed_at
    FROM access.current_entry() e JOIN access.place p ON p.registrant_id::text = e.actor
    WHERE e.actor_kind = 'citizen' AND e.scope_kind = 'own' ORDER BY p.closed_at NULLS FIRST, p.registered_at DESC
$$;
CREATE FUNCTION access.places_of_commune(officer integer, through bigint, most integer)
RETURNS TABLE (id uuid, place_key text, name text, kind text, commune_code text, address text, closed_at timestamptz,
               registered_by text, print text, same_as uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE area text := access.place_office(officer, through);
BEGIN
    RETURN QUERY SELECT p.id, p.place_key, p.name, p.kind, p.commune_code, p.address, p.closed_at, p.registered_by,
                        p.print, p.same_as
    FROM access.place p JOIN access.area a ON a.code = p.commune_code
    WHERE area = ANY (a.lies_in) ORDER BY p.registered_at DESC, p.id LIMIT most;
END $$;
CREATE FUNCTION access.carried_places_of_commune(officer integer, through bigint, most integer)
RETURNS TABLE (place_key text, name text, kind text, commune_code text, address text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE area text := access.place_office(officer, through);
BEGIN
    RETURN QUERY SELECT m.place_key, m.name, m.kind, m.commune_code, m.address
    FROM movement_place m JOIN access.area a ON a.code = m.commune_code
    WHERE area = ANY (a.lies_in) AND m.name IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM access.place p WHERE p.place_key = m.place_key)
    ORDER BY m.place_key, m.id LIMIT most;
END $$;

-- How many came, day by day: to the registrant and the commune, never who. Scans that wait for the worker count too.
CREATE FUNCTION access.place_counts(of_place uuid, officer integer, through bigint)
RETURNS TABLE (day date, came bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    held access.place;
    since timestamptz := access.present() - interval '30 days';
BEGIN
    BEGIN
        held := access.check_places_keeper(of_place, officer, through);
    EXCEPTION WHEN SQLSTATE 'PC461' THEN
        RETURN;
    END;
    RETURN QUERY SELECT c.day, sum(c.n)::bigint FROM (
        SELECT (v.entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*) AS n FROM movement_visit v
        WHERE v.place_key = held.place_key AND v.entered_at >= since AND v.superseded_at IS NULL GROUP BY 1
        UNION ALL
        SELECT (s.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, count(*) FROM access.scan_inbox s
        LEFT JOIN access.scan_device d ON d.id = s.device_id
        WHERE s.folded_at IS NULL AND s.way = 0 AND s.happened_at >= since
          AND coalesce(s.place_key, d.place_key) = held.place_key GROUP BY 1) c
    GROUP BY 1 ORDER BY 1 DESC LIMIT 31;
END $$;

-- A paper list, typed in by the commune within two weeks; each line sealed for the worker, as the lane does.
CREATE FUNCTION access.type_in_scans(
    officer integer, through bigint, of_place uuid, scan_id uuid[], way integer[], happened_at timestamptz[],
    content bytea[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    held access.place := access.check_places_keeper(of_place, officer, through);
    added integer;
BEGIN
    IF EXISTS (SELECT 1 FROM unnest($6) m WHERE m > clock_timestamp() OR m < clock_timestamp() - interval '14 days') THEN
        RAISE EXCEPTION 'of another time' USING ERRCODE = 'PC462';
    END IF;
    INSERT INTO access.scan_inbox (once, scan_id, place_key, kind, way, device_at, happened_at, content)
    SELECT g.id, g.id, held.place_key, 2, g.way::smallint, g.moment, g.moment, g.content
    FROM unnest($4, $5, $6, $7) AS g (id, way, moment, content) ON CONFLICT (once) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END $$;

-- A checkpoint's device for one shift of twelve hours; what it still holds then it may send for twelve more.
CREATE FUNCTION access.start_shift(officer integer, through bigint, name text, key_hash bytea) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    area text := access.place_office(officer, through);
    ends timestamptz := clock_timestamp() + interval '12 hours';
BEGIN
    IF length(btrim(coalesce($3, ''))) NOT BETWEEN 2 AND 100 THEN
        RAISE EXCEPTION 'a checkpoint has a name' USING ERRCODE = 'PC462';
    END IF;
    INSERT INTO access.scan_device (kind, name, commune_code, key_hash, registered_by, ends_at)
    VALUES ('checkpoint', btrim($3), area, $4, 'appointment ' || through, ends + interval '12 hours');
    RETURN ends;
END $$;

-- One's own codes, those issued until now, are nobody's any more.
CREATE FUNCTION access.revoke_own_codes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'citizen' OR entry.scope_kind <> 'own' THEN
        RAISE EXCEPTION 'one revokes one''s own' USING ERRCODE = 'PC461';
    END IF;
    INSERT INTO access.code_revocation AS r (person_id, since) VALUES (entry.actor::uuid, clock_timestamp())
    ON CONFLICT (person_id) DO UPDATE SET since = excluded.since;
END $$;
-- Whose codes of the last two days were revoked, for a shift's list: numbers alone, of which the page makes the day's handles.
CREATE FUNCTION access.revoked_codes(officer integer, through bigint) RETURNS TABLE (person uuid, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.place_office(officer, through);
    RETURN QUERY SELECT r.person_id, r.since FROM access.code_revocation r
    WHERE r.since > clock_timestamp() - interval '2 days' ORDER BY r.since;
END $$;

REVOKE ALL ON access.place_kind, access.place, access.place_step FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.kinds_of_places(), access.register_own_place(text, text, text, text, text),
    access.register_place(integer, bigint, text, text, text, text, text),
    access.take_up_place(integer, bigint, text, text, text),
    access.change_place(uuid, integer, bigint, text, text, text, text, uuid), access.place_shown(uuid),
    access.own_places(), access.places_of_commune(integer, bigint, integer),
    access.carried_places_of_commune(integer, bigint, integer), access.place_counts(uuid, integer, bigint),
    access.start_shift(integer, bigint, text, bytea),
    access.type_in_scans(integer, bigint, uuid, uuid[], integer[], timestamptz[], bytea[]),
    access.revoke_own_codes(), access.revoked_codes(integer, bigint)
    TO pccovid_web;
