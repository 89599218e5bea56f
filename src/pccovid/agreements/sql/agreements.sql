-- What is done with agreements (agreements_kept.sql): asked, judged, ended, and what their machines' keys and tokens stand for.

-- What a purpose lets an agency read at most, from the one table of rules.
CREATE FUNCTION access.agency_categories(purpose text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce(array_agg(r.category ORDER BY r.category), '{}') FROM access.rule r
    WHERE r.purpose = agency_categories.purpose AND r.actor_kind = 'agency'
$$;

-- PC431: the office is not held; PC432: more than the purpose allows, or what no agency writes; PC433: no such area, or one
-- outside the office's; PC434: an agency of that code has another name or standing; PC435: the time or a text does not do.
CREATE FUNCTION access.ask_agreement(
    officer integer, through bigint, agency text, name text, standing text, purpose text, categories text[],
    written text[], area text, valid_until timestamptz, document text, reason text, notify_url text, keys jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_steward']);
    known access.agency;
    made bigint;
BEGIN
    IF coalesce(cardinality(categories), 0) = 0
       OR NOT categories <@ access.agency_categories(ask_agreement.purpose)
       OR NOT coalesce(written, '{}') <@ ARRAY(
            SELECT r.category FROM access.rule r WHERE r.purpose = 'exchange' AND r.actor_kind = 'job' AND r.may_write) THEN
        RAISE EXCEPTION 'more than the purpose allows' USING ERRCODE = 'PC432';
    END IF;
    IF (area IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = area))
       OR (held.area_code IS NOT NULL AND (area IS NULL OR NOT access.area_lies_in(area, held.area_code))) THEN
        RAISE EXCEPTION 'outside the area' USING ERRCODE = 'PC433';
    END IF;
    INSERT INTO access.agency (code, name, standing) VALUES (agency, btrim(ask_agreement.name), ask_agreement.standing)
    ON CONFLICT (code) DO NOTHING;
    SELECT a.* INTO known FROM access.agency a WHERE a.code = agency;
    IF known.name <> btrim(ask_agreement.name) OR known.standing <> ask_agreement.standing THEN
        RAISE EXCEPTION 'another agency has that code' USING ERRCODE = 'PC434';
    END IF;
    INSERT INTO access.agreement (agency_code, purpose, categories, written, area_code, valid_until, document, reason,
                                  notify_url, asked_by, asked_through, asked_office)
    VALUES (agency, ask_agreement.purpose, ask_agreement.categories, coalesce(ask_agreement.written, '{}'), area,
            ask_agreement.valid_until, ask_agreement.document, ask_agreement.reason, ask_agreement.notify_url, officer,
            held.id, held.office)
    RETURNING id INTO made;
    INSERT INTO access.agreement_key (agreement_id, kid, jwk, added_by)
    SELECT made, k ->> 'kid', k, officer::text FROM jsonb_array_elements(keys) k;
    PERFORM access.note_act(officer, 'agreement_asked', officer, held.id, made::text);
    RETURN made;
EXCEPTION WHEN check_violation OR not_null_violation OR unique_violation THEN
    RAISE EXCEPTION 'the time, a key or a text does not do' USING ERRCODE = 'PC435';
END $$;

-- PC431; PC436: it does not wait any more; PC437: one's own.
CREATE FUNCTION access.judge_agreement(officer integer, through bigint, agreement bigint, approves boolean, note text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_protection']);
    one access.agreement;
BEGIN
    SELECT a.* INTO one FROM access.agreement a WHERE a.id = agreement;
    PERFORM pg_advisory_xact_lock(hashtextextended('agreement ' || agreement, 0));
    IF one.id IS NULL OR access.agreement_state(one) <> 'waiting' THEN
        RAISE EXCEPTION 'it does not wait' USING ERRCODE = 'PC436';
    END IF;
    IF one.asked_by = officer THEN
        RAISE EXCEPTION 'one does not grant what one asked' USING ERRCODE = 'PC437';
    END IF;
    INSERT INTO access.agreement_opinion (agreement_id, asked_by, officer_id, appointment_id, office, approves, note)
    VALUES (agreement, one.asked_by, officer, held.id, held.office, judge_agreement.approves, coalesce(judge_agreement.note, ''));
    PERFORM access.note_act(officer, CASE WHEN judge_agreement.approves THEN 'agreement_granted'
                                     ELSE 'agreement_refused' END, one.asked_by, held.id, agreement::text);
    RETURN access.agreement_state(one);
END $$;

-- Ends it at once, its tokens too. PC431; PC436: it is not in force.
CREATE FUNCTION access.end_agreement(officer integer, through bigint, agreement bigint, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_steward', 'data_protection']);
    one access.agreement;
BEGIN
    SELECT a.* INTO one FROM access.agreement a WHERE a.id = agreement;
    PERFORM pg_advisory_xact_lock(hashtextextended('agreement ' || agreement, 0));
    IF one.id IS NULL OR access.agreement_state(one) NOT IN ('granted', 'waiting') OR btrim(coalesce(reason, '')) = '' THEN
        RAISE EXCEPTION 'it is not in force' USING ERRCODE = 'PC436';
    END IF;
    INSERT INTO access.agreement_end (agreement_id, officer_id, appointment_id, office, reason)
    VALUES (agreement, officer, held.id, held.office, end_agreement.reason);
    DELETE FROM access.agency_token t WHERE t.agreement_id = agreement;
    PERFORM access.note_act(officer, 'agreement_ended', one.asked_by, held.id, agreement::text);
END $$;

-- Stewards, data protection and inspection see them all.
CREATE FUNCTION access.agreements_seen(officer integer, through bigint)
RETURNS TABLE (agreement bigint, agency text, name text, standing text, purpose text, categories text[], written text[],
               area_code text, valid_until timestamptz, document text, reason text, notify_url text, asked_by integer,
               asked_office text, asked_at timestamptz, state text, opinion jsonb, ended jsonb, kids text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(
        officer, through, ARRAY['data_steward', 'data_protection', 'inspector']);
BEGIN
    RETURN QUERY
    SELECT a.id, a.agency_code, g.name, g.standing, a.purpose, a.categories, a.written, a.area_code, a.valid_until,
        a.document, a.reason, a.notify_url, a.asked_by, a.asked_office, a.asked_at, access.agreement_state(a),
        (SELECT jsonb_build_object('office', o.office, 'approves', o.approves, 'note', o.note, 'at', o.given_at)
         FROM access.agreement_opinion o WHERE o.agreement_id = a.id),
        (SELECT jsonb_build_object('office', e.office, 'reason', e.reason, 'at', e.ended_at)
         FROM access.agreement_end e WHERE e.agreement_id = a.id),
        ARRAY(SELECT k.kid FROM access.agreement_key k WHERE k.agreement_id = a.id AND k.ended_at IS NULL ORDER BY k.kid)
    FROM access.agreement a JOIN access.agency g ON g.code = a.agency_code
    WHERE held.area_code IS NULL OR a.area_code IS NOT NULL AND access.area_lies_in(a.area_code, held.area_code)
    ORDER BY a.id DESC LIMIT 200;
END $$;

-- For the token's door: the keys in force of an agreement that is granted.
CREATE FUNCTION access.agreement_keys(agreement bigint) RETURNS TABLE (kid text, jwk jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT k.kid, k.jwk FROM access.agreement_key k JOIN access.agreement a ON a.id = k.agreement_id
    WHERE a.id = agreement AND access.agreement_state(a) = 'granted' AND k.ended_at IS NULL ORDER BY k.kid
$$;

CREATE FUNCTION access.agreement_categories(agreement bigint) RETURNS TABLE (categories text[], written text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT a.categories, a.written FROM access.agreement a
    WHERE a.id = agreement AND access.agreement_state(a) = 'granted'
$$;

-- Notes a signed assertion as used; false where it was before. What has expired is swept on the way.
CREATE FUNCTION access.use_assertion(agreement bigint, digest bytea, expires_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    DELETE FROM access.agency_assertion a WHERE a.expires_at < clock_timestamp() - interval '10 minutes';
    DELETE FROM access.agency_token t WHERE t.expires_at < clock_timestamp();
    INSERT INTO access.agency_assertion (agreement_id, digest, expires_at)
    VALUES (agreement, use_assertion.digest, use_assertion.expires_at) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- PC438: the agreement is not in force, or the key is not its own.
CREATE FUNCTION access.issue_token(agreement bigint, kid text, digest bytea, scopes text[], seconds integer)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE until timestamptz := clock_timestamp() + make_interval(secs => least(seconds, 300));
BEGIN
    IF NOT EXISTS (SELECT 1 FROM access.agreement_keys(agreement) k WHERE k.kid = issue_token.kid) THEN
        RAISE EXCEPTION 'no such agreement in force' USING ERRCODE = 'PC438';
    END IF;
    INSERT INTO access.agency_token (digest, agreement_id, kid, scopes, expires_at)
    VALUES (issue_token.digest, agreement, issue_token.kid, issue_token.scopes, until);
    RETURN until;
END $$;

-- Rotation by the agency itself: the listed keys stand from now on, the others end, their tokens with them. What has ended
-- does not come back under the same name. PC438; PC435: a key that does not do.
CREATE FUNCTION access.rotate_keys(agreement bigint, keys jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM access.agreement a WHERE a.id = agreement AND access.agreement_state(a) = 'granted') THEN
        RAISE EXCEPTION 'no such agreement in force' USING ERRCODE = 'PC438';
    END IF;
    IF jsonb_array_length(keys) NOT BETWEEN 1 AND 5 OR EXISTS (
        SELECT 1 FROM access.agreement_key k, jsonb_array_elements(keys) n
        WHERE k.agreement_id = agreement AND k.kid = n ->> 'kid' AND (k.ended_at IS NOT NULL OR k.jwk <> n)) THEN
        RAISE EXCEPTION 'a key that does not do' USING ERRCODE = 'PC435';
    END IF;
    UPDATE access.agreement_key k SET ended_at = clock_timestamp()
    WHERE k.agreement_id = agreement AND k.ended_at IS NULL
      AND k.kid NOT IN (SELECT n ->> 'kid' FROM jsonb_array_elements(keys) n);
    INSERT INTO access.agreement_key (agreement_id, kid, jwk, added_by)
    SELECT agreement, n ->> 'kid', n, 'agency' FROM jsonb_array_elements(keys) n ON CONFLICT DO NOTHING;
    DELETE FROM access.agency_token t WHERE t.agreement_id = agreement AND NOT EXISTS (
        SELECT 1 FROM access.agreement_key k WHERE k.agreement_id = agreement AND k.kid = t.kid AND k.ended_at IS NULL);
EXCEPTION WHEN check_violation OR not_null_violation OR unique_violation THEN
    RAISE EXCEPTION 'a key that does not do' USING ERRCODE = 'PC435';
END $$;

-- An agency's access opens within one agreement in force: its own, its purpose, its area, and shows its categories alone. The
-- agency's name stands where an officer's office does, so the person reads who it was.
CREATE FUNCTION access.check_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE one access.agreement;
BEGIN
    SELECT a.* INTO one FROM access.agreement a
    WHERE 'CS-' || a.id = NEW.case_reference AND access.agreement_state(a) = 'granted';
    IF NOT FOUND OR one.agency_code <> NEW.actor OR one.purpose <> NEW.purpose OR NEW.scope_kind = 'own'
       OR (one.area_code IS NOT NULL
           AND (NEW.scope_area IS NULL OR NOT access.area_lies_in(NEW.scope_area, one.area_code))) THEN
        RAISE EXCEPTION 'no agreement in force covers that' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.readable := ARRAY(SELECT unnest(NEW.readable) INTERSECT SELECT unnest(one.categories) ORDER BY 1);
    NEW.writable := '{}';
    NEW.office := (SELECT g.name FROM access.agency g WHERE g.code = one.agency_code);
    RETURN NEW;
END $$;
CREATE TRIGGER an_agreement_opens_its_own_part BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.actor_kind = 'agency' AND NEW.opened_at >= transaction_timestamp())
    EXECUTE FUNCTION access.check_agreement();

-- What agencies are called, for everybody who reads where a fact came from.
CREATE FUNCTION access.agency_names() RETURNS TABLE (code text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT a.code, a.name FROM access.agency a
    WHERE EXISTS (SELECT 1 FROM access.agreement g JOIN access.agreement_opinion o ON o.agreement_id = g.id
                  WHERE g.agency_code = a.code AND o.approves)
$$;

REVOKE ALL ON access.agency, access.agreement, access.agreement_opinion, access.agreement_end, access.agreement_key,
    access.agency_assertion, access.agency_token FROM PUBLIC;
REVOKE ALL ON FUNCTION access.agency_categories(text),
    access.ask_agreement(integer, bigint, text, text, text, text, text[], text[], text, timestamptz, text, text, text, jsonb),
    access.judge_agreement(integer, bigint, bigint, boolean, text), access.end_agreement(integer, bigint, bigint, text),
    access.agreements_seen(integer, bigint), access.agreement_keys(bigint), access.agreement_categories(bigint),
    access.use_assertion(bigint, bytea, timestamptz), access.issue_token(bigint, text, bytea, text[], integer),
    access.rotate_keys(bigint, jsonb), access.check_agreement(), access.agency_names()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    access.ask_agreement(integer, bigint, text, text, text, text, text[], text[], text, timestamptz, text, text, text, jsonb),
    access.judge_agreement(integer, bigint, bigint, boolean, text), access.end_agreement(integer, bigint, bigint, text),
    access.agreements_seen(integer, bigint), access.agreement_keys(bigint), access.agreement_categories(bigint),
    access.use_assertion(bigint, bytea, timestamptz), access.issue_token(bigint, text, bytea, text[], integer),
    access.rotate_keys(bigint, jsonb), access.agency_names() TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.agency_names() TO pccovid_jobs;
