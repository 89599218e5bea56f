-- As in desk.sql, for openings of now alone: an entry that is written afterwards for an announcement without one opens nothing
-- (foundation/sql/announcing.sql), whatever the request has become since.
DROP TRIGGER a_request_shows_its_person ON access.log;
CREATE TRIGGER a_request_shows_its_person BEFORE INSERT ON access.log FOR EACH ROW
    WHEN (NEW.purpose = 'rights' AND NEW.opened_at >= transaction_timestamp())
    EXECUTE FUNCTION access.check_right_opening();
