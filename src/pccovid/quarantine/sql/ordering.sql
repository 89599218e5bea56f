-- Ordering quarantine: for a contact, for a case who stays at home, for somebody who entered the country.

-- Writes an order by a rule, from a day on. PC475: an order is open; PC476: no rule of that day, or its days are over.
CREATE OR REPLACE FUNCTION access.write_order(entry access.log, person uuid, because text, subject bigint,
                                              rule access.quarantine_rule, from_day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    home text;
    made bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM access.quarantine_order o WHERE o.person_id = person AND o.state = 'open') THEN
        RAISE EXCEPTION 'an order is open' USING ERRCODE = 'PC475';
    ELSIF rule.code IS NULL OR from_day + rule.days <= access.day_here(access.present()) THEN
        RAISE EXCEPTION 'no rule, or its days are over' USING ERRCODE = 'PC476';
    END IF;
    SELECT coalesce(p.commune_code, p.district_code, p.province_code, entry.scope_area, '*') INTO home
    FROM people_person p WHERE p.id = person;
    INSERT INTO access.quarantine_order (person_id, because, contact_id, case_id, rule_code, document, is_verified, place,
        starts_on, ends_on, latest_end, monitor_days, test_days, home_after_day, without_test_days, ordered_by, office, area_code)
    VALUES (person, because, CASE WHEN because = 'contact' THEN subject END, CASE WHEN because = 'case' THEN subject END,
            rule.code, rule.document, rule.verified, rule.place, from_day, from_day + rule.days, from_day + rule.longest_days,
            rule.monitor_days, rule.test_days, rule.home_after_day, rule.without_test_days, entry.actor::integer, entry.office,
            home)
    RETURNING id INTO made;
    INSERT INTO access.quarantine_step (order_id, step, by_officer, office)
    VALUES (made, 'ordered', entry.actor::integer, entry.office);
    PERFORM access.tell_of(entry, ARRAY[person], ARRAY['identity', 'vaccination']);
    RETURN made;
END $$;

