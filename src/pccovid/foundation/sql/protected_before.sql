-- Tables that were protected by access.in_scope are protected anew, by what sight.sql answers.
DO $$
DECLARE known record;
BEGIN
    FOR known IN
        SELECT p.polrelid::regclass AS personal,
               (regexp_match(pg_get_expr(p.polqual, p.polrelid), 'reads\(''([a-z_]+)''')) [1] AS category,
               (regexp_match(pg_get_expr(p.polqual, p.polrelid), 'in_scope\(([a-z_]+),')) [1] AS person_column
        FROM pg_policy p WHERE p.polname = 'sees' AND pg_get_expr(p.polqual, p.polrelid) LIKE '%in_scope(%'
    LOOP
        PERFORM access.protect(known.personal, known.category, known.person_column);
    END LOOP;
END $$;
