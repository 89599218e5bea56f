-- What somebody in quarantine needs, as a ticket that an area owns until it is answered; and days on which somebody may have
-- left the place, which an officer decides. Nobody but the owner reads or writes these tables.

CREATE TABLE access.quarantine_need (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES access.quarantine_order (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('food', 'medicine', 'payment', 'other')),
    words text NOT NULL CHECK (length(btrim(words)) BETWEEN 3 AND 1000),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_by integer,  -- NULL: the person
    due_at timestamptz NOT NULL,
    owner_area text NOT NULL CONSTRAINT every_need_has_an_owner CHECK (btrim(owner_area) <> ''),
    outcome text CHECK (outcome IN ('met', 'not_met', 'not_needed')),
    answer text NOT NULL DEFAULT '',
    answered_at timestamptz,
    answered_by integer,  -- NULL beside an outcome: the order ended
    office text NOT NULL DEFAULT '',
    CONSTRAINT what_is_answered_says_how CHECK ((outcome IS NULL) = (answered_at IS NULL))
);
CREATE INDEX quarantine_need_open ON access.quarantine_need (order_id) WHERE outcome IS NULL;

CREATE TABLE access.quarantine_breach (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL,  -- of an order, which takes it along
    day date NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    found_by text NOT NULL CHECK (found_by IN ('scan', 'officer')),
    verdict text CHECK (verdict IN ('left', 'allowed', 'mistaken')),
    words text NOT NULL DEFAULT '',
    decided_at timestamptz,
    decided_by integer,
    office text NOT NULL DEFAULT '',
    CONSTRAINT one_breach_a_day UNIQUE (order_id, day),
    CONSTRAINT a_verdict_is_somebodys CHECK ((verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)
                                             AND (verdict IS NULL OR length(btrim(words)) >= 10))
);
ALTER TABLE access.quarantine_need ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.quarantine_breach ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON access.quarantine_need, access.quarantine_breach FROM PUBLIC;

CREATE FUNCTION access.go_with_the_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    DELETE FROM access.quarantine_stay s WHERE s.order_id = OLD.id;
    DELETE FROM access.quarantine_breach b WHERE b.order_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER stays_go_with_their_order BEFORE DELETE ON access.quarantine_order
    FOR EACH ROW EXECUTE FUNCTION access.go_with_the_order();

