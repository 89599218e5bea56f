-- Of what another period would find, a tracer may take in single persons, with a reason: they are contacts of the case by what
-- was found in that span, while the case's own period stays. The worker finds their meetings anew as it does everybody's.

CREATE TABLE IF NOT EXISTS access.trace_accepted (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES access.trace_case (id) ON DELETE CASCADE,
    person_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (starts_at <= ends_at),
    accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_officer integer NOT NULL,
    office text NOT NULL,
    log_id bigint NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    UNIQUE (case_id, person_id)
);
ALTER TABLE access.trace_accepted ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.trace_accepted FROM PUBLIC;

-- Takes these persons in. PC472: no such case here, or one of them is not met in that span, or lives elsewhere; PC473; PC474.
CREATE OR REPLACE FUNCTION access.accept_foreseen(case_number bigint, starts_at timestamptz, ends_at timestamptz, persons uuid[],
                                       reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case := access.case_here(entry, case_number);
BEGIN
    IF coalesce(cardinality(persons), 0) NOT BETWEEN 1 AND 300 THEN
        RAISE EXCEPTION 'nobody, or too many' USING ERRCODE = 'PC472';
    ELSIF length(btrim(coalesce($5, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF $2 IS NULL OR $3 IS NULL OR $2 > $3 OR $2 < one.first_at - interval '30 days'
          OR $3 > one.last_at + interval '90 days' THEN
        RAISE EXCEPTION 'a span that cannot be' USING ERRCODE = 'PC474';
    ELSIF EXISTS (
        SELECT 1 FROM unnest(persons) p (id)
        WHERE p.id = one.person_id OR NOT access.lives_at_desk(entry, p.id)
           OR p.id = ANY (access.persons_restricted('movement'))
           OR p.id NOT IN (SELECT m.person_id FROM access.meetings(
                ARRAY[one.id], ARRAY[one.person_id], ARRAY[$2], ARRAY[least($3, access.present())],
                ARRAY[1.0::double precision], true) m)) THEN
        RAISE EXCEPTION 'somebody who was not met, or is not here' USING ERRCODE = 'PC472';
    END IF;
    PERFORM access.tell_of(entry, persons, ARRAY['identity', 'movement']);
    INSERT INTO access.trace_accepted (case_id, person_id, starts_at, ends_at, by_officer, office, log_id, reason)
    SELECT DISTINCT one.id, p.id, $2, $3, entry.actor::integer, entry.office, entry.id, btrim($5) FROM unnest(persons) p (id)
    ON CONFLICT (case_id, person_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,
        accepted_at = excluded.accepted_at, by_officer = excluded.by_officer, office = excluded.office,
        log_id = excluded.log_id, reason = excluded.reason;
    UPDATE access.trace_case c SET traced_at = NULL WHERE c.id = one.id;
END $$;

-- Writes the exposures of those taken in which the cases' own periods have not found. A person who was merged into another is
-- looked for as that other.
CREATE OR REPLACE FUNCTION access.write_accepted(chosen bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    INSERT INTO access.trace_exposure (case_id, level, via_person, person_id, kind, subject, day, started_at, ended_at,
                                       minutes, is_guessed, score)
    SELECT m.case_id, 1, m.via, m.person_id, m.kind, m.subject, m.day, m.started_at, m.ended_at, m.minutes, m.is_guessed, m.score
    FROM (SELECT a.*, c.person_id AS via_person, coalesce(p.merged_into_id, a.person_id) AS stands
          FROM access.trace_accepted a JOIN access.trace_case c ON c.id = a.case_id
          LEFT JOIN people_person p ON p.id = a.person_id WHERE a.case_id = ANY (chosen)) a,
    LATERAL access.meetings(ARRAY[a.case_id], ARRAY[a.via_person], ARRAY[a.starts_at], ARRAY[least(a.ends_at, access.present())],
                            ARRAY[1.0::double precision], true) m
    WHERE m.person_id = a.stands AND m.person_id <> a.via_person AND NOT EXISTS (
        SELECT 1 FROM access.trace_exposure x WHERE x.case_id = m.case_id AND x.level = 1 AND x.person_id = m.person_id
          AND (x.kind, x.subject, x.day) = (m.kind, m.subject, m.day));
END $$;

REVOKE ALL ON FUNCTION access.accept_foreseen(bigint, timestamptz, timestamptz, uuid[], text), access.write_accepted(bigint[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.accept_foreseen(bigint, timestamptz, timestamptz, uuid[], text) TO pccovid_web;
