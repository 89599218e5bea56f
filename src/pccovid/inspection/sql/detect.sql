-- Unusual reading, found in the log itself. The jobs role may start it; it sees nothing but two counts.
--
-- The chain of the log (foundation/sql/audit_chain.sql) gives entries a settled order, so what was looked at is one
-- position; tallies and findings of a batch are written with it in one transaction, and a killed run leaves nothing.

CREATE TABLE access.inspected_to (is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one), position bigint NOT NULL);
INSERT INTO access.inspected_to (position) VALUES (0);

-- One officer's reading in one office on one day of Viet Nam: what peers are compared by.
CREATE TABLE access.reading_day (
    officer_id integer NOT NULL,
    role text NOT NULL,
    day date NOT NULL,
    readings integer NOT NULL,
    persons integer NOT NULL,
    odd_persons integer NOT NULL,
    outside_persons integer NOT NULL,
    without_case integer NOT NULL,
    own_name integer NOT NULL,
    own_household integer NOT NULL,
    PRIMARY KEY (officer_id, role, day)
);
CREATE INDEX reading_day_by_role ON access.reading_day (role, day);

-- Programs that went through everybody's records, by day: what a person is told about them.
CREATE TABLE access.program_day (
    program text NOT NULL,
    purpose text NOT NULL,
    day date NOT NULL,
    legal_basis text NOT NULL,
    runs integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (program, purpose, day)
);

