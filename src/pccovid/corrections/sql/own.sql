-- What a person does about a fact of theirs, or as a guardian about a child's, inside their own opened access.

CREATE OR REPLACE FUNCTION access.own_correction(correction bigint) RETURNS access.correction
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE one access.correction;
BEGIN
    SELECT c.* INTO one FROM access.correction c WHERE c.id = correction AND EXISTS (
        SELECT 1 FROM access.current_entry() e CROSS JOIN unnest(e.scope_persons) p
        WHERE e.scope_kind = 'own' AND c.person_id IN (SELECT access.numbers_of_person(p))) FOR UPDATE;
    IF one.id IS NULL THEN
        RAISE EXCEPTION 'no correction of this person' USING ERRCODE = 'PC441';
    END IF;
    RETURN one;
END $$;

-- Says that a fact is wrong. `wanted` is sealed, or '' where nothing is put in its place. PC441 not one's own; PC442 too few
-- words; PC443 ten in a day; PC444 it is disputed already; PC445 no such fact.
CREATE OR REPLACE FUNCTION access.dispute_fact(person uuid, fact_table text, fact uuid, wanted text, words text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE of_system text;
BEGIN
    IF NOT access.is_own_view(person) THEN
        RAISE EXCEPTION 'not one''s own' USING ERRCODE = 'PC441';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access.correction_table t WHERE t.table_name = fact_table) THEN
        RAISE EXCEPTION 'no such kind of fact' USING ERRCODE = 'PC445';
    END IF;
    EXECUTE format('SELECT source_system FROM public.%I WHERE id = $1 AND person_id = $2 AND superseded_at IS NULL',
                   fact_table) INTO of_system USING fact, person;
    IF of_system IS NULL THEN
        RAISE EXCEPTION 'no such fact' USING ERRCODE = 'PC445';
    END IF;
    RETURN access.open_correction('wrong', person, fact_table, fact, of_system, wanted, words);
END $$;

-- Says that a fact is missing: what the person says stands as their own word until it is confirmed. `fact_values` are columns
-- of the table; `payload` is the same, sealed for the record whose number the caller may compute.
CREATE OR REPLACE FUNCTION access.add_missing_fact(
    person uuid, fact_table text, record uuid, payload text, content_hash bytea, fact_values jsonb, wanted text, words text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    of_table access.correction_table;
    key text := 'missing:' || record;
    full_key text := 'pccovid:missing:' || record;
    record_id uuid := md5(full_key)::uuid;
    version_id uuid := md5(record_id || '/1')::uuid;
    new_fact uuid := md5(version_id || '/' || fact_table || '/0')::uuid;
BEGIN
    IF NOT access.is_own_view(person) THEN
        RAISE EXCEPTION 'not one''s own' USING ERRCODE = 'PC441';
    END IF;
    SELECT t.* INTO of_table FROM access.correction_table t WHERE t.table_name = fact_table AND t.blank IS NOT NULL;
    IF of_table.table_name IS NULL OR NOT starts_with(payload, 's:') OR EXISTS (
        SELECT 1 FROM jsonb_object_keys(fact_values) k WHERE k <> ALL (of_table.columns)) THEN
        RAISE EXCEPTION 'no such kind of fact' USING ERRCODE = 'PC445';
    END IF;
    PERFORM access.write_fact(person, of_table.table_name, 'pccovid', 'missing', key, full_key, payload, content_hash,
        'self_declared', of_table.blank || fact_values, new_fact, 'signed_in');
    RETURN access.open_correction('missing', person, of_table.table_name, new_fact, 'pccovid', wanted, words);
END $$;

-- A fact of a source record of its own, with claim, link and ledger. Within functions of the owner alone.
CREATE OR REPLACE FUNCTION access.write_fact(
    person uuid, fact_table text, system text, kind text, key text, record text, payload text, content_hash bytea,
    provenance text, fact_values jsonb, fact uuid, reason text
) RETURNS void LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE
    record_id uuid := md5(record)::uuid;
    version_id uuid := md5(record_id || '/1')::uuid;
    moment timestamptz := clock_timestamp();
BEGIN
    INSERT INTO public.people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash, received_at,
                                            run_id)
    VALUES (version_id, record_id, system, kind, key, 1, payload, content_hash, moment,
            access.count_written(system, kind, moment));
    INSERT INTO public.people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,
        person_id, is_about_nobody, id_verified, phone_is_own, flags)
    VALUES (record_id, record, system, kind, version_id, content_hash, 1, person, false, false, true, '{}');
    INSERT INTO public.people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by, decided_at)
    VALUES (record_id, person, 'manual', '{}', reason, '', system, moment);
    EXECUTE format('INSERT INTO public.%1$I SELECT (jsonb_populate_record(NULL::public.%1$I, $1)).*', fact_table)
    USING fact_values || jsonb_build_object('id', fact, 'person_id', person, 'record_id', record_id,
        'source_record_id', version_id, 'source_system', system, 'provenance', provenance, 'recorded_at', moment,
        'superseded_at', NULL);
