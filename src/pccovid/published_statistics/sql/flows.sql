-- What is counted may be more than a table's rows, and by another area than home: flows are counted by 'from>to'.

ALTER TABLE access.statistics_theme ADD COLUMN rows_of text, ADD COLUMN area_of text;

-- Counts the persons of each area and day of a week, once; afterwards the same counts are given again. PC481: no such theme,
-- PC482: the week is not over for long enough.
CREATE OR REPLACE FUNCTION access.counts_of_week(of_theme text, of_week date) RETURNS TABLE (area text, day date, people integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry bigint := access.statistics_entry();
    rule access.statistics_theme;
BEGIN
    SELECT t.* INTO rule FROM access.statistics_theme t WHERE t.theme = of_theme;
    IF rule.theme IS NULL THEN
        RAISE EXCEPTION 'nothing of that name is counted' USING ERRCODE = 'PC481';
    END IF;
    IF extract(isodow FROM of_week) <> 1
       OR (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < of_week + 7 + rule.wait_days THEN
        RAISE EXCEPTION 'the week is not over for long enough' USING ERRCODE = 'PC482';
    END IF;
    INSERT INTO access.statistics_week (theme, week, log_id) VALUES (of_theme, of_week, entry) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        EXECUTE format(
            'INSERT INTO access.statistics_count (theme, week, area, day, people)
             SELECT $1, $2, %4$s, %1$s, count(DISTINCT p.id)
             FROM %2$s f JOIN public.people_person p ON p.id = f.person_id AND p.merged_into_id IS NULL
             WHERE %1$s >= $2 AND %1$s < $2 + 7 AND %3$s AND p.id <> ALL ($3) GROUP BY 3, 4',
            rule.day_of, rule.rows_of, rule.only_where, rule.area_of)
            USING of_theme, of_week, access.persons_not_counted(rule.category);
    END IF;
    RETURN QUERY SELECT c.area, c.day, c.people FROM access.statistics_count c
    WHERE c.theme = of_theme AND c.week = of_week;
END $$;
REVOKE ALL ON FUNCTION access.counts_of_week(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.counts_of_week(text, date) TO pccovid_jobs;

-- The console shows what is published.
GRANT SELECT ON published_statistics_release, published_statistics_cell TO pccovid_web;
