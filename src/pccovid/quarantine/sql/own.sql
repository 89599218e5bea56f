-- What a person sees of their own orders, the daily check, and the objection. Nothing tells of the case.

CREATE OR REPLACE FUNCTION access.quarantine_of(person uuid)
RETURNS TABLE (number bigint, state text, place text, starts_on date, ends_on date, monitor_until date, document text,
               is_verified boolean, office text, test_days date[], is_checked_today boolean, objection text, answer text,
               certificate bigint, released_at timestamptz, because text, facility text, facility_phone text, room text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT o.id, o.state, o.place, o.starts_on, o.ends_on, o.ends_on + o.monitor_days, o.document, o.is_verified, o.office,
           ARRAY(SELECT o.starts_on + n - 1 FROM unnest(o.test_days) n ORDER BY 1),
           EXISTS (SELECT 1 FROM access.quarantine_check k WHERE k.order_id = o.id
                   AND k.day = access.day_here(access.present())),
           (SELECT s.words FROM access.quarantine_step s WHERE s.order_id = o.id AND s.step = 'objected' ORDER BY s.id DESC LIMIT 1),
           (SELECT s.words FROM access.quarantine_step s WHERE s.order_id = o.id AND s.step = 'answered' ORDER BY s.id DESC LIMIT 1),
           (SELECT c.id FROM access.quarantine_certificate c WHERE c.order_id = o.id),
           CASE WHEN o.state = 'released' THEN o.closed_at END, o.because, f.name, f.phone, r.name
    FROM access.quarantine_order o LEFT JOIN access.quarantine_facility f ON f.id = o.facility_id
    LEFT JOIN access.quarantine_stay y ON y.order_id = o.id AND y.until IS NULL
    LEFT JOIN access.quarantine_room r ON r.id = y.room_id
    WHERE access.is_own_view(person) AND o.person_id IN (SELECT access.numbers_of_person(person))
    ORDER BY o.state = 'open' DESC, o.id DESC LIMIT 10;
END $$;

-- The person's own open order, or a guardian's for a child. PC472.
CREATE OR REPLACE FUNCTION access.own_order(person uuid) RETURNS access.quarantine_order
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE one access.quarantine_order;
BEGIN
    SELECT o.* INTO one FROM access.quarantine_order o
    WHERE access.is_own_view(person) AND o.person_id IN (SELECT access.numbers_of_person(person)) AND o.state = 'open'
    LIMIT 1;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'no open order' USING ERRCODE = 'PC472';
    END IF;
    RETURN one;
END $$;

CREATE OR REPLACE FUNCTION access.check_in_quarantine(person uuid, has_symptoms boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE one access.quarantine_order := access.own_order(person);
BEGIN
    INSERT INTO access.quarantine_check (order_id, day, via, has_symptoms)
    VALUES (one.id, access.day_here(access.present()), 'app', coalesce(check_in_quarantine.has_symptoms, false))
    ON CONFLICT ON CONSTRAINT quarantine_check_order_id_day_key DO UPDATE SET has_symptoms = excluded.has_symptoms,
        checked_at = clock_timestamp();
END $$;

-- PC472; PC473: too few words; PC477: objected to three times already.
CREATE OR REPLACE FUNCTION access.object_to_quarantine(person uuid, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE one access.quarantine_order := access.own_order(person);
BEGIN
    IF length(btrim(coalesce(words, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF (SELECT count(*) FROM access.quarantine_step s WHERE s.order_id = one.id AND s.step = 'objected') >= 3 THEN
        RAISE EXCEPTION 'three times already' USING ERRCODE = 'PC477';
    END IF;
    INSERT INTO access.quarantine_step (order_id, step, words) VALUES (one.id, 'objected', btrim(words));
END $$;

REVOKE ALL ON FUNCTION access.quarantine_of(uuid), access.own_order(uuid), access.check_in_quarantine(uuid, boolean),
    access.object_to_quarantine(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.quarantine_of(uuid), access.check_in_quarantine(uuid, boolean),
    access.object_to_quarantine(uuid, text) TO pccovid_web;
