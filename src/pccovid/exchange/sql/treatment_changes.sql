-- The feed tells of treatment as of every other fact.
DO $$
DECLARE fact record;
BEGIN
    FOR fact IN SELECT * FROM (VALUES ('treatment_stay', 'stay'), ('treatment_condition', 'condition'),
                ('treatment_vitalsign', 'vital_sign'), ('treatment_procedure', 'procedure'),
                ('treatment_medication', 'medication')) AS f (name, kind)
    LOOP
        EXECUTE format('CREATE TRIGGER feed_made AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION access.note_made(%L)', fact.name, fact.kind);
        EXECUTE format('CREATE TRIGGER feed_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION access.note_changed(%L)', fact.name, fact.kind);
        EXECUTE format('CREATE TRIGGER feed_erased AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION access.note_erased(%L)', fact.name, fact.kind);
    END LOOP;
END $$;
