-- Who met whom: stays at one place that overlap, people of one household, journeys together. As rules.py says for one pair.

-- When somebody was at a place, of what is known: without an exit two hours after the entry; a check-out more than a day
-- after its check-in, or before it, stands alone, with the two hours before it.
CREATE OR REPLACE FUNCTION access.there_from(entered_at timestamptz, left_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN left_at IS NULL OR (left_at >= entered_at AND left_at <= entered_at + interval '24 hours')
                THEN entered_at ELSE left_at - interval '2 hours' END
$$;

-- The same in the hours of the country, as the indexes of places have it (migration 0023): one look finds who was there, whether
-- or not their entry is known. Written out there, since who writes visits may call no function here.
CREATE OR REPLACE FUNCTION access.there_here(entered_at timestamptz, left_at timestamptz) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN left_at IS NULL OR (left_at >= entered_at AND left_at - entered_at <= interval '24 hours')
                THEN entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh'
                ELSE (left_at AT TIME ZONE 'Asia/Ho_Chi_Minh') - interval '2 hours' END
$$;

-- Near or far on board: rows apart, where both seats say their row; in one vehicle without rows everybody is near.
CREATE OR REPLACE FUNCTION access.seats_kind(one text, other text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT CASE WHEN abs(substring($1 FROM '^\d{1,3}')::integer - substring($2 FROM '^\d{1,3}')::integer)
                     > (SELECT max(r.near_rows) FROM access.contact_rule r WHERE r.kind = 'journey')
                THEN 'far_seat' ELSE 'journey' END
$$;

REVOKE ALL ON FUNCTION access.there_from(timestamptz, timestamptz), access.there_here(timestamptz, timestamptz),
    access.seats_kind(text, text) FROM PUBLIC;
