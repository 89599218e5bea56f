-- An order in force stands in the person's codes: codes say so, and those made before the order are nobody's.

CREATE FUNCTION access.order_is_in_force(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT access.is_own_view(person) AND EXISTS (
        SELECT 1 FROM access.quarantine_order o
        WHERE o.person_id IN (SELECT access.numbers_of_person(person)) AND o.state = 'open')
$$;

-- A code made before says that there is no order, or that there still is one: it is taken back with either.
CREATE FUNCTION access.revoke_codes_of_orders() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    INSERT INTO access.code_revocation AS r (person_id, since)
    SELECT o.person_id, clock_timestamp() FROM made s JOIN access.quarantine_order o ON o.id = s.order_id
    WHERE s.step IN ('ordered', 'released', 'cancelled', 'became_case') GROUP BY o.person_id
    ON CONFLICT (person_id) DO UPDATE SET since = excluded.since;
    RETURN NULL;
END $$;
CREATE TRIGGER codes_say_what_is_ordered AFTER INSERT ON access.quarantine_step
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION access.revoke_codes_of_orders();

REVOKE ALL ON FUNCTION access.order_is_in_force(uuid), access.revoke_codes_of_orders() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.order_is_in_force(uuid) TO pccovid_web;
