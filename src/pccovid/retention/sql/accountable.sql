-- Erasing what was kept for accountability: each thing as a whole, with its steps and decisions, its years after it ended.
--
-- The rules are data (retention/accountable.py) that only the owner writes. Most of these tables are append-only by triggers
-- that bind their owner too. While access.erase_accountable works, and in its transaction alone, these let it delete; every
-- row that goes so has its proof in that transaction.

CREATE TABLE access.accountable (
    position integer PRIMARY KEY,
    table_name text NOT NULL UNIQUE,
    goes_with text,       -- the whole that its rows are a part of
    rests_by text,        -- of a part: SQL over its row `part` with $1 = the numbers of the wholes
    since text,           -- of a whole: SQL over its row `one`, never later than `ended`
    ended text,           -- of a whole: the moment its years count from, NULL while it is open
    only_where text NOT NULL,
    stays text NOT NULL,
    outlives text NOT NULL,
    CHECK (num_nonnulls(goes_with, ended, nullif(outlives, '')) = 1),
    CHECK ((goes_with IS NULL) = (rests_by IS NULL) AND (ended IS NULL) = (since IS NULL))
);
-- The transaction that erases just now, while it does: one line, gone again when it has.
CREATE TABLE access.erasing (transaction_id xid8 PRIMARY KEY);

CREATE FUNCTION access.is_erasing() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM access.erasing e WHERE e.transaction_id = pg_current_xact_id_if_assigned())
$$;

