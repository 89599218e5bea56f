-- Of what another period would find, a tracer may tick single persons. Whoever was met outside the period counts only if the
-- case was infectious then, and then everybody counts who was met: so the period is widened, no further than to these persons'
-- meetings, with its reason, and a row of each says for whom.

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

-- Widens the period as far as these persons need. PC472: no such case here, or one of them is not met in that span, or lives
-- elsewhere; PC473; PC474.
CREATE OR REPLACE FUNCTION access.accept_foreseen(case_number bigint, starts_at timestamptz, ends_at timestamptz, persons uuid[],
                                       reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    entry access.log := access.tracer_entry();
    one access.trace_case := access.case_here(entry, case_number);
    first_met timestamptz;
    last_met timestamptz;
    met uuid[];
    -- Who counts already: for these nothing is widened.
    known uuid[] := ARRAY(SELECT DISTINCT m.person_id FROM access.meetings(
        ARRAY[one.id], ARRAY[one.person_id], ARRAY[one.starts_at], ARRAY[least(one.ends_at, access.present())],
        ARRAY[1.0::double precision], true) m);
BEGIN
    IF coalesce(cardinality(persons), 0) NOT BETWEEN 1 AND 300 THEN
        RAISE EXCEPTION 'nobody, or too many' USING ERRCODE = 'PC472';
    ELSIF length(btrim(coalesce($5, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF $2 IS NULL OR $3 IS NULL OR $2 > $3 OR $2 < one.first_at - interval '30 days'
          OR $3 > one.last_at + interval '90 days' THEN
        RAISE EXCEPTION 'a span that cannot be' USING ERRCODE = 'PC474';
    END IF;
    SELECT array_agg(DISTINCT m.person_id), min(m.started_at) FILTER (WHERE is_new), max(m.ended_at) FILTER (WHERE is_new)
    INTO met, first_met, last_met
    FROM access.meetings(ARRAY[one.id], ARRAY[one.person_id], ARRAY[$2], ARRAY[least($3, access.present())],
                         ARRAY[1.0::double precision], true) m,
         LATERAL (SELECT m.person_id = ANY (persons) AND m.person_id <> ALL (known)) n (is_new);
    IF EXISTS (
        SELECT 1 FROM unnest(persons) p (id)
        WHERE p.id = one.person_id OR NOT access.lives_at_desk(entry, p.id)
           OR p.id = ANY (access.persons_restricted('movement')) OR (p.id = ANY (met)) IS NOT TRUE) THEN
        RAISE EXCEPTION 'somebody who was not met, or is not here' USING ERRCODE = 'PC472';
    END IF;
    first_met := least(one.starts_at, first_met);
    last_met := greatest(one.ends_at, last_met);
    PERFORM access.tell_of(entry, persons, ARRAY['identity', 'movement']);
    INSERT INTO access.trace_accepted (case_id, person_id, starts_at, ends_at, by_officer, office, log_id, reason)
    SELECT DISTINCT one.id, p.id, first_met, last_met, entry.actor::integer, entry.office, entry.id, btrim($5)
    FROM unnest(persons) p (id)
    ON CONFLICT (case_id, person_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,
        accepted_at = excluded.accepted_at, by_officer = excluded.by_officer, office = excluded.office,
        log_id = excluded.log_id, reason = excluded.reason;
    IF first_met < one.starts_at OR last_met > one.ends_at THEN
        PERFORM access.edit_trace_period(one.id, first_met, last_met, one.onset_on, $5);
    ELSE
        UPDATE access.trace_case c SET traced_at = NULL WHERE c.id = one.id;
    END IF;
END $$;

REVOKE ALL ON FUNCTION access.accept_foreseen(bigint, timestamptz, timestamptz, uuid[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.accept_foreseen(bigint, timestamptz, timestamptz, uuid[], text) TO pccovid_web;
