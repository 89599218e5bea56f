-- What persons are told, how they want to be told, and mass notices. Nobody but the owner reads or writes these tables.

CREATE TABLE access.notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('correction', 'triage', 'feedback', 'mass')),
    subject bigint NOT NULL,  -- the number of what it is about
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_at timestamptz,
    sent_at timestamptz  -- by push or SMS
);
CREATE INDEX notice_by_person ON access.notice (person_id, id);
CREATE INDEX notice_to_send ON access.notice (id) WHERE sent_at IS NULL;
CREATE TABLE access.push_subscription (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    endpoint_hash bytea NOT NULL UNIQUE,
    sealed text NOT NULL CHECK (starts_with(sealed, 's:')),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    failures integer NOT NULL DEFAULT 0
);
CREATE INDEX push_subscription_by_person ON access.push_subscription (person_id);
CREATE TABLE access.notice_choice (
    person_id uuid PRIMARY KEY,
    sealed_phone text NOT NULL CHECK (starts_with(sealed_phone, 's:')),
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE access.mass_notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_code text NOT NULL,
    text text NOT NULL CHECK (length(btrim(text)) BETWEEN 10 AND 300),
    proposed_by integer NOT NULL,
    proposed_office text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    counted bigint NOT NULL,
    approved_by integer CHECK (approved_by <> proposed_by),
    approved_office text,
    approved_at timestamptz,
    withdrawn_at timestamptz,
    sent bigint,
    CHECK ((approved_at IS NULL) = (approved_by IS NULL) AND (approved_at IS NULL) = (sent IS NULL))
);

CREATE FUNCTION access.notices_are_read() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    UPDATE access.notice n SET read_at = clock_timestamp()
    FROM access.current_entry() e
    WHERE e.scope_kind = 'own' AND n.read_at IS NULL
      AND n.person_id IN (SELECT access.numbers_of_person(e.actor::uuid))
