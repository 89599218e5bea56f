-- Which day a row of movement lies in, and the partitions of days (days.sql).

-- The day a row lies in: that of the moment its period counts from, in Viet Nam. The first of January of the year 1 where
-- that moment is no use: more than ninety days before we received the fact, more than thirty after, or before 2020.
-- Within thirty days, since from there on a period counts from the receipt: so a whole day is due together.
CREATE OR REPLACE FUNCTION access.movement_day(moment timestamptz, recorded_at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN here.moment BETWEEN here.recorded - interval '90 days' AND here.recorded + interval '30 days'
                 AND here.moment >= timestamp '2020-01-01' AND here.moment < timestamp '2100-01-01'
                THEN here.moment::date ELSE date '0001-01-01' END
    FROM (SELECT coalesce($1, $2) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS moment,
                 $2 AT TIME ZONE 'Asia/Ho_Chi_Minh' AS recorded) here
$$;

-- Makes the partitions of these days where they are missing. Nobody may read one by itself: privileges are on the whole
-- table alone, and row security without a policy shows nothing to who should ever get one.
CREATE OR REPLACE FUNCTION access.add_days(of_table text, days date[]) RETURNS void
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

-- The same for an import before it publishes, and for scans before they are folded in. PC431: so many days that nobody can
-- have erased anything for years.
CREATE OR REPLACE FUNCTION access.make_days(of_table text, days date[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, access, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'job' OR entry.purpose NOT IN ('carry_over', 'check_in') THEN
        RAISE EXCEPTION 'days are made for an import or for scans' USING ERRCODE = 'insufficient_privilege';
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

REVOKE ALL ON FUNCTION access.movement_day(timestamptz, timestamptz), access.add_days(text, date[]),
    access.make_days(text, date[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.movement_day(timestamptz, timestamptz), access.make_days(text, date[]) TO pccovid_jobs;