CREATE FUNCTION access.local_day(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;
CREATE FUNCTION access.day_began(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
$$;
-- Names written alike, with their marks; case and blanks do not count.
CREATE FUNCTION access.told_name(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(normalize(btrim(regexp_replace(name, '\s+', ' ', 'g')), NFC))
$$;

-- Whether somebody of this name declared for the person, was declared for by them, or stands in one household list with
-- them. Accounts of officers know no person, so the name is all there is to go by.
CREATE FUNCTION access.lives_with_name(person uuid, told_name text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.people_relationship r JOIN public.people_recordclaim c ON c.record_id = r.other_record_id
        WHERE r.person_id = person AND r.superseded_at IS NULL AND access.told_name(c.name) = told_name)
    OR EXISTS (
        SELECT 1 FROM public.people_recordclaim c JOIN public.people_relationship r ON r.other_record_id = c.record_id
        JOIN public.people_person p ON p.id = r.person_id
        WHERE c.person_id = person AND r.superseded_at IS NULL AND access.told_name(p.name) = told_name)
    OR EXISTS (
        SELECT 1 FROM public.people_relationship r JOIN public.people_relationship other USING (other_record_id)
        JOIN public.people_person p ON p.id = other.person_id
        WHERE r.person_id = person AND other.person_id <> person AND r.superseded_at IS NULL
          AND other.superseded_at IS NULL AND access.told_name(p.name) = told_name)
$$;

-- What one officer was shown between two moments, a row for each person of each opening, with what is odd about it.
-- Emergency openings are left out: each of them is reviewed anyway.
CREATE FUNCTION access.readings_by(officer integer, since timestamptz, until timestamptz)
RETURNS TABLE (log_id bigint, opened_at timestamptz, role text, office text, purpose text, case_reference text,
               person_id uuid, categories text[], is_odd boolean, is_outside boolean, is_without_case boolean,
               is_own_name boolean, is_own_household boolean)
LANGUAGE sql STABLE AS $$
    SELECT l.id, l.opened_at, l.role, l.office, l.purpose, l.case_reference, d.person_id, d.categories,
           (SELECT bool_or(CASE WHEN k.from_hour > k.to_hour
                                THEN local.hour >= k.from_hour OR local.hour < k.to_hour
                                ELSE local.hour >= k.from_hour AND local.hour < k.to_hour END)
            FROM access.inspection_kind k WHERE k.from_hour IS NOT NULL) IS TRUE,
           l.scope_area IS NOT NULL AND NOT access.person_lies_in(d.person_id, l.scope_area),
           length(regexp_replace(coalesce(l.case_reference, ''), '[\s[:punct:]]', '', 'g')) < 3
               AND EXISTS (SELECT 1 FROM access.inspection_kind k WHERE l.purpose = ANY (k.purposes)),
           own.name = access.told_name(p.name),
           own.name IS DISTINCT FROM access.told_name(p.name) AND access.lives_with_name(d.person_id, own.name)
    FROM access.log l JOIN access.disclosure d ON d.log_id = l.id
    LEFT JOIN public.people_person p ON p.id = d.person_id
    LEFT JOIN public.auth_user u ON u.id = officer
    CROSS JOIN LATERAL (SELECT nullif(access.told_name(u.first_name), '') AS name) own
    CROSS JOIN LATERAL (SELECT extract(hour FROM l.opened_at AT TIME ZONE 'Asia/Ho_Chi_Minh') AS hour) local
    WHERE l.actor_kind = 'officer' AND l.actor = officer::text AND l.opened_at >= since AND l.opened_at < until
      AND l.role <> 'break_glass'
$$;

-- Counts the touched officers' days anew from the log.
CREATE FUNCTION access.tally_officers(after bigint, upto bigint) RETURNS void
LANGUAGE sql SET search_path = access, public, pg_temp AS $$
    INSERT INTO access.reading_day
    SELECT t.officer, r.role, t.day, count(DISTINCT r.log_id), count(DISTINCT r.person_id),
           count(DISTINCT r.person_id) FILTER (WHERE r.is_odd), count(DISTINCT r.person_id) FILTER (WHERE r.is_outside),
           count(DISTINCT r.person_id) FILTER (WHERE r.is_without_case),
           count(DISTINCT r.person_id) FILTER (WHERE r.is_own_name),
           count(DISTINCT r.person_id) FILTER (WHERE r.is_own_household)
    FROM (SELECT DISTINCT l.actor::integer AS officer, access.local_day(l.opened_at) AS day
          FROM access.chain c JOIN access.log l ON l.id = c.log_id
          WHERE c.position > after AND c.position <= upto AND l.actor_kind = 'officer') t
    CROSS JOIN LATERAL access.readings_by(t.officer, access.day_began(t.day), access.day_began(t.day + 1)) r
    GROUP BY t.officer, r.role, t.day
    ON CONFLICT (officer_id, role, day) DO UPDATE SET readings = excluded.readings, persons = excluded.persons,
        odd_persons = excluded.odd_persons, outside_persons = excluded.outside_persons,
        without_case = excluded.without_case, own_name = excluded.own_name, own_household = excluded.own_household
$$;

CREATE FUNCTION access.tally_programs(after bigint, upto bigint) RETURNS void
LANGUAGE sql SET search_path = access, pg_temp AS $$
    INSERT INTO access.program_day
    SELECT l.actor, l.purpose, access.local_day(l.opened_at), max(l.legal_basis), count(*), min(l.opened_at),
           max(l.opened_at)
    FROM access.chain c JOIN access.log l ON l.id = c.log_id
    WHERE c.position > after AND c.position <= upto AND l.actor_kind = 'job' AND l.scope_kind = 'all'
    GROUP BY 1, 2, 3
    ON CONFLICT (program, purpose, day) DO UPDATE SET runs = program_day.runs + excluded.runs,
        first_at = least(program_day.first_at, excluded.first_at), last_at = greatest(program_day.last_at, excluded.last_at)
$$;

-- The measure of each detector in an officer's day.
CREATE FUNCTION access.measures(of access.reading_day) RETURNS TABLE (kind text, measured integer)
LANGUAGE sql IMMUTABLE AS $$
    VALUES ('volume', (of).persons), ('odd_hours', (of).odd_persons), ('out_of_area', (of).outside_persons),
           ('no_case', (of).without_case), ('own_name', (of).own_name), ('own_household', (of).own_household)
$$;

-- The middle of the role's officer-days before and on a day, and how far they spread around it.
CREATE FUNCTION access.peers(kind text, role text, day date, days_back integer)
RETURNS TABLE (median numeric, spread numeric, officers integer, officer_days integer)
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    WITH measured AS (
        SELECT r.officer_id, m.measured FROM access.reading_day r CROSS JOIN LATERAL access.measures(r) m
        WHERE r.role = peers.role AND r.day BETWEEN peers.day - days_back AND peers.day AND m.kind = peers.kind
    ), middle AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY measured) AS at FROM measured)
    SELECT max(middle.at)::numeric,
           (percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(measured - middle.at)))::numeric,
           count(DISTINCT officer_id)::integer, count(*)::integer
    FROM measured, middle
