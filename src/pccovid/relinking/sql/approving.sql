-- Approval by two officers, and what nobody gets around: the order of stages, and models changed by shadows alone.

CREATE FUNCTION access.refuse_relinking_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'approvals, models and their history are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER shadow_approval_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON relinking_approval
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_relinking_change();
CREATE TRIGGER model_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON relinking_model
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_relinking_change();
CREATE TRIGGER model_change_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON relinking_modelchange
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_relinking_change();

-- A shadow is made, approved, swapped in and perhaps taken back, in this order; its model stays what it was.
-- PC441: two officers have not approved it.
CREATE FUNCTION access.keep_shadow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage <> 'linking' THEN
            RAISE EXCEPTION 'a shadow begins with linking' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.model_print, NEW.made_by, NEW.started_at)
            IS DISTINCT FROM (OLD.id, OLD.model_print, OLD.made_by, OLD.started_at)
       OR OLD.stage IN ('ready', 'swapped', 'rolled_back', 'discarded') AND (NEW.stood, NEW.counts, NEW.ready_at)
            IS DISTINCT FROM (OLD.stood, OLD.counts, OLD.ready_at)
       OR (OLD.stage, NEW.stage) NOT IN (
            ('linking', 'linking'), ('linking', 'comparing'), ('comparing', 'comparing'), ('comparing', 'linking'),
            ('comparing', 'ready'), ('ready', 'ready'), ('ready', 'swapped'), ('swapped', 'swapped'),
            ('swapped', 'rolled_back'), ('linking', 'discarded'), ('comparing', 'discarded'), ('ready', 'discarded'))
    THEN
        RAISE EXCEPTION 'a shadow does not change so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.stage = 'swapped' AND OLD.stage = 'ready'
       AND (SELECT count(DISTINCT a.officer_id) < 2 FROM relinking_approval a WHERE a.shadow_id = NEW.id) THEN
        RAISE EXCEPTION 'two officers have not approved this shadow' USING ERRCODE = 'PC441';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shadow_is_kept BEFORE INSERT OR UPDATE OR DELETE ON relinking_shadow
    FOR EACH ROW EXECUTE FUNCTION access.keep_shadow();

-- The model in force changes with a shadow that is swapped in, to its model, or back with one that is taken back.
CREATE FUNCTION access.keep_model_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM relinking_shadow s WHERE s.id = NEW.shadow_id
          AND (s.stage = 'swapped' AND s.model_print = NEW.model_print
               OR s.stage = 'rolled_back' AND NEW.model_print IS NOT DISTINCT FROM (
                   SELECT c.model_print FROM relinking_modelchange c
                   WHERE c.id < (SELECT min(d.id) FROM relinking_modelchange d WHERE d.shadow_id = s.id)
                   ORDER BY c.id DESC LIMIT 1))) THEN
        RAISE EXCEPTION 'a model comes into force by an approved shadow alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER model_change_is_a_shadows BEFORE INSERT ON relinking_modelchange
    FOR EACH ROW EXECUTE FUNCTION access.keep_model_change();

-- The one way to approve: as the national steward whose access is open, for the repair of data.
-- PC442: no such shadow waits; PC443: approved already.
CREATE FUNCTION access.approve_shadow(shadow bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, access, pg_temp AS $$
DECLARE entry access.log := access.current_entry();
BEGIN
    IF entry.id IS NULL OR entry.actor_kind <> 'officer' OR entry.role <> 'data_steward'
       OR entry.purpose <> 'data_repair' OR entry.scope_kind <> 'all' THEN
        RAISE EXCEPTION 'only a national data steward repairing data may approve a shadow'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM relinking_shadow s WHERE s.id = shadow AND s.stage = 'ready' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such shadow waits' USING ERRCODE = 'PC442';
    END IF;
    BEGIN
        INSERT INTO relinking_approval (shadow_id, officer_id, office)
        VALUES (shadow, entry.actor::integer, entry.office);
    EXCEPTION WHEN unique_violation THEN
        RAISE EXCEPTION 'approved already' USING ERRCODE = 'PC443';
    END;
END $$;

-- Of these persons, those whom anybody has looked at, or who have looked at their own record, since an entry of the log.
CREATE FUNCTION access.looked_at_since(persons uuid[], entry bigint) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE open_entry access.log := access.current_entry();
BEGIN
    IF open_entry.id IS NULL OR open_entry.actor_kind <> 'job' OR open_entry.scope_kind <> 'all' THEN
        RAISE EXCEPTION 'only a job with everybody in sight asks this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT d.person_id FROM access.disclosure d WHERE d.person_id = ANY (persons)
        UNION SELECT p FROM access.log l CROSS JOIN LATERAL unnest(l.scope_persons) p
              WHERE l.id > entry AND p = ANY (persons);
END $$;
CREATE FUNCTION access.last_log_entry() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce(max(l.id), 0) FROM access.log l
$$;

-- What is erased of a person is erased here as well: no shadow remembers a record that the index has forgotten.
CREATE FUNCTION access.forget_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM relinking_move m USING gone g WHERE m.record_id = g.record_id;
    DELETE FROM relinking_pair p USING gone g WHERE p.record_id = g.record_id;
    DELETE FROM relinking_pair p USING gone g WHERE p.other_record_id = g.record_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erased_claim_is_forgotten_by_shadows AFTER DELETE ON people_recordclaim
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION access.forget_moves();

REVOKE ALL ON FUNCTION access.forget_moves(), access.refuse_relinking_change(), access.keep_shadow(), access.keep_model_change(),
    access.approve_shadow(bigint), access.looked_at_since(uuid[], bigint), access.last_log_entry() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.approve_shadow(bigint) TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.looked_at_since(uuid[], bigint), access.last_log_entry() TO pccovid_jobs;
