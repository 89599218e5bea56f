-- Files that small laboratories hand in: sealed until a job has taken them in under an agreement, then only what became of each row.
CREATE TABLE access.laboratory_upload (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agreement_id bigint NOT NULL REFERENCES access.agreement (id),
    officer_id integer NOT NULL,
    appointment_id bigint NOT NULL,
    office text NOT NULL,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    sealed text,
    uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken_at timestamptz,
    refusal text NOT NULL DEFAULT '',
    CHECK ((taken_at IS NULL) = (sealed IS NOT NULL))
);
CREATE INDEX laboratory_upload_waiting ON access.laboratory_upload (id) WHERE taken_at IS NULL;
CREATE TABLE access.laboratory_upload_row (
    upload_id bigint NOT NULL REFERENCES access.laboratory_upload (id),
    row_no integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('linked', 'new', 'held', 'rejected')),
    reasons text[] NOT NULL DEFAULT '{}',  -- columns and codes, never what stood there
    PRIMARY KEY (upload_id, row_no)
);

-- PC431: the office is not held; PC438: no agreement in force lets tests be sent, or it lies outside the office's area.
CREATE FUNCTION access.put_upload(officer integer, through bigint, agreement bigint, file_name text, sealed text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    held access.appointment := access.export_office(officer, through, ARRAY['data_steward']);
    made bigint;
BEGIN
    INSERT INTO access.laboratory_upload (agreement_id, officer_id, appointment_id, office, file_name, sealed)
    SELECT a.id, officer, held.id, held.office, put_upload.file_name, put_upload.sealed FROM access.agreement a
    WHERE a.id = agreement AND access.agreement_state(a) = 'granted' AND a.written @> ARRAY['identity', 'test']
      AND (held.area_code IS NULL OR a.area_code IS NOT NULL AND access.area_lies_in(a.area_code, held.area_code))
    RETURNING id INTO made;
    IF made IS NULL THEN
        RAISE EXCEPTION 'no agreement in force lets that be sent' USING ERRCODE = 'PC438';
    END IF;
    PERFORM access.note_act(officer, 'laboratory_file_put', officer, held.id, made::text);
    PERFORM pg_notify('link_review', '');
    RETURN made;
END $$;

-- PC431. The last files, with what became of their rows; of rows that are not written the first two hundred.
CREATE FUNCTION access.uploads_seen(officer integer, through bigint)
RETURNS TABLE (number bigint, agreement bigint, agency text, office text, file_name text, uploaded_at timestamptz,
               taken_at timestamptz, refusal text, written bigint, held bigint, rejected bigint, faults jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE
    office_held access.appointment := access.export_office(officer, through, ARRAY['data_steward']);
BEGIN
    RETURN QUERY
    SELECT u.id, u.agreement_id, g.name, u.office, u.file_name, u.uploaded_at, u.taken_at, u.refusal,
        (SELECT count(*) FROM access.laboratory_upload_row r WHERE r.upload_id = u.id AND r.outcome IN ('linked', 'new')),
        (SELECT count(*) FROM access.laboratory_upload_row r WHERE r.upload_id = u.id AND r.outcome = 'held'),
        (SELECT count(*) FROM access.laboratory_upload_row r WHERE r.upload_id = u.id AND r.outcome = 'rejected'),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(f.row_no, f.outcome, f.reasons) ORDER BY f.row_no), '[]')
         FROM (SELECT r.* FROM access.laboratory_upload_row r
               WHERE r.upload_id = u.id AND (r.outcome IN ('held', 'rejected') OR cardinality(r.reasons) > 0)
               ORDER BY r.row_no LIMIT 200) f)
    FROM access.laboratory_upload u JOIN access.agreement a ON a.id = u.agreement_id
        JOIN access.agency g ON g.code = a.agency_code
    WHERE office_held.area_code IS NULL
       OR a.area_code IS NOT NULL AND access.area_lies_in(a.area_code, office_held.area_code)
    ORDER BY u.id DESC LIMIT 20;
END $$;

-- For the job: the oldest file that waits; it stays until its rows are told.
CREATE FUNCTION access.next_upload() RETURNS TABLE (number bigint, agreement bigint, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT u.id, u.agreement_id, u.sealed FROM access.laboratory_upload u WHERE u.taken_at IS NULL ORDER BY u.id LIMIT 1
$$;
CREATE FUNCTION access.end_upload(number bigint, refusal text, rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    UPDATE access.laboratory_upload u SET taken_at = clock_timestamp(), sealed = NULL, refusal = end_upload.refusal
    WHERE u.id = number AND u.taken_at IS NULL;
    IF FOUND THEN
        INSERT INTO access.laboratory_upload_row (upload_id, row_no, outcome, reasons)
        SELECT number, (r ->> 0)::integer, r ->> 1, ARRAY(SELECT jsonb_array_elements_text(r -> 2))
        FROM jsonb_array_elements(end_upload.rows) r;
    END IF;
END $$;

REVOKE ALL ON access.laboratory_upload, access.laboratory_upload_row FROM PUBLIC;
REVOKE ALL ON FUNCTION access.put_upload(integer, bigint, bigint, text, text), access.uploads_seen(integer, bigint),
    access.next_upload(), access.end_upload(bigint, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.put_upload(integer, bigint, bigint, text, text), access.uploads_seen(integer, bigint)
    TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.next_upload(), access.end_upload(bigint, text, jsonb) TO pccovid_jobs;
