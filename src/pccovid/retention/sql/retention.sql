-- Erasing what is due. The rules are data that only the owner writes; jobs call erase_batch, which erases nothing that is
-- not due by them and takes the proof down in the same transaction.

CREATE TABLE access.retention_rule (
    position integer NOT NULL,
    table_name text PRIMARY KEY,
    key_column text NOT NULL,
    retention text NOT NULL,
    days integer CHECK (days > 0),
    starts text,          -- SQL over one row: the moment its period counts from
    recorded text,        -- column: when the fact was received
    only_where text NOT NULL,
    ends_with_epidemic boolean NOT NULL,
    is_fact boolean NOT NULL,
    until text NOT NULL,
    document text NOT NULL,
    verified boolean NOT NULL,
    CHECK ((days IS NULL) = (starts IS NULL))
);

-- What the last look found due; the page shows it, so that opening a page never counts a nation.
CREATE TABLE access.retention_due (
    table_name text PRIMARY KEY,
    due bigint NOT NULL,
    kept bigint NOT NULL,
    because text NOT NULL,
    counted_at timestamptz NOT NULL
);

-- Proofs: how many rows of which table went, why and up to when; a commitment to which ones, salted with what the
-- database never keeps; and a hash over it all and the proof before.
CREATE TABLE access.erasure (
    position bigint PRIMARY KEY,
    run uuid NOT NULL,
    batch integer NOT NULL,
    table_name text NOT NULL,
    because text NOT NULL CHECK (because IN ('period', 'end_of_epidemic', 'explains_nothing_more', 'emptied')),
    rows bigint NOT NULL CHECK (rows > 0),
    cut_off timestamptz NOT NULL,
    erased_at timestamptz NOT NULL,
    commitment bytea NOT NULL CHECK (length(commitment) = 32),
    hash bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE FUNCTION access.refuse_erasure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'proofs of erasure and approvals are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER erasure_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.erasure
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_erasure_change();

CREATE FUNCTION access.erasure_hash(before bytea, one access.erasure) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
    SELECT sha256(before || convert_to(jsonb_build_array(
        one.position, one.run, one.batch, one.table_name, one.because, one.rows, one.cut_off, one.erased_at,
        encode(one.commitment, 'hex'))::text, 'UTF8'))
$$;

-- Takes one proof down. `keys` is hashed with the salt and forgotten.
CREATE FUNCTION access.note_erasure(
    run uuid, batch integer, table_name text, because text, cut_off timestamptz, keys text[], salt bytea
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    last access.erasure;
    made access.erasure;
BEGIN
    IF coalesce(cardinality(keys), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('pccovid erasure chain'));
    SELECT e.* INTO last FROM access.erasure e ORDER BY e.position DESC LIMIT 1;
    made := (coalesce(last.position, 0) + 1, run, batch, table_name, because, cardinality(keys), cut_off,
             clock_timestamp(),
             sha256(salt || convert_to(table_name || E'\n' || array_to_string(ARRAY(
                 SELECT k FROM unnest(keys) k ORDER BY k COLLATE "C"), E'\n'), 'UTF8')), NULL);
    made.hash := access.erasure_hash(coalesce(last.hash, ''::bytea), made);
    INSERT INTO access.erasure SELECT made.*;
END $$;

-- The declared end of the epidemic: proposed, approved by two officers, withdrawn perhaps, before its day.
CREATE TABLE access.epidemic_end (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ends_on date NOT NULL,
    decision text NOT NULL CHECK (length(btrim(decision)) >= 10),
    proposed_by text NOT NULL CHECK (proposed_by <> ''),
    proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    withdrawn_by text,
    withdrawn_at timestamptz,
    withdrawn_why text,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_why IS NULL)),
    CHECK (ends_on > (proposed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
);
CREATE UNIQUE INDEX one_end_at_a_time ON access.epidemic_end ((true)) WHERE withdrawn_at IS NULL;
CREATE TABLE access.epidemic_end_approval (
    end_id bigint NOT NULL REFERENCES access.epidemic_end (id),
    officer_id integer NOT NULL,
    appointment_id bigint NOT NULL,
    office text NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (end_id, officer_id)
);
CREATE TRIGGER approval_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.epidemic_end_approval
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_erasure_change();

CREATE FUNCTION access.first_moment(of_day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT of_day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
$$;

-- Nothing but its withdrawal, once and before its day, may be written after the proposal.
CREATE FUNCTION access.keep_epidemic_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR (NEW.id, NEW.ends_on, NEW.decision, NEW.proposed_by, NEW.proposed_at)
          IS DISTINCT FROM (OLD.id, OLD.ends_on, OLD.decision, OLD.proposed_by, OLD.proposed_at) THEN
        RAISE EXCEPTION 'a declaration is only withdrawn, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF clock_timestamp() >= access.first_moment(OLD.ends_on)
       AND (SELECT count(*) >= 2 FROM access.epidemic_end_approval a WHERE a.end_id = OLD.id) THEN
        RAISE EXCEPTION 'the declared day has come' USING ERRCODE = 'PC421';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER epidemic_end_is_kept BEFORE UPDATE OR DELETE ON access.epidemic_end
    FOR EACH ROW EXECUTE FUNCTION access.keep_epidemic_end();

-- The day of an end in force: approved by two different officers and not withdrawn; NULL where there is none.
CREATE FUNCTION access.approved_end() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT e.ends_on FROM access.epidemic_end e WHERE e.withdrawn_at IS NULL
      AND (SELECT count(DISTINCT a.officer_id) >= 2 FROM access.epidemic_end_approval a WHERE a.end_id = e.id)
$$;
CREATE FUNCTION access.epidemic_is_over(as_of timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce(as_of >= access.first_moment(access.approved_end()), false)
$$;

-- PC422: no such declaration that still waits; PC423: the office is not held; PC424: the officer has approved already.
CREATE FUNCTION access.approve_epidemic_end(officer integer, through bigint, declaration bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
DECLARE held access.appointment;
BEGIN
    SELECT a.* INTO held FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer AND a.role = 'data_protection' AND a.area_code IS NULL
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC423';
    END IF;
    PERFORM 1 FROM access.epidemic_end e WHERE e.id = declaration AND e.withdrawn_at IS NULL
        AND clock_timestamp() < access.first_moment(e.ends_on) FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such declaration waits' USING ERRCODE = 'PC422';
    END IF;
    BEGIN
        INSERT INTO access.epidemic_end_approval (end_id, officer_id, appointment_id, office)
        VALUES (declaration, officer, held.id, held.office);
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION 'approved already' USING ERRCODE = 'PC424';
    END;
    PERFORM access.note_act(officer, 'end_approved', officer, held.id, declaration::text);
END $$;

-- Before which moment a row's period must have ended for it to be due.
CREATE FUNCTION access.cut_off(rule access.retention_rule, is_over boolean, as_of timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN rule.ends_with_epidemic AND is_over THEN as_of
                ELSE as_of - make_interval(days => coalesce(rule.days, 0)) END
$$;

-- Which of these records still have a fact in any table.
CREATE FUNCTION access.records_with_facts(records uuid[]) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    of_table text;
    these uuid[];
    found_ones uuid[] := '{}';
BEGIN
    FOR of_table IN SELECT r.table_name FROM access.retention_rule r WHERE r.is_fact LOOP
        EXECUTE format('SELECT array_agg(DISTINCT record_id) FROM %s WHERE record_id = ANY ($1)', of_table)
            INTO these USING records;
        found_ones := found_ones || coalesce(these, '{}');
    END LOOP;
    RETURN found_ones;
END $$;

-- Whether one claim says of its person everything that another says.
CREATE FUNCTION access.claim_covers(one public.people_recordclaim, other public.people_recordclaim) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (other.name_full IS NULL OR one.name_full = other.name_full)
       AND (other.birth_date IS NULL OR (one.birth_date, one.birth_precision) = (other.birth_date, other.birth_precision))
       AND (other.sex IS NULL OR one.sex = other.sex)
       AND (other.personal_id IS NULL OR one.personal_id = other.personal_id)
       AND (other.old_id IS NULL OR one.old_id = other.old_id)
       AND (other.passport IS NULL OR one.passport = other.passport)
       AND (other.insurance_no IS NULL OR one.insurance_no = other.insurance_no)
       AND (other.insurance_card IS NULL OR one.insurance_card = other.insurance_card)
       AND (other.qid IS NULL OR one.qid = other.qid)
       AND (other.id_tail IS NULL OR one.id_tail = other.id_tail)
       AND (NOT other.id_verified OR one.id_verified)
       AND (other.phone IS NULL OR (one.phone = other.phone AND one.phone_is_own >= other.phone_is_own))
       AND (other.email IS NULL OR one.email = other.email)
       AND (other.province_code IS NULL OR one.province_code = other.province_code)
       AND (other.district_code IS NULL OR one.district_code = other.district_code)
       AND (other.commune_code IS NULL OR one.commune_code = other.commune_code)
       AND (other.nationality IS NULL OR one.nationality = other.nationality)
       AND (other.account IS NULL OR one.account = other.account)
       AND (other.household IS NULL OR one.household = other.household)
$$;

-- After facts have gone: records without any fact lose their rows where no claim of theirs says anything that another
-- claim of the same person does not say; every other source record that held such a fact is emptied.
-- Returns the persons who lost a claim: their golden record is to be derived anew.
CREATE FUNCTION access.forget_what_explained(
    run uuid, batch integer, cut_off timestamptz, salt bytea, records uuid[], source_records uuid[]
) RETURNS uuid[] LANGUAGE plpgsql SET search_path = pg_catalog, public, access, pg_temp AS $$
DECLARE
    loose uuid[];
    gone uuid[];
    persons uuid[];
    keys text[];
BEGIN
    SELECT coalesce(array_agg(r), '{}') INTO loose FROM (
        SELECT DISTINCT r FROM unnest(records) r EXCEPT SELECT unnest(access.records_with_facts(records))) left_over (r);
    WITH forgotten AS (
        DELETE FROM people_recordclaim c WHERE c.record_id = ANY (loose) AND NOT c.is_about_nobody
          AND (c.person_id IS NULL OR EXISTS (
            SELECT 1 FROM people_recordclaim o WHERE o.person_id = c.person_id AND o.record_id <> c.record_id
              AND (o.record_id <> ALL (loose) OR o.record_id < c.record_id) AND access.claim_covers(o, c)))
        RETURNING c.record_id, c.person_id)
    SELECT array_agg(record_id), array_agg(DISTINCT person_id) FILTER (WHERE person_id IS NOT NULL)
    INTO gone, persons FROM forgotten;
    PERFORM access.note_erasure(run, batch, 'people_recordclaim', 'explains_nothing_more', cut_off, gone::text[], salt);
    SELECT coalesce(array_agg(l), '{}') INTO gone FROM unnest(loose) l
    WHERE NOT EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.record_id = l);
    WITH forgotten AS (DELETE FROM people_sourcerecord s WHERE s.record_id = ANY (gone) RETURNING s.id)
    SELECT array_agg(id::text) INTO keys FROM forgotten;
    PERFORM access.note_erasure(run, batch, 'people_sourcerecord', 'explains_nothing_more', cut_off, keys, salt);
    WITH forgotten AS (DELETE FROM people_link l WHERE l.record_id = ANY (gone) RETURNING l.id)
    SELECT array_agg(id::text) INTO keys FROM forgotten;
    PERFORM access.note_erasure(run, batch, 'people_link', 'explains_nothing_more', cut_off, keys, salt);
    WITH forgotten AS (
        DELETE FROM people_reviewpair p WHERE p.record_id = ANY (gone) OR p.other_record_id = ANY (gone) RETURNING p.id)
    SELECT array_agg(id::text) INTO keys FROM forgotten;
    PERFORM access.note_erasure(run, batch, 'people_reviewpair', 'explains_nothing_more', cut_off, keys, salt);
    WITH forgotten AS (
        DELETE FROM people_unplacedrow u WHERE u.record_id = ANY (gone)
            OR (u.record_id = ANY (records) AND u.resolved_at IS NOT NULL) RETURNING u.id)
    SELECT array_agg(id::text) INTO keys FROM forgotten;
    PERFORM access.note_erasure(run, batch, 'people_unplacedrow', 'explains_nothing_more', cut_off, keys, salt);
    WITH emptied AS (
        UPDATE people_sourcerecord s SET payload = '{"erased": true}'
        WHERE s.id = ANY (source_records) AND s.payload <> '{"erased": true}' RETURNING s.id)
    SELECT array_agg(id::text) INTO keys FROM emptied;
    PERFORM access.note_erasure(run, batch, 'people_sourcerecord', 'emptied', cut_off, keys, salt);
    RETURN coalesce(persons, '{}');
END $$;

-- Staging belongs to jobs, who drop it themselves; this is how it is told.
CREATE FUNCTION access.note_staging_dropped(
    run uuid, batch integer, cut_off timestamptz, tables text[], salt bytea
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.note_erasure(note_staging_dropped.run, note_staging_dropped.batch, 'staging', 'explains_nothing_more',
                                note_staging_dropped.cut_off, tables, salt);
END $$;

-- Proofs that do not follow from the one before: their positions. Empty where the chain is whole.
CREATE FUNCTION access.broken_erasures() RETURNS TABLE (broken_at bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    one access.erasure;
    before bytea := ''::bytea;
    expected bigint := 1;
BEGIN
    FOR one IN SELECT e.* FROM access.erasure e ORDER BY e.position LOOP
        IF one.position <> expected OR access.erasure_hash(before, one) <> one.hash THEN
            broken_at := one.position;
            RETURN NEXT;
        END IF;
        before := one.hash; expected := one.position + 1;
    END LOOP;
END $$;

-- For the page of data protection: what waits, proofs, and the declared end.
CREATE FUNCTION access.retention_officer(officer integer, through bigint) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM access.appointment a JOIN public.auth_user u ON u.id = a.officer_id AND u.is_active
    WHERE a.id = through AND a.officer_id = officer AND a.role IN ('data_protection', 'inspector')
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the office is not held' USING ERRCODE = 'PC423';
    END IF;
END $$;
CREATE FUNCTION access.retention_overview(officer integer, through bigint)
RETURNS TABLE (table_name text, retention text, days integer, until text, document text, verified boolean,
               because text, due bigint, kept bigint, counted_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.retention_officer(officer, through);
    RETURN QUERY SELECT r.table_name, r.retention, r.days, r.until, r.document, r.verified, d.because, d.due, d.kept,
                        d.counted_at
    FROM access.retention_rule r LEFT JOIN access.retention_due d ON d.table_name = r.table_name ORDER BY r.position;
END $$;
CREATE FUNCTION access.retention_proofs(officer integer, through bigint, most integer)
RETURNS TABLE (proof bigint, table_name text, because text, rows bigint, cut_off timestamptz, erased_at timestamptz,
               commitment bytea, hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.retention_officer(officer, through);
    RETURN QUERY SELECT e.position, e.table_name, e.because, e.rows, e.cut_off, e.erased_at, e.commitment, e.hash
    FROM access.erasure e ORDER BY e.position DESC LIMIT most;
END $$;
CREATE FUNCTION access.declared_end(officer integer, through bigint)
RETURNS TABLE (declaration bigint, ends_on date, decision text, proposed_by text, proposed_at timestamptz,
               approvals jsonb, mine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
BEGIN
    PERFORM access.retention_officer(officer, through);
    RETURN QUERY SELECT e.id, e.ends_on, e.decision, e.proposed_by, e.proposed_at,
        coalesce((SELECT jsonb_agg(jsonb_build_object('office', a.office, 'at', a.approved_at) ORDER BY a.approved_at)
                  FROM access.epidemic_end_approval a WHERE a.end_id = e.id), '[]'),
        EXISTS (SELECT 1 FROM access.epidemic_end_approval a WHERE a.end_id = e.id AND a.officer_id = officer)
    FROM access.epidemic_end e WHERE e.withdrawn_at IS NULL;
END $$;

-- Old rows are looked for by time; these cost almost nothing where rows come in the order of time.
CREATE INDEX visit_by_time ON movement_visit USING brin ((coalesce(left_at, entered_at, recorded_at)), recorded_at);
CREATE INDEX trip_by_time ON movement_trip USING brin ((coalesce(departed_at, valid_until, recorded_at)), recorded_at);
CREATE INDEX scan_by_time ON movement_scan USING brin ((coalesce(scanned_at, recorded_at)), recorded_at);
CREATE INDEX declaration_by_time ON declarations_declaration USING brin
    ((coalesce(declared_at, recorded_at)), recorded_at);

REVOKE ALL ON access.retention_rule, access.retention_due, access.erasure, access.epidemic_end,
    access.epidemic_end_approval FROM PUBLIC;
REVOKE ALL ON FUNCTION access.erasure_hash(bytea, access.erasure),
    access.note_erasure(uuid, integer, text, text, timestamptz, text[], bytea), access.approved_end(),
    access.epidemic_is_over(timestamptz), access.approve_epidemic_end(integer, bigint, bigint),
    access.records_with_facts(uuid[]),
    access.forget_what_explained(uuid, integer, timestamptz, bytea, uuid[], uuid[]),
    access.note_staging_dropped(uuid, integer, timestamptz, text[], bytea), access.broken_erasures(), access.retention_officer(integer, bigint), access.retention_overview(integer, bigint),
    access.retention_proofs(integer, bigint, integer), access.declared_end(integer, bigint) FROM PUBLIC;
GRANT SELECT ON access.retention_rule, access.erasure, access.epidemic_end TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.approved_end(), access.epidemic_is_over(timestamptz),
    access.note_staging_dropped(uuid, integer, timestamptz, text[], bytea), access.broken_erasures() TO pccovid_jobs;
GRANT EXECUTE ON FUNCTION access.approve_epidemic_end(integer, bigint, bigint),
    access.retention_overview(integer, bigint), access.retention_proofs(integer, bigint, integer),
    access.declared_end(integer, bigint) TO pccovid_web;
