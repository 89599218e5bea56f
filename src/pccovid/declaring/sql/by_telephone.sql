-- A health station declares for somebody who calls: source record, claim without anything, link and ledger, the declaration
-- with how it was told and by which office it was written down, and where the level asks for it a place in the queue. Inside an
-- access opened for care over this one person, with this very call as its case; so the person reads it under who looked. The
-- same call again is the same declaration. A form that tells of a journey or of an entry brings that as well. PC451: no such
-- access is open; PC445: no such form, or a journey or entry missing or too many.
DROP FUNCTION IF EXISTS access.declare_by_telephone(uuid, uuid, text, integer, text, bytea, jsonb, text, text[], text, integer);
CREATE FUNCTION access.declare_by_telephone(
    person uuid, call uuid, form text, version integer, payload text, content_hash bytea, fact jsonb, trip jsonb, entry jsonb,
    level text, reasons text[], rules text, minutes integer
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_variable
DECLARE
    open access.log := access.current_entry();
    who public.people_person;
    key text := 'telephone:' || call;
    record text := 'pccovid:declaration:' || key;
    record_id uuid := md5(record)::uuid;
    version_id uuid := md5(record_id || '/1')::uuid;
    new_fact uuid := md5(version_id || '/declaration/0')::uuid;
    now_ timestamptz := clock_timestamp();
    today date := (now_ AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
    IF open.id IS NULL OR open.actor_kind <> 'officer' OR open.role <> 'health_station' OR open.purpose <> 'care'
       OR open.scope_persons <> ARRAY[person] OR open.case_reference IS DISTINCT FROM 'DT-' || left(call::text, 8)
       OR (person = ANY (access.persons_seen('declaration'))) IS NOT TRUE THEN
        RAISE EXCEPTION 'no access is open for this call' USING ERRCODE = 'PC451';
    END IF;
    SELECT p.* INTO who FROM public.people_person p WHERE p.id = person AND p.merged_into_id IS NULL;
    IF who.id IS NULL OR NOT starts_with(payload, 's:') OR (trip IS NULL) = (form = 'movement')
       OR (entry IS NULL) = (form = 'entry') OR NOT EXISTS (
        SELECT 1 FROM access.declaration_form f WHERE f.code = form AND f.version = version
          AND f.valid_from <= today AND (f.valid_to IS NULL OR today <= f.valid_to)) THEN
        RAISE EXCEPTION 'no such form is in force' USING ERRCODE = 'PC445';
    END IF;
    IF EXISTS (SELECT 1 FROM public.people_sourcerecord s WHERE s.id = version_id) THEN
        RETURN new_fact;
    END IF;
    INSERT INTO public.people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash, received_at,
                                            run_id)
    VALUES (version_id, record_id, 'pccovid', 'declaration', key, 1, payload, content_hash, now_,
            access.declared_today(now_));
    INSERT INTO public.people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,
        person_id, is_about_nobody, id_verified, phone_is_own, flags)
    VALUES (record_id, record, 'pccovid', 'declaration', version_id, content_hash, 1, person, false, false, true, '{}');
    INSERT INTO public.people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by, decided_at)
    VALUES (record_id, person, 'exact', '{}', 'declared_for', '', 'pccovid', now_);
    INSERT INTO public.declarations_declaration (id, person_id, record_id, source_record_id, source_system, provenance,
        recorded_at, form, source_key, declared_at, is_for_other, symptoms, symptom_note, travel_note, chronic_diseases,
        answers)
    VALUES (new_fact, person, record_id, version_id, 'pccovid', 'self_declared', now_, form, key, now_, true,
            ARRAY(SELECT jsonb_array_elements_text(fact -> 'symptoms')), fact ->> 'symptom_note', fact ->> 'travel_note',
            ARRAY(SELECT jsonb_array_elements_text(fact -> 'chronic_diseases')),
            (fact -> 'answers') || jsonb_build_object('told_by', 'telephone', 'written_by', open.office));
    PERFORM access.add_declared_trip(person, record_id, version_id, key, now_, trip) WHERE trip IS NOT NULL;
    PERFORM access.add_declared_entry(person, record_id, version_id, now_, entry) WHERE entry IS NOT NULL;
    IF level IN ('emergency', 'today') THEN
        INSERT INTO access.triage (fact_id, form, person_id, by_person, area_code, level, reasons, rules, arrived_at, due_at)
        VALUES (new_fact, form, person, person, coalesce(who.commune_code, who.district_code, who.province_code), level,
                reasons, rules, now_, now_ + make_interval(mins => minutes));
    END IF;
    RETURN new_fact;
END $$;
REVOKE ALL ON FUNCTION access.declare_by_telephone(uuid, uuid, text, integer, text, bytea, jsonb, jsonb, jsonb, text, text[],
    text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.declare_by_telephone(uuid, uuid, text, integer, text, bytea, jsonb, jsonb, jsonb, text,
    text[], text, integer) TO pccovid_web;
