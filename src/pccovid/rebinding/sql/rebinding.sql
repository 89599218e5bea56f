-- Re-binding of a lost number in person. Nobody but the owner reads or writes this table.

CREATE TABLE access.rebinding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    area_code text NOT NULL,
    card text[] NOT NULL,  -- keyed hashes of the card's number
    sealed_phone text NOT NULL CHECK (starts_with(sealed_phone, 's:')),
    challenge uuid NOT NULL,  -- the code that went to the new phone
    proposed_by integer NOT NULL,
    proposed_office text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    log_id bigint NOT NULL REFERENCES access.log (id),
    proven_at timestamptz,
    approved_by integer CHECK (approved_by <> proposed_by),
    approved_office text,
    approved_at timestamptz CHECK (approved_at IS NULL OR proven_at IS NOT NULL),
    done_at timestamptz CHECK (done_at IS NULL OR approved_at IS NOT NULL),
    CHECK ((approved_at IS NULL) = (approved_by IS NULL))
);
CREATE INDEX rebinding_open ON access.rebinding (proposed_at) WHERE done_at IS NULL;

-- The state; a proposal that is not agreed to within a day is over.
CREATE FUNCTION access.rebinding_state(one access.rebinding) RETURNS text
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT CASE WHEN one.done_at IS NOT NULL THEN 'done' WHEN one.approved_at IS NOT NULL THEN 'approved'
        WHEN one.proposed_at < clock_timestamp() - interval '1 day' THEN 'over'
        WHEN one.proven_at IS NOT NULL THEN 'proven' ELSE 'asked' END
$$;
CREATE FUNCTION access.rebinding_officer(officer integer, through bigint, roles text[], area text)
RETURNS access.appointment LANGUAGE plpgsql STABLE SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, roles);
BEGIN
    IF held.area_code IS NULL OR NOT (area = held.area_code OR access.area_lies_in(area, held.area_code)) THEN
        RAISE EXCEPTION 'another area' USING ERRCODE = 'PC421';
    END IF;
    RETURN held;
END $$;

