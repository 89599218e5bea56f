-- The lists at a desk of quarantine: so many open orders, whom nobody has checked for longest first, so many needs, the soonest due
-- first, and how many there are. Never all of them: whoever is named is told to have been seen. Lists and counts ask of many orders at
-- once what access.order_in_sight asks of one, by joining where the person lives and is lodged; planned anew each time, since the
-- areas of a desk are one or some hundreds.
CREATE INDEX IF NOT EXISTS quarantine_order_heard ON access.quarantine_order
    (access.last_heard(checked_on, ordered_at), ends_on, id) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS quarantine_need_due ON access.quarantine_need (due_at, id) WHERE outcome IS NULL;

-- Whether these areas are communes alone, so that whoever lives in them is found by their commune. A code of five digits is a commune's.
CREATE OR REPLACE FUNCTION access.are_communes(areas text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT bool_and(length(a) = 5) FROM unnest($1) a), false)
$$;

-- Orders of whom lives or is lodged in these areas (NULL: in the country), but those of restricted persons. It has no settings of its
-- own, so that it becomes part of the statement that asks it. At a commune's desk one begins with who is there, fewer than the
-- country's open orders; as an array, which is looked up by number where a subquery would be asked of each open order.
CREATE OR REPLACE FUNCTION access.orders_within(areas text[], restricted uuid[]) RETURNS SETOF access.quarantine_order
LANGUAGE sql STABLE AS $$
    SELECT o.* FROM access.quarantine_order o LEFT JOIN public.people_person p ON p.id = o.person_id
    LEFT JOIN access.quarantine_facility f ON f.id = o.facility_id
    WHERE o.person_id <> ALL (restricted)
      AND (access.home_is_within(areas, p.province_code, p.district_code, p.commune_code) OR f.commune_code = ANY (areas))
      AND (NOT access.are_communes(areas) OR o.id = ANY (ARRAY(
        SELECT h.id FROM public.people_person w JOIN access.quarantine_order h ON h.person_id = w.id
        WHERE w.commune_code = ANY (areas)
        UNION ALL
        SELECT l.id FROM access.quarantine_facility g JOIN access.quarantine_order l ON l.facility_id = g.id
        WHERE g.commune_code = ANY (areas))))
$$;

