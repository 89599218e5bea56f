-- Places of quarantine, their rooms, and who is in which: nobody but the owner reads or writes these tables. An overfull room
-- is refused by a trigger, whoever writes; an order that ends, or goes on at home, gives its room back in the same statement.

ALTER TABLE access.quarantine_rule DROP CONSTRAINT quarantine_rule_who_check;
ALTER TABLE access.quarantine_rule ADD CONSTRAINT quarantine_rule_who_check CHECK (who IN ('contact', 'arrival', 'case')),
    ADD COLUMN without_test_days integer;  -- released after so many days whatever the tests say

CREATE TABLE access.quarantine_facility (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 2 AND 200),
    commune_code text NOT NULL,
    address text NOT NULL CHECK (length(address) <= 300),
    phone text NOT NULL CHECK (length(phone) <= 20),
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    opened_by integer NOT NULL,
    office text NOT NULL,
    closed_at timestamptz
);
CREATE INDEX quarantine_facility_by_commune ON access.quarantine_facility (commune_code);

CREATE TABLE access.quarantine_room (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    facility_id bigint NOT NULL REFERENCES access.quarantine_facility (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 50),
    beds integer NOT NULL CHECK (beds >= 0),  -- 0: out of use
    UNIQUE (facility_id, name)
);

ALTER TABLE access.quarantine_order ALTER COLUMN contact_id DROP NOT NULL,
    ADD COLUMN because text NOT NULL DEFAULT 'contact' CHECK (because IN ('arrival', 'contact', 'case')),
    ADD COLUMN case_id bigint,
    ADD COLUMN without_test_days integer,
    ADD COLUMN facility_id bigint REFERENCES access.quarantine_facility (id),
    ADD CONSTRAINT it_comes_from_what_it_says CHECK ((because = 'contact') = (contact_id IS NOT NULL)
                                                     AND (because = 'case') = (case_id IS NOT NULL)),
    ADD CONSTRAINT who_is_lodged_has_an_open_order CHECK (facility_id IS NULL OR (state = 'open' AND place = 'central'));
ALTER TABLE access.quarantine_order ALTER COLUMN because DROP DEFAULT;
CREATE INDEX quarantine_order_by_facility ON access.quarantine_order (facility_id) WHERE facility_id IS NOT NULL;
ALTER TABLE access.quarantine_step DROP CONSTRAINT quarantine_step_step_check;
ALTER TABLE access.quarantine_step ADD CONSTRAINT quarantine_step_step_check CHECK (step IN (
    'ordered', 'extended', 'home', 'released', 'cancelled', 'became_case', 'objected', 'answered', 'sent', 'admitted'));

CREATE TABLE access.quarantine_stay (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,  -- of an order, which takes it along
    room_id bigint NOT NULL REFERENCES access.quarantine_room (id),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer NOT NULL,
    office text NOT NULL,
    until timestamptz CHECK (until >= since),
    ended_because text CHECK (ended_because IN ('moved', 'home', 'released', 'cancelled', 'became_case')),
    CONSTRAINT what_ended_says_why CHECK ((until IS NULL) = (ended_because IS NULL))
);
CREATE UNIQUE INDEX one_room_an_order ON access.quarantine_stay (order_id) WHERE until IS NULL;
CREATE INDEX quarantine_stay_by_room ON access.quarantine_stay (room_id) WHERE until IS NULL;

ALTER TABLE access.quarantine_facility ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.quarantine_room ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.quarantine_stay ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.quarantine_facility, access.quarantine_room, access.quarantine_stay FROM PUBLIC;