$$;

-- One finding for each officer, kind and day that passes its limit; its numbers grow with the day until it is decided.
CREATE FUNCTION access.find_officers(after bigint, upto bigint) RETURNS integer
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE found_now integer;
BEGIN
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT l.actor::integer AS officer_id, l.role, access.local_day(l.opened_at) AS day
        FROM access.chain c JOIN access.log l ON l.id = c.log_id
        WHERE c.position > after AND c.position <= upto AND l.actor_kind = 'officer'
    ), high AS MATERIALIZED (
        SELECT r.officer_id, r.role, r.day, r.readings, m.measured, k.*
        FROM touched JOIN access.reading_day r USING (officer_id, role, day)
        CROSS JOIN LATERAL access.measures(r) m JOIN access.inspection_kind k ON k.kind = m.kind
        WHERE m.measured >= k.floor
    ), compared AS MATERIALIZED (
        SELECT h.kind, h.role, h.day, p.* FROM (
            SELECT DISTINCT kind, role, day, days_back FROM high WHERE factor IS NOT NULL) h
        CROSS JOIN LATERAL access.peers(h.kind, h.role, h.day, h.days_back) p
    ), judged AS (
        -- 1.4826 makes the median distance comparable with a standard deviation (Rousseeuw and Croux 1993).
        SELECT h.*, p.median, p.spread, p.officers, p.officer_days,
               CASE WHEN h.factor IS NULL THEN h.floor
                    WHEN p.officers < h.fewest_peers THEN h.alone_floor
                    ELSE greatest(h.floor, p.median + h.factor * 1.4826 * p.spread) END AS limited_to
        FROM high h LEFT JOIN compared p USING (kind, role, day)
    )
    INSERT INTO access.inspection_case (kind, subject, due_at, officer_id, role, office, area_code, appointment_id,
                                        starts_at, ends_at, evidence)
    SELECT j.kind, j.officer_id || ':' || j.role || ':' || j.day, access.inspection_due(j.kind, clock_timestamp()),
           j.officer_id, j.role, coalesce(a.office, ''), a.area_code, a.id, access.day_began(j.day),
           access.day_began(j.day + 1),
           jsonb_strip_nulls(jsonb_build_object(
               'measured', j.measured, 'readings', j.readings, 'limit', round(j.limited_to, 1), 'floor', j.floor,
               'factor', j.factor, 'median', round(j.median, 1), 'spread', round(j.spread, 1), 'officers', j.officers,
               'officer_days', j.officer_days, 'days_back', j.days_back,
               'is_alone', CASE WHEN j.factor IS NOT NULL THEN j.officers < j.fewest_peers END))
    FROM judged j CROSS JOIN LATERAL access.appointment_behind(
        j.officer_id, j.role,
        (SELECT max(l.opened_at) FROM access.log l WHERE l.actor = j.officer_id::text AND l.role = j.role
         AND l.opened_at >= access.day_began(j.day) AND l.opened_at < access.day_began(j.day + 1)), '') a
    WHERE j.measured >= j.limited_to
    ON CONFLICT (kind, subject) DO UPDATE SET evidence = excluded.evidence
    WHERE inspection_case.state <> 'decided' AND inspection_case.evidence <> excluded.evidence;
    GET DIAGNOSTICS found_now = ROW_COUNT;
    RETURN found_now;
