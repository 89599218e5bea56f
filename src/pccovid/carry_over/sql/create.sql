-- Staging tables of one run. Unlogged: a crash of the server empties them, which the sentinel shows.
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_row (
    file_no integer NOT NULL,
    row_no bigint NOT NULL,
    system text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    record text NOT NULL,
    record_id uuid,
    payload text NOT NULL,
    content_hash bytea NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    has_claim boolean NOT NULL,
    {claim_columns},
    sealed jsonb
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_problem (
    file_no integer NOT NULL, field text NOT NULL, reason text NOT NULL, rows bigint NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_assignment (
    record text NOT NULL, cluster text, person uuid, decision text NOT NULL, weight double precision,
    reason text NOT NULL, evidence jsonb NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_review (
    record text NOT NULL, other_record text NOT NULL, weight double precision, reason text NOT NULL,
    evidence jsonb NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_merge (
    person_kept uuid NOT NULL, person_absorbed uuid NOT NULL, weight double precision, evidence jsonb NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_file (
    file_no integer PRIMARY KEY, name text NOT NULL, system text NOT NULL, kind text NOT NULL, notes jsonb NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_replay (
    file_no integer NOT NULL, row_no bigint NOT NULL, unplaced_id uuid NOT NULL
);
CREATE UNLOGGED TABLE IF NOT EXISTS {stage}_sentinel (stage text PRIMARY KEY);