END $$;
CREATE OR REPLACE FUNCTION access.count_written(system text, kind text, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE
    day text := to_char(moment AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD');
    of_run text := 'corrections of facts';
    run bigint;
BEGIN
    SELECT r.id INTO run FROM public.people_importrun r WHERE r.fingerprint = of_run;
    IF run IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(of_run));
        SELECT r.id INTO run FROM public.people_importrun r WHERE r.fingerprint = of_run;
    END IF;
    IF run IS NULL THEN
        INSERT INTO public.people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,
                                             model_version)
        VALUES (of_run, of_run, 'published', moment, moment, system, '') RETURNING id INTO run;
    END IF;
    INSERT INTO public.people_importfile AS f (run_id, name, system, kind, received, linked, new, held, rejected,
                                               unchanged, repeated, notes)
    VALUES (run, system || '/' || kind || '/' || day, system, kind, 1, 1, 0, 0, 0, 0, 0, '{}')
    ON CONFLICT (run_id, name) DO UPDATE SET received = f.received + 1, linked = f.linked + 1;
    RETURN run;
END $$;

CREATE OR REPLACE FUNCTION access.open_correction(
    kind text, person uuid, fact_table text, fact uuid, of_system text, wanted text, words text
) RETURNS bigint LANGUAGE plpgsql SET search_path = access, public, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    made bigint;
BEGIN
    IF length(btrim(coalesce(words, ''))) < 10 OR length(words) > 2000 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC442';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('correction ' || person, 0));
    IF (SELECT count(*) FROM access.correction c WHERE c.person_id = person
        AND c.asked_at > clock_timestamp() - interval '1 day') >= 10 THEN
        RAISE EXCEPTION 'ten in a day' USING ERRCODE = 'PC443';
    END IF;
    IF EXISTS (SELECT 1 FROM access.correction c JOIN access.correction_state s ON s.code = c.state AND s.turn <> ''
               WHERE c.fact_id = fact) THEN
        RAISE EXCEPTION 'it is disputed already' USING ERRCODE = 'PC444';
    END IF;
    INSERT INTO access.correction (kind, person_id, asked_by, log_id, fact_table, fact_id, system, area_code, words, state,
                                   due_at)
    SELECT kind, person, own.actor::uuid, own.id, fact_table, fact, of_system,
           coalesce(p.commune_code, p.district_code, p.province_code), btrim(words), 'received',
           access.correction_due('received')
    FROM public.people_person p WHERE p.id = person RETURNING id INTO made;
    IF coalesce(wanted, '') <> '' THEN
        INSERT INTO access.correction_value (correction_id, kind, sealed) VALUES (made, 'wanted', wanted);
    END IF;
    RETURN made;
END $$;

