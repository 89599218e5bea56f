-- Extending, cancelling and releasing; ordering stands in ordering.sql. Migrations run this file again when it changes.

-- The opened access of who works on orders: a tracer, or an officer of quarantine. PC471: neither.
CREATE OR REPLACE FUNCTION access.quarantine_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.scope_kind NOT IN ('area', 'all')
       OR (entry.role, entry.purpose) NOT IN (('tracer', 'contact_tracing'), ('quarantine_officer', 'quarantine')) THEN
        RAISE EXCEPTION 'orders are kept by tracers and officers of quarantine' USING ERRCODE = 'PC471';
    END IF;
    RETURN entry;
END $$;

-- The rule for somebody met or ill on a day, by their doses and recoveries up to then; the first that fits.
CREATE OR REPLACE FUNCTION access.quarantine_rule_for(person uuid, of_who text, on_day date) RETURNS access.quarantine_rule
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT r FROM access.quarantine_rule r
    CROSS JOIN (SELECT count(DISTINCT d.occurred_on) AS doses, max(d.occurred_on) AS last_on FROM vaccination_dose d
                WHERE d.person_id = person AND d.superseded_at IS NULL AND d.duplicate_of IS NULL
                  AND d.occurred_on <= on_day) v
    CROSS JOIN (SELECT max(access.day_here(c.ends_at)) AS recovered_on FROM access.trace_case c
                WHERE c.person_id = person AND c.joined_into IS NULL AND access.day_here(c.ends_at) < on_day) h
    WHERE r.who = of_who AND on_day >= r.valid_from AND (r.valid_to IS NULL OR on_day < r.valid_to)
      AND ((r.least_doses IS NULL AND r.recovered_days IS NULL)
           OR (r.least_doses IS NOT NULL AND v.doses >= r.least_doses
               AND on_day - v.last_on >= coalesce(r.dose_from_days, 0)
               AND (r.dose_to_days IS NULL OR on_day - v.last_on <= r.dose_to_days))
           OR (r.recovered_days IS NOT NULL AND on_day - h.recovered_on <= r.recovered_days))
    ORDER BY r.position LIMIT 1
$$;

-- An order is seen where its person lives, and where they are or are to be lodged.
CREATE OR REPLACE FUNCTION access.order_in_sight(entry access.log, one access.quarantine_order) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    RETURN access.lives_at_desk(entry, one.person_id) OR coalesce((
        SELECT access.area_lies_in(f.commune_code, entry.scope_area) FROM access.quarantine_facility f
        WHERE f.id = one.facility_id), false);
END $$;

-- An open order in sight. PC472.
CREATE OR REPLACE FUNCTION access.order_at_desk(entry access.log, number bigint) RETURNS access.quarantine_order
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE one access.quarantine_order;
BEGIN
    SELECT o.* INTO one FROM access.quarantine_order o WHERE o.id = number AND o.state = 'open' FOR UPDATE;
    IF one.id IS NULL OR NOT access.order_in_sight(entry, one) THEN
        RAISE EXCEPTION 'no such order here' USING ERRCODE = 'PC472';
    END IF;
    RETURN one;
END $$;

