-- Ends a granted correction without carrying it out, with the reason that its person reads: the program finds that a number is
-- another person's.
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
