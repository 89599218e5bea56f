-- Published counts. The job that makes them opens the purpose `statistics`, which reads the one category that no table has: it
-- sees nobody's row. Functions count for it, and keep what a week's counts were when they were first asked for.

CREATE TABLE access.statistics_theme (
    theme text PRIMARY KEY,
    category text NOT NULL,
    table_name text NOT NULL,
    day_of text NOT NULL,
    only_where text NOT NULL,
    threshold integer NOT NULL CHECK (threshold >= 3),
    wait_days integer NOT NULL CHECK (wait_days >= 0)
);

-- A week is counted once. Releases of it that differed by what came in between would tell who came in.
CREATE TABLE access.statistics_week (
    theme text NOT NULL,
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    counted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    log_id bigint NOT NULL REFERENCES access.log (id),
    PRIMARY KEY (theme, week)
);
CREATE TABLE access.statistics_count (
    theme text NOT NULL,
    week date NOT NULL,
    area text NOT NULL,  -- the smallest unit known of the people counted: '00001', '001?', '01?', '?'
    day date NOT NULL,
    people integer NOT NULL CHECK (people > 0),
    PRIMARY KEY (theme, week, area, day),
    FOREIGN KEY (theme, week) REFERENCES access.statistics_week (theme, week)
);
-- These two lie where the analysis role may look.
CREATE TABLE published_statistics_release (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    theme text NOT NULL,
    week date NOT NULL,
    provinces text[] NOT NULL,  -- those whose districts and communes are told
    threshold integer NOT NULL,
    released_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_by text NOT NULL,
    log_id bigint NOT NULL REFERENCES access.log (id),
    FOREIGN KEY (theme, week) REFERENCES access.statistics_week (theme, week)
);
CREATE TABLE published_statistics_cell (
    release_id bigint NOT NULL REFERENCES published_statistics_release (id),
    area text NOT NULL,
    day text NOT NULL,  -- '*' for the area's total
    people integer,  -- NULL: left blank
    PRIMARY KEY (release_id, area, day)
);

CREATE FUNCTION access.refuse_statistics_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published is not called back' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER week_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON access.statistics_week
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_statistics_change();
CREATE TRIGGER count_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON access.statistics_count
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_statistics_change();
CREATE TRIGGER release_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON published_statistics_release
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_statistics_change();
CREATE TRIGGER cell_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON published_statistics_cell
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_statistics_change();

-- The entry of the opening that statistics are made under.
CREATE FUNCTION access.statistics_entry() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose <> 'statistics' THEN
        RAISE EXCEPTION 'counting needs an access opened for it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN entry.id;
END $$;

-- Who has their data of a category restricted, under every number they were kept under: they are not counted.
CREATE FUNCTION access.persons_not_counted(of_category text) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    WITH RECURSIVE held AS (
        SELECT r.person_id AS id FROM access.restriction r
        WHERE r.lifted_at IS NULL AND (r.category IS NULL OR r.category = of_category)
        UNION SELECT p.merged_into_id FROM public.people_person p JOIN held h ON p.id = h.id
        WHERE p.merged_into_id IS NOT NULL)
    SELECT coalesce(array_agg(h.id), '{}') FROM held h
$$;

-- Publishes a table; `people` NULL where a cell stays blank. A small number, or a number that differs from what was published of
-- the same cell, is refused (PC483), whoever asks.
CREATE FUNCTION access.publish_statistics(
    of_theme text, of_week date, of_provinces text[], published_by text, areas text[], days text[], people integer[]
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry bigint := access.statistics_entry();
    least integer;
    made bigint;
BEGIN
    SELECT t.threshold INTO least FROM access.statistics_theme t WHERE t.theme = of_theme;
    INSERT INTO published_statistics_release (theme, week, provinces, threshold, released_by, log_id)
    VALUES (of_theme, of_week, of_provinces, least, published_by, entry) RETURNING id INTO made;
    INSERT INTO published_statistics_cell (release_id, area, day, people)
    SELECT made, c.area, c.day, c.people FROM unnest(areas, days, people) AS c (area, day, people);
    PERFORM 1 FROM published_statistics_cell c
    LEFT JOIN (published_statistics_cell o JOIN published_statistics_release r ON r.id = o.release_id AND r.theme = of_theme
               AND r.week = of_week AND r.id <> made)
        ON o.area = c.area AND o.day = c.day AND o.people IS NOT NULL
    WHERE c.release_id = made AND (c.people BETWEEN 1 AND least - 1 OR c.people < 0 OR o.people <> c.people);
    IF FOUND THEN
        RAISE EXCEPTION 'a small number, or one that was published otherwise' USING ERRCODE = 'PC483';
    END IF;
    RETURN made;
END $$;

REVOKE ALL ON access.statistics_theme, access.statistics_week, access.statistics_count, published_statistics_release,
    published_statistics_cell FROM PUBLIC;
REVOKE ALL ON FUNCTION access.statistics_entry(), access.persons_not_counted(text),
    access.publish_statistics(text, date, text[], text, text[], text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.publish_statistics(text, date, text[], text, text[], text[], integer[]) TO pccovid_jobs;
-- What is published is for everybody; of people, who analyses reads nothing else.
GRANT SELECT ON published_statistics_release, published_statistics_cell TO pccovid_jobs, pccovid_analysis;
