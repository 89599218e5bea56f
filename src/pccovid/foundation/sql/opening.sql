-- Opening access, with a scope that is a case's people: whoever the named case is about or has met, as far as the officer's area
-- has to do with them. Narrower than an area, and it reaches a contact who lives elsewhere and was handed over. Who they are is
-- asked when it is opened, and stands in the log.
ALTER TABLE access.log DROP CONSTRAINT log_scope_kind_check,
    ADD CONSTRAINT log_scope_kind_check CHECK (scope_kind IN ('own', 'person', 'case', 'area', 'all'));
ALTER TABLE access.announcement DROP CONSTRAINT announcement_scope_kind_check,
    ADD CONSTRAINT announcement_scope_kind_check CHECK (scope_kind IN ('own', 'person', 'case', 'area', 'all'));

-- From the narrowest to the widest. A rule that ends at single persons opens no case.
CREATE OR REPLACE FUNCTION access.width(scope_kind text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position(ARRAY['own', 'person', 'case', 'area', 'all'], scope_kind)
$$;

-- A connection speaks for its own kind of actor; a legal basis of blanks is none; an own record names its owner, and takes in
-- the dependants of that moment; an officer needs an appointment that covers the scope; and the server's log is told. Of a
-- case access.persons_of_case says whose it is (contact_tracing/sql/case_scope.sql); nobody: there is no such case here.
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
               OR (open.scope_kind IN ('area', 'person', 'case')
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
    IF open.scope_kind = 'case' THEN
        persons_now := CASE WHEN open.actor_kind = 'officer' AND cardinality(persons_now) = 0
                            THEN access.persons_of_case(open.purpose, open.case_reference, open.scope_area) END;
        IF cardinality(persons_now) > 0 IS NOT TRUE THEN
            RAISE EXCEPTION 'no such case here' USING ERRCODE = 'insufficient_privilege';
        END IF;
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

-- The log is told only of categories that may be read and, where the scope comes down to persons, of these: nobody's list of
-- readers can be filled with readings that the context did not allow.
CREATE OR REPLACE FUNCTION access.disclose(persons uuid[], categories text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL THEN
        RAISE EXCEPTION 'no access is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT categories <@ entry.readable
       OR (entry.scope_kind IN ('own', 'person', 'case') AND NOT persons <@ entry.scope_persons) THEN
        RAISE EXCEPTION 'that was not in sight' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO access.disclosure (log_id, person_id, categories)
    SELECT entry.id, p, disclose.categories FROM unnest(persons) AS p
    ON CONFLICT (log_id, person_id) DO NOTHING;
END $$;

-- An own record's announcement names its owner, a case's nobody: the log has those whom the database added.
CREATE OR REPLACE FUNCTION access.take_announcement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    DELETE FROM access.announcement WHERE id = (
        SELECT a.id FROM access.announcement a
        WHERE a.actor = NEW.actor AND a.actor_kind = NEW.actor_kind AND a.role = NEW.role AND a.purpose = NEW.purpose
          AND a.scope_kind = NEW.scope_kind AND a.scope_area IS NOT DISTINCT FROM NEW.scope_area
          AND a.case_reference IS NOT DISTINCT FROM NEW.case_reference
          AND (a.scope_persons = NEW.scope_persons
               OR (NEW.scope_kind = 'own' AND a.scope_persons = NEW.scope_persons[1:1])
               OR (NEW.scope_kind = 'case' AND cardinality(a.scope_persons) = 0))
          AND a.transaction_id <> pg_current_xact_id()
          AND a.announced_at > clock_timestamp() - interval '2 minutes'
        ORDER BY a.id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an access is announced, and that committed, before it is opened'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS zz_an_opening_was_announced ON access.log;
-- Last in the order of their names: what other triggers refuse leaves its announcement behind, and so an entry.
CREATE TRIGGER zz_an_opening_was_announced BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.actor_kind <> 'job' AND NEW.opened_at >= transaction_timestamp() AND access.is_web(session_user))
    EXECUTE FUNCTION access.take_announcement();

-- Makes entries of at most so many announcements that have waited two minutes and that no running transaction has taken.
-- Such an entry is dated before this transaction began, so it is nobody's context. Where no rule or office would have
-- opened anything, nothing was read: the announcement goes. Of named persons, and of a case's, the log says that all of them
-- were open.
CREATE OR REPLACE FUNCTION access.settle_announcements(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.announcement;
    held access.appointment;
    readable_then text[];
    open_then uuid[];
    made bigint;
    settled integer := 0;
BEGIN
    FOR one IN SELECT a.* FROM access.announcement a
               WHERE a.announced_at < transaction_timestamp() - interval '2 minutes' ORDER BY a.id LIMIT most
               FOR UPDATE SKIP LOCKED LOOP
        SELECT array_agg(r.category) INTO readable_then FROM access.rule r
        WHERE r.purpose = one.purpose AND r.actor_kind = one.actor_kind AND r.role = one.role
          AND access.width(one.scope_kind) <= access.width(r.widest_scope);
        SELECT a.* INTO held FROM access.appointment a
        WHERE a.officer_id::text = one.actor AND a.role = one.role AND a.valid_from <= one.announced_at
          AND (a.valid_to IS NULL OR a.valid_to > one.announced_at)
          AND (a.area_code IS NULL OR access.area_lies_in(one.scope_area, a.area_code))
        ORDER BY a.area_code NULLS FIRST LIMIT 1;
        open_then := CASE WHEN one.scope_kind = 'case'
                          THEN access.persons_of_case(one.purpose, one.case_reference, one.scope_area)
                          ELSE one.scope_persons END;
        IF readable_then IS NOT NULL AND open_then IS NOT NULL AND (one.actor_kind <> 'officer' OR held.id IS NOT NULL)
           AND (one.scope_kind <> 'own' OR one.scope_persons::text[] = ARRAY[one.actor]) THEN
            INSERT INTO access.log (opened_at, actor_kind, actor, role, office, purpose, legal_basis, scope_kind,
                                    scope_persons, scope_area, case_reference, readable, writable, connected_as)
            VALUES (one.announced_at, one.actor_kind, one.actor, one.role, coalesce(held.office, ''), one.purpose,
                    one.legal_basis, one.scope_kind, open_then, one.scope_area, one.case_reference,
                    readable_then, '{}', one.connected_as)
            RETURNING id INTO made;
            IF one.scope_kind IN ('person', 'case') THEN
                INSERT INTO access.disclosure (log_id, person_id, categories)
                SELECT made, p, readable_then FROM (SELECT DISTINCT unnest(open_then)) AS named (p);
            END IF;
            INSERT INTO access.left_open (log_id) VALUES (made);
            settled := settled + 1;
        END IF;
        DELETE FROM access.announcement WHERE id = one.id;
    END LOOP;
    RETURN settled;
END $$;

REVOKE ALL ON FUNCTION
    access.open(text, text, text, text, text, text, uuid[], text, text), access.width(text), access.disclose(uuid[], text[]),
    access.take_announcement(), access.settle_announcements(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    access.open(text, text, text, text, text, text, uuid[], text, text), access.disclose(uuid[], text[])
    TO pccovid_web, pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.settle_announcements(integer) TO pccovid_jobs;
