-- What break_glass.sql holds an opening to is asked of openings of now alone: an entry that is written afterwards for an
-- announcement without one opens nothing (foundation/sql/announcing.sql), whatever the glass has become since.
DROP TRIGGER a_broken_glass_shows_one_person ON access.log;
CREATE TRIGGER a_broken_glass_shows_one_person BEFORE INSERT ON access.log FOR EACH ROW
    WHEN ((NEW.role = 'break_glass' OR NEW.purpose IN ('break_glass', 'break_glass_search'))
          AND NEW.opened_at >= transaction_timestamp())
    EXECUTE FUNCTION access.check_break_glass();
