-- About whose card the insurer is to be asked, and when it was. Nobody but the owner reads or writes the table: the person
-- through their own view, the program inside an access opened for it.
CREATE TABLE access.insurance_check (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL UNIQUE,
    wished_at timestamptz,
    tried_at timestamptz,
    checked_at timestamptz,
    code text NOT NULL DEFAULT ''
);

-- The person wishes to be asked about now; false where they did within the last ten minutes. PC441: not one's own.
CREATE FUNCTION access.wish_insurance_check(person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF NOT access.is_own_view(person) THEN
        RAISE EXCEPTION 'not one''s own' USING ERRCODE = 'PC441';
    END IF;
    INSERT INTO access.insurance_check AS c (person_id, wished_at) VALUES (person, clock_timestamp())
    ON CONFLICT (person_id) DO UPDATE SET wished_at = excluded.wished_at, tried_at = NULL
    WHERE c.wished_at IS NULL OR c.wished_at < clock_timestamp() - interval '10 minutes';
    IF FOUND THEN
        PERFORM pg_notify('link_review', '');
    END IF;
    RETURN FOUND;
END $$;
-- When the insurer was last asked about the person, and its code; whether they wait for it. Nothing outside their own view.
CREATE FUNCTION access.insurance_check_of(person uuid)
RETURNS TABLE (checked_at timestamptz, code text, is_waiting boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT c.checked_at, c.code, coalesce(c.wished_at > coalesce(c.checked_at, '-infinity'), false)
    FROM access.insurance_check c WHERE c.person_id = insurance_check_of.person AND access.is_own_view(c.person_id)
$$;

CREATE FUNCTION access.opened_insurance_check() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF (access.current_entry()).purpose IS DISTINCT FROM 'insurance_check' THEN
        RAISE EXCEPTION 'no access is open to check cards' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
-- Takes the next persons to ask about: who wished it, then who was not asked about for so long (`only_wished`: none of
-- these). Whoever is taken is nobody else's for a minute. Left out are persons without a number, name or birth date, and
-- those whose data may not be used now.
CREATE FUNCTION access.take_insurance_checks(older_than interval, only_wished boolean, most integer)
RETURNS TABLE (person uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    PERFORM access.opened_insurance_check();
    PERFORM pg_advisory_xact_lock(hashtextextended('insurance checks', 0));
    RETURN QUERY
    INSERT INTO access.insurance_check AS c (person_id, tried_at)
    SELECT d.id, clock_timestamp() FROM (
        SELECT p.id FROM people_person p LEFT JOIN access.insurance_check k ON k.person_id = p.id
        WHERE p.merged_into_id IS NULL AND p.name IS NOT NULL AND p.birth_date IS NOT NULL
          AND EXISTS (SELECT 1 FROM people_identifier i WHERE i.person_id = p.id AND i.system = 'insurance_no')
          AND (k.tried_at IS NULL OR k.tried_at < clock_timestamp() - interval '1 minute')
          AND (k.wished_at > coalesce(k.checked_at, '-infinity')
               OR NOT only_wished AND coalesce(k.checked_at, '-infinity') < clock_timestamp() - older_than)
          AND (p.id = ANY (access.persons_restricted('insurance') || access.persons_restricted('source_record')
                           || access.persons_restricted('contact'))) IS NOT TRUE
        ORDER BY k.wished_at > coalesce(k.checked_at, '-infinity') DESC NULLS LAST, k.checked_at NULLS FIRST, p.id
        LIMIT most) d
    ON CONFLICT (person_id) DO UPDATE SET tried_at = excluded.tried_at
    RETURNING c.person_id;
END $$;
-- Whoever was taken and not asked about after all is anybody's again.
CREATE FUNCTION access.put_back_insurance_checks(persons uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.opened_insurance_check();
    UPDATE access.insurance_check c SET tried_at = NULL WHERE c.person_id = ANY (persons);
END $$;
CREATE FUNCTION access.note_insurance_check(person uuid, code text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.opened_insurance_check();
    UPDATE access.insurance_check c SET checked_at = clock_timestamp(), code = note_insurance_check.code
    WHERE c.person_id = person;
END $$;

REVOKE ALL ON access.insurance_check FROM PUBLIC;
REVOKE ALL ON FUNCTION access.wish_insurance_check(uuid), access.insurance_check_of(uuid), access.opened_insurance_check(),
    access.take_insurance_checks(interval, boolean, integer), access.put_back_insurance_checks(uuid[]),
    access.note_insurance_check(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.wish_insurance_check(uuid), access.insurance_check_of(uuid) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.take_insurance_checks(interval, boolean, integer),
    access.put_back_insurance_checks(uuid[]), access.note_insurance_check(uuid, text) TO pccovid_jobs;
