-- What machines stand for, asked with every message: in PL/pgSQL, whose plans are kept.

-- The grant behind a token, while agreement, key and token all hold.
CREATE OR REPLACE FUNCTION access.grant_of_token(digest bytea)
RETURNS TABLE (agreement bigint, agency text, name text, standing text, purpose text, categories text[], written text[],
               area_code text, scopes text[], legal_basis text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.id, a.agency_code, g.name, g.standing, a.purpose, a.categories, a.written, a.area_code, t.scopes,
           (SELECT r.legal_basis FROM access.rule r WHERE r.purpose = a.purpose AND r.actor_kind = 'agency' LIMIT 1)
    FROM access.agency_token t JOIN access.agreement a ON a.id = t.agreement_id
        JOIN access.agency g ON g.code = a.agency_code
        JOIN access.agreement_key k ON k.agreement_id = a.id AND k.kid = t.kid AND k.ended_at IS NULL
    WHERE t.digest = grant_of_token.digest AND t.expires_at > clock_timestamp()
      AND access.agreement_state(a) = 'granted';
END $$;
REVOKE ALL ON FUNCTION access.grant_of_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.grant_of_token(bytea) TO pccovid_web;

-- For machines that hold no token: what an agreement in force stands for, with the public keys it may be spoken for by. Asked by
-- the process that takes laboratories' messages in, which compares the keys with the certificate of the connection.
CREATE OR REPLACE FUNCTION access.grant_of_agreement(agreement bigint)
RETURNS TABLE (number bigint, agency text, name text, standing text, purpose text, categories text[], written text[],
               area_code text, legal_basis text, valid_until timestamptz, keys jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.id, a.agency_code, g.name, g.standing, a.purpose, a.categories, a.written, a.area_code,
           (SELECT r.legal_basis FROM access.rule r WHERE r.purpose = a.purpose AND r.actor_kind = 'agency' LIMIT 1),
           a.valid_until,
           (SELECT coalesce(jsonb_agg(k.jwk ORDER BY k.kid), '[]') FROM access.agreement_key k
            WHERE k.agreement_id = a.id AND k.ended_at IS NULL)
    FROM access.agreement a JOIN access.agency g ON g.code = a.agency_code
    WHERE a.id = grant_of_agreement.agreement AND access.agreement_state(a) = 'granted';
END $$;
REVOKE ALL ON FUNCTION access.grant_of_agreement(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.grant_of_agreement(bigint) TO pccovid_jobs;
