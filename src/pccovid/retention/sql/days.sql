-- Whole days of movement are erased by dropping their partition; what hung on their rows is forgotten afterwards, in batches.

-- Records whose facts went with a day, until what explained them is forgotten: one line for each received row.
CREATE TABLE access.left_to_forget (
    record_id uuid NOT NULL,
    source_record_id uuid NOT NULL,
    cut_off timestamptz NOT NULL,
    PRIMARY KEY (record_id, source_record_id)
);
REVOKE ALL ON access.left_to_forget FROM PUBLIC;

-- The days of a table that are due as a whole, oldest first: their last moment lies before the cut-off.
CREATE FUNCTION access.due_days(of_table text, as_of timestamptz) RETURNS TABLE (due_day date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
    SELECT kept.day FROM access.retention_rule r, LATERAL (
        SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = to_regclass(r.table_name) AND c.relname ~ '_d[0-9]{8}$') kept
    WHERE r.table_name = of_table AND access.lies_by_day(of_table)
      AND (r.starts IS NOT NULL OR access.epidemic_is_over(as_of))
      AND access.first_moment(kept.day + 1) <= access.cut_off(r, access.epidemic_is_over(as_of), as_of)
    ORDER BY kept.day
$$;

-- Erases one whole day: reads its keys once, in order, for the proofs (one for each half a million rows), notes what is
-- left to forget, and drops the partition last, so that readers wait for the drop alone. All of it or nothing.
-- Raises lock_not_available where readers do not let go in time.
CREATE FUNCTION access.drop_day(
    of_table text, of_day date, as_of timestamptz, run uuid, batch integer, salt bytea, OUT erased bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    rule access.retention_rule;
    is_over boolean := access.epidemic_is_over(as_of);
    partition regclass;
    bound timestamptz := access.first_moment(of_day + 1);
    last_key uuid := '00000000-0000-0000-0000-000000000000';
    keys uuid[];
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    PERFORM 1 FROM access.due_days(of_table, as_of) d WHERE d.due_day = of_day;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'that day is not due' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT r.* INTO STRICT rule FROM access.retention_rule r WHERE r.table_name = of_table;
    partition := to_regclass(of_table || to_char(of_day, '"_d"YYYYMMDD'));
    is_over := is_over AND rule.ends_with_epidemic;
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', partition);
    IF NOT is_over THEN
        EXECUTE format('INSERT INTO access.left_to_forget SELECT DISTINCT record_id, source_record_id, $1 FROM %s'
                       ' ON CONFLICT DO NOTHING', partition) USING bound;
    END IF;
    erased := 0;
    LOOP
        EXECUTE format('SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM %s WHERE id > $1 ORDER BY id LIMIT 500000) k',
                       partition) INTO keys USING last_key;
        EXIT WHEN keys IS NULL;
        PERFORM access.note_erasure(run, batch, of_table, CASE WHEN is_over THEN 'end_of_epidemic' ELSE 'period' END,
                                    bound, keys::text[], salt);
        erased := erased + cardinality(keys);
        last_key := keys[cardinality(keys)];
    END LOOP;
    EXECUTE format('DROP TABLE %s', partition);
END $$;

-- Forgets what explained at most so many of the records whose facts went with a day. `forgotten`: how many records.
CREATE FUNCTION access.forget_batch(
    as_of timestamptz, most integer, run uuid, batch integer, salt bytea, OUT forgotten integer, OUT touched uuid[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    records uuid[];
    source_records uuid[];
    bound timestamptz;
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    WITH taken AS (
        DELETE FROM access.left_to_forget WHERE record_id IN (
            SELECT DISTINCT l.record_id FROM access.left_to_forget l ORDER BY l.record_id LIMIT most)
        RETURNING record_id, source_record_id, cut_off)
    SELECT array_agg(DISTINCT t.record_id), array_agg(DISTINCT t.source_record_id), max(t.cut_off)
    INTO records, source_records, bound FROM taken t;
    forgotten := coalesce(cardinality(records), 0);
    touched := '{}';
    IF forgotten > 0 THEN
        touched := access.forget_what_explained(run, batch, bound, salt, records, source_records);
    END IF;
END $$;

REVOKE ALL ON FUNCTION access.due_days(text, timestamptz),
    access.drop_day(text, date, timestamptz, uuid, integer, bytea),
    access.forget_batch(timestamptz, integer, uuid, integer, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.due_days(text, timestamptz),
    access.drop_day(text, date, timestamptz, uuid, integer, bytea),
    access.forget_batch(timestamptz, integer, uuid, integer, bytea) TO pccovid_jobs;
