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

REVOKE ALL ON access.announcement, access.left_open FROM PUBLIC;
REVOKE ALL ON FUNCTION
    access.announce(text, text, text, text, text, text, uuid[], text, text), access.is_web(name)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.announce(text, text, text, text, text, text, uuid[], text, text) TO pccovid_web;
