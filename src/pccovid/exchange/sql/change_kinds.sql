-- The category of data that a kind of change in the feed is of; NULL for a kind that nobody is told of.
CREATE OR REPLACE FUNCTION access.category_of_change(kind text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT CASE WHEN kind = 'dose' THEN 'vaccination' WHEN kind = 'test' THEN 'test' WHEN kind = 'card' THEN 'insurance'
                WHEN kind = 'patient' THEN 'identity' WHEN kind = 'entry' THEN 'border'
                WHEN kind IN ('stay', 'condition', 'vital_sign', 'procedure', 'medication') THEN 'treatment' END
$$;
REVOKE ALL ON FUNCTION access.category_of_change(text) FROM PUBLIC;
