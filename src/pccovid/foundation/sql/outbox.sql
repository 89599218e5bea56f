-- Messages to other systems, put in the transaction of what they tell of, delivered afterwards until they are taken.
CREATE TABLE foundation_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,  -- the receiver's means to know a message again
    body jsonb NOT NULL,  -- nothing about anybody: what is new is fetched, under an agreement
    created_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    ended_at timestamptz,
    last_error text NOT NULL DEFAULT '',
    UNIQUE (endpoint, key),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX outbox_due ON foundation_outbox (endpoint, next_at) WHERE state = 'waiting';
-- How an endpoint has answered last: after several failures nothing is sent to it for a while.
CREATE TABLE foundation_outboxendpoint (
    endpoint text PRIMARY KEY,
    failures integer NOT NULL DEFAULT 0,
    closed_until timestamptz
);
GRANT SELECT, INSERT, UPDATE ON foundation_outbox, foundation_outboxendpoint TO pccovid_jobs;
