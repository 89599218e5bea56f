-- Restrictions: rows that the database shows for no purpose but those of access.restriction_exempt, until they are lifted.

CREATE TABLE access.restriction_exempt (
    purpose text NOT NULL,
    actor_kind text NOT NULL,  -- '': whoever reads under it
    reason text NOT NULL,
    is_verified boolean NOT NULL,
    PRIMARY KEY (purpose, actor_kind)
);
CREATE TABLE access.restriction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES access.right_request (id),
    person_id uuid NOT NULL,
    category text,  -- NULL: the whole record
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    lifted_at timestamptz
);
CREATE INDEX restriction_in_force ON access.restriction (person_id) WHERE lifted_at IS NULL;

CREATE FUNCTION access.keep_restriction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL
       OR to_jsonb(NEW) - 'lifted_at' IS DISTINCT FROM to_jsonb(OLD) - 'lifted_at' THEN
        RAISE EXCEPTION 'a restriction is only lifted, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restriction_is_kept BEFORE UPDATE OR DELETE ON access.restriction
    FOR EACH ROW EXECUTE FUNCTION access.keep_restriction();
CREATE TRIGGER restriction_is_not_emptied BEFORE TRUNCATE ON access.restriction
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

-- Whether anything of the category is kept back in the open context at all: asked first, and nearly always no.
CREATE FUNCTION access.restrictions_hold(category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE entry access.log;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM access.restriction r WHERE r.lifted_at IS NULL) THEN
        RETURN false;
    END IF;
    entry := access.current_entry();
    RETURN entry.id IS NOT NULL AND category = ANY (entry.readable) AND NOT EXISTS (
        SELECT 1 FROM access.restriction_exempt x
        WHERE x.purpose = entry.purpose AND x.actor_kind IN ('', entry.actor_kind));
END $$;

-- Whether a source record, or what hangs on it, is of somebody of whom access.persons_restricted shows nothing
-- (foundation/sql/protect.sql).
CREATE FUNCTION access.record_is_restricted(record uuid, category text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, public, pg_temp COST 500 AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.people_recordclaim c
                   WHERE c.record_id = record_is_restricted.record AND c.person_id = ANY (access.persons_restricted(category)));
END $$;

CREATE FUNCTION access.obey_restrictions_by_record(personal regclass, category text, record_column text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE POLICY not_restricted_%2$s ON %1$s AS RESTRICTIVE FOR SELECT TO pccovid_web, pccovid_jobs USING (
            NOT (SELECT access.restrictions_hold(%3$L)) OR NOT access.record_is_restricted(%2$I, %3$L))',
        personal, record_column, category);
END $$;

-- Tables that were protected before restrictions were.
DO $$
DECLARE known record;
BEGIN
    FOR known IN
        SELECT p.polrelid::regclass AS personal,
               (regexp_match(pg_get_expr(p.polqual, p.polrelid), 'persons_seen\(''([a-z_]+)''')) [1] AS category,
               (regexp_match(pg_get_expr(p.polqual, p.polrelid), '\(?(\w+) = ANY \(+ SELECT access\.persons_seen')) [1]
                   AS person_column
        FROM pg_policy p WHERE p.polname = 'sees' AND pg_get_expr(p.polqual, p.polrelid) LIKE '%persons_seen(%'
    LOOP
        PERFORM access.obey_restrictions(known.personal, known.category, known.person_column);
    END LOOP;
END $$;
SELECT access.obey_restrictions_by_record('people_sourcerecord', 'source_record', 'record_id');
SELECT access.obey_restrictions_by_record('people_unplacedrow', 'source_record', 'record_id');
SELECT access.obey_restrictions_by_record('people_reviewpair', 'source_record', 'record_id');
SELECT access.obey_restrictions_by_record('people_reviewpair', 'source_record', 'other_record_id');
SELECT access.obey_restrictions('people_merge', 'source_record', 'kept_id');

REVOKE ALL ON access.restriction_exempt, access.restriction FROM PUBLIC;
REVOKE ALL ON FUNCTION access.keep_restriction(), access.restrictions_hold(text), access.record_is_restricted(uuid, text),
    access.obey_restrictions_by_record(regclass, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.restrictions_hold(text), access.record_is_restricted(uuid, text) TO pccovid_web, pccovid_jobs;
