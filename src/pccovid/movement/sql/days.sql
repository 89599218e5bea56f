-- Movement lies in one partition for each day, so that a day is erased by dropping it (docs/adr/0008).

-- Turns a table into one by days. `moment`: SQL over one row, from when its period counts.
CREATE FUNCTION access.part_by_day(of_table text, moment text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    days date[];
    columns text;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns FROM pg_attribute a
    WHERE a.attrelid = to_regclass(of_table) AND a.attnum > 0 AND NOT a.attisdropped;
    EXECUTE format('ALTER TABLE public.%I RENAME TO %I', of_table, of_table || '_whole');
    EXECUTE format(
        'CREATE TABLE public.%1$I (LIKE public.%2$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS,'
        ' day date NOT NULL DEFAULT ''0001-01-01'','
        -- A row may say nothing of its day, and is then erased by itself; it may not say a wrong one.
        ' CONSTRAINT %3$I CHECK (day = ''0001-01-01'' OR day = access.movement_day(%4$s, recorded_at)))'
        ' PARTITION BY RANGE (day)',
        of_table, of_table || '_whole', of_table || '_lies_in_its_day', moment);
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (MINVALUE) TO (''2020-01-01'')',
                   of_table || '_rest', of_table);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', of_table || '_rest');
    EXECUTE format('SELECT array_agg(DISTINCT access.movement_day(%s, recorded_at)) FROM public.%I',
                   moment, of_table || '_whole') INTO days;
    PERFORM access.add_days(of_table, coalesce(days, '{}'));
    EXECUTE format('INSERT INTO public.%1$I (%3$s, day) SELECT %3$s, access.movement_day(%4$s, recorded_at)'
                   ' FROM public.%2$I', of_table, of_table || '_whole', columns, moment);
    EXECUTE format('DROP TABLE public.%I', of_table || '_whole');
    EXECUTE format('ALTER TABLE public.%1$I ADD CONSTRAINT %2$I PRIMARY KEY (id, day)', of_table, of_table || '_pkey');
END $$;

SELECT access.part_by_day('movement_visit', 'coalesce(left_at, entered_at)');
SELECT access.part_by_day('movement_trip', 'coalesce(departed_at, valid_until)');
SELECT access.part_by_day('movement_scan', 'scanned_at');
DROP FUNCTION access.part_by_day(text, text);

CREATE INDEX visit_by_person ON movement_visit (person_id);
CREATE INDEX visit_by_record ON movement_visit (record_id);
CREATE INDEX visit_by_place ON movement_visit (place_key, entered_at);
CREATE INDEX trip_by_person ON movement_trip (person_id);
CREATE INDEX trip_by_record ON movement_trip (record_id);
CREATE INDEX scan_by_person ON movement_scan (person_id);
CREATE INDEX scan_by_record ON movement_scan (record_id);
-- Rows of no usable day are still looked for by time.
CREATE INDEX visit_by_time ON movement_visit_rest USING brin ((coalesce(left_at, entered_at, recorded_at)), recorded_at);
CREATE INDEX trip_by_time ON movement_trip_rest USING brin
    ((coalesce(departed_at, valid_until, recorded_at)), recorded_at);
CREATE INDEX scan_by_time ON movement_scan_rest USING brin ((coalesce(scanned_at, recorded_at)), recorded_at);
