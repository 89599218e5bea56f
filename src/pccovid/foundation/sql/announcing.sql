-- An opening is announced before it is opened, and that is committed: a reading that is rolled back takes its entry with it,
-- but not the announcement. The entry that stays takes the announcement away, in the same transaction. What is left over
-- after two minutes opened something, or tried to, and kept no entry: it becomes an entry of its own.
--
-- The announcement's commit does not wait for the disk: only a crash of the whole server loses the last fraction of a
-- second. Jobs announce nothing (ADR 15).
CREATE TABLE access.announcement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    announced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    actor_kind text NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    purpose text NOT NULL,
    legal_basis text NOT NULL,
    scope_kind text NOT NULL CHECK (scope_kind IN ('own', 'person', 'area', 'all')),
    scope_persons uuid[] NOT NULL,
    scope_area text,
    case_reference text,
    connected_as text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX announcement_by_actor ON access.announcement (actor);

-- Which entries of the log were written for announcements that left none.
CREATE TABLE access.left_open (
    log_id bigint PRIMARY KEY REFERENCES access.log (id),
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER left_open_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.left_open
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- Takes what access.open takes. A statement of its own, outside any transaction: what is not committed counts for nothing.
CREATE FUNCTION access.announce(
    actor_kind text, actor text, role text, purpose text, legal_basis text,
    scope_kind text, scope_persons uuid[] DEFAULT '{}', scope_area text DEFAULT NULL, case_reference text DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE made bigint;
BEGIN
    IF announce.actor_kind = 'job' OR NOT access.connection_speaks_for(announce.actor_kind, session_user) THEN
        RAISE EXCEPTION 'this connection may not act as a %', announce.actor_kind USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF announce.scope_kind IS NULL OR access.width(announce.scope_kind) IS NULL THEN
        RAISE EXCEPTION 'that is no scope' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO access.announcement (actor_kind, actor, role, purpose, legal_basis, scope_kind, scope_persons, scope_area,
                                     case_reference, connected_as)
    VALUES (announce.actor_kind, coalesce(announce.actor, ''),
            CASE WHEN announce.actor_kind = 'citizen' THEN '' ELSE coalesce(announce.role, '') END,
            coalesce(announce.purpose, ''), coalesce(announce.legal_basis, ''), announce.scope_kind,
            coalesce(announce.scope_persons, '{}'), announce.scope_area, announce.case_reference, session_user)
    RETURNING id INTO made;
    RETURN made;
END $$;

-- Whether a login is one of the web's, and not somebody who may be everything.
CREATE FUNCTION access.is_web(login name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = to_regrole(quote_ident(login))
                   AND m.roleid = 'pccovid_web'::regrole)
$$;

CREATE FUNCTION access.take_announcement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    DELETE FROM access.announcement WHERE id = (
        SELECT a.id FROM access.announcement a
        WHERE a.actor = NEW.actor AND a.actor_kind = NEW.actor_kind AND a.role = NEW.role AND a.purpose = NEW.purpose
          AND a.scope_kind = NEW.scope_kind AND a.scope_area IS NOT DISTINCT FROM NEW.scope_area
          AND a.case_reference IS NOT DISTINCT FROM NEW.case_reference
          AND (a.scope_persons = NEW.scope_persons
               OR (NEW.scope_kind = 'own' AND a.scope_persons = NEW.scope_persons[1:1]))
          AND a.transaction_id <> pg_current_xact_id()
          AND a.announced_at > clock_timestamp() - interval '2 minutes'
        ORDER BY a.id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an access is announced, and that committed, before it is opened'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- Last in the order of their names: what other triggers refuse leaves its announcement behind, and so an entry.
CREATE TRIGGER zz_an_opening_was_announced BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.actor_kind <> 'job' AND NEW.opened_at >= transaction_timestamp() AND access.is_web(session_user))
    EXECUTE FUNCTION access.take_announcement();

-- Makes entries of at most so many announcements that have waited two minutes and that no running transaction has taken.
-- Such an entry is dated before this transaction began, so it is nobody's context. Where no rule or office would have
-- opened anything, nothing was read: the announcement goes. Of named persons the log says that all of them were open.
CREATE FUNCTION access.settle_announcements(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    one access.announcement;
    held access.appointment;
    readable_then text[];
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
        IF readable_then IS NOT NULL AND (one.actor_kind <> 'officer' OR held.id IS NOT NULL)
           AND (one.scope_kind <> 'own' OR one.scope_persons::text[] = ARRAY[one.actor]) THEN
            INSERT INTO access.log (opened_at, actor_kind, actor, role, office, purpose, legal_basis, scope_kind,
                                    scope_persons, scope_area, case_reference, readable, writable, connected_as)
            VALUES (one.announced_at, one.actor_kind, one.actor, one.role, coalesce(held.office, ''), one.purpose,
                    one.legal_basis, one.scope_kind, one.scope_persons, one.scope_area, one.case_reference,
                    readable_then, '{}', one.connected_as)
            RETURNING id INTO made;
            IF one.scope_kind = 'person' THEN
                INSERT INTO access.disclosure (log_id, person_id, categories)
                SELECT made, p, readable_then FROM (SELECT DISTINCT unnest(one.scope_persons)) AS named (p);
            END IF;
            INSERT INTO access.left_open (log_id) VALUES (made);
            settled := settled + 1;
        END IF;
        DELETE FROM access.announcement WHERE id = one.id;
    END LOOP;
    RETURN settled;
END $$;

REVOKE ALL ON access.announcement, access.left_open FROM PUBLIC;
REVOKE ALL ON FUNCTION
    access.announce(text, text, text, text, text, text, uuid[], text, text), access.is_web(name),
    access.take_announcement(), access.settle_announcements(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.announce(text, text, text, text, text, text, uuid[], text, text) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.settle_announcements(integer) TO pccovid_jobs;
