-- The feed tells of border crossings as of every other fact.
CREATE TRIGGER feed_made AFTER INSERT ON border_entry REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_made('entry');
CREATE TRIGGER feed_changed AFTER UPDATE ON border_entry REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_changed('entry');
CREATE TRIGGER feed_erased AFTER DELETE ON border_entry REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_erased('entry');
CREATE OR REPLACE FUNCTION access.category_of_change(kind text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT CASE WHEN kind = 'dose' THEN 'vaccination' WHEN kind = 'test' THEN 'test' WHEN kind = 'card' THEN 'insurance'
                WHEN kind = 'patient' THEN 'identity' WHEN kind = 'entry' THEN 'border'
                WHEN kind IN ('stay', 'condition', 'vital_sign', 'procedure', 'medication') THEN 'treatment' END
$$;
