-- What the linkage answers, before it is compared. Unlogged: a crash of the server empties them, which the sentinel shows.
CREATE UNLOGGED TABLE {stage}_assignment (
    record text NOT NULL, cluster text, decision text NOT NULL, weight double precision, reason text NOT NULL,
    evidence jsonb NOT NULL
);
CREATE UNLOGGED TABLE {stage}_review (
    record text NOT NULL, other_record text NOT NULL, weight double precision, reason text NOT NULL,
    evidence jsonb NOT NULL
);
CREATE UNLOGGED TABLE {stage}_sentinel (records bigint PRIMARY KEY);