-- Adds a photo, sealed; three at most, while the person or the station still has it. PC441; PC446 three already; PC453.
CREATE OR REPLACE FUNCTION access.add_correction_photo(correction bigint, sealed text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.correction := access.own_correction(correction);
BEGIN
    IF one.state NOT IN ('received', 'checking', 'needs_more') THEN
        RAISE EXCEPTION 'too late' USING ERRCODE = 'PC453';
    END IF;
    IF (SELECT count(*) FROM access.correction_photo p WHERE p.correction_id = one.id) >= 3 THEN
        RAISE EXCEPTION 'three already' USING ERRCODE = 'PC446';
    END IF;
    INSERT INTO access.correction_photo (correction_id, sealed) VALUES (one.id, add_correction_photo.sealed);
END $$;

-- One step of the person's own: add (after more was asked for) or withdraw, unless the program opened it. PC441, PC453.
CREATE OR REPLACE FUNCTION access.step_own_correction(correction bigint, act text, words text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    one access.correction := access.own_correction(correction);
    came_to text;
BEGIN
    IF one.kind = 'identity' AND act = 'withdraw' THEN
        RAISE EXCEPTION 'not opened by the person' USING ERRCODE = 'PC453';
    END IF;
    came_to := access.move_correction(one, act, 'person', words, '');
    IF came_to = 'withdrawn' AND one.kind = 'missing' THEN
        EXECUTE format('UPDATE public.%I SET superseded_at = clock_timestamp() WHERE id = $1 AND superseded_at IS NULL',
                       one.fact_table) USING one.fact_id;
    END IF;
    RETURN came_to;
END $$;

CREATE OR REPLACE FUNCTION access.corrections_of(person uuid)
RETURNS TABLE (number bigint, kind text, asked_at timestamptz, by_guardian boolean, fact_table text, fact uuid, of_system text,
               words text, state text, due_at timestamptz, is_late boolean, photos bigint, wanted text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT c.id, c.kind, c.asked_at, c.asked_by <> c.person_id, c.fact_table, c.fact_id, c.system, c.words, c.state,
           c.due_at, coalesce(clock_timestamp() >= c.due_at, false),
           (SELECT count(*) FROM access.correction_photo p WHERE p.correction_id = c.id),
           access.correction_value_of(c.id, 'wanted')
    FROM access.correction c
    WHERE access.is_own_view(person) AND c.person_id IN (SELECT access.numbers_of_person(person)) ORDER BY c.id DESC
$$;
-- The steps of one of them; offices are named, officers never, and what stays inside stays there.
CREATE OR REPLACE FUNCTION access.correction_steps_of(correction bigint)
RETURNS TABLE (done_at timestamptz, act text, actor text, office text, state_after text, told text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.correction := access.own_correction(correction);
BEGIN
    RETURN QUERY SELECT s.done_at, s.act, s.actor, s.office, s.state_after, s.told
    FROM access.correction_step s WHERE s.correction_id = one.id ORDER BY s.id;
END $$;

REVOKE ALL ON FUNCTION access.own_correction(bigint), access.dispute_fact(uuid, text, uuid, text, text),
    access.add_missing_fact(uuid, text, uuid, text, bytea, jsonb, text, text),
    access.write_fact(uuid, text, text, text, text, text, text, bytea, text, jsonb, uuid, text),
    access.count_written(text, text, timestamptz),
    access.open_correction(text, uuid, text, uuid, text, text, text), access.add_correction_photo(bigint, text),
    access.step_own_correction(bigint, text, text), access.corrections_of(uuid), access.correction_steps_of(bigint)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.dispute_fact(uuid, text, uuid, text, text),
    access.add_missing_fact(uuid, text, uuid, text, bytea, jsonb, text, text),
    access.add_correction_photo(bigint, text), access.step_own_correction(bigint, text, text),
    access.corrections_of(uuid), access.correction_steps_of(bigint) TO pccovid_web;
