-- A clinician's word that somebody looks ill of it: with one antigen positive and a factor of the epidemic, that is a case.
-- Nobody but the owner reads or writes the table; the word is only added to, and may be taken back by a later one.

CREATE TABLE access.clinical_suspicion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL,
    said_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    is_suspected boolean NOT NULL,
    onset_on date,
    words text NOT NULL CHECK (btrim(words) <> ''),
    by_officer integer NOT NULL,
    office text NOT NULL,
    log_id bigint NOT NULL
);
CREATE INDEX clinical_suspicion_by_person ON access.clinical_suspicion (person_id, id);
ALTER TABLE access.clinical_suspicion ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.clinical_suspicion FROM PUBLIC;

ALTER TABLE access.case_definition DROP CONSTRAINT case_definition_needs_check;
ALTER TABLE access.case_definition ADD CONSTRAINT case_definition_needs_check
    CHECK (needs IN ('', 'is_contact', 'twice_with_factor', 'suspect_with_factor'));

-- By a health station, of somebody of its area. PC471: no station's access; PC472: not of the area; PC473: too few words;
-- PC474: a day that cannot be.
CREATE FUNCTION access.say_suspected(person uuid, is_suspected boolean, onset_on date, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.role <> 'health_station' OR entry.purpose <> 'care' THEN
        RAISE EXCEPTION 'clinicians say so' USING ERRCODE = 'PC471';
    ELSIF NOT (entry.scope_kind = 'area' OR $1 = ANY (entry.scope_persons))
          OR NOT (entry.scope_area IS NULL OR coalesce(access.person_lies_in($1, entry.scope_area), false)) THEN
        RAISE EXCEPTION 'nobody like that here' USING ERRCODE = 'PC472';
    ELSIF $2 IS NULL OR length(btrim(coalesce($4, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF $3 > access.day_here(access.present()) OR $3 < access.day_here(access.present()) - 60 THEN
        RAISE EXCEPTION 'a day that cannot be' USING ERRCODE = 'PC474';
    END IF;
    INSERT INTO access.clinical_suspicion (person_id, is_suspected, onset_on, words, by_officer, office, log_id)
    VALUES ($1, $2, $3, btrim($4), entry.actor::integer, entry.office, entry.id);
    PERFORM access.tell_of(entry, ARRAY[$1], ARRAY['identity', 'treatment']);
END $$;

-- Whether the newest word of the fourteen days around a moment suspects somebody. Fourteen: our own choice.
CREATE FUNCTION access.is_suspected(person uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce((SELECT s.is_suspected FROM access.clinical_suspicion s
                     WHERE s.person_id IN (SELECT access.numbers_of_person(person))
                       AND s.said_at BETWEEN at - interval '14 days' AND at + interval '14 days' ORDER BY s.id DESC LIMIT 1), false)
$$;

REVOKE ALL ON FUNCTION access.say_suspected(uuid, boolean, date, text), access.is_suspected(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.say_suspected(uuid, boolean, date, text) TO pccovid_web;
