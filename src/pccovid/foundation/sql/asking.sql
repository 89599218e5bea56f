-- What is asked of other systems: beside each endpoint's health the turn that is next free, so that all processes together
-- keep its rate; a log of every question with hashes of what was said; and counts by the hour.
ALTER TABLE foundation_outboxendpoint ADD COLUMN next_turn_at timestamptz;

-- Neither question nor answer is in it, and nobody: hashes are keyed, so that who holds the log cannot try out numbers.
CREATE TABLE foundation_messagelog (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    topic text NOT NULL,
    reference text NOT NULL,  -- the message's own id, as both sides know it
    case_reference text NOT NULL,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('answered', 'not_reached', 'refused', 'drifted')),
    question_mark bytea NOT NULL,
    answer_mark bytea,
    their_hash text NOT NULL DEFAULT '',  -- what the other side's security server called the question
    CHECK (answered_at >= asked_at),
    CHECK ((outcome = 'answered') = (answer_mark IS NOT NULL))
);
CREATE INDEX messagelog_by_reference ON foundation_messagelog (reference);
CREATE TRIGGER messagelog_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foundation_messagelog
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

CREATE TABLE foundation_endpointhour (
    endpoint text NOT NULL,
    hour timestamptz NOT NULL,
    answered bigint NOT NULL DEFAULT 0,
    not_reached bigint NOT NULL DEFAULT 0,
    refused bigint NOT NULL DEFAULT 0,
    drifted bigint NOT NULL DEFAULT 0,
    milliseconds bigint NOT NULL DEFAULT 0,
    last_answer_at timestamptz,
    PRIMARY KEY (endpoint, hour)
);
GRANT SELECT, INSERT ON foundation_messagelog TO pccovid_jobs;
GRANT SELECT, INSERT, UPDATE ON foundation_endpointhour TO pccovid_jobs;
