-- What a person does: begins a form for themselves, a child or somebody they declared for before, keeps it, sends it.
-- Every function answers only inside the access that was opened for their own record.

-- Whom a tie of this person's is about: nobody where it is not theirs, or no longer stands.
CREATE FUNCTION access.person_of_tie(filler uuid, tie uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = access, public, pg_temp AS $$
    SELECT r.person_id FROM public.people_relationship r
    JOIN public.people_recordclaim mine ON mine.record_id = r.other_record_id
    JOIN public.people_recordclaim theirs ON theirs.record_id = r.record_id
    WHERE r.id = tie AND mine.person_id = filler AND r.superseded_at IS NULL AND theirs.person_id = r.person_id
      AND r.person_id <> filler
$$;

-- The draft, if it is this very person's inside their own access. PC441: it is not.
CREATE FUNCTION access.own_draft(draft bigint) RETURNS access.declaration_draft
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    one access.declaration_draft;
BEGIN
    SELECT d.* INTO one FROM access.declaration_draft d
    WHERE d.id = draft AND own.scope_kind = 'own' AND d.by_person::text = own.actor FOR UPDATE;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'no draft of this person' USING ERRCODE = 'PC441';
    END IF;
    RETURN one;
END $$;

-- Begins a form about oneself or one's child (`person`), or about whom a tie leads to; the one already begun goes on.
-- PC441: nobody one may declare for; PC445: no such version is in force; PC443: thirty in a day.
CREATE FUNCTION access.begin_declaration(form text, version integer, person uuid, tie uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
#variable_conflict use_column
DECLARE
    own access.log := access.current_entry();
    about uuid;
    made bigint;
    today date := (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
    IF own.scope_kind IS DISTINCT FROM 'own' OR (person IS NULL) = (tie IS NULL) THEN
        RAISE EXCEPTION 'no access is open' USING ERRCODE = 'PC441';
    END IF;
    about := CASE WHEN tie IS NOT NULL THEN access.person_of_tie(own.actor::uuid, tie)
                  WHEN access.is_own_view(person) THEN person END;
    IF about IS NULL THEN
        RAISE EXCEPTION 'nobody this person may declare for' USING ERRCODE = 'PC441';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access.declaration_form f WHERE f.code = form AND f.version = begin_declaration.version
                   AND f.valid_from <= today AND (f.valid_to IS NULL OR today <= f.valid_to)) THEN
        RAISE EXCEPTION 'no such form is in force' USING ERRCODE = 'PC445';
    END IF;
    IF (SELECT count(*) FROM access.declaration_draft d WHERE d.by_person::text = own.actor
        AND d.saved_at > clock_timestamp() - interval '1 day') >= 30 THEN
        RAISE EXCEPTION 'thirty in a day' USING ERRCODE = 'PC443';
    END IF;
    INSERT INTO access.declaration_draft AS d (form, version, person_id, by_person, tie_id)
    VALUES (form, version, about, own.actor::uuid, tie)
    ON CONFLICT (by_person, person_id, form) WHERE sent_at IS NULL
    DO UPDATE SET version = excluded.version, tie_id = excluded.tie_id
    RETURNING d.id INTO made;
    RETURN made;
END $$;

-- The draft as its filler sees it. `person` is named only where it is themselves or their child.
CREATE FUNCTION access.declaration_draft_at(draft bigint)
RETURNS TABLE (form text, version integer, person uuid, tie uuid, is_own boolean, sealed text, saved_at timestamptz,
               sent_at timestamptz, level text, reasons text[], state text, due_at timestamptz, told text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.declaration_draft := access.own_draft(draft);
BEGIN
    RETURN QUERY
    SELECT one.form, one.version, CASE WHEN access.is_own_view(one.person_id) THEN one.person_id END, one.tie_id,
           one.person_id = one.by_person, one.sealed, one.saved_at, one.sent_at, one.level, one.reasons, t.state, t.due_at,
           (SELECT s.told FROM access.triage_step s WHERE s.triage_id = t.id AND s.told <> '' ORDER BY s.id DESC LIMIT 1)
    FROM (SELECT 1) x LEFT JOIN access.triage t ON t.id = one.triage_id;
END $$;

-- What is begun and not sent, newest first, and what was sent lately.
CREATE FUNCTION access.declaration_drafts_of(filler uuid)
RETURNS TABLE (draft bigint, form text, tie uuid, person uuid, saved_at timestamptz, sent_at timestamptz, level text,
               state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT d.id, d.form, d.tie_id, CASE WHEN access.is_own_view(d.person_id) THEN d.person_id END, d.saved_at, d.sent_at,
           d.level, t.state
    FROM access.declaration_draft d LEFT JOIN access.triage t ON t.id = d.triage_id
    WHERE d.by_person = filler AND access.is_own_view(filler) AND filler::text = (access.current_entry()).actor
    ORDER BY d.sent_at IS NOT NULL, d.saved_at DESC
$$;

-- Keeps what was filled in so far. PC441; PC453: it was sent.
CREATE FUNCTION access.keep_draft(draft bigint, sealed text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.declaration_draft := access.own_draft(draft);
BEGIN
    IF one.sent_at IS NOT NULL OR length(sealed) > 40000 THEN
        RAISE EXCEPTION 'this draft is closed' USING ERRCODE = 'PC453';
    END IF;
    UPDATE access.declaration_draft d SET sealed = keep_draft.sealed, saved_at = clock_timestamp() WHERE d.id = one.id;
END $$;
CREATE FUNCTION access.drop_draft(draft bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.declaration_draft := access.own_draft(draft);
BEGIN
    IF one.sent_at IS NOT NULL THEN
        RAISE EXCEPTION 'this draft is closed' USING ERRCODE = 'PC453';
    END IF;
    DELETE FROM access.declaration_draft d WHERE d.id = one.id;
END $$;

-- Sends a draft: source record, claim, link and ledger, the declaration with its trip or entry, and where the level asks
-- for it a place in the commune's queue. Sending it again changes nothing. `claim` are columns of people_recordclaim,
-- numbers hashed and sealed; of others than oneself and one's children it is empty. PC441, PC445.
CREATE FUNCTION access.send_declaration(
    draft bigint, payload text, content_hash bytea, fact jsonb, trip jsonb, entry jsonb, claim jsonb, level text,
    reasons text[], rules text, minutes integer
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    one access.declaration_draft := access.own_draft(draft);
    who public.people_person;
    filler public.people_person;
    key text := 'draft:' || draft;
    record text := 'pccovid:declaration:' || key;
    record_id uuid := md5(record)::uuid;
    version_id uuid := md5(record_id || '/1')::uuid;
    new_fact uuid := md5(version_id || '/declaration/0')::uuid;
    now_ timestamptz := clock_timestamp();
    queued bigint;
BEGIN
    IF one.sent_at IS NOT NULL THEN
        RETURN one.fact_id;
    END IF;
    IF one.tie_id IS NOT NULL AND access.person_of_tie(one.by_person, one.tie_id) IS DISTINCT FROM one.person_id
       OR one.tie_id IS NULL AND NOT access.is_own_view(one.person_id) THEN
        RAISE EXCEPTION 'nobody this person may declare for any more' USING ERRCODE = 'PC441';
    END IF;
    SELECT p.* INTO who FROM public.people_person p WHERE p.id = one.person_id AND p.merged_into_id IS NULL;
    IF who.id IS NULL OR NOT starts_with(payload, 's:') THEN
        RAISE EXCEPTION 'there is no such record' USING ERRCODE = 'PC445';
    END IF;
    SELECT p.* INTO filler FROM public.people_person p WHERE p.id = one.by_person;
    INSERT INTO public.people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash, received_at,
                                            run_id)
    VALUES (version_id, record_id, 'pccovid', 'declaration', key, 1, payload, content_hash, now_,
            access.declared_today(now_));
    INSERT INTO public.people_recordclaim
    SELECT (jsonb_populate_record(NULL::public.people_recordclaim,
            CASE WHEN one.tie_id IS NULL THEN claim ELSE '{}' END || jsonb_build_object(
                'record_id', record_id, 'record', record, 'system', 'pccovid', 'kind', 'declaration',
                'source_record_id', version_id, 'content_hash', '\x' || encode(content_hash, 'hex'), 'version', 1,
                'person_id', one.person_id, 'is_about_nobody', false, 'id_verified', false, 'phone_is_own', true,
                'flags', '[]'::jsonb, 'account', NULL, 'household', NULL))).*;
    INSERT INTO public.people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by, decided_at)
    VALUES (record_id, one.person_id, 'exact', '{}', CASE WHEN one.tie_id IS NULL THEN 'signed_in' ELSE 'declared_for' END,
            '', 'pccovid', now_);
    PERFORM access.fill_in(who, claim) WHERE one.tie_id IS NULL;
    INSERT INTO public.declarations_declaration (id, person_id, record_id, source_record_id, source_system, provenance,
        recorded_at, form, source_key, declared_at, is_for_other, symptoms, symptom_note, travel_note, chronic_diseases,
        answers)
    VALUES (new_fact, one.person_id, record_id, version_id, 'pccovid', 'self_declared', now_, one.form, key, now_,
            one.person_id <> one.by_person, ARRAY(SELECT jsonb_array_elements_text(fact -> 'symptoms')),
            fact ->> 'symptom_note', fact ->> 'travel_note',
            ARRAY(SELECT jsonb_array_elements_text(fact -> 'chronic_diseases')), fact -> 'answers');
    PERFORM access.add_declared_trip(one.person_id, record_id, version_id, key, now_, trip) WHERE trip IS NOT NULL;
    PERFORM access.add_declared_entry(one.person_id, record_id, version_id, now_, entry) WHERE entry IS NOT NULL;
    IF level IN ('emergency', 'today') THEN
        INSERT INTO access.triage (fact_id, form, person_id, by_person, area_code, level, reasons, rules, arrived_at, due_at)
        VALUES (new_fact, one.form, one.person_id, one.by_person,
                coalesce((SELECT coalesce(p.commune_code, p.district_code, p.province_code) FROM public.people_person p
                          WHERE p.id = one.person_id), filler.commune_code, filler.district_code, filler.province_code),
                level, reasons, rules, now_, now_ + make_interval(mins => minutes))
        RETURNING id INTO queued;
    END IF;
    UPDATE access.declaration_draft d SET sealed = '', sent_at = now_, saved_at = now_, fact_id = new_fact,
        level = send_declaration.level, reasons = send_declaration.reasons, triage_id = queued
    WHERE d.id = one.id;
    RETURN new_fact;
END $$;

-- What was declared here, counted in the ledger: received = linked. One line for each day.
CREATE FUNCTION access.declared_today(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE
    day text := to_char(moment AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD');
    run bigint;
BEGIN
    SELECT r.id INTO run FROM public.people_importrun r WHERE r.fingerprint = 'pccovid';
    IF run IS NULL THEN
        -- Two first declarations at once would make two runs: they wait for one another here, and nobody later.
        PERFORM pg_advisory_xact_lock(hashtext('pccovid declarations'));
        SELECT r.id INTO run FROM public.people_importrun r WHERE r.fingerprint = 'pccovid';
    END IF;
    IF run IS NULL THEN
        INSERT INTO public.people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,
                                             model_version)
        VALUES ('pccovid', 'pccovid', 'published', moment, moment, 'pccovid', '') RETURNING id INTO run;
    END IF;
    INSERT INTO public.people_importfile AS f (run_id, name, system, kind, received, linked, new, held, rejected,
                                               unchanged, repeated, notes)
    VALUES (run, 'declarations/' || day, 'pccovid', 'declaration', 1, 1, 0, 0, 0, 0, 0, '{}')
    ON CONFLICT (run_id, name) DO UPDATE SET received = f.received + 1, linked = f.linked + 1;
    RETURN run;
END $$;

-- The golden record takes over what nobody has said before; what any source says stays. The next derivation anew finds
-- the same in the claim.
CREATE FUNCTION access.fill_in(who public.people_person, claim jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE
    source text := 'pccovid/pccovid:declaration';
    is_new_home boolean := who.commune_code IS NULL AND coalesce(claim ->> 'commune_code', '') <> '';
BEGIN
    UPDATE public.people_person p SET
        sex = coalesce(p.sex, claim ->> 'sex'), nationality = coalesce(p.nationality, claim ->> 'nationality'),
        province_code = CASE WHEN is_new_home THEN claim ->> 'province_code' ELSE p.province_code END,
        district_code = CASE WHEN is_new_home THEN claim ->> 'district_code' ELSE p.district_code END,
        commune_code = CASE WHEN is_new_home THEN claim ->> 'commune_code' ELSE p.commune_code END,
        address = CASE WHEN is_new_home THEN claim ->> 'address' ELSE p.address END,
        attribute_sources = p.attribute_sources || jsonb_strip_nulls(jsonb_build_object(
            'sex', CASE WHEN p.sex IS NULL AND claim ? 'sex' THEN source END,
            'nationality', CASE WHEN p.nationality IS NULL AND claim ? 'nationality' THEN source END,
            'residence', CASE WHEN is_new_home THEN source END))
    WHERE p.id = who.id AND (is_new_home OR (p.sex IS NULL AND claim ? 'sex')
                             OR (p.nationality IS NULL AND claim ? 'nationality'));
END $$;

CREATE FUNCTION access.add_declared_trip(
    person uuid, record_id uuid, version_id uuid, key text, moment timestamptz, trip jsonb
) RETURNS void LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE day date := access.movement_day((trip ->> 'departed_at')::timestamptz, moment);
BEGIN
    PERFORM access.add_days('movement_trip', ARRAY[day]);
    INSERT INTO public.movement_trip (id, person_id, record_id, source_record_id, source_system, provenance, recorded_at,
        trip_key, departure_place, destination_place, transport, vehicle_number, seat, departed_at, day)
    VALUES (md5(version_id || '/trip/0')::uuid, person, record_id, version_id, 'pccovid', 'self_declared', moment, key,
            trip ->> 'departure_place', trip ->> 'destination_place', trip ->> 'transport', trip ->> 'vehicle_number',
            trip ->> 'seat', (trip ->> 'departed_at')::timestamptz, day);
END $$;
CREATE FUNCTION access.add_declared_entry(
    person uuid, record_id uuid, version_id uuid, moment timestamptz, entry jsonb
) RETURNS void LANGUAGE sql SET search_path = access, public, pg_temp AS $$
    INSERT INTO public.border_entry (id, person_id, record_id, source_record_id, source_system, provenance, recorded_at,
        gate, vehicle_kind, vehicle_number, seat, departed_on, entered_on, departure_country, departure_province,
        destination_province, places_passed, vaccines_used)
    VALUES (md5(version_id || '/entry/0')::uuid, person, record_id, version_id, 'pccovid', 'self_declared', moment,
            entry ->> 'gate', entry ->> 'vehicle_kind', entry ->> 'vehicle_number', entry ->> 'seat',
            (entry ->> 'departed_on')::date, (entry ->> 'entered_on')::date, entry ->> 'departure_country',
            entry ->> 'departure_province', entry ->> 'destination_province',
            CASE WHEN entry ->> 'places_passed' IS NULL THEN '{}' ELSE ARRAY[entry ->> 'places_passed'] END,
            entry ->> 'vaccines_used')
$$;

REVOKE ALL ON FUNCTION access.person_of_tie(uuid, uuid), access.own_draft(bigint),
    access.begin_declaration(text, integer, uuid, uuid), access.declaration_draft_at(bigint),
    access.declaration_drafts_of(uuid), access.keep_draft(bigint, text), access.drop_draft(bigint),
    access.send_declaration(bigint, text, bytea, jsonb, jsonb, jsonb, jsonb, text, text[], text, integer),
    access.declared_today(timestamptz), access.fill_in(public.people_person, jsonb),
    access.add_declared_trip(uuid, uuid, uuid, text, timestamptz, jsonb),
    access.add_declared_entry(uuid, uuid, uuid, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.begin_declaration(text, integer, uuid, uuid), access.declaration_draft_at(bigint),
    access.declaration_drafts_of(uuid), access.keep_draft(bigint, text), access.drop_draft(bigint),
    access.send_declaration(bigint, text, bytea, jsonb, jsonb, jsonb, jsonb, text, text[], text, integer)
    TO pccovid_web;