-- Orders in sight: what is due, what was missed, who waits for a test, a room or an answer, who objected, where somebody may have
-- left the place. One order, or at most so many after the one that a page ended with. The named are told in the log. Only tracers
-- are told of the contact that an order came from.
CREATE OR REPLACE FUNCTION access.quarantine_seen(
    only_number bigint DEFAULT NULL, after_heard date DEFAULT '-infinity', after_end date DEFAULT '-infinity',
    after bigint DEFAULT 0, most integer DEFAULT 100
) RETURNS TABLE (number bigint, person uuid, name text, place text, starts_on date, ends_on date, latest_end date,
                 document text, is_verified boolean, state text, contact bigint, last_check date, is_missed boolean,
                 has_symptoms boolean, because text, facility text, room text, heard_on date, needs bigint,
                 may_have_left boolean, waits_for_test boolean, objection text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    today date := access.day_here(access.present());
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('test');
    seen bigint[];
BEGIN
    IF only_number IS NOT NULL THEN
        seen := ARRAY(SELECT o.id FROM access.quarantine_order o WHERE o.id = only_number AND o.state = 'open'
                      AND o.person_id <> ALL (restricted) AND access.order_in_sight(entry, o));
    ELSE
        seen := ARRAY(SELECT o.id FROM access.orders_within(areas, restricted) o
            WHERE o.state = 'open' AND (access.last_heard(o.checked_on, o.ordered_at), o.ends_on, o.id)
                                       > (after_heard, after_end, after)
            ORDER BY access.last_heard(o.checked_on, o.ordered_at), o.ends_on, o.id LIMIT least(most, 100));
    END IF;
    PERFORM access.tell_of(entry, ARRAY(SELECT o.person_id FROM access.quarantine_order o WHERE o.id = ANY (seen)),
                           ARRAY['identity', 'test']);
    RETURN QUERY
    SELECT o.id, o.person_id, p.name, o.place, o.starts_on, o.ends_on, o.latest_end, o.document, o.is_verified, o.state,
           CASE WHEN entry.role = 'tracer' THEN o.contact_id END, o.checked_on, access.check_is_missed(o, today),
           coalesce((SELECT c.has_symptoms FROM access.quarantine_check c WHERE c.order_id = o.id
                     ORDER BY c.day DESC LIMIT 1), false), o.because, f.name, r.name,
           access.last_heard(o.checked_on, o.ordered_at),
           (SELECT count(*) FROM access.quarantine_need n WHERE n.order_id = o.id AND n.outcome IS NULL),
           EXISTS (SELECT 1 FROM access.quarantine_breach b WHERE b.order_id = o.id AND b.verdict IS NULL),
           today >= o.ends_on AND NOT access.quarantine_tests_are_done(o, 1000),
           (SELECT s.words FROM access.quarantine_step s WHERE s.order_id = o.id AND s.step = 'objected' AND NOT EXISTS (
                SELECT 1 FROM access.quarantine_step a WHERE a.order_id = o.id AND a.step = 'answered' AND a.id > s.id)
            ORDER BY s.id DESC LIMIT 1)
    FROM access.quarantine_order o LEFT JOIN people_person p ON p.id = o.person_id
    LEFT JOIN access.quarantine_facility f ON f.id = o.facility_id
    LEFT JOIN access.quarantine_stay k ON k.order_id = o.id AND k.until IS NULL
    LEFT JOIN access.quarantine_room r ON r.id = k.room_id
    WHERE o.id = ANY (seen) ORDER BY access.last_heard(o.checked_on, o.ordered_at), o.ends_on, o.id;
END $$;

-- How many open orders are in sight, in how many nobody checked, and how many come after the one that a page ended with; how many
-- needs wait and are late. Nobody is named.
CREATE OR REPLACE FUNCTION access.quarantine_counted(
    after_heard date DEFAULT '-infinity', after_end date DEFAULT '-infinity', after bigint DEFAULT 0,
    OUT waiting bigint, OUT missed bigint, OUT later bigint, OUT needs bigint, OUT late_needs bigint
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    today date := access.day_here(access.present());
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('test');
BEGIN
    SELECT count(*), count(*) FILTER (WHERE k.heard < today - 1), count(*) FILTER (WHERE (k.heard, o.ends_on, o.id)
                                                                                         > (after_heard, after_end, after))
    INTO waiting, missed, later
    FROM access.orders_within(areas, restricted) o
    CROSS JOIN LATERAL (SELECT access.last_heard(o.checked_on, o.ordered_at) AS heard) k WHERE o.state = 'open';
    SELECT count(*), count(*) FILTER (WHERE n.due_at < clock_timestamp()) INTO needs, late_needs
    FROM access.quarantine_need n JOIN access.orders_within(areas, restricted) o ON o.id = n.order_id WHERE n.outcome IS NULL;
END $$;

-- Needs that wait: at most so many of the desk's after the one that a page ended with, the soonest due first.
CREATE OR REPLACE FUNCTION access.needs_seen(after bigint DEFAULT NULL, most integer DEFAULT 100)
RETURNS TABLE (need bigint, number bigint, kind text, words text, asked_at timestamptz, by_person boolean, due_at timestamptz,
               is_overdue boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('test');
    last_due timestamptz := coalesce((SELECT n.due_at FROM access.quarantine_need n WHERE n.id = after), '-infinity');
BEGIN
    RETURN QUERY SELECT n.id, n.order_id, n.kind, n.words, n.asked_at, n.asked_by IS NULL, n.due_at, n.due_at < clock_timestamp()
    FROM access.quarantine_need n JOIN access.orders_within(areas, restricted) o ON o.id = n.order_id
    WHERE n.outcome IS NULL AND (n.due_at, n.id) > (last_due, coalesce(after, 0))
    ORDER BY n.due_at, n.id LIMIT least(most, 100);
END $$;

-- Needs of one order in sight that wait: five at most.
CREATE OR REPLACE FUNCTION access.needs_of_order(of_order bigint)
RETURNS TABLE (need bigint, number bigint, kind text, words text, asked_at timestamptz, by_person boolean, due_at timestamptz,
               is_overdue boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.quarantine_entry();
BEGIN
    RETURN QUERY SELECT n.id, n.order_id, n.kind, n.words, n.asked_at, n.asked_by IS NULL, n.due_at, n.due_at < clock_timestamp()
    FROM access.quarantine_need n JOIN access.quarantine_order o ON o.id = n.order_id
    WHERE n.order_id = of_order AND n.outcome IS NULL AND access.order_in_sight(entry, o)
      AND o.person_id <> ALL (access.persons_restricted('test')) ORDER BY n.due_at, n.id;
END $$;

-- Days of one open order on which somebody may have left, newest first.
CREATE OR REPLACE FUNCTION access.breaches_of_quarantine_seen(of_order bigint)
RETURNS TABLE (number bigint, day date, found_by text, verdict text, words text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.quarantine_entry();
BEGIN
    RETURN QUERY SELECT b.order_id, b.day, b.found_by, b.verdict, b.words
    FROM access.quarantine_breach b JOIN access.quarantine_order o ON o.id = b.order_id
    WHERE b.order_id = of_order AND o.state = 'open' AND access.order_in_sight(entry, o)
      AND o.person_id <> ALL (access.persons_restricted('test')) ORDER BY b.day DESC, b.id LIMIT 100;
END $$;

REVOKE ALL ON FUNCTION access.are_communes(text[]), access.orders_within(text[], uuid[]),
    access.quarantine_seen(bigint, date, date, bigint, integer), access.quarantine_counted(date, date, bigint),
    access.needs_seen(bigint, integer), access.needs_of_order(bigint), access.breaches_of_quarantine_seen(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.quarantine_seen(bigint, date, date, bigint, integer),
    access.quarantine_counted(date, date, bigint), access.needs_seen(bigint, integer), access.needs_of_order(bigint),
    access.breaches_of_quarantine_seen(bigint) TO pccovid_web;
