-- What changed about persons, for agencies that keep copies: noted in the very transaction that changed it, by triggers, so that
-- nothing which writes can forget to. While no agreement is in force nothing is noted.
CREATE TABLE access.change (
    id bigint GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    subject uuid NOT NULL,
    person_id uuid NOT NULL,
    act text NOT NULL CHECK (act IN ('made', 'changed', 'left', 'erased')),
    PRIMARY KEY (transaction_id, id)
);
CREATE INDEX change_by_time ON access.change (noted_at);
-- Up to where each agreement's receiver was told.
CREATE TABLE access.feed_notice (
    agreement_id bigint PRIMARY KEY REFERENCES access.agreement (id),
    transaction_id xid8 NOT NULL,
    change_id bigint NOT NULL
);

CREATE FUNCTION access.note_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF access.feed_is_read() THEN
        INSERT INTO access.change (kind, subject, person_id, act)
        SELECT TG_ARGV[0], n.id, n.person_id, 'made' FROM new_rows n WHERE n.superseded_at IS NULL;
        PERFORM pg_notify('agency_feed', '');
    END IF;
    RETURN NULL;
END $$;
-- A fact that goes to another person leaves the one it was with.
CREATE FUNCTION access.note_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF access.feed_is_read() THEN
        INSERT INTO access.change (kind, subject, person_id, act)
        SELECT TG_ARGV[0], n.id, c.person, c.act
        FROM new_rows n JOIN old_rows o USING (id),
             LATERAL (SELECT o.person_id, 'left' WHERE o.person_id <> n.person_id
                      UNION ALL SELECT n.person_id, 'changed') c (person, act)
        WHERE to_jsonb(n) IS DISTINCT FROM to_jsonb(o);
        PERFORM pg_notify('agency_feed', '');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION access.note_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF access.feed_is_read() THEN
        INSERT INTO access.change (kind, subject, person_id, act)
        SELECT TG_ARGV[0], o.id, o.person_id, 'erased' FROM old_rows o;
        PERFORM pg_notify('agency_feed', '');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION access.note_person_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF access.feed_is_read() THEN
        INSERT INTO access.change (kind, subject, person_id, act)
        SELECT 'patient', n.id, n.id, 'changed' FROM new_rows n JOIN old_rows o USING (id)
        WHERE to_jsonb(n) IS DISTINCT FROM to_jsonb(o);
        PERFORM pg_notify('agency_feed', '');
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE fact record;
BEGIN
    FOR fact IN SELECT * FROM (VALUES ('vaccination_dose', 'dose'), ('lab_tests_test', 'test'), ('insurance_card', 'card'))
                AS f (name, kind)
    LOOP
        EXECUTE format('CREATE TRIGGER feed_made AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION access.note_made(%L)', fact.name, fact.kind);
        EXECUTE format('CREATE TRIGGER feed_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION access.note_changed(%L)', fact.name, fact.kind);
        EXECUTE format('CREATE TRIGGER feed_erased AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION access.note_erased(%L)', fact.name, fact.kind);
    END LOOP;
END $$;
CREATE TRIGGER feed_changed AFTER UPDATE ON people_person REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_person_changed();

-- The next changes of an agency's feed, in the order in which their transactions are settled: what is still under way is not
-- there, so nothing can come in before what was read. The last row, without a kind, says how far was looked.
CREATE FUNCTION access.changes_after(after_transaction text, after_id bigint, most integer)
RETURNS TABLE (at_transaction text, at_id bigint, kind text, subject uuid, person uuid, act text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'agency' OR entry.scope_kind NOT IN ('area', 'all') THEN
        RAISE EXCEPTION 'no agency''s access is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    WITH looked AS MATERIALIZED (
        SELECT c.* FROM access.change c
        WHERE (c.transaction_id, c.id) > (after_transaction::xid8, after_id)
          AND c.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY c.transaction_id, c.id LIMIT most
    )
    SELECT l.transaction_id::text, l.id, l.kind, l.subject, l.person_id, l.act FROM looked l
    WHERE access.category_of_change(l.kind) = ANY (entry.readable)
      AND (entry.scope_area IS NULL OR access.person_lies_in(l.person_id, entry.scope_area))
    UNION ALL
    (SELECT l.transaction_id::text, l.id, NULL, NULL, NULL, NULL FROM looked l
     ORDER BY l.transaction_id DESC, l.id DESC LIMIT 1);
END $$;
-- Where the feed stands now: for who begins, or keeps no copy from before.
CREATE FUNCTION access.feed_end() RETURNS TABLE (at_transaction text, at_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text, 0::bigint
$$;

-- For the job that tells receivers: agreements with an address whose feed has something new, each told of once.
CREATE FUNCTION access.take_feed_news()
RETURNS TABLE (agreement bigint, notify_url text, since_transaction text, since_id bigint, until_transaction text,
               until_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    one access.agreement;
    told access.feed_notice;
    looked record;
BEGIN
    FOR one IN SELECT a.* FROM access.agreement a
               WHERE a.notify_url IS NOT NULL AND access.agreement_state(a) = 'granted' ORDER BY a.id
    LOOP
        SELECT n.* INTO told FROM access.feed_notice n WHERE n.agreement_id = one.id FOR UPDATE;
        SELECT max(l.transaction_id::text::numeric)::text AS top,
               (array_agg(l.id ORDER BY l.transaction_id DESC, l.id DESC))[1] AS top_id,
               bool_or(access.category_of_change(l.kind) = ANY (one.categories)
                       AND (one.area_code IS NULL OR access.person_lies_in(l.person_id, one.area_code))) AS is_news
        INTO looked
        FROM (SELECT c.* FROM access.change c
              WHERE (c.transaction_id, c.id) > (coalesce(told.transaction_id, '0'::xid8), coalesce(told.change_id, 0))
                AND c.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                AND c.noted_at >= one.asked_at
              ORDER BY c.transaction_id, c.id LIMIT 5000) l;
        CONTINUE WHEN looked.top IS NULL;
        INSERT INTO access.feed_notice (agreement_id, transaction_id, change_id)
        VALUES (one.id, looked.top::xid8, looked.top_id)
        ON CONFLICT (agreement_id) DO UPDATE SET transaction_id = excluded.transaction_id, change_id = excluded.change_id;
        IF looked.is_news THEN
            RETURN QUERY SELECT one.id, one.notify_url, coalesce(told.transaction_id, '0'::xid8)::text,
                                coalesce(told.change_id, 0), looked.top, looked.top_id;
        END IF;
    END LOOP;
END $$;
-- Changes older than this are not told any more: who was away longer begins anew with what stands.
CREATE FUNCTION access.sweep_changes(older_than interval) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE swept bigint;
BEGIN
    DELETE FROM access.change c WHERE c.noted_at < clock_timestamp() - greatest(older_than, interval '7 days');
    GET DIAGNOSTICS swept = ROW_COUNT;
    RETURN swept;
END $$;

REVOKE ALL ON access.change, access.feed_notice FROM PUBLIC;
REVOKE ALL ON FUNCTION access.note_made(), access.note_changed(), access.note_erased(),
    access.note_person_changed(), access.changes_after(text, bigint, integer),
    access.feed_end(), access.take_feed_news(), access.sweep_changes(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.changes_after(text, bigint, integer), access.feed_end() TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.take_feed_news(), access.sweep_changes(interval) TO pccovid_jobs;
