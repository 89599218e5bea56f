-- Whole days of movement are erased by dropping their partition; what hung on their rows is forgotten afterwards, in batches.

-- Records whose facts went with a day, until what explained them is forgotten: one line for each received row.
CREATE TABLE access.left_to_forget (
    record_id uuid NOT NULL,
    source_record_id uuid NOT NULL,
    cut_off timestamptz NOT NULL,
    PRIMARY KEY (record_id, source_record_id)
);
REVOKE ALL ON access.left_to_forget FROM PUBLIC;

CREATE FUNCTION access.lies_by_day(of_table text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = to_regclass(of_table) AND c.relkind = 'p')
$$;

-- As before, but of a table by days only those are looked at that can hold a row that is due: a row's period counts from
-- a moment of its day, or the row lies in the first partition.
CREATE OR REPLACE FUNCTION access.due_condition(rule access.retention_rule, is_over boolean) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN rule.ends_with_epidemic AND is_over THEN '$1 IS NOT NULL'
        WHEN rule.starts IS NULL THEN 'false AND $1 IS NULL'
        ELSE format('%s(%s) AND ((%s) < $1%s)',
                    CASE WHEN access.lies_by_day(rule.table_name)
                         THEN 'day <= ($1 AT TIME ZONE ''Asia/Ho_Chi_Minh'')::date AND ' ELSE '' END,
                    rule.only_where, rule.starts,
                    CASE WHEN rule.recorded IS NULL THEN ''
                         ELSE format(' OR %I < $1 - interval ''30 days''', rule.recorded) END) END
$$;

CREATE FUNCTION access.check_erasing(as_of timestamptz, salt bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose <> 'erasure' THEN
        RAISE EXCEPTION 'erasing needs an access opened for it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF as_of IS NULL OR salt IS NULL OR as_of > clock_timestamp() OR length(salt) < 32 THEN
        RAISE EXCEPTION 'nothing is erased before its time, and nothing without a salt'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

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

-- As before; the rows chosen are held to the condition, so that a table by days is searched only where they can be.
CREATE OR REPLACE FUNCTION access.erase_batch(
    of_table text, as_of timestamptz, most integer, run uuid, batch integer, salt bytea,
    OUT erased integer, OUT touched uuid[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    rule access.retention_rule;
    is_over boolean := access.epidemic_is_over(as_of);
    bound timestamptz;
    keys text[];
    records uuid[];
    source_records uuid[];
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    SELECT r.* INTO STRICT rule FROM access.retention_rule r WHERE r.table_name = of_table;
    bound := access.cut_off(rule, is_over, as_of);
    IF of_table = 'people_person' AND is_over THEN
        UPDATE people_person SET merged_into_id = NULL WHERE merged_into_id IS NOT NULL;
    END IF;
    EXECUTE format(
        'WITH gone AS (DELETE FROM %1$s WHERE %2$I IN (SELECT %2$I FROM %1$s WHERE %3$s LIMIT $2) AND (%3$s)'
        ' RETURNING %2$I::text AS key, %4$s AS record_id, %5$s AS source_record_id)'
        ' SELECT array_agg(key), array_agg(DISTINCT record_id) FILTER (WHERE record_id IS NOT NULL),'
        ' array_agg(DISTINCT source_record_id) FILTER (WHERE source_record_id IS NOT NULL) FROM gone',
        rule.table_name, rule.key_column, access.due_condition(rule, is_over),
        CASE WHEN rule.is_fact OR of_table = 'people_unplacedrow' THEN 'record_id' ELSE 'NULL::uuid' END,
        CASE WHEN rule.is_fact THEN 'source_record_id' ELSE 'NULL::uuid' END)
    INTO keys, records, source_records USING bound, most;
    erased := coalesce(cardinality(keys), 0);
    touched := '{}';
    PERFORM access.note_erasure(run, batch, of_table,
        CASE WHEN rule.ends_with_epidemic AND is_over THEN 'end_of_epidemic' ELSE 'period' END, bound, keys, salt);
    IF records IS NOT NULL AND NOT is_over THEN
        touched := access.forget_what_explained(run, batch, bound, salt, records, coalesce(source_records, '{}'));
    END IF;
END $$;

REVOKE ALL ON FUNCTION access.lies_by_day(text), access.due_condition(access.retention_rule, boolean),
    access.check_erasing(timestamptz, bytea), access.due_days(text, timestamptz),
    access.drop_day(text, date, timestamptz, uuid, integer, bytea),
    access.forget_batch(timestamptz, integer, uuid, integer, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.due_days(text, timestamptz),
    access.drop_day(text, date, timestamptz, uuid, integer, bytea),
    access.forget_batch(timestamptz, integer, uuid, integer, bytea) TO pccovid_jobs;