-- Extends, cancels, moves home, or answers an objection, with words. PC473: too few; PC474: an end that cannot be.
CREATE OR REPLACE FUNCTION access.change_quarantine(number bigint, step text, words text, new_end date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    one access.quarantine_order := access.order_at_desk(entry, number);
BEGIN
    IF change_quarantine.step NOT IN ('extended', 'cancelled', 'home', 'answered') OR length(btrim(coalesce(words, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF change_quarantine.step = 'extended' AND (new_end IS NULL OR new_end <= one.ends_on OR new_end > one.latest_end) THEN
        RAISE EXCEPTION 'an end that cannot be' USING ERRCODE = 'PC474';
    END IF;
    UPDATE access.quarantine_order o SET
        ends_on = CASE WHEN change_quarantine.step = 'extended' THEN new_end ELSE o.ends_on END,
        place = CASE WHEN change_quarantine.step = 'home' THEN 'home' ELSE o.place END,
        state = CASE WHEN change_quarantine.step = 'cancelled' THEN 'cancelled' ELSE o.state END,
        closed_at = CASE WHEN change_quarantine.step = 'cancelled' THEN clock_timestamp() END
    WHERE o.id = one.id;
    INSERT INTO access.quarantine_step (order_id, step, by_officer, office, ends_on, words)
    VALUES (one.id, change_quarantine.step, entry.actor::integer, entry.office, new_end, btrim(words));
END $$;

-- Whether each test that is due by a day is negative: taken on its day or later, none after it positive.
CREATE OR REPLACE FUNCTION access.quarantine_tests_are_done(one access.quarantine_order, by_day integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM unnest(one.test_days) d (n) WHERE d.n <= by_day AND NOT EXISTS (
            SELECT 1 FROM lab_tests_test t WHERE t.person_id = one.person_id AND t.superseded_at IS NULL
              AND t.result = 'negative'
              AND access.day_here(coalesce(t.collected_at, t.resulted_at)) >= one.starts_on + d.n - 1))
$$;

-- The day on which anybody last checked, else the day of the order: kept with the order, since desks look first at whom nobody
-- has checked for longest.
ALTER TABLE access.quarantine_order ADD COLUMN IF NOT EXISTS checked_on date;
CREATE OR REPLACE FUNCTION access.last_heard(checked_on date, ordered_at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(checked_on, (ordered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
$$;
CREATE OR REPLACE FUNCTION access.keep_day_of_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    UPDATE access.quarantine_order o SET checked_on = NEW.day
    WHERE o.id = NEW.order_id AND o.state = 'open' AND (o.checked_on IS NULL OR o.checked_on < NEW.day);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS its_order_knows_the_day ON access.quarantine_check;
CREATE TRIGGER its_order_knows_the_day AFTER INSERT OR UPDATE ON access.quarantine_check
    FOR EACH ROW EXECUTE FUNCTION access.keep_day_of_check();

CREATE OR REPLACE FUNCTION access.check_is_missed(one access.quarantine_order, today date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT access.last_heard(one.checked_on, one.ordered_at) < today - 1
$$;

-- The daily pass: who has become a case leaves the order of a contact; who tested negative may go home; who has done their
-- days and tests is released, with a certificate. Returns how many of each. For the program alone; may be repeated at will.
CREATE OR REPLACE FUNCTION access.settle_quarantine() RETURNS TABLE (became_case bigint, went_home bigint, released bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    entry access.log := access.tracing_entry();
    today date := access.day_here(access.present());
    ill bigint;
    home bigint;
    free bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('quarantine', 0));
    -- An open order goes with its person when records are merged; of two that become one person's the older one stays.
    UPDATE access.quarantine_order o SET state = 'cancelled', closed_at = clock_timestamp()
    FROM people_person p WHERE p.id = o.person_id AND p.merged_into_id IS NOT NULL AND o.state = 'open' AND EXISTS (
        SELECT 1 FROM access.quarantine_order x LEFT JOIN people_person q ON q.id = x.person_id
        WHERE x.state = 'open' AND x.id < o.id AND p.merged_into_id IN (x.person_id, q.merged_into_id)
           OR x.state = 'open' AND x.person_id = p.merged_into_id);
    UPDATE access.quarantine_order o SET person_id = p.merged_into_id
    FROM people_person p WHERE p.id = o.person_id AND p.merged_into_id IS NOT NULL AND o.state = 'open';
    WITH done AS (
        UPDATE access.quarantine_order o SET state = 'became_case', closed_at = clock_timestamp()
        WHERE o.state = 'open' AND o.because <> 'case' AND EXISTS (
            SELECT 1 FROM access.trace_case c WHERE c.person_id = o.person_id AND c.joined_into IS NULL
              AND access.day_here(c.first_at) >= o.starts_on)
        RETURNING o.id
    ), told AS (INSERT INTO access.quarantine_step (order_id, step) SELECT d.id, 'became_case' FROM done d RETURNING 1)
    SELECT count(*) INTO ill FROM told;
    WITH done AS (
        UPDATE access.quarantine_order o SET place = 'home'
        WHERE o.state = 'open' AND o.place = 'central' AND o.home_after_day IS NOT NULL
          AND today >= o.starts_on + o.home_after_day AND access.quarantine_tests_are_done(o, o.home_after_day)
        RETURNING o.id
    ), told AS (INSERT INTO access.quarantine_step (order_id, step) SELECT d.id, 'home' FROM done d RETURNING 1)
    SELECT count(*) INTO home FROM told;
    WITH done AS (
        UPDATE access.quarantine_order o SET state = 'released', closed_at = clock_timestamp()
        WHERE o.state = 'open' AND today >= o.ends_on
          AND (access.quarantine_tests_are_done(o, 1000) OR today >= o.starts_on + o.without_test_days)
        RETURNING o.id
    ), told AS (
        INSERT INTO access.quarantine_step (order_id, step) SELECT d.id, 'released' FROM done d RETURNING order_id
    ), given AS (
        INSERT INTO access.quarantine_certificate (order_id) SELECT t.order_id FROM told t RETURNING 1
    )
    SELECT count(*) INTO free FROM given;
    -- Somebody who was scanned elsewhere since they were ordered may have left the place: an officer decides what it was.
    INSERT INTO access.quarantine_breach (order_id, day, found_by)
    SELECT DISTINCT o.id, access.day_here(m.at), 'scan' FROM access.quarantine_order o
    CROSS JOIN LATERAL (
        SELECT s.scanned_at AS at FROM movement_scan s WHERE s.person_id = o.person_id AND s.superseded_at IS NULL
          AND s.day >= today - 2 AND s.scanned_at > o.ordered_at
        UNION ALL
        SELECT v.entered_at FROM movement_visit v WHERE v.person_id = o.person_id AND v.superseded_at IS NULL
          AND v.day >= today - 2 AND v.entered_at > o.ordered_at) m
    WHERE o.state = 'open' AND o.person_id <> ALL ((SELECT access.persons_restricted('movement'))::uuid[])
    ON CONFLICT ON CONSTRAINT one_breach_a_day DO NOTHING;
    -- Whom nobody has checked yesterday or today is somebody's task, one for each such day: where they are lodged, or live.
    INSERT INTO access.trace_task (kind, subject, order_id, person_id, owner_area, due_at)
    SELECT 'missed_check', 'check:' || o.id || ':' || today, o.id, o.person_id,
           coalesce((SELECT f.commune_code FROM access.quarantine_facility f WHERE f.id = o.facility_id), o.area_code),
           clock_timestamp() + interval '12 hours'
    FROM access.quarantine_order o WHERE o.state = 'open' AND access.check_is_missed(o, today)
    ON CONFLICT (subject) DO NOTHING;
    UPDATE access.trace_task t SET done_at = clock_timestamp() FROM access.quarantine_order o
    WHERE t.done_at IS NULL AND o.id = t.order_id AND (o.state <> 'open' OR NOT access.check_is_missed(o, today));
    RETURN QUERY SELECT ill, home, free;
END $$;

-- A check that an officer made by phone or visit.
CREATE OR REPLACE FUNCTION access.note_quarantine_check(number bigint, via text, has_symptoms boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    one access.quarantine_order := access.order_at_desk(entry, number);
BEGIN
    INSERT INTO access.quarantine_check (order_id, day, via, has_symptoms)
    VALUES (one.id, access.day_here(access.present()), CASE WHEN note_quarantine_check.via = 'visit' THEN 'visit' ELSE 'call' END,
            note_quarantine_check.has_symptoms)
    ON CONFLICT ON CONSTRAINT quarantine_check_order_id_day_key DO UPDATE SET has_symptoms = excluded.has_symptoms, via = excluded.via,
        checked_at = clock_timestamp();
END $$;

REVOKE ALL ON FUNCTION access.quarantine_entry(), access.order_in_sight(access.log, access.quarantine_order),
    access.last_heard(date, timestamptz), access.keep_day_of_check(),
    access.check_is_missed(access.quarantine_order, date), access.quarantine_rule_for(uuid, text, date),
    access.order_at_desk(access.log, bigint), access.change_quarantine(bigint, text, text, date),
    access.quarantine_tests_are_done(access.quarantine_order, integer), access.settle_quarantine(),
    access.note_quarantine_check(bigint, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.change_quarantine(bigint, text, text, date),
    access.note_quarantine_check(bigint, text, boolean) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.settle_quarantine() TO pccovid_jobs;
