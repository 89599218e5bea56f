-- What the planner believes about tables, counted anew after a delivery instead of when autovacuum comes round: until then a new
-- index of the size of a nation is planned for as if it were empty, and of partitioned tables autovacuum never counts the whole.
-- Only what changed by more than a tenth; jobs own no table, so the owner's function does it. Returns how many tables it counted.
CREATE FUNCTION access.count_tables_anew() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed regclass[];
    counted regclass;
BEGIN
    WITH leaf AS (
        SELECT c.oid, c.reltuples, coalesce(pg_stat_get_mod_since_analyze(c.oid), 0) AS changes,
               (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parent
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'access') AND c.relkind = 'r'
    ), whole AS (
        SELECT coalesce(parent, oid) AS oid, sum(greatest(reltuples, 0)) AS known, sum(changes) AS changes
        FROM leaf GROUP BY 1
    )
    SELECT array_agg(oid::regclass) INTO changed FROM whole WHERE changes > 0 AND changes >= known / 10;
    FOREACH counted IN ARRAY coalesce(changed, '{}') LOOP
        EXECUTE format('ANALYZE %s', counted);
    END LOOP;
    RETURN coalesce(cardinality(changed), 0);
END;
$$;
REVOKE ALL ON FUNCTION access.count_tables_anew() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.count_tables_anew() TO pccovid_jobs;
