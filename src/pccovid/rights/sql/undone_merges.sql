-- Whoever asked for a restriction while two persons were one meant every record of both: where that merge is undone it holds for
-- both, under the same request, and is lifted for both. What was asked for before the merge goes back to whose it was. A trigger,
-- because officers, a shadow and the way back from a shadow undo merges, each in their own way.
CREATE OR REPLACE FUNCTION access.restrict_both_after_undo() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM access.restriction r WHERE r.lifted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    INSERT INTO access.restriction (request_id, person_id, category)
    SELECT DISTINCT r.request_id, part.other, r.category
    FROM (VALUES (NEW.kept_id, NEW.absorbed_id), (NEW.absorbed_id, NEW.kept_id)) part (one, other)
        CROSS JOIN LATERAL access.numbers_of_person(part.one) n (id)
        JOIN access.restriction r ON r.person_id = n.id AND r.lifted_at IS NULL
        JOIN access.right_request q ON q.id = r.request_id AND q.asked_at >= NEW.merged_at
    WHERE NOT EXISTS (
        SELECT 1 FROM access.restriction x
        WHERE x.request_id = r.request_id AND x.person_id = part.other AND x.lifted_at IS NULL
          AND x.category IS NOT DISTINCT FROM r.category);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION access.restrict_both_after_undo() FROM PUBLIC;
DROP TRIGGER IF EXISTS restrictions_hold_for_both ON people_merge;
CREATE TRIGGER restrictions_hold_for_both AFTER UPDATE OF undone_at ON people_merge
    FOR EACH ROW WHEN (OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL)
    EXECUTE FUNCTION access.restrict_both_after_undo();