-- Nobody is put into a full room, nor one of another place than theirs. Writers of one room wait for each other here.
-- PC479: no bed is free; PC472: the order has no place here.
CREATE FUNCTION access.keep_to_beds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE of_room access.quarantine_room;
BEGIN
    IF NEW.until IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT r.* INTO of_room FROM access.quarantine_room r WHERE r.id = NEW.room_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM access.quarantine_order o WHERE o.id = NEW.order_id AND o.state = 'open'
                     AND o.facility_id = of_room.facility_id) THEN
        RAISE EXCEPTION 'the order has no place here' USING ERRCODE = 'PC472';
    ELSIF (SELECT count(*) FROM access.quarantine_stay s WHERE s.room_id = NEW.room_id AND s.until IS NULL AND s.id <> NEW.id)
          >= of_room.beds THEN
        RAISE EXCEPTION 'no bed is free' USING ERRCODE = 'PC479';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_over_the_beds BEFORE INSERT OR UPDATE ON access.quarantine_stay
    FOR EACH ROW EXECUTE FUNCTION access.keep_to_beds();

-- Beds that somebody lies in are not taken away. PC479.
CREATE FUNCTION access.keep_taken_beds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM access.quarantine_stay s WHERE s.room_id = NEW.id AND s.until IS NULL) > NEW.beds THEN
        RAISE EXCEPTION 'more people than beds' USING ERRCODE = 'PC479';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taken_beds_stay BEFORE UPDATE ON access.quarantine_room
    FOR EACH ROW EXECUTE FUNCTION access.keep_taken_beds();

-- Who has no open order of a place, or is sent to another one, leaves the room.
CREATE FUNCTION access.leave_facility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'open' OR NEW.place <> 'central' THEN
        NEW.facility_id := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_place_goes_with_the_order BEFORE UPDATE ON access.quarantine_order
    FOR EACH ROW EXECUTE FUNCTION access.leave_facility();
CREATE FUNCTION access.leave_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    UPDATE access.quarantine_stay s SET until = greatest(clock_timestamp(), s.since),
        ended_because = CASE WHEN NEW.state <> 'open' THEN NEW.state WHEN NEW.place <> 'central' THEN 'home' ELSE 'moved' END
    WHERE s.order_id = NEW.id AND s.until IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER a_room_goes_with_the_place AFTER UPDATE ON access.quarantine_order
    FOR EACH ROW WHEN (OLD.facility_id IS DISTINCT FROM NEW.facility_id) EXECUTE FUNCTION access.leave_room();

-- A place of the desk's area that is open. PC472.
CREATE FUNCTION access.facility_at_desk(entry access.log, facility bigint) RETURNS access.quarantine_facility
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.quarantine_facility;
BEGIN
    SELECT f.* INTO held FROM access.quarantine_facility f WHERE f.id = facility AND f.closed_at IS NULL FOR UPDATE;
    IF held.id IS NULL OR NOT (entry.scope_area IS NULL OR coalesce(access.area_lies_in(held.commune_code, entry.scope_area), false))
    THEN
        RAISE EXCEPTION 'no such place here' USING ERRCODE = 'PC472';
    END IF;
    RETURN held;
END $$;

-- Only officers of quarantine keep places and rooms. PC471.
CREATE FUNCTION access.lodging_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.quarantine_entry();
BEGIN
    IF entry.role <> 'quarantine_officer' THEN
        RAISE EXCEPTION 'places are kept by officers of quarantine' USING ERRCODE = 'PC471';
    END IF;
    RETURN entry;
END $$;

-- PC471; PC472: not of the area; PC474: not as a place can be.
CREATE FUNCTION access.open_facility(name text, commune text, address text, phone text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.lodging_entry();
    made bigint;
BEGIN
    IF length(btrim(coalesce($1, ''))) < 2
       OR NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = $2 AND cardinality(a.lies_in) >= 3) THEN
        RAISE EXCEPTION 'no such place' USING ERRCODE = 'PC474';
    ELSIF entry.scope_area IS NOT NULL AND NOT access.area_lies_in($2, entry.scope_area) THEN
        RAISE EXCEPTION 'another area''s' USING ERRCODE = 'PC472';
    END IF;
    INSERT INTO access.quarantine_facility (name, commune_code, address, phone, opened_by, office)
    VALUES (btrim($1), $2, coalesce($3, ''), coalesce($4, ''), entry.actor::integer, entry.office) RETURNING id INTO made;
    RETURN made;