-- Proposes, inside the access that found the person. PC421; PC451 the person was not in sight; PC443 three in a day for one
-- person.
CREATE FUNCTION access.propose_rebinding(
    officer integer, through bigint, person uuid, card text[], sealed_phone text, challenge uuid
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    entry access.log := access.current_entry();
    held access.appointment := access.office_now(officer, through, ARRAY['commune_police']);
    area text;
    made bigint;
BEGIN
    SELECT coalesce(p.commune_code, p.district_code, p.province_code) INTO area FROM public.people_person p
    WHERE p.id = person AND p.merged_into_id IS NULL;
    IF entry.purpose IS DISTINCT FROM 'data_repair' OR entry.actor <> officer::text OR area IS NULL
       OR NOT access.person_lies_in(person, held.area_code)
       OR NOT EXISTS (SELECT 1 FROM public.people_identifier i WHERE i.person_id = person AND i.system = 'personal_id'
                      AND i.value = ANY (card)) THEN
        RAISE EXCEPTION 'nobody in sight' USING ERRCODE = 'PC451';
    END IF;
    IF (SELECT count(*) FROM access.rebinding r WHERE r.person_id = person
        AND r.proposed_at > clock_timestamp() - interval '1 day') >= 3 THEN
        RAISE EXCEPTION 'three in a day' USING ERRCODE = 'PC443';
    END IF;
    INSERT INTO access.rebinding (person_id, area_code, card, sealed_phone, challenge, proposed_by, proposed_office, log_id)
    VALUES (person, area, card, sealed_phone, challenge, officer, held.office, entry.id) RETURNING id INTO made;
    RETURN made;
END $$;
-- The new phone was in the person's hand: its code has been proven. PC453; PC459: it has not.
CREATE FUNCTION access.prove_rebinding(officer integer, through bigint, proposal bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE one access.rebinding;
BEGIN
    PERFORM access.office_now(officer, through, ARRAY['commune_police']);
    SELECT r.* INTO one FROM access.rebinding r WHERE r.id = proposal AND r.proposed_by = officer FOR UPDATE;
    IF one.id IS NULL OR access.rebinding_state(one) <> 'asked' THEN
        RAISE EXCEPTION 'not in this state' USING ERRCODE = 'PC453';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.accounts_signincode c WHERE c.id = one.challenge AND c.proven_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the phone is not proven' USING ERRCODE = 'PC459';
    END IF;
    UPDATE access.rebinding r SET proven_at = clock_timestamp() WHERE r.id = one.id;
END $$;
CREATE FUNCTION access.rebindings(officer integer, through bigint)
RETURNS TABLE (number bigint, proposed_office text, proposed_at timestamptz, is_own boolean, state text, challenge uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE held access.appointment := access.office_now(officer, through, ARRAY['commune_police', 'health_station']);
BEGIN
    RETURN QUERY
    SELECT r.id, r.proposed_office, r.proposed_at, r.proposed_by = officer, access.rebinding_state(r),
           CASE WHEN r.proposed_by = officer THEN r.challenge END
    FROM access.rebinding r
    WHERE (r.area_code = held.area_code OR access.area_lies_in(r.area_code, held.area_code))
      AND r.proposed_at > clock_timestamp() - interval '7 days' ORDER BY r.id DESC LIMIT 50;
END $$;
-- The second officer, with the same card in hand. PC421; PC453; PC457 one's own proposal; PC459 another card.
CREATE FUNCTION access.approve_rebinding(officer integer, through bigint, proposal bigint, card text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.rebinding;
    held access.appointment;
BEGIN
    SELECT r.* INTO one FROM access.rebinding r WHERE r.id = proposal FOR UPDATE;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'no such proposal' USING ERRCODE = 'PC421';
    END IF;
    held := access.rebinding_officer(officer, through, ARRAY['commune_police', 'health_station'], one.area_code);
    IF one.proposed_by = officer THEN
        RAISE EXCEPTION 'another officer must' USING ERRCODE = 'PC457';
    END IF;
    IF access.rebinding_state(one) <> 'proven' THEN
        RAISE EXCEPTION 'not in this state' USING ERRCODE = 'PC453';
    END IF;
    IF NOT one.card && approve_rebinding.card THEN
        RAISE EXCEPTION 'another card' USING ERRCODE = 'PC459';
    END IF;
    UPDATE access.rebinding r SET approved_by = officer, approved_office = held.office, approved_at = clock_timestamp()
    WHERE r.id = one.id;
END $$;

CREATE FUNCTION access.approved_rebindings() RETURNS TABLE (number bigint, person uuid, sealed_phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT r.id, r.person_id, r.sealed_phone FROM access.rebinding r
    WHERE r.approved_at IS NOT NULL AND r.done_at IS NULL ORDER BY r.id
$$;
CREATE FUNCTION access.finish_rebinding(proposal bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    UPDATE access.rebinding r SET done_at = clock_timestamp() WHERE r.id = proposal AND r.approved_at IS NOT NULL
$$;

REVOKE ALL ON access.rebinding FROM PUBLIC;
REVOKE ALL ON FUNCTION access.rebinding_state(access.rebinding),
    access.rebinding_officer(integer, bigint, text[], text),
    access.propose_rebinding(integer, bigint, uuid, text[], text, uuid),
    access.prove_rebinding(integer, bigint, bigint), access.rebindings(integer, bigint),
    access.approve_rebinding(integer, bigint, bigint, text[]), access.approved_rebindings(),
    access.finish_rebinding(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.propose_rebinding(integer, bigint, uuid, text[], text, uuid),
    access.prove_rebinding(integer, bigint, bigint), access.rebindings(integer, bigint),
    access.approve_rebinding(integer, bigint, bigint, text[]) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.approved_rebindings(), access.finish_rebinding(bigint) TO pccovid_jobs;
