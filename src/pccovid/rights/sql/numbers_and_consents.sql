-- What may be asked to be corrected takes in document numbers and the residence; a withdrawal that is granted ends every
-- consent of its person; what the program finds to be another person's number it refuses.

-- As in own.sql; a document number needs two officers, whoever's identity is verified.
-- Asks. `wanted` is sealed. PC441: not one's own; PC442: too few words; PC443: ten in a day; PC444: the very same waits
-- already; PC445: there is no such kind, kind of data, attribute or fact.
CREATE OR REPLACE FUNCTION access.ask_right(
    person uuid, kind text, about text, categories text[], attribute text, fact_table text, fact uuid, wanted text,
    words text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
DECLARE
    own access.log := access.current_entry();
    who public.people_person;
    due record;
    made bigint;
    wrong text;
BEGIN
    wrong := CASE
        WHEN NOT access.is_own_view(person) THEN 'PC441'
        WHEN length(btrim(coalesce(words, ''))) < 10 OR length(words) > 2000 THEN 'PC442'
        WHEN NOT EXISTS (SELECT 1 FROM access.right_desk d WHERE d.kind = ask_right.kind AND d.about = ask_right.about)
            THEN 'PC445'
        WHEN EXISTS (SELECT 1 FROM unnest(categories) c
                     WHERE c IN ('reading_log', 'count') OR NOT c = ANY (own.readable)) THEN 'PC445'
        WHEN ask_right.kind = 'erasure' AND (cardinality(categories) = 0 OR NOT categories <@ ARRAY(
            SELECT DISTINCT e.category FROM access.erasable e)) THEN 'PC445'
        WHEN about = 'identity' AND (coalesce(wanted, '') = '' OR attribute IS NULL OR attribute NOT IN
            ('name', 'birth_date', 'sex', 'nationality', 'phone', 'email', 'personal_id', 'passport', 'insurance_no',
             'residence')) THEN 'PC445'
        WHEN about = 'fact' AND NOT access.has_fact(person, fact_table, fact) THEN 'PC445' END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'this cannot be asked' USING ERRCODE = wrong;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('right ' || person, 0));
    IF (SELECT count(*) FROM access.right_request r WHERE r.person_id = ask_right.person
        AND r.asked_at > clock_timestamp() - interval '1 day') >= 10 THEN
        RAISE EXCEPTION 'ten in a day' USING ERRCODE = 'PC443';
    END IF;
    IF EXISTS (SELECT 1 FROM access.right_request r JOIN access.right_state s ON s.code = r.state AND s.clock <> ''
               WHERE r.person_id = ask_right.person AND r.kind = ask_right.kind AND r.about = ask_right.about
                 AND r.categories = ask_right.categories AND r.attribute IS NOT DISTINCT FROM ask_right.attribute
                 AND r.fact_id IS NOT DISTINCT FROM ask_right.fact) THEN
        RAISE EXCEPTION 'the same waits already' USING ERRCODE = 'PC444';
    END IF;
    SELECT p.* INTO who FROM public.people_person p WHERE p.id = person;
    due := access.right_deadlines(ask_right.kind, clock_timestamp());
    INSERT INTO access.right_request (kind, about, person_id, asked_by, log_id, words, categories, attribute, fact_table,
                                      fact_id, area_code, needs_two, state, acknowledge_due, finish_due)
    VALUES (ask_right.kind, ask_right.about, person, own.actor::uuid, own.id, btrim(ask_right.words),
            ask_right.categories, ask_right.attribute, ask_right.fact_table, ask_right.fact,
            coalesce(who.commune_code, who.district_code, who.province_code),
            ask_right.about = 'identity' AND (coalesce(who.is_identity_verified, false)
                OR ask_right.attribute IN ('personal_id', 'passport', 'insurance_no')), 'received', due.acknowledge,
            due.finish)
    RETURNING id INTO made;
    IF coalesce(wanted, '') <> '' THEN
        INSERT INTO access.right_value (request_id, kind, sealed) VALUES (made, 'wanted', wanted);
    END IF;
    RETURN made;
END $$;

-- As in desk.sql, and a withdrawal takes the consents along.
-- The effect of restriction, objection and withdrawal: from this moment on, until the person lifts it.
CREATE OR REPLACE FUNCTION access.restrict_for_right(one access.right_request, step bigint, granted text[], refusal text) RETURNS void
LANGUAGE plpgsql SET search_path = access, pg_temp AS $$
DECLARE every text[] := ARRAY(
    SELECT DISTINCT r.category FROM access.rule r WHERE r.category NOT IN ('reading_log', 'count') ORDER BY 1);
BEGIN
    IF one.kind = 'withdrawal' THEN
        PERFORM access.withdraw_consents_for_right(one.person_id);
    END IF;
    IF cardinality(granted) = 0 THEN
        INSERT INTO access.restriction (request_id, person_id) VALUES (one.id, one.person_id);
        RETURN;
    END IF;
    INSERT INTO access.restriction (request_id, person_id, category)
    SELECT one.id, one.person_id, c FROM unnest(granted) c
    WHERE NOT EXISTS (SELECT 1 FROM access.restriction x
                      WHERE x.request_id = one.id AND x.category = c AND x.lifted_at IS NULL);
    INSERT INTO access.right_part (step_id, category, is_done, refusal)
    SELECT step, c, c = ANY (granted), CASE WHEN c <> ALL (granted) THEN refusal END
    FROM unnest(CASE WHEN cardinality(one.categories) = 0 THEN every ELSE one.categories END) c;
END $$;

-- Ends a granted correction without carrying it out, with the reason that its person reads.
CREATE FUNCTION access.refuse_granted_right(request bigint, category text, refusal text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE one access.right_request := access.opened_right(request);
BEGIN
    IF one.kind <> 'correction' OR NOT EXISTS (SELECT 1 FROM access.right_refusal f
            WHERE f.code = refuse_granted_right.refusal AND one.kind = ANY (f.kinds)) THEN
        RAISE EXCEPTION 'no such reason' USING ERRCODE = 'PC455';
    END IF;
    INSERT INTO access.right_part (step_id, category, is_done, rows, refusal)
    VALUES (access.finish_right(request, 'find_nothing'), refuse_granted_right.category, false, 0,
            refuse_granted_right.refusal);
END $$;
REVOKE ALL ON FUNCTION access.refuse_granted_right(bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.refuse_granted_right(bigint, text, text) TO pccovid_jobs;
