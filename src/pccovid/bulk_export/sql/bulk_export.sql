-- Exports: asked, approved by two others, made by the job under an access that this request alone opens, kept for a week.
-- Every table here is closed to everybody; the functions are the only way in.

-- What each purpose allows, and who may ask: written from bulk_export/rules.py when the database is prepared.
CREATE TABLE access.export_rule (
    purpose text NOT NULL,
    column_name text NOT NULL,
    category text NOT NULL,
    askers text[] NOT NULL,
    PRIMARY KEY (purpose, column_name)
);

CREATE TABLE access.export_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose text NOT NULL,
    columns text[] NOT NULL CHECK (cardinality(columns) > 0),
    area_code text,
    reason text NOT NULL CHECK (length(btrim(reason)) >= 20),
    organisation text NOT NULL CHECK (btrim(organisation) <> ''),
    recipient text NOT NULL CHECK (btrim(recipient) <> ''),
    certificate text NOT NULL,
    certificate_print text NOT NULL,
    asked_by integer NOT NULL,
    asked_through bigint NOT NULL,
    asked_office text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    made_at timestamptz,
    rows bigint,
    people bigint,
    digest text,
    failed text,
    UNIQUE (id, asked_by)
);
-- That nobody approves their own request, and nobody twice, is the tables' own rule.
CREATE TABLE access.export_opinion (
    request_id bigint NOT NULL,
    asked_by integer NOT NULL,
    officer_id integer NOT NULL CHECK (officer_id <> asked_by),
    appointment_id bigint NOT NULL,
    office text NOT NULL,
    approves boolean NOT NULL,
    note text NOT NULL,
    given_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (request_id, officer_id),
    FOREIGN KEY (request_id, asked_by) REFERENCES access.export_request (id, asked_by)
);
CREATE TABLE access.export_file (
    request_id bigint PRIMARY KEY REFERENCES access.export_request (id),
    content bytea NOT NULL,
    kept_until timestamptz NOT NULL
);
CREATE TABLE access.export_download (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES access.export_request (id),
    officer_id integer NOT NULL,
    office text NOT NULL,
    downloaded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION access.refuse_export_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'opinions about exports, and downloads, are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER export_opinion_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.export_opinion
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_export_change();
CREATE TRIGGER export_download_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.export_download
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_export_change();
-- After the asking only the making, or its failure, is written, once.
CREATE FUNCTION access.keep_export_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.made_at IS NOT NULL OR OLD.failed IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['made_at', 'rows', 'people', 'digest', 'failed']
          IS DISTINCT FROM to_jsonb(OLD) - ARRAY['made_at', 'rows', 'people', 'digest', 'failed'] THEN
        RAISE EXCEPTION 'a request for export is not changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER export_request_is_kept BEFORE UPDATE OR DELETE ON access.export_request
    FOR EACH ROW EXECUTE FUNCTION access.keep_export_request();

-- waiting, approved, refused, lapsed, made, failed.
CREATE FUNCTION access.export_state(request access.export_request) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT CASE
        WHEN request.made_at IS NOT NULL THEN 'made'
        WHEN request.failed IS NOT NULL THEN 'failed'
        WHEN EXISTS (SELECT 1 FROM access.export_opinion o WHERE o.request_id = request.id AND NOT o.approves)
            THEN 'refused'
        WHEN clock_timestamp() > request.asked_at + interval '14 days' THEN 'lapsed'
        WHEN (SELECT count(*) >= 2 FROM access.export_opinion o WHERE o.request_id = request.id AND o.approves)
            THEN 'approved'
        ELSE 'waiting' END
$$;

-- The appointment an officer acts through, in force. PC431: it is not held, or not one of these offices.
CREATE FUNCTION access.export_office(officer integer, through bigint, roles text[]) RETURNS access.appointment
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer AND a.role = ANY (roles)
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC431';
    END IF;
    RETURN held;
END $$;

-- PC431; PC432: a column the purpose does not need, or none; PC433: outside the office's area.
CREATE FUNCTION access.ask_export(
    officer integer, through bigint, purpose text, columns text[], area text, reason text, organisation text,
    recipient text, certificate text, certificate_print text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment;
    made bigint;
BEGIN
    held := access.export_office(officer, through, ARRAY(
        SELECT DISTINCT unnest(r.askers) FROM access.export_rule r WHERE r.purpose = ask_export.purpose));
    IF coalesce(cardinality(columns), 0) = 0 OR EXISTS (
        SELECT 1 FROM unnest(columns) c WHERE c NOT IN (
            SELECT r.column_name FROM access.export_rule r WHERE r.purpose = ask_export.purpose)) THEN
        RAISE EXCEPTION 'a column that the purpose does not need' USING ERRCODE = 'PC432';
    END IF;
    IF (area IS NULL AND held.area_code IS NOT NULL)
       OR (area IS NOT NULL AND NOT EXISTS (SELECT 1 FROM access.area a WHERE a.code = area))
       OR (held.area_code IS NOT NULL AND NOT access.area_lies_in(area, held.area_code)) THEN
        RAISE EXCEPTION 'outside the area' USING ERRCODE = 'PC433';
    END IF;
    INSERT INTO access.export_request (purpose, columns, area_code, reason, organisation, recipient, certificate,
                                       certificate_print, asked_by, asked_through, asked_office)
    VALUES (ask_export.purpose, ARRAY(SELECT DISTINCT unnest(ask_export.columns)), area, ask_export.reason,
            ask_export.organisation, ask_export.recipient, ask_export.certificate, ask_export.certificate_print,
            officer, held.id, held.office)
    RETURNING id INTO made;
    PERFORM access.note_act(officer, 'export_asked', officer, held.id, made::text);
    RETURN made;
END $$;

-- PC431; PC434: it does not wait any more; PC435: one's own; PC436: judged already.
CREATE FUNCTION access.judge_export(officer integer, through bigint, request bigint, approves boolean, note text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_protection']);
    asked access.export_request;
BEGIN
    SELECT r.* INTO asked FROM access.export_request r WHERE r.id = request FOR UPDATE;
    IF NOT FOUND OR access.export_state(asked) <> 'waiting' THEN
        RAISE EXCEPTION 'it does not wait' USING ERRCODE = 'PC434';
    END IF;
    IF asked.asked_by = officer THEN
        RAISE EXCEPTION 'one does not approve one''s own request' USING ERRCODE = 'PC435';
    END IF;
    BEGIN
        INSERT INTO access.export_opinion (request_id, asked_by, officer_id, appointment_id, office, approves, note)
        VALUES (request, asked.asked_by, officer, held.id, held.office, judge_export.approves, coalesce(judge_export.note, ''));
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION 'judged already' USING ERRCODE = 'PC436';
    END;
    PERFORM access.note_act(officer, CASE WHEN judge_export.approves THEN 'export_approved' ELSE 'export_refused' END,
                            asked.asked_by, held.id, request::text);
    PERFORM pg_notify('link_review', '');
    RETURN access.export_state(asked);
END $$;

-- Data protection and inspection see all requests, others their own.
CREATE FUNCTION access.exports_seen(officer integer, through bigint)
RETURNS TABLE (request bigint, purpose text, columns text[], area_code text, reason text, organisation text,
               recipient text, certificate_print text, asked_by integer, asked_office text, asked_at timestamptz,
               state text, opinions jsonb, mine boolean, made_at timestamptz, rows bigint, digest text, failed text,
               kept_until timestamptz, downloads bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY(
        SELECT DISTINCT unnest(r.askers) FROM access.export_rule r) || ARRAY['data_protection', 'inspector']);
BEGIN
    RETURN QUERY
    SELECT r.id, r.purpose, r.columns, r.area_code, r.reason, r.organisation, r.recipient, r.certificate_print,
        r.asked_by, r.asked_office, r.asked_at, access.export_state(r),
        coalesce((SELECT jsonb_agg(jsonb_build_object('office', o.office, 'approves', o.approves, 'note', o.note,
                                                      'at', o.given_at) ORDER BY o.given_at)
                  FROM access.export_opinion o WHERE o.request_id = r.id), '[]'),
        r.asked_by = officer OR EXISTS (
            SELECT 1 FROM access.export_opinion o WHERE o.request_id = r.id AND o.officer_id = officer),
        r.made_at, r.rows, r.digest, r.failed,
        (SELECT f.kept_until FROM access.export_file f WHERE f.request_id = r.id),
        (SELECT count(*) FROM access.export_download d WHERE d.request_id = r.id)
    FROM access.export_request r
    WHERE held.role IN ('data_protection', 'inspector') OR r.asked_by = officer
    ORDER BY r.id DESC LIMIT 200;
END $$;

-- The file, for who asked and still holds the office; the download is taken down. PC431; PC437: there is none (any more).
CREATE FUNCTION access.download_export(officer integer, through bigint, request bigint) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    asked access.export_request;
    held access.appointment;
    found_content bytea;
BEGIN
    SELECT r.* INTO asked FROM access.export_request r WHERE r.id = request AND r.asked_by = officer;
    held := access.export_office(officer, through, ARRAY(
        SELECT DISTINCT unnest(r.askers) FROM access.export_rule r
        WHERE asked.id IS NULL OR r.purpose = asked.purpose));
    SELECT f.content INTO found_content FROM access.export_file f
    WHERE f.request_id = asked.id AND f.kept_until > clock_timestamp();
    IF found_content IS NULL THEN
        RAISE EXCEPTION 'no such file' USING ERRCODE = 'PC437';
    END IF;
    INSERT INTO access.export_download (request_id, officer_id, office) VALUES (request, officer, held.office);
    RETURN found_content;
END $$;

-- For the job: what is approved and not made, oldest first.
CREATE FUNCTION access.next_export()
RETURNS TABLE (request bigint, purpose text, columns text[], area_code text, certificate text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT r.id, r.purpose, r.columns, r.area_code, r.certificate FROM access.export_request r
    WHERE r.made_at IS NULL AND access.export_state(r) = 'approved' ORDER BY r.id LIMIT 1
$$;

-- The purpose `export` opens for an approved request alone, in its area, and shows the categories of its columns.
CREATE FUNCTION access.check_export() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE asked access.export_request;
BEGIN
    SELECT r.* INTO asked FROM access.export_request r
    WHERE 'XD-' || r.id = NEW.case_reference AND access.export_state(r) = 'approved';
    IF NOT FOUND OR NEW.actor_kind <> 'job'
       OR NEW.scope_kind <> (CASE WHEN asked.area_code IS NULL THEN 'all' ELSE 'area' END)
       OR NEW.scope_area IS DISTINCT FROM asked.area_code THEN
        RAISE EXCEPTION 'no approved request for export opens that' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.readable := ARRAY(SELECT 'identity' UNION SELECT e.category FROM access.export_rule e
                          WHERE e.purpose = asked.purpose AND e.column_name = ANY (asked.columns));
    RETURN NEW;
END $$;
CREATE TRIGGER an_export_opens_its_own_request BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.purpose = 'export') EXECUTE FUNCTION access.check_export();

CREATE FUNCTION access.fail_export(request bigint, why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    UPDATE access.export_request r SET failed = left(why, 200)
    WHERE r.id = request AND r.made_at IS NULL AND r.failed IS NULL AND access.export_state(r) = 'approved'
$$;
CREATE FUNCTION access.drop_expired_exports() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    WITH gone AS (DELETE FROM access.export_file WHERE kept_until <= clock_timestamp() RETURNING 1)
    SELECT count(*) FROM gone
$$;
-- access.finish_export, which ends the making, asks for consent: consenting.sql.
-- What tracing a leaked file compares it with.
CREATE FUNCTION access.made_exports()
RETURNS TABLE (request bigint, purpose text, columns text[], area_code text, organisation text, recipient text,
               asked_office text, made_at timestamptz, rows bigint, downloads bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT r.id, r.purpose, r.columns, r.area_code, r.organisation, r.recipient, r.asked_office, r.made_at, r.rows,
           (SELECT count(*) FROM access.export_download d WHERE d.request_id = r.id)
    FROM access.export_request r WHERE r.made_at IS NOT NULL ORDER BY r.id
$$;

REVOKE ALL ON access.export_rule, access.export_request, access.export_opinion, access.export_file,
    access.export_download FROM PUBLIC;
REVOKE ALL ON FUNCTION access.export_state(access.export_request), access.export_office(integer, bigint, text[]),
    access.ask_export(integer, bigint, text, text[], text, text, text, text, text, text),
    access.judge_export(integer, bigint, bigint, boolean, text), access.exports_seen(integer, bigint),
    access.download_export(integer, bigint, bigint), access.next_export(),
    access.fail_export(bigint, text), access.drop_expired_exports(), access.made_exports() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.ask_export(integer, bigint, text, text[], text, text, text, text, text, text),
    access.judge_export(integer, bigint, bigint, boolean, text), access.exports_seen(integer, bigint),
    access.download_export(integer, bigint, bigint) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.next_export(), access.fail_export(bigint, text), access.drop_expired_exports(), access.made_exports() TO pccovid_jobs;
