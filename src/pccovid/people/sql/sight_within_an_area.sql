-- As in foundation/sql/sight_in_one_question.sql; and a case's people are in sight wherever they live: the database named them
-- when it was opened. An officer's page of a person asks this in each statement: where the one
-- named person lives is looked up here, as access.person_lies_in does, since entering another function costs as much again.
CREATE OR REPLACE FUNCTION access.persons_seen(category text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = access, pg_temp AS $$
DECLARE
    kind text;
    persons uuid[];
    area text;
    is_readable boolean;
    province text;
    district text;
    commune text;
BEGIN
    SELECT l.scope_kind, l.scope_persons, l.scope_area, persons_seen.category = ANY (l.readable)
    INTO kind, persons, area, is_readable FROM access.log l
    WHERE l.transaction_id = pg_current_xact_id_if_assigned() AND l.opened_at >= transaction_timestamp()
    ORDER BY l.id DESC LIMIT 1;
    IF is_readable AND (kind IN ('own', 'case') OR (kind = 'person' AND area IS NULL)) THEN
        RETURN persons;
    ELSIF is_readable AND kind = 'person' AND cardinality(persons) = 1 THEN
        SELECT p.province_code, p.district_code, p.commune_code
        INTO province, district, commune FROM public.people_person p WHERE p.id = persons[1];
        IF area IN (province, district, commune) THEN
            RETURN persons;
        END IF;
        RETURN CASE WHEN access.person_lies_in(persons[1], area) THEN persons ELSE '{}' END;
    ELSIF is_readable AND kind = 'person' THEN
        RETURN ARRAY(SELECT p FROM unnest(persons) p WHERE access.person_lies_in(p, area));
    END IF;
    RETURN NULL;
END $$;