-- Medicine within six hours, the rest within a day: our own choice. PC473: no words; PC477: five wait already.
CREATE FUNCTION access.write_need(one access.quarantine_order, kind text, words text, by_officer integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    IF length(btrim(coalesce($3, ''))) NOT BETWEEN 3 AND 1000 OR coalesce($2, '') NOT IN ('food', 'medicine', 'payment', 'other') THEN
        RAISE EXCEPTION 'what is needed, in words' USING ERRCODE = 'PC473';
    ELSIF (SELECT count(*) FROM access.quarantine_need n WHERE n.order_id = one.id AND n.outcome IS NULL) >= 5 THEN
        RAISE EXCEPTION 'five wait already' USING ERRCODE = 'PC477';
    END IF;
    INSERT INTO access.quarantine_need (order_id, kind, words, asked_by, due_at, owner_area)
    VALUES (one.id, $2, btrim($3), by_officer,
            clock_timestamp() + CASE WHEN $2 = 'medicine' THEN interval '6 hours' ELSE interval '24 hours' END,
            coalesce((SELECT f.commune_code FROM access.quarantine_facility f WHERE f.id = one.facility_id), one.area_code));
END $$;

-- By the person, or a guardian for a child. PC472: no open order; PC473, PC477 as above.
CREATE FUNCTION access.ask_need(person uuid, kind text, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    PERFORM access.write_need(access.own_order(person), $2, $3, NULL);
END $$;
-- By an officer who heard of it on the phone or at the door.
CREATE FUNCTION access.note_need(number bigint, kind text, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE entry access.log := access.quarantine_entry();
BEGIN
    PERFORM access.write_need(access.order_at_desk(entry, number), $2, $3, entry.actor::integer);
END $$;

-- PC472: no such need here; PC473: too few words where it is not met.
CREATE FUNCTION access.answer_need(need bigint, outcome text, answer text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    asked access.quarantine_need;
    one access.quarantine_order;
BEGIN
    SELECT n.* INTO asked FROM access.quarantine_need n WHERE n.id = need AND n.outcome IS NULL FOR UPDATE;
    one := access.order_at_desk(entry, asked.order_id);
    IF coalesce($2, '') NOT IN ('met', 'not_met', 'not_needed') OR ($2 <> 'met' AND length(btrim(coalesce($3, ''))) < 10) THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    END IF;
    UPDATE access.quarantine_need n SET outcome = $2, answer = btrim(coalesce($3, '')), answered_at = clock_timestamp(),
        answered_by = entry.actor::integer, office = entry.office WHERE n.id = asked.id;
END $$;

-- A need ends with its order, and goes with its person to another place.
CREATE FUNCTION access.needs_go_with_the_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
BEGIN
    UPDATE access.quarantine_need n SET
        outcome = CASE WHEN NEW.state <> 'open' THEN 'not_needed' END,
        answered_at = CASE WHEN NEW.state <> 'open' THEN clock_timestamp() END,
        owner_area = coalesce((SELECT f.commune_code FROM access.quarantine_facility f WHERE f.id = NEW.facility_id), NEW.area_code)
    WHERE n.order_id = NEW.id AND n.outcome IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER needs_go_along AFTER UPDATE ON access.quarantine_order FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.facility_id IS DISTINCT FROM NEW.facility_id)
    EXECUTE FUNCTION access.needs_go_with_the_order();

CREATE FUNCTION access.needs_of(person uuid)
RETURNS TABLE (number bigint, kind text, words text, asked_at timestamptz, outcome text, answer text, office text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT n.order_id, n.kind, n.words, n.asked_at, n.outcome, n.answer, n.office
    FROM access.quarantine_need n JOIN access.quarantine_order o ON o.id = n.order_id
    WHERE access.is_own_view(person) AND o.person_id IN (SELECT access.numbers_of_person(person)) ORDER BY n.id DESC LIMIT 20
$$;

-- Having left, as an officer saw or heard. PC472; PC474: a day that cannot be.
CREATE FUNCTION access.note_breach(number bigint, day date, verdict text, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, access, pg_temp AS $$
DECLARE
    entry access.log := access.quarantine_entry();
    one access.quarantine_order := access.order_at_desk(entry, number);
BEGIN
    IF coalesce($3, '') NOT IN ('left', 'allowed', 'mistaken') OR length(btrim(coalesce($4, ''))) < 10 THEN
        RAISE EXCEPTION 'too few words' USING ERRCODE = 'PC473';
    ELSIF $2 IS NULL OR $2 < access.day_here(one.ordered_at) OR $2 > access.day_here(access.present()) THEN
        RAISE EXCEPTION 'a day that cannot be' USING ERRCODE = 'PC474';
    END IF;
    INSERT INTO access.quarantine_breach AS b (order_id, day, found_by, verdict, words, decided_at, decided_by, office)
    VALUES (one.id, $2, 'officer', $3, btrim($4), clock_timestamp(), entry.actor::integer, entry.office)
    ON CONFLICT ON CONSTRAINT one_breach_a_day DO UPDATE SET verdict = excluded.verdict, words = excluded.words,
        decided_at = excluded.decided_at, decided_by = excluded.decided_by, office = excluded.office;
END $$;
-- What an officer has decided of one's own days.
CREATE FUNCTION access.breaches_of_own_quarantine(person uuid) RETURNS TABLE (number bigint, day date, verdict text, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, access, public, pg_temp AS $$
    SELECT b.order_id, b.day, b.verdict, b.words
    FROM access.quarantine_breach b JOIN access.quarantine_order o ON o.id = b.order_id
    WHERE access.is_own_view(person) AND o.person_id IN (SELECT access.numbers_of_person(person)) AND b.verdict IS NOT NULL
    ORDER BY b.day DESC LIMIT 20
$$;

REVOKE ALL ON FUNCTION access.write_need(access.quarantine_order, text, text, integer), access.ask_need(uuid, text, text),
    access.note_need(bigint, text, text), access.answer_need(bigint, text, text), access.needs_go_with_the_order(),
    access.go_with_the_order(), access.needs_of(uuid), access.note_breach(bigint, date, text, text),
    access.breaches_of_own_quarantine(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.ask_need(uuid, text, text), access.note_need(bigint, text, text),
    access.answer_need(bigint, text, text), access.needs_of(uuid), access.note_breach(bigint, date, text, text),
    access.breaches_of_own_quarantine(uuid) TO pccovid_web;
