-- How far back a purpose sees: a rule may name days, counted from the present.
ALTER TABLE access.rule ADD COLUMN max_days integer CHECK (max_days > 0);

-- A made nation lives on a day of its own, else its whole past would lie behind every span. Only the owner writes it, and
-- preparing a database for production empties it.
CREATE TABLE access.sandbox_day (is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one), day timestamptz NOT NULL);
REVOKE ALL ON access.sandbox_day FROM PUBLIC;

-- Holds a table to the spans of its category: `moment` is the column that dates a row; one without a date counts from when
-- it was recorded. Restrictive: it takes away from what other policies let through.
CREATE FUNCTION access.limit_span(personal regclass, category text, moment text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE POLICY within_span ON %s AS RESTRICTIVE FOR SELECT TO pccovid_web, pccovid_jobs USING (
            coalesce(%I, recorded_at) >= (SELECT access.seen_from(%L)))', personal, moment, category);
END $$;

REVOKE ALL ON FUNCTION access.limit_span(regclass, text, text) FROM PUBLIC;