END $$;

-- One finding for each record that many officers read within one week.
CREATE FUNCTION access.find_much_read(after bigint, upto bigint) RETURNS integer
LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE found_now integer;
BEGIN
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT d.person_id, date_trunc('week', access.local_day(l.opened_at))::date AS week
        FROM access.chain c JOIN access.log l ON l.id = c.log_id JOIN access.disclosure d ON d.log_id = l.id
        WHERE c.position > after AND c.position <= upto AND l.actor_kind = 'officer' AND l.role <> 'inspector'
    ), read AS (
        SELECT t.person_id, t.week, count(DISTINCT l.actor) AS officers, count(*) AS readings,
               count(DISTINCT l.office) AS offices
        FROM touched t JOIN access.disclosure d ON d.person_id = t.person_id JOIN access.log l ON l.id = d.log_id
        WHERE l.actor_kind = 'officer' AND l.role <> 'inspector' AND l.opened_at >= access.day_began(t.week)
          AND l.opened_at < access.day_began(t.week + 7)
        GROUP BY 1, 2
    )
    INSERT INTO access.inspection_case (kind, subject, due_at, area_code, person_id, starts_at, ends_at, evidence)
    SELECT k.kind, r.person_id || ':' || r.week, access.inspection_due(k.kind, clock_timestamp()),
           coalesce(p.commune_code, p.district_code, p.province_code), r.person_id, access.day_began(r.week),
           access.day_began(r.week + 7),
           jsonb_build_object('measured', r.officers, 'readings', r.readings, 'offices', r.offices, 'limit', k.floor,
                              'floor', k.floor)
    FROM read r JOIN access.inspection_kind k ON k.kind = 'much_read' AND r.officers >= k.floor
    LEFT JOIN public.people_person p ON p.id = r.person_id
    ON CONFLICT (kind, subject) DO UPDATE SET evidence = excluded.evidence
    WHERE inspection_case.state <> 'decided' AND inspection_case.evidence <> excluded.evidence;
    GET DIAGNOSTICS found_now = ROW_COUNT;
    RETURN found_now;
END $$;

-- Looks at the next entries of the chain, at most `most`. One at a time: who comes second finds nothing to do.
CREATE FUNCTION access.inspect_log(most integer) RETURNS TABLE (entries bigint, findings integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    after bigint;
    upto bigint;
BEGIN
    entries := 0; findings := 0;
    IF pg_try_advisory_xact_lock(hashtext('pccovid inspection')) THEN
        SELECT i.position INTO after FROM access.inspected_to i;
        SELECT coalesce(max(c.position), 0) INTO upto FROM (
            SELECT k.position FROM access.chain k WHERE k.position > after ORDER BY k.position LIMIT most) c;
        IF upto > after THEN
            PERFORM access.tally_officers(after, upto);
            PERFORM access.tally_programs(after, upto);
            findings := access.find_officers(after, upto) + access.find_much_read(after, upto);
            UPDATE access.inspected_to SET position = upto;
            entries := upto - after;
        END IF;
    END IF;
    RETURN NEXT;
END $$;

REVOKE ALL ON access.inspected_to, access.reading_day, access.program_day FROM PUBLIC;
REVOKE ALL ON FUNCTION access.local_day(timestamptz), access.day_began(date), access.told_name(text),
    access.lives_with_name(uuid, text), access.readings_by(integer, timestamptz, timestamptz),
    access.tally_officers(bigint, bigint), access.tally_programs(bigint, bigint), access.measures(access.reading_day),
    access.peers(text, text, date, integer), access.find_officers(bigint, bigint),
    access.find_much_read(bigint, bigint), access.inspect_log(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.inspect_log(integer) TO pccovid_jobs;
