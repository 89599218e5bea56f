-- Having met a case, and steps of one's quarantine, are told as well: the day and what to do, and nothing of the case.

ALTER TABLE access.notice DROP CONSTRAINT notice_kind_check;
ALTER TABLE access.notice ADD CONSTRAINT notice_kind_check
    CHECK (kind IN ('correction', 'triage', 'feedback', 'mass', 'exposure', 'quarantine'));
CREATE INDEX notice_of_exposure ON access.notice (person_id, made_at) WHERE kind = 'exposure';

-- Steps that others took; many of one pass are told in one statement.
CREATE FUNCTION access.notice_of_quarantine() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT o.person_id, 'quarantine', o.id FROM made s JOIN access.quarantine_order o ON o.id = s.order_id
    WHERE s.step NOT IN ('objected', 'became_case');
    RETURN NULL;
END $$;
CREATE TRIGGER the_person_is_told AFTER INSERT ON access.quarantine_step
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION access.notice_of_quarantine();

REVOKE ALL ON FUNCTION access.notice_of_quarantine() FROM PUBLIC;
