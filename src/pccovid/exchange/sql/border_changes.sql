-- The feed tells of border crossings as of every other fact.
CREATE TRIGGER feed_made AFTER INSERT ON border_entry REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_made('entry');
CREATE TRIGGER feed_changed AFTER UPDATE ON border_entry REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_changed('entry');
CREATE TRIGGER feed_erased AFTER DELETE ON border_entry REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_erased('entry');
