-- What the web may ask about officers: their appointments in force, and whether a sign-in may be tried.

CREATE FUNCTION access.appointments_of(officer integer)
RETURNS TABLE (appointment bigint, role text, area_code text, office text, valid_to timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    SELECT a.id, a.role, a.area_code, a.office, a.valid_to FROM access.appointment a
    WHERE a.officer_id = officer
      AND a.valid_from <= clock_timestamp() AND (a.valid_to IS NULL OR a.valid_to > clock_timestamp())
    ORDER BY a.role, a.area_code NULLS FIRST, a.id
$$;

-- Tried sign-ins of officers. The name is kept as a hash: people type their password into the wrong field.
CREATE TABLE access.officer_sign_in (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tried_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    name_hash bytea NOT NULL,
    address text NOT NULL,
    succeeded boolean NOT NULL
);
CREATE INDEX officer_sign_in_by_name ON access.officer_sign_in (name_hash, tried_at);
CREATE INDEX officer_sign_in_by_address ON access.officer_sign_in (address, tried_at);

-- Seconds to wait before this name may be tried from this address again; 0 when it may be tried now.
-- Failures of the last 15 minutes count: 5 of the name from one address since it last succeeded there, 50 of the
-- name from anywhere, 40 from one address. The first limit is per address, so that a stranger who fails on purpose
-- does not lock the officer out at the office.
CREATE FUNCTION access.officer_sign_in_wait(name text, address text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
    WITH recent AS (
        SELECT tried_at, succeeded, name_hash = sha256(convert_to(lower(officer_sign_in_wait.name), 'UTF8')) AS is_name,
               t.address = officer_sign_in_wait.address AS is_address
        FROM access.officer_sign_in t
        WHERE tried_at > clock_timestamp() - interval '15 minutes'
          AND (name_hash = sha256(convert_to(lower(officer_sign_in_wait.name), 'UTF8'))
               OR t.address = officer_sign_in_wait.address)
    ), last_success AS (
        SELECT coalesce(max(tried_at), '-infinity') AS at FROM recent WHERE is_name AND is_address AND succeeded
    ), counted AS (
        SELECT count(*) FILTER (WHERE is_name AND is_address AND tried_at > s.at) AS pair,
               count(*) FILTER (WHERE is_name) AS name, count(*) FILTER (WHERE is_address) AS address,
               max(tried_at) AS newest
        FROM recent, last_success s WHERE NOT succeeded
    )
    SELECT CASE WHEN pair >= 5 OR name >= 50 OR address >= 40
                THEN greatest(1, ceil(extract(epoch FROM newest + interval '15 minutes' - clock_timestamp())))::integer
                ELSE 0 END
    FROM counted
$$;

CREATE FUNCTION access.officer_signed_in(name text, address text, succeeded boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = access, pg_temp AS $$
    INSERT INTO access.officer_sign_in (name_hash, address, succeeded)
    VALUES (sha256(convert_to(lower(name), 'UTF8')), address, succeeded)
$$;

REVOKE ALL ON access.officer_sign_in FROM PUBLIC;
REVOKE ALL ON FUNCTION access.appointments_of(integer), access.officer_sign_in_wait(text, text),
    access.officer_signed_in(text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.appointments_of(integer), access.officer_sign_in_wait(text, text),
    access.officer_signed_in(text, text, boolean) TO pccovid_web;
