-- Movement lies in one partition for each day, so that a day is erased by dropping it (docs/adr/0008).

-- The day a row lies in: that of the moment its period counts from, in Viet Nam. The first of January of the year 1 where
-- that moment is no use: more than ninety days before we received the fact, more than thirty after, or before 2020.
-- Within thirty days, since from there on a period counts from the receipt: so a whole day is due together.
CREATE FUNCTION access.movement_day(moment timestamptz, recorded_at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN here.moment BETWEEN here.recorded - interval '90 days' AND here.recorded + interval '30 days'
                 AND here.moment >= timestamp '2020-01-01' AND here.moment < timestamp '2100-01-01'
                THEN here.moment::date ELSE date '0001-01-01' END
    FROM (SELECT coalesce($1, $2) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS moment,
                 $2 AT TIME ZONE 'Asia/Ho_Chi_Minh' AS recorded) here
$$;

-- Makes the partitions of these days where they are missing. Nobody may read one by itself: privileges are on the whole
-- table alone, and row security without a policy shows nothing to who should ever get one.
CREATE FUNCTION access.add_days(of_table text, days date[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    one date;
    name text;
BEGIN
    FOR one IN SELECT DISTINCT d FROM unnest(days) d
               WHERE d <> date '0001-01-01' AND to_regclass(of_table || to_char(d, '"_d"YYYYMMDD')) IS NULL ORDER BY d LOOP
        name := of_table || to_char(one, '"_d"YYYYMMDD');
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                       name, of_table, one, one + 1);
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

-- The same for an import, before it publishes. PC431: so many days that nobody can have erased anything for years.
CREATE FUNCTION access.make_days(of_table text, days date[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose <> 'carry_over' THEN
        RAISE EXCEPTION 'days are made for an import' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF of_table <> ALL (ARRAY['movement_visit', 'movement_trip', 'movement_scan']) OR EXISTS (
        SELECT 1 FROM unnest(days) d WHERE d IS NULL OR d <> date '0001-01-01'
            AND d NOT BETWEEN date '2020-01-01' AND date '2099-12-31') THEN
        RAISE EXCEPTION 'no such day' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = to_regclass(of_table)) + cardinality(days) > 1000 THEN
        RAISE EXCEPTION 'too many days of % are kept; erase what is due first', of_table USING ERRCODE = 'PC431';
    END IF;
    PERFORM access.add_days(of_table, days);
END $$;

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

REVOKE ALL ON FUNCTION access.movement_day(timestamptz, timestamptz), access.add_days(text, date[]),
    access.make_days(text, date[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.movement_day(timestamptz, timestamptz), access.make_days(text, date[]) TO pccovid_jobs;