-- Lets the triggers that keep these tables from deletion pass what erases. Asked for whenever a database is prepared, so that
-- a table of tomorrow needs nothing but its rule.
CREATE FUNCTION access.let_erasing_through() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE kept text;
BEGIN
    FOR kept IN SELECT pg_get_triggerdef(t.oid) FROM access.accountable a
                JOIN pg_trigger t ON t.tgrelid = to_regclass(CASE WHEN a.table_name LIKE '%.%' THEN '' ELSE 'public.' END
                                                             || a.table_name)
                WHERE a.outlives = '' AND NOT t.tgisinternal AND t.tgqual IS NULL AND (t.tgtype & 8) <> 0 LOOP
        EXECUTE replace(replace(kept, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
                        ' EXECUTE FUNCTION ', ' WHEN (NOT access.is_erasing()) EXECUTE FUNCTION ');
    END LOOP;
END $$;

-- A row's primary key as text, as SQL over the row.
CREATE FUNCTION access.key_text(of_table regclass, alias text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('concat_ws('' '', %s)', string_agg(format('%I.%I', alias, a.attname), ', ' ORDER BY k.place))
    FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (attnum, place)
    JOIN pg_attribute a ON a.attnum = k.attnum
    WHERE i.indrelid = of_table AND i.indisprimary AND a.attrelid = of_table
$$;

CREATE FUNCTION access.accountable_until(as_of timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT as_of - make_interval(years => p.years) FROM access.log_period p
$$;

-- Which wholes are due, as SQL over `one` with $1 = the moment before which they must have ended.
CREATE FUNCTION access.accountable_condition(rule access.accountable) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('(%s) < $1 AND (%s) < $1 AND (%s)', rule.since, rule.ended, rule.only_where)
$$;

-- Erases at most so many wholes of one kind with all their parts; (table, rows) for each table that lost any.
CREATE FUNCTION access.erase_accountable(
    of_table text, as_of timestamptz, most integer, run uuid, batch integer, salt bytea
) RETURNS TABLE (lost text, rows bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp AS $$
#variable_conflict use_column
DECLARE
    rule access.accountable;
    part access.accountable;
    bound timestamptz := access.accountable_until(as_of);
    places tid[];
    numbers bigint[];
    keys text[];
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    SELECT a.* INTO STRICT rule FROM access.accountable a WHERE a.table_name = of_table AND a.ended IS NOT NULL;
    EXECUTE format(
        'SELECT array_agg(f.place), array_agg(f.number) FROM (SELECT one.ctid AS place, %s AS number FROM %s one'
        ' WHERE %s ORDER BY %s LIMIT $2 FOR UPDATE OF one) f',
        CASE WHEN EXISTS (SELECT 1 FROM access.accountable a WHERE a.goes_with = of_table)
             THEN 'one.id::bigint' ELSE 'NULL::bigint' END,
        of_table, access.accountable_condition(rule), rule.since)
    INTO places, numbers USING bound, most;
    IF places IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO access.erasing VALUES (pg_current_xact_id());
    FOR part IN SELECT a.* FROM access.accountable a WHERE a.goes_with = of_table ORDER BY a.position LOOP
        EXECUTE format('WITH gone AS (DELETE FROM %s part WHERE %s RETURNING %s AS key) SELECT array_agg(g.key) FROM gone g',
                       part.table_name, part.rests_by, access.key_text(part.table_name::regclass, 'part'))
            INTO keys USING numbers;
        PERFORM access.note_erasure(run, batch, part.table_name, 'period', bound, keys, salt);
        lost := part.table_name; rows := coalesce(cardinality(keys), 0);
        RETURN NEXT;
    END LOOP;
    EXECUTE format('WITH gone AS (DELETE FROM %s one WHERE one.ctid = ANY ($1) RETURNING %s AS key)'
                   ' SELECT array_agg(g.key) FROM gone g', of_table, access.key_text(of_table::regclass, 'one'))
        INTO keys USING places;
    PERFORM access.note_erasure(run, batch, of_table, 'period', bound, keys, salt);
    lost := of_table; rows := coalesce(cardinality(keys), 0);
    RETURN NEXT;
    DELETE FROM access.erasing;
END $$;

-- How many rows of one of these tables are due as of a moment: of a part, those of wholes that are.
CREATE FUNCTION access.accountable_due(of_table text, as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    rule access.accountable;
    whole access.accountable;
    bound timestamptz := access.accountable_until(as_of);
    numbers bigint[];
    due bigint;
BEGIN
    SELECT a.* INTO STRICT rule FROM access.accountable a WHERE a.table_name = of_table;
    IF rule.outlives <> '' THEN
        RETURN 0;
    ELSIF rule.goes_with IS NULL THEN
        EXECUTE format('SELECT count(*) FROM %s one WHERE %s', of_table, access.accountable_condition(rule))
            INTO due USING bound;
        RETURN due;
    END IF;
    SELECT a.* INTO STRICT whole FROM access.accountable a WHERE a.table_name = rule.goes_with;
    EXECUTE format('SELECT array_agg(one.id::bigint) FROM %s one WHERE %s', whole.table_name,
                   access.accountable_condition(whole)) INTO numbers USING bound;
    IF numbers IS NULL THEN
        RETURN 0;
    END IF;
    EXECUTE format('SELECT count(*) FROM %s part WHERE %s', of_table, rule.rests_by) INTO due USING numbers;
    RETURN due;
END $$;

-- Of the log: entries of links that were anchored before the years began, and whom these showed.
CREATE FUNCTION access.log_due(of_table text, as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    done bigint := coalesce((SELECT max(e.last_position) FROM access.log_erasure e), 0);
    until bigint := access.log_due_until(as_of);
BEGIN
    IF of_table = 'access.disclosure' THEN
        RETURN (SELECT count(*) FROM access.chain c JOIN access.disclosure d ON d.log_id = c.log_id
                WHERE c.position > done AND c.position <= until);
    END IF;
    RETURN (SELECT count(*) FROM access.chain c JOIN access.log l ON l.id = c.log_id
            WHERE c.position > done AND c.position <= until);
END $$;

-- Lines of erased ranges that were kept, without a name, for what rested on them: they go once nothing does. At most so many
-- are looked at, from a number on; returns how many went, and the last number looked at, NULL at the end.
CREATE INDEX log_without_a_name ON access.log (id) WHERE actor = '';
CREATE FUNCTION access.erase_bare_lines(
    after bigint, as_of timestamptz, most integer, run uuid, batch integer, salt bytea, OUT erased integer, OUT looked_to bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    done bigint := coalesce((SELECT max(e.last_log_id) FROM access.log_erasure e), 0);
    bare bigint[];
    gone bigint[];
BEGIN
    PERFORM access.check_erasing(as_of, salt);
    SELECT array_agg(b.id), max(b.id) INTO bare, looked_to FROM (
        SELECT l.id FROM access.log l WHERE l.actor = '' AND l.id > after AND l.id <= done ORDER BY l.id LIMIT most) b;
    erased := 0;
    IF bare IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO access.erasing VALUES (pg_current_xact_id());
    WITH lines AS (
        DELETE FROM access.log l WHERE l.id = ANY (bare) AND l.id <> ALL (access.entries_rested_on(bare)) RETURNING l.id)
    SELECT array_agg(g.id) INTO gone FROM lines g;
    DELETE FROM access.erasing;
    erased := coalesce(cardinality(gone), 0);
    PERFORM access.note_erasure(run, batch, 'access.log', 'explains_nothing_more', as_of, gone::text[], salt);
END $$;

REVOKE ALL ON access.accountable, access.erasing FROM PUBLIC;
REVOKE ALL ON FUNCTION access.is_erasing(), access.let_erasing_through(), access.key_text(regclass, text),
    access.accountable_until(timestamptz), access.accountable_condition(access.accountable),
    access.erase_accountable(text, timestamptz, integer, uuid, integer, bytea),
    access.accountable_due(text, timestamptz), access.log_due(text, timestamptz),
    access.erase_bare_lines(bigint, timestamptz, integer, uuid, integer, bytea) FROM PUBLIC;
-- is_erasing is asked by triggers on tables that jobs write themselves.
GRANT EXECUTE ON FUNCTION access.is_erasing(), access.erase_accountable(text, timestamptz, integer, uuid, integer, bytea),
    access.erase_bare_lines(bigint, timestamptz, integer, uuid, integer, bytea) TO pccovid_jobs;
