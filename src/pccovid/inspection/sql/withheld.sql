-- A composite value is only "not null" when all of its fields are: a rule for every category is handed on with an empty one.
CREATE OR REPLACE FUNCTION access.withheld_by(entry access.log, categories text[]) RETURNS access.withholding
LANGUAGE sql STABLE SET search_path = access, pg_temp AS $$
    SELECT ROW(w.id, w.purpose, coalesce(w.category, ''), w.effect, w.valid_from, w.valid_to, w.days, w.legal_basis,
               w.is_verified)::access.withholding
    FROM access.withholding w
    WHERE w.is_verified AND w.purpose = entry.purpose AND (w.category IS NULL OR w.category = ANY (categories))
      AND entry.opened_at >= w.valid_from AND entry.opened_at < w.valid_to
      AND clock_timestamp() < entry.opened_at + make_interval(days => w.days)
    ORDER BY w.effect = 'delay' DESC, w.days DESC LIMIT 1
$$;
