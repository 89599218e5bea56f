-- The dry run: what would be erased as of a moment, and what would stay. With `as_if_over`, as if the end of the epidemic had
-- come. What is kept for accountability is told by its own rules, and so is the log (accountable.sql).
CREATE OR REPLACE FUNCTION access.retention_plan(as_of timestamptz, as_if_over boolean)
RETURNS TABLE (table_name text, retention text, days integer, until text, document text, verified boolean,
               because text, due bigint, kept bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    rule access.retention_rule;
    is_over boolean := as_if_over OR access.epidemic_is_over(as_of);
    is_the_log boolean;
    outlives boolean;
BEGIN
    FOR rule IN SELECT r.* FROM access.retention_rule r ORDER BY r.position LOOP
        EXECUTE format('SELECT count(*) FILTER (WHERE d), count(*) FILTER (WHERE d IS NOT TRUE)'
                       ' FROM (SELECT (%s) AS d FROM %s) counted',
                       access.due_condition(rule, is_over), rule.table_name)
            INTO due, kept USING access.cut_off(rule, is_over, as_of);
        table_name := rule.table_name; retention := rule.retention; days := rule.days; until := rule.until;
        document := rule.document; verified := rule.verified;
        because := CASE WHEN rule.ends_with_epidemic AND is_over THEN 'end_of_epidemic'
                        WHEN rule.starts IS NOT NULL THEN 'period' ELSE 'kept' END;
        SELECT a.outlives <> '' INTO outlives FROM access.accountable a WHERE a.table_name = rule.table_name;
        is_the_log := rule.table_name IN ('access.log', 'access.disclosure');
        IF rule.retention = 'accountability' AND (is_the_log OR NOT outlives) THEN
            because := 'period';
            due := CASE WHEN is_the_log THEN access.log_due(rule.table_name, as_of)
                        ELSE access.accountable_due(rule.table_name, as_of) END;
            kept := kept - due;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION access.write_retention_due(as_of timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    DELETE FROM access.retention_due;
    INSERT INTO access.retention_due (table_name, due, kept, because, counted_at)
    SELECT p.table_name, p.due, p.kept, p.because, as_of FROM access.retention_plan(as_of, false) p
$$;

REVOKE ALL ON FUNCTION access.retention_plan(timestamptz, boolean), access.write_retention_due(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.retention_plan(timestamptz, boolean), access.write_retention_due(timestamptz)
    TO pccovid_jobs;