$$;
-- How the person wants to be told. PC441 no own access; PC446 five devices already.
CREATE FUNCTION access.subscribe_push(endpoint_hash bytea, sealed text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
#variable_conflict use_column
DECLARE own access.log := access.current_entry();
BEGIN
    IF own.scope_kind IS DISTINCT FROM 'own' THEN
        RAISE EXCEPTION 'no access is open' USING ERRCODE = 'PC441';
    END IF;
    -- A device that somebody else used before is theirs no more.
    DELETE FROM access.push_subscription s WHERE s.endpoint_hash = subscribe_push.endpoint_hash;
    IF (SELECT count(*) FROM access.push_subscription s WHERE s.person_id::text = own.actor) >= 5 THEN
        RAISE EXCEPTION 'five devices' USING ERRCODE = 'PC446';
    END IF;
    INSERT INTO access.push_subscription (person_id, endpoint_hash, sealed)
    VALUES (own.actor::uuid, subscribe_push.endpoint_hash, subscribe_push.sealed);
END $$;
CREATE FUNCTION access.choose_sms(sealed_phone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
#variable_conflict use_column
DECLARE own access.log := access.current_entry();
BEGIN
    IF own.scope_kind IS DISTINCT FROM 'own' THEN
        RAISE EXCEPTION 'no access is open' USING ERRCODE = 'PC441';
    END IF;
    DELETE FROM access.notice_choice c WHERE c.person_id::text = own.actor;
    INSERT INTO access.notice_choice (person_id, sealed_phone)
    SELECT own.actor::uuid, choose_sms.sealed_phone WHERE choose_sms.sealed_phone <> '';
END $$;
CREATE FUNCTION access.stop_push() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    DELETE FROM access.push_subscription s USING access.current_entry() e
    WHERE e.scope_kind = 'own' AND s.person_id::text = e.actor
$$;
CREATE FUNCTION access.notice_ways_of(person uuid) RETURNS TABLE (devices bigint, by_sms boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT (SELECT count(*) FROM access.push_subscription s WHERE s.person_id = person),
           EXISTS (SELECT 1 FROM access.notice_choice c WHERE c.person_id = person)
    WHERE access.is_own_view(person) AND person::text = (access.current_entry()).actor
$$;

-- Mass notices. The office's area bounds them; who approves is another officer whose office covers the same area.
-- Who lives there, by the smallest unit that is known of each: as access.person_lies_in has it, but for the whole area at once.
CREATE FUNCTION access.who_lives_in(area text) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT p.id FROM public.people_person p
    WHERE p.merged_into_id IS NULL AND coalesce(p.commune_code, p.district_code, p.province_code) IN (
        SELECT a.code FROM access.area a WHERE who_lives_in.area = ANY (a.lies_in))
$$;
CREATE FUNCTION access.people_of_area(area text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT count(*) FROM access.who_lives_in(area)
$$;
CREATE FUNCTION access.mass_officer(officer integer, through bigint, area text) RETURNS access.appointment
LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'data_protection']);
BEGIN
    IF held.area_code IS NOT NULL AND NOT (area = held.area_code OR access.area_lies_in(area, held.area_code)) THEN
        RAISE EXCEPTION 'another area' USING ERRCODE = 'PC421';
    END IF;
    RETURN held;
END $$;
CREATE FUNCTION access.count_mass_notice(officer integer, through bigint, area text) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    PERFORM access.mass_officer(officer, through, area);
    RETURN access.people_of_area(area);
END $$;
-- PC421; PC454 too short or too long; PC445 no such area.
CREATE FUNCTION access.propose_mass_notice(officer integer, through bigint, area text, words text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    held access.appointment := access.mass_officer(officer, through, area);
    made bigint;
BEGIN
    IF held.role <> 'health_station' THEN
        RAISE EXCEPTION 'this office only approves' USING ERRCODE = 'PC421';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = area) THEN
        RAISE EXCEPTION 'no such area' USING ERRCODE = 'PC445';
    END IF;
    IF length(btrim(coalesce(words, ''))) NOT BETWEEN 10 AND 300 THEN
        RAISE EXCEPTION 'too few or too many words' USING ERRCODE = 'PC454';
    END IF;
    INSERT INTO access.mass_notice (area_code, text, proposed_by, proposed_office, counted)
    VALUES (area, btrim(words), officer, held.office, access.people_of_area(area)) RETURNING id INTO made;
    RETURN made;
END $$;
CREATE FUNCTION access.mass_notices(officer integer, through bigint)
RETURNS TABLE (number bigint, area_code text, text text, proposed_office text, proposed_at timestamptz, counted bigint,
               is_own boolean, approved_office text, approved_at timestamptz, withdrawn_at timestamptz, sent bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['health_station', 'data_protection']);
BEGIN
    RETURN QUERY
    SELECT m.id, m.area_code, m.text, m.proposed_office, m.proposed_at, m.counted, m.proposed_by = officer,
           m.approved_office, m.approved_at, m.withdrawn_at, m.sent
    FROM access.mass_notice m
    WHERE held.area_code IS NULL OR m.area_code = held.area_code OR access.area_lies_in(m.area_code, held.area_code)
    ORDER BY m.approved_at IS NOT NULL OR m.withdrawn_at IS NOT NULL, m.id DESC LIMIT 50;
END $$;
-- Approves and sends to the app of everybody in the area; returns how many. PC421; PC457 one's own; PC453 not open any more;
-- PC459 the number of people has moved since the dry run: count anew.
CREATE FUNCTION access.approve_mass_notice(officer integer, through bigint, notice bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.mass_notice;
    held access.appointment;
    reached bigint;
BEGIN
    SELECT m.* INTO one FROM access.mass_notice m WHERE m.id = notice FOR UPDATE;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'no such notice' USING ERRCODE = 'PC421';
    END IF;
    held := access.mass_officer(officer, through, one.area_code);
    IF one.proposed_by = officer THEN
        RAISE EXCEPTION 'another officer must' USING ERRCODE = 'PC457';
    END IF;
    IF one.approved_at IS NOT NULL OR one.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'it is not open' USING ERRCODE = 'PC453';
    END IF;
    reached := access.people_of_area(one.area_code);
    IF abs(reached - one.counted) > greatest(one.counted * 0.1, 1) THEN
        RAISE EXCEPTION 'count anew' USING ERRCODE = 'PC459';
    END IF;
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT p, 'mass', one.id FROM access.who_lives_in(one.area_code) p;
    GET DIAGNOSTICS reached = ROW_COUNT;
    UPDATE access.mass_notice m SET approved_by = officer, approved_office = held.office, approved_at = clock_timestamp(),
        sent = reached WHERE m.id = one.id;
    RETURN reached;
END $$;
CREATE FUNCTION access.withdraw_mass_notice(officer integer, through bigint, notice bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    PERFORM access.office_now(officer, through, ARRAY['health_station']);
    UPDATE access.mass_notice m SET withdrawn_at = clock_timestamp()
    WHERE m.id = notice AND m.proposed_by = officer AND m.approved_at IS NULL AND m.withdrawn_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'it is not open' USING ERRCODE = 'PC453';
    END IF;
END $$;

REVOKE ALL ON access.notice, access.push_subscription, access.notice_choice, access.mass_notice FROM PUBLIC;
REVOKE ALL ON FUNCTION access.notices_are_read(), access.subscribe_push(bytea, text), access.choose_sms(text),
    access.stop_push(), access.notice_ways_of(uuid), access.people_of_area(text), access.who_lives_in(text),
    access.mass_officer(integer, bigint, text), access.count_mass_notice(integer, bigint, text),
    access.propose_mass_notice(integer, bigint, text, text), access.mass_notices(integer, bigint),
    access.approve_mass_notice(integer, bigint, bigint), access.withdraw_mass_notice(integer, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.notices_are_read(), access.subscribe_push(bytea, text), access.choose_sms(text),
    access.stop_push(), access.notice_ways_of(uuid),
    access.count_mass_notice(integer, bigint, text), access.propose_mass_notice(integer, bigint, text, text),
    access.mass_notices(integer, bigint), access.approve_mass_notice(integer, bigint, bigint),
    access.withdraw_mass_notice(integer, bigint, bigint) TO pccovid_web;