-- Writes an order for a contact who lives in the tracer's area. Isolation counts from the last meeting, so its last day may
-- have passed already. PC472: no such contact here; PC475, PC476 as above.
CREATE OR REPLACE FUNCTION access.order_quarantine(contact bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_contact;
    made bigint;
BEGIN
    SELECT k.* INTO one FROM access.trace_contact k WHERE k.id = contact FOR UPDATE;
    IF one.id IS NULL OR one.level <> 1 OR one.outcome = 'not_a_contact' OR NOT access.lives_at_desk(entry, one.person_id) THEN
        RAISE EXCEPTION 'no such contact here' USING ERRCODE = 'PC472';
    END IF;
    made := access.write_order(entry, one.person_id, 'contact', one.id,
        access.quarantine_rule_for(one.person_id, 'contact', access.day_here(access.present())), access.day_here(one.last_at));
    UPDATE access.trace_contact k SET isolated_at = coalesce(k.isolated_at, access.present()) WHERE k.id = one.id;
    RETURN made;
END $$;

-- Writes an order for a case who stays at home, from the day of the first positive. PC472: no such case here.
CREATE OR REPLACE FUNCTION access.order_case(case_number bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case;
BEGIN
    SELECT c.* INTO one FROM access.trace_case c WHERE c.id = case_number FOR UPDATE;
    IF NOT access.case_at_desk(entry, one) THEN
        RAISE EXCEPTION 'no such case here' USING ERRCODE = 'PC472';
    END IF;
    -- What held them as a contact ends with being a case; the daily pass would say the same.
    UPDATE access.quarantine_order o SET state = 'became_case', closed_at = clock_timestamp()
    WHERE o.person_id = one.person_id AND o.state = 'open' AND o.because <> 'case'
      AND access.day_here(one.first_at) >= o.starts_on;
    INSERT INTO access.quarantine_step (order_id, step)
    SELECT o.id, 'became_case' FROM access.quarantine_order o
    WHERE o.person_id = one.person_id AND o.state = 'became_case'
      AND NOT EXISTS (SELECT 1 FROM access.quarantine_step s WHERE s.order_id = o.id AND s.step = 'became_case');
    RETURN access.write_order(entry, one.person_id, 'case', one.id,
        access.quarantine_rule_for(one.person_id, 'case', access.day_here(access.present())), access.day_here(one.first_at));
END $$;

-- Tracers read nothing of the border. PC471.
CREATE OR REPLACE FUNCTION access.arrivals_entry() RETURNS access.log
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.quarantine_entry();
BEGIN
    IF entry.purpose <> 'quarantine' THEN
        RAISE EXCEPTION 'arrivals are seen by officers of quarantine' USING ERRCODE = 'PC471';
    END IF;
    RETURN entry;
END $$;

-- Who entered the country lately and lives in the area, whoever came last first: at most so many after the entry that a page ended
-- with, each with their last entry.
CREATE INDEX IF NOT EXISTS entry_by_day ON border_entry (entered_on, id) WHERE superseded_at IS NULL;
CREATE OR REPLACE FUNCTION access.arrivals_seen(after uuid DEFAULT NULL, most integer DEFAULT 100)
RETURNS TABLE (person uuid, name text, entered_on date, from_country text, is_ordered boolean, entry_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    entry access.log := access.arrivals_entry();
    areas text[] := access.areas_within(entry.scope_area);
    restricted uuid[] := access.persons_restricted('border');
    today date := access.day_here(access.present());
    last_day date := coalesce((SELECT e.entered_on FROM border_entry e WHERE e.id = after), 'infinity');
    found_here uuid[] := ARRAY(
        SELECT e.id FROM border_entry e LEFT JOIN people_person p ON p.id = e.person_id
        WHERE e.superseded_at IS NULL AND e.entered_on BETWEEN today - 21 AND today
          AND (e.entered_on, e.id) < (last_day, coalesce(after, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
          AND e.person_id <> ALL (restricted)
          AND access.home_is_within(areas, p.province_code, p.district_code, p.commune_code)
          AND NOT EXISTS (SELECT 1 FROM border_entry x WHERE x.person_id = e.person_id AND x.superseded_at IS NULL
                          AND x.entered_on <= today AND (x.entered_on, x.id) > (e.entered_on, e.id))
        ORDER BY e.entered_on DESC, e.id DESC LIMIT least(most, 100));
BEGIN
    PERFORM access.tell_of(entry, ARRAY(SELECT e.person_id FROM border_entry e WHERE e.id = ANY (found_here)),
                           ARRAY['identity', 'border']);
    RETURN QUERY
    SELECT e.person_id, p.name, e.entered_on, e.departure_country,
           EXISTS (SELECT 1 FROM access.quarantine_order o WHERE o.person_id = e.person_id AND (o.state = 'open'
                   OR (o.because = 'arrival' AND o.starts_on >= e.entered_on))), e.id
    FROM border_entry e LEFT JOIN people_person p ON p.id = e.person_id
    WHERE e.id = ANY (found_here) ORDER BY e.entered_on DESC, e.id DESC;
END $$;

-- Writes an order for somebody who entered the country, from that day. PC472: nobody like that here.
CREATE OR REPLACE FUNCTION access.order_arrival(person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.arrivals_entry();
    came date;
BEGIN
    SELECT max(e.entered_on) INTO came FROM border_entry e
    WHERE e.person_id = order_arrival.person AND e.superseded_at IS NULL
      AND e.entered_on BETWEEN access.day_here(access.present()) - 21 AND access.day_here(access.present())
      AND e.person_id <> ALL ((SELECT access.persons_restricted('border'))::uuid[]);
    IF came IS NULL OR NOT access.lives_at_desk(entry, order_arrival.person) THEN
        RAISE EXCEPTION 'nobody like that here' USING ERRCODE = 'PC472';
    END IF;
    PERFORM access.tell_of(entry, ARRAY[order_arrival.person], ARRAY['identity', 'border']);
    RETURN access.write_order(entry, order_arrival.person, 'arrival', NULL,
        access.quarantine_rule_for(order_arrival.person, 'arrival', came), came);
END $$;

REVOKE ALL ON FUNCTION access.write_order(access.log, uuid, text, bigint, access.quarantine_rule, date),
    access.order_quarantine(bigint), access.order_case(bigint), access.arrivals_entry(), access.arrivals_seen(uuid, integer),
    access.order_arrival(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.order_quarantine(bigint), access.order_case(bigint), access.arrivals_seen(uuid, integer),
    access.order_arrival(uuid) TO pccovid_web;
