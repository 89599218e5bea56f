-- Which rows are due, and erasing them in batches. Loaded once there are tables by days (days.sql).

CREATE FUNCTION access.lies_by_day(of_table text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = to_regclass(of_table) AND c.relkind = 'p')
$$;

-- Which rows of a table are due, as SQL over the table with $1 = the cut-off. Of a table by days only those are looked at that
-- can hold a row that is due: a row's period counts from a moment of its day, or the row lies in the first partition.
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

-- Erases at most `most` rows of one table that are due, with what only they explain, and takes the proofs down. The rows
-- chosen are held to the condition, so that a table by days is searched only where they can be.
-- `as_of` may lie in the past, never in the future; `salt` is what hides the commitment and is kept elsewhere.
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
    access.check_erasing(timestamptz, bytea), access.erase_batch(text, timestamptz, integer, uuid, integer, bytea)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.erase_batch(text, timestamptz, integer, uuid, integer, bytea) TO pccovid_jobs;