END $$;

-- A room, or its beds anew: 0 takes it out of use. PC472; PC474; PC479: people lie in those beds.
CREATE FUNCTION access.set_room(facility bigint, name text, beds integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.quarantine_facility := access.facility_at_desk(access.lodging_entry(), facility);
BEGIN
    IF length(btrim(coalesce($2, ''))) NOT BETWEEN 1 AND 50 OR coalesce($3, -1) NOT BETWEEN 0 AND 200 THEN
        RAISE EXCEPTION 'no such room' USING ERRCODE = 'PC474';
    END IF;
    INSERT INTO access.quarantine_room AS r (facility_id, name, beds) VALUES (held.id, btrim($2), $3)
    ON CONFLICT ON CONSTRAINT quarantine_room_facility_id_name_key DO UPDATE SET beds = excluded.beds;
END $$;

-- Nobody is sent there any more. PC472; PC479: somebody is there, or on the way.
CREATE FUNCTION access.close_facility(facility bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE held access.quarantine_facility := access.facility_at_desk(access.lodging_entry(), facility);
BEGIN
    IF EXISTS (SELECT 1 FROM access.quarantine_order o WHERE o.facility_id = held.id) THEN
        RAISE EXCEPTION 'somebody is there' USING ERRCODE = 'PC479';
    END IF;
    UPDATE access.quarantine_facility f SET closed_at = clock_timestamp() WHERE f.id = held.id;
END $$;

-- Sends somebody to a place, of whatever area: they stand in its list until its officers give them a room. PC472: no such order
-- here, or no such place; PC473: too few words; PC474: they are there already; PC479: as many are there or on the way as
-- there are beds.
CREATE FUNCTION access.send_to_facility(number bigint, facility bigint, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    one access.quarantine_order := access.order_at_desk(entry, number);
    held access.quarantine_facility;
BEGIN
    SELECT f.* INTO held FROM access.quarantine_facility f WHERE f.id = facility AND f.closed_at IS NULL FOR UPDATE;
    IF held.id IS NULL THEN
        RAISE EXCEPTION 'no such place' USING ERRCODE = 'PC472';
    ELSIF length(btrim(coalesce(words, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF one.facility_id = held.id OR one.because = 'case' THEN
        RAISE EXCEPTION 'there already, or a case, who is not lodged with contacts' USING ERRCODE = 'PC474';
    ELSIF (SELECT count(*) FROM access.quarantine_order o WHERE o.facility_id = held.id)
          >= (SELECT coalesce(sum(r.beds), 0) FROM access.quarantine_room r WHERE r.facility_id = held.id) THEN
        RAISE EXCEPTION 'no bed is free' USING ERRCODE = 'PC479';
    END IF;
    UPDATE access.quarantine_order o SET place = 'central', facility_id = held.id WHERE o.id = one.id;
    INSERT INTO access.quarantine_step (order_id, step, by_officer, office, words)
    VALUES (one.id, 'sent', entry.actor::integer, entry.office, btrim(words));
END $$;

-- Gives a room, or another one, to somebody who was sent to its place. PC472; PC479: no bed is free.
CREATE FUNCTION access.admit(number bigint, room bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.lodging_entry();
    one access.quarantine_order := access.order_at_desk(entry, number);
    held access.quarantine_facility := access.facility_at_desk(entry, one.facility_id);
BEGIN
    UPDATE access.quarantine_stay s SET until = greatest(clock_timestamp(), s.since), ended_because = 'moved'
    WHERE s.order_id = one.id AND s.until IS NULL AND s.room_id <> room;
    IF EXISTS (SELECT 1 FROM access.quarantine_stay s WHERE s.order_id = one.id AND s.until IS NULL) THEN
        RETURN;
    END IF;
    INSERT INTO access.quarantine_stay (order_id, room_id, by_officer, office)
    VALUES (one.id, room, entry.actor::integer, entry.office);
    INSERT INTO access.quarantine_step (order_id, step, by_officer, office)
    VALUES (one.id, 'admitted', entry.actor::integer, entry.office);
END $$;

-- Open places of everywhere with what is free: counts, and nobody's name. `is_here`: of the desk's area.
CREATE FUNCTION access.facilities_seen()
RETURNS TABLE (number bigint, name text, commune text, address text, phone text, beds bigint, lodged bigint, coming bigint,
               is_here boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.quarantine_entry();
BEGIN
    RETURN QUERY
    SELECT f.id, f.name, f.commune_code, f.address, f.phone,
           (SELECT coalesce(sum(r.beds), 0) FROM access.quarantine_room r WHERE r.facility_id = f.id),
           o.lodged, o.coming,
           entry.scope_area IS NULL OR coalesce(access.area_lies_in(f.commune_code, entry.scope_area), false)
    FROM access.quarantine_facility f CROSS JOIN LATERAL (
        SELECT count(s.id) AS lodged, count(*) FILTER (WHERE s.id IS NULL) AS coming FROM access.quarantine_order q
        LEFT JOIN access.quarantine_stay s ON s.order_id = q.id AND s.until IS NULL WHERE q.facility_id = f.id) o
    WHERE f.closed_at IS NULL ORDER BY 9 DESC, f.name, f.id LIMIT 500;
END $$;

-- Who is in which room of a place of the area, and who is on the way (without room); empty rooms have a line of their own.
CREATE FUNCTION access.facility_seen(facility bigint)
RETURNS TABLE (room bigint, room_name text, beds integer, number bigint, person uuid, name text, since timestamptz,
               starts_on date, ends_on date, is_missed boolean, has_symptoms boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.lodging_entry();
    held access.quarantine_facility := access.facility_at_desk(entry, facility);
    today date := access.day_here(access.present());
BEGIN
    PERFORM access.tell_of(entry, ARRAY(SELECT o.person_id FROM access.quarantine_order o WHERE o.facility_id = held.id),
                           ARRAY['identity', 'test']);
    RETURN QUERY
    SELECT r.id, r.name, r.beds, o.id, o.person_id, p.name, s.since, o.starts_on, o.ends_on, access.check_is_missed(o, today),
           coalesce((SELECT k.has_symptoms FROM access.quarantine_check k WHERE k.order_id = o.id
                     ORDER BY k.day DESC LIMIT 1), false)
    FROM (SELECT x.* FROM access.quarantine_room x WHERE x.facility_id = held.id) r
    FULL JOIN (SELECT q.id AS of_order, k.room_id, k.since FROM access.quarantine_order q
               LEFT JOIN access.quarantine_stay k ON k.order_id = q.id AND k.until IS NULL
               WHERE q.facility_id = held.id) s ON s.room_id = r.id
    LEFT JOIN access.quarantine_order o ON o.id = s.of_order LEFT JOIN people_person p ON p.id = o.person_id
    ORDER BY r.name NULLS FIRST, s.since, o.id;
END $$;

REVOKE ALL ON FUNCTION access.keep_to_beds(), access.keep_taken_beds(), access.leave_facility(), access.leave_room(),
    access.facility_at_desk(access.log, bigint), access.lodging_entry(), access.open_facility(text, text, text, text),
    access.set_room(bigint, text, integer), access.close_facility(bigint), access.send_to_facility(bigint, bigint, text),
    access.admit(bigint, bigint), access.facilities_seen(), access.facility_seen(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.open_facility(text, text, text, text), access.set_room(bigint, text, integer),
    access.close_facility(bigint), access.send_to_facility(bigint, bigint, text), access.admit(bigint, bigint),
    access.facilities_seen(), access.facility_seen(bigint) TO pccovid_web;
