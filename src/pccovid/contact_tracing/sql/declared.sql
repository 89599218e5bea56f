-- Whom a case says they met: days in which they were together, written down by a tracer. A kind of meeting beside places,
-- households and journeys, and the same from both sides: if the other falls ill, the first is a contact of theirs.

ALTER TABLE access.contact_rule DROP CONSTRAINT contact_rule_kind_check, ADD CONSTRAINT contact_rule_kind_check
    CHECK (kind IN ('place', 'unmasked_place', 'household', 'journey', 'far_seat', 'declared'));
ALTER TABLE access.trace_exposure DROP CONSTRAINT trace_exposure_kind_check, ADD CONSTRAINT trace_exposure_kind_check
    CHECK (kind IN ('place', 'unmasked_place', 'household', 'journey', 'far_seat', 'declared'));

CREATE TABLE access.trace_declared (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES access.trace_case (id) ON DELETE CASCADE,
    person_id uuid NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL CHECK (first_on <= last_on),
    declared_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer NOT NULL,
    office text NOT NULL,
    log_id bigint NOT NULL,
    words text NOT NULL,
    UNIQUE (case_id, person_id)
);
CREATE INDEX trace_declared_by_person ON access.trace_declared (person_id);
ALTER TABLE access.trace_declared ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.trace_declared FROM PUBLIC;

-- Writes down that the case met this person on these days; said again of the same person, the later word stands. PC472: no such
-- case here, or nobody of that number; PC474: days that cannot be.
CREATE FUNCTION access.declare_contact(case_number bigint, person uuid, first_on date, last_on date, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case := access.case_here(entry, case_number);
    stands uuid := (SELECT coalesce(p.merged_into_id, p.id) FROM people_person p WHERE p.id = $2);
BEGIN
    IF stands IS NULL OR stands = one.person_id OR stands = ANY (access.persons_restricted('movement')) THEN
        RAISE EXCEPTION 'nobody whom this case can have met' USING ERRCODE = 'PC472';
    ELSIF $3 IS NULL OR $4 IS NULL OR $3 > $4 OR $4 > access.day_here(access.present())
          OR $3 < access.day_here(one.first_at) - 30 THEN
        RAISE EXCEPTION 'days that cannot be' USING ERRCODE = 'PC474';
    END IF;
    PERFORM access.tell_of(entry, ARRAY[stands], ARRAY['identity', 'movement']);
    INSERT INTO access.trace_declared (case_id, person_id, first_on, last_on, by_officer, office, log_id, words)
    VALUES (one.id, stands, $3, $4, entry.actor::integer, entry.office, entry.id, btrim(coalesce($5, '')))
    ON CONFLICT (case_id, person_id) DO UPDATE SET first_on = excluded.first_on, last_on = excluded.last_on,
        declared_at = excluded.declared_at, by_officer = excluded.by_officer, office = excluded.office,
        log_id = excluded.log_id, words = excluded.words;
    -- Traced anew: this case, and who was met if they are one.
    UPDATE access.trace_case c SET traced_at = NULL
    WHERE c.joined_into IS NULL AND (c.id = one.id OR c.person_id = stands);
END $$;

-- Whom these persons declared or were declared by, under the number that stands, with the moments from when to when.
CREATE FUNCTION access.declared_meetings(persons uuid[])
RETURNS TABLE (person_id uuid, other_id uuid, a timestamptz, b timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    -- Most cases declared nobody, and asking that first is the cheaper.
    IF NOT EXISTS (SELECT 1 FROM access.trace_declared) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT s.one, s.other, s.first_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh',
           (s.last_on + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    FROM (SELECT c.person_id AS one, coalesce(p.merged_into_id, d.person_id) AS other, d.first_on, d.last_on
          FROM access.trace_case c JOIN access.trace_declared d ON d.case_id = c.id
          LEFT JOIN people_person p ON p.id = d.person_id WHERE c.person_id = ANY (persons)
          UNION ALL
          SELECT coalesce(p.merged_into_id, d.person_id), c.person_id, d.first_on, d.last_on
          FROM access.trace_declared d JOIN access.trace_case c ON c.id = d.case_id
          LEFT JOIN people_person p ON p.id = d.person_id
          WHERE d.person_id = ANY (persons) OR d.person_id IN (
              SELECT q.id FROM people_person q WHERE q.merged_into_id = ANY (persons))) s
    WHERE s.one = ANY (persons) AND s.one <> s.other;
END $$;

REVOKE ALL ON FUNCTION access.declare_contact(bigint, uuid, date, date, text), access.declared_meetings(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.declare_contact(bigint, uuid, date, date, text) TO pccovid_web;
