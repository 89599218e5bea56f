-- For machines that hold no token: what an agreement in force stands for, with the public keys it may be spoken for by. Asked by
-- the process that takes laboratories' messages in, which compares the keys with the certificate of the connection.
CREATE FUNCTION access.grant_of_agreement(agreement bigint)
RETURNS TABLE (number bigint, agency text, name text, standing text, purpose text, categories text[], written text[],
               area_code text, legal_basis text, valid_until timestamptz, keys jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
    SELECT a.id, a.agency_code, g.name, g.standing, a.purpose, a.categories, a.written, a.area_code,
           (SELECT r.legal_basis FROM access.rule r WHERE r.purpose = a.purpose AND r.actor_kind = 'agency' LIMIT 1),
           a.valid_until,
           (SELECT coalesce(jsonb_agg(k.jwk ORDER BY k.kid), '[]') FROM access.agreement_key k
            WHERE k.agreement_id = a.id AND k.ended_at IS NULL)
    FROM access.agreement a JOIN access.agency g ON g.code = a.agency_code
    WHERE a.id = grant_of_agreement.agreement AND access.agreement_state(a) = 'granted'
$$;
REVOKE ALL ON FUNCTION access.grant_of_agreement(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.grant_of_agreement(bigint) TO pccovid_jobs;
