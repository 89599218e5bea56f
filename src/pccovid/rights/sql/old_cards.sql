-- The old card's number (CMND) can be asked to be corrected too, by two officers as every document number: ask_right names
-- the attributes twice, and takes it in at both places.
DO $$
DECLARE
    was text := pg_get_functiondef('access.ask_right'::regproc);
    is_now text := replace(was, $list$'personal_id', 'passport'$list$, $list$'personal_id', 'old_id', 'passport'$list$);
BEGIN
    IF length(is_now) <> length(was) + 2 * length($one$'old_id', $one$) THEN
        RAISE EXCEPTION 'ask_right does not name the attributes where this expects them';
    END IF;
    EXECUTE is_now;
END $$;
