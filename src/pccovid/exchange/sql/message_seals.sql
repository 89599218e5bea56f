-- The log of messages, in and out, as sealed batches: of each batch a Merkle tree (RFC 9162) is made over its entries, and its root
-- is signed with a key that the database does not have. Each seal names the one before it.
--
-- Taking a message in must not wait for another's, so entries are sealed afterwards, as soon as no transaction that could
-- still add an earlier one is open. What lies behind that horizon and is in no seal was slipped in later.
ALTER TABLE access.exchange_message ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE foundation_messagelog ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX exchange_message_by_transaction ON access.exchange_message (transaction_id);
CREATE INDEX messagelog_by_transaction ON foundation_messagelog (transaction_id);

CREATE TABLE access.message_seal (
    number bigint PRIMARY KEY CHECK (number > 0),
    statement text NOT NULL,  -- what is signed: JSON with number, moment, count, root, the seal before, the key
    signature bytea NOT NULL,
    horizon xid8 NOT NULL,
    server bigint NOT NULL,
    is_drained boolean NOT NULL  -- whether nothing behind the horizon was left for the next seal
);
CREATE TABLE access.sealed_message (
    log text NOT NULL CHECK (log IN ('in', 'out')),
    entry_id bigint NOT NULL,
    seal bigint NOT NULL REFERENCES access.message_seal,
    place integer NOT NULL,
    leaf bytea NOT NULL,
    PRIMARY KEY (log, entry_id),
    UNIQUE (seal, place)
);
-- The public halves of the keys that sealed, for partners; who verifies takes them from the file of keys.
CREATE TABLE access.message_key (
    kid text PRIMARY KEY,
    x text NOT NULL,
    since bigint NOT NULL,
    introduced text NOT NULL
);
CREATE TRIGGER message_seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.message_seal
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_message_change();
CREATE TRIGGER message_key_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.message_key
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_message_change();
CREATE TRIGGER sealed_message_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.sealed_message
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_message_change();

-- An entry in words that a partner can read and hash: this very text is the leaf.
CREATE FUNCTION access.message_content(entry access.exchange_message) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
    SELECT jsonb_build_object(
        'log', 'in', 'id', entry.id, 'agency', entry.agency_code, 'agreement', 'CS-' || entry.agreement_id,
        'kind', entry.kind, 'sha256', encode(entry.digest, 'hex'), 'received_at', entry.received_at,
        'received', entry.received, 'linked', entry.linked, 'new', entry.new, 'held', entry.held,
        'rejected', entry.rejected, 'unchanged', entry.unchanged)::text
$$;
CREATE FUNCTION access.message_content(entry foundation_messagelog) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
    SELECT jsonb_build_object(
        'log', 'out', 'id', entry.id, 'endpoint', entry.endpoint, 'topic', entry.topic, 'reference', entry.reference,
        'case', entry.case_reference, 'asked_at', entry.asked_at, 'answered_at', entry.answered_at,
        'outcome', entry.outcome, 'question_mark', encode(entry.question_mark, 'hex'),
        'answer_mark', encode(entry.answer_mark, 'hex'), 'their_hash', entry.their_hash)::text
$$;

-- Up to which transaction of this very server everything is sealed.
CREATE FUNCTION access.messages_sealed_until() RETURNS xid8
LANGUAGE sql STABLE SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT coalesce(max(s.horizon), '0'::xid8) FROM access.message_seal s
    WHERE s.is_drained AND s.server = (SELECT system_identifier FROM pg_control_system())
$$;

-- The next entries to seal, at most `most`, with the horizon they lie behind. Whoever asks holds the seals until its
-- transaction ends; who comes second gets nothing. A number that this server has not handed out yet is of another, whose log
-- was restored here: its entry waits for nobody.
CREATE FUNCTION access.unsealed_messages(most integer)
RETURNS TABLE (log text, entry_id bigint, content text, horizon text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    behind xid8;
    not_handed_out xid8;
    done xid8;
BEGIN
    BEGIN
        LOCK TABLE access.message_seal IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    EXCEPTION WHEN lock_not_available THEN
        RETURN;
    END;
    behind := pg_snapshot_xmin(pg_current_snapshot());
    not_handed_out := pg_snapshot_xmax(pg_current_snapshot());
    done := access.messages_sealed_until();
    RETURN QUERY
    SELECT e.log, e.id, e.content, behind::text FROM (
        (SELECT 'in'::text AS log, m.id, access.message_content(m) AS content FROM access.exchange_message m
         WHERE ((m.transaction_id < behind AND m.transaction_id >= done) OR m.transaction_id > not_handed_out)
           AND NOT EXISTS (SELECT 1 FROM access.sealed_message s WHERE s.log = 'in' AND s.entry_id = m.id)
         ORDER BY m.id LIMIT most)
        UNION ALL
        (SELECT 'out', m.id, access.message_content(m) FROM public.foundation_messagelog m
         WHERE ((m.transaction_id < behind AND m.transaction_id >= done) OR m.transaction_id > not_handed_out)
           AND NOT EXISTS (SELECT 1 FROM access.sealed_message s WHERE s.log = 'out' AND s.entry_id = m.id)
         ORDER BY m.id LIMIT most)
    ) e ORDER BY e.log, e.id LIMIT most;
END $$;

-- Keeps a seal with its leaves, in the transaction that asked for their entries.
CREATE FUNCTION access.keep_message_seal(
    number bigint, statement text, signature bytea, horizon text, is_drained boolean, logs text[], entries bigint[],
    leaves bytea[]
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    INSERT INTO access.message_seal (number, statement, signature, horizon, server, is_drained)
    SELECT keep_message_seal.number, keep_message_seal.statement, keep_message_seal.signature,
           keep_message_seal.horizon::xid8, s.system_identifier, keep_message_seal.is_drained
    FROM pg_control_system() s;
    INSERT INTO access.sealed_message (log, entry_id, seal, place, leaf)
    SELECT n.log, n.entry_id, keep_message_seal.number, n.at - 1, n.leaf
    FROM unnest(logs, entries, leaves) WITH ORDINALITY AS n (log, entry_id, leaf, at);
$$;

CREATE FUNCTION access.publish_message_keys(keys jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    INSERT INTO access.message_key SELECT * FROM jsonb_populate_recordset(NULL::access.message_key, keys)
    ON CONFLICT (kid) DO NOTHING
$$;
CREATE FUNCTION access.message_keys() RETURNS SETOF access.message_key
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT * FROM access.message_key ORDER BY since, kid
$$;

REVOKE ALL ON access.message_key, access.message_seal, access.sealed_message FROM PUBLIC;
-- Hashes and signatures are no secret: partners are given them.
GRANT SELECT ON access.message_seal, access.sealed_message TO pccovid_jobs;
REVOKE ALL ON FUNCTION access.message_content(access.exchange_message), access.message_content(foundation_messagelog),
    access.messages_sealed_until(), access.publish_message_keys(jsonb), access.message_keys(), access.unsealed_messages(integer),
    access.keep_message_seal(bigint, text, bytea, text, boolean, text[], bigint[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.message_keys() TO pccovid_web;
GRANT EXECUTE ON FUNCTION access.unsealed_messages(integer), access.publish_message_keys(jsonb),
    access.keep_message_seal(bigint, text, bytea, text, boolean, text[], bigint[], bytea[]) TO pccovid_jobs;
