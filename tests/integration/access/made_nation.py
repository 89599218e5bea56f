"""Two people with a row in every personal table, every way of opening access, and what each must show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from conftest import MadeDatabase
from integration.access.row_filler import Filler, Table, read_tables, visible
from pccovid.foundation.classification import category_of
from pccovid.foundation.purposes import CATEGORIES, PURPOSES, Rule, rules

AN, BINH = UUID(int=1), UUID(int=2)
HOMES = {
    AN: {"province_code": "01", "district_code": "001", "commune_code": "00001"},
    BINH: {"province_code": "79", "district_code": "778", "commune_code": "27259"},
}
HERE, THERE = "00001", "27259"
TODAY = datetime(2021, 10, 31, tzinfo=UTC)
LOCAL, NATIONAL = "7", "8"
WIDTHS = ("own", "person", "case", "area", "all")
CASE = 424_242
"""A case of AN's, who met nobody."""

FOLLOWS_ITS_CLAIM = {"people_sourcerecord"}
"""Tables without a person column whose rows go with the person of their source record."""


@dataclass(frozen=True)
class Opening:
    """One way of opening access."""

    kind: str
    actor: str
    role: str
    purpose: str
    scope: str
    persons: tuple[UUID, ...]
    area: str | None

    @property
    def connects_as(self) -> str:
        return "jobs" if self.kind == "job" else "web"

    @property
    def reached(self) -> set[UUID]:
        """The people this scope is about."""
        named = {"own": set(self.persons), "person": set(self.persons), "case": {AN}}
        people = named.get(self.scope, set(HOMES))
        return {person for person in people if self.area is None or HOMES[person]["commune_code"] == self.area}

    def rule(self, category: str) -> Rule | None:
        """The rule that lets this opening read the category."""
        for rule in _rules_by_use().get((self.purpose, category, self.kind, self.role), ()):
            if WIDTHS.index(self.scope) <= WIDTHS.index(rule.widest_scope):
                return rule
        return None

    @property
    def is_appointed(self) -> bool:
        """Whether the actor's own position covers the scope: citizens themselves, officers their area, jobs all."""
        if self.kind == "citizen":
            return self.scope != "own" or self.persons == (UUID(self.actor),)
        if self.scope == "own":
            return False
        return self.kind == "job" or self.actor == NATIONAL or self.area == HERE  # an agency's agreements are of HERE

    @property
    def is_allowed(self) -> bool:
        has_rule = any(self.rule(category) for category in CATEGORIES)
        return has_rule and self.is_appointed and _narrowed(self)


@cache
def _rules_by_use() -> dict[tuple[str, str, str, str], list[Rule]]:
    found: dict[tuple[str, str, str, str], list[Rule]] = {}
    for rule in rules():
        found.setdefault((rule.purpose, rule.category, rule.actor_kind, rule.role), []).append(rule)
    return found


def _narrowed(opening: Opening) -> bool:
    """Conditions that the database adds for single purposes: glass is broken for AN alone, an export is of one area.

    AN has asked something of every desk, and one request of AN's was granted and waits for the program.
    """
    if opening.scope == "case" and (opening.kind, opening.purpose) != ("officer", "contact_tracing"):
        return False
    if opening.purpose == "break_glass":
        return opening.persons == (AN,)
    if opening.purpose == "export":
        return (opening.scope, opening.area) == ("area", HERE)
    if opening.purpose in ("rights", "correction") and opening.kind == "officer":
        return opening.persons == (AN,)
    return True


def every_opening() -> Iterator[Opening]:
    """Every purpose by every actor in every scope, sensible or not."""
    actors = {("citizen", str(AN), "")}
    for rule in rules():
        if rule.actor_kind == "officer":
            actors |= {("officer", LOCAL, rule.role), ("officer", NATIONAL, rule.role)}
        if rule.actor_kind in ("job", "agency"):
            actors.add((rule.actor_kind, rule.role, rule.role))
    scopes: list[tuple[str, tuple[UUID, ...], str | None]] = [
        ("own", (AN,), None), ("own", (BINH,), None), ("person", (AN,), None), ("person", (AN, BINH), None),
        ("person", (AN,), HERE), ("person", (AN, BINH), HERE), ("person", (BINH,), HERE), ("person", (BINH,), THERE),
        ("area", (), HERE), ("area", (), THERE), ("all", (), None), ("case", (), HERE), ("case", (), None),
    ]  # fmt: skip
    for actor, purpose, scope in product(sorted(actors), PURPOSES, scopes):
        yield Opening(*actor, purpose, *scope)


def _approved_export(owner: psycopg.Connection) -> int:
    """A request of one area that shows every category an export may, with its two approvals."""
    categories = [rule.category for rule in rules() if rule.purpose == "export"]
    owner.cursor().executemany(
        "INSERT INTO access.export_rule (purpose, column_name, category, askers) VALUES ('walk', %s, %s, '{}')",
        [(category, category) for category in categories],
    )
    row = owner.execute(
        "INSERT INTO access.export_request (purpose, columns, area_code, reason, organisation, recipient, certificate,"
        " certificate_print, asked_by, asked_through, asked_office)"
        " VALUES ('walk', %s, %s, 'một lý do đủ dài để thử', 'x', 'x', 'x', 'x', 1, 1, 'x') RETURNING id",
        [categories, HERE],
    ).fetchone()
    assert row is not None
    for officer in (2, 3):
        owner.execute(
            "INSERT INTO access.export_opinion (request_id, asked_by, officer_id, appointment_id, office, approves,"
            " note) VALUES (%s, 1, %s, 1, 'x', true, '')",
            [row[0], officer],
        )
    return int(row[0])


def _requests(owner: psycopg.Connection) -> dict[str, int]:
    """Role (or 'job') → a request of AN's that lets this one read; all lived in the area of the local officers."""
    wanted = {
        "commune_police": ("correction", "identity", "received"),
        "data_steward": ("correction", "identity", "received"),
        "data_protection": ("objection", "data", "received"), "inspector": ("objection", "data", "escalated"),
        "job": ("erasure", "data", "granted"),
    }  # fmt: skip
    (log,) = owner.execute(
        "INSERT INTO access.log (actor_kind, actor, role, office, purpose, legal_basis, scope_kind, readable, writable,"
        " connected_as) VALUES ('citizen', %s, '', '', 'own_record', 'test', 'own', '{}', '{}', 'test') RETURNING id",
        [str(AN)],
    ).fetchone() or (0,)
    made = {}
    for role, (kind, about, state) in wanted.items():
        (made[role],) = owner.execute(
            "INSERT INTO access.right_request (kind, about, person_id, asked_by, log_id, words, categories, attribute,"
            " area_code, needs_two, state, acknowledge_due, finish_due) VALUES (%s, %s, %s, %s, %s, 'mười chữ là đủ',"
            " '{}', %s, %s, false, %s, now() + interval '1 day', now() + interval '9 days') RETURNING id",
            [kind, about, AN, AN, log, "name" if about == "identity" else None, HERE, state],
        ).fetchone() or (0,)
    return made


def _agreements(owner: psycopg.Connection) -> dict[str, int]:
    """Purpose → an agreement of one area in force, for all that an agency may read for it."""
    owner.execute("INSERT INTO access.agency (code, name, standing) VALUES ('agency', 'Cơ quan thử', 'facility')")
    made = {}
    for purpose in {rule.purpose for rule in rules() if rule.actor_kind == "agency"}:
        (made[purpose],) = owner.execute(
            "INSERT INTO access.agreement (agency_code, purpose, categories, area_code, valid_until, document, reason,"
            " asked_by, asked_through, asked_office) VALUES ('agency', %s, access.agency_categories(%s), %s,"
            " now() + interval '1 day', 'x', 'một lý do đủ dài để thử', 1, 1, 'x') RETURNING id",
            [purpose, purpose, HERE],
        ).fetchone() or (0,)
        owner.execute(
            "INSERT INTO access.agreement_opinion (agreement_id, asked_by, officer_id, appointment_id, office,"
            " approves, note) VALUES (%s, 1, 2, 1, 'x', true, '')",
            [made[purpose]],
        )
    return made


def _corrections(owner: psycopg.Connection) -> dict[str, int]:
    """Role (or 'job') → a correction of AN's whose turn it is; AN lives in the area of the local officers."""
    made = {}
    for role, state, kind in (
        ("health_station", "checking", "wrong"), ("data_steward", "confirmed", "wrong"),
        ("commune_police", "confirmed", "identity"), ("job", "signed", "wrong"),
    ):  # fmt: skip
        (made[role],) = owner.execute(
            "INSERT INTO access.correction (kind, person_id, asked_by, log_id, fact_table, fact_id, system, area_code,"
            " words, state, due_at) SELECT %s, %s, %s, min(id), 'vaccination_dose', gen_random_uuid(), 'sskdt',"
            " %s, 'mười chữ là đủ', %s, now() + interval '1 day' FROM access.log RETURNING id",
            [kind, AN, None if kind == "identity" else AN, HERE, state],
        ).fetchone() or (0,)
    return made


def _campaign(owner: psycopg.Connection) -> int:
    """A campaign of verification that runs."""
    row = owner.execute(
        "INSERT INTO access.verification_campaign (source, endpoint, per_second, started_by, started_at)"
        " VALUES ('walk', 'walk', 1, 'test', now()) RETURNING id"
    ).fetchone()
    assert row is not None
    return int(row[0])


def _case(owner: psycopg.Connection) -> None:
    owner.execute(
        "INSERT INTO access.trace_case (id, person_id, definition, opened_by_test, first_at, last_at, starts_at,"
        " ends_at)"
        " OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'pcr', gen_random_uuid(), %s, %s, %s, %s)",
        [CASE, AN, TODAY, TODAY, TODAY, TODAY],
    )


_WALK = """
CREATE SCHEMA walk;
GRANT USAGE ON SCHEMA walk TO PUBLIC;
CREATE TYPE walk.asked AS (place integer, kind text, actor text, role text, purpose text, scope text, persons uuid[],
                           area text, reference text);
CREATE FUNCTION walk.announced(openings jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one walk.asked;
BEGIN
    FOR one IN SELECT * FROM jsonb_populate_recordset(NULL::walk.asked, openings) LOOP
        BEGIN
            PERFORM access.announce(one.kind, one.actor, one.role, one.purpose, 'test', one.scope, one.persons,
                                    one.area, one.reference);
        EXCEPTION WHEN insufficient_privilege THEN  -- what is no opening at all, opening it tells
        END;
    END LOOP;
END $$;
CREATE FUNCTION walk.opened(openings jsonb) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    one walk.asked;
    opened integer[] := '{}';
BEGIN
    FOR one IN SELECT * FROM jsonb_populate_recordset(NULL::walk.asked, openings) LOOP
        BEGIN
            PERFORM access.open(one.kind, one.actor, one.role, one.purpose, 'test', one.scope, one.persons, one.area,
                                one.reference);
            opened := opened || one.place;
            RAISE EXCEPTION 'undone' USING ERRCODE = 'WALK1';
        EXCEPTION WHEN insufficient_privilege OR SQLSTATE 'WALK1' THEN
        END;
    END LOOP;
    RETURN opened;
END $$;
"""
"""Tries many openings in one question, as whoever is connected."""


class Nation:
    """The filled database and its tables."""

    def __init__(self, made: MadeDatabase) -> None:
        self.made = made
        with made.connect("owner") as owner:
            self.tables = read_tables(owner)
            self.personal = [name for name, table in self.tables.items() if table.is_secured]
            owner.execute("INSERT INTO access.sandbox_day (day) VALUES (%s)", [TODAY + timedelta(hours=1)])
            filler = Filler(owner, self.tables, TODAY, TODAY - timedelta(days=2000), HOMES)
            filler.fill(self.personal)
            self.keys, self.rows, self.homes = filler.keys, filler.rows, HOMES
            self.readable = {
                role: [
                    name
                    for name in self.personal
                    if owner.execute(
                        "SELECT has_table_privilege(%s, %s, 'SELECT')", [f"pccovid_{role}", name]
                    ).fetchone()
                    == (True,)
                ]
                for role in ("web", "jobs")
            }
            self.glasses = self._appoint(owner)
            self.export = _approved_export(owner)
            self.requests = _requests(owner)
            self.agreements = _agreements(owner)
            self.corrections = _corrections(owner)
            self.campaign = _campaign(owner)
            _case(owner)
            owner.execute(_WALK)

    def _appoint(self, owner: psycopg.Connection) -> dict[tuple[str, str], int]:
        """Both officers hold every office; each has broken one glass for AN and one for somebody still sought."""
        roles = sorted({rule.role for rule in rules() if rule.actor_kind == "officer"})
        for officer, area in ((LOCAL, HERE), (NATIONAL, None)):
            for role in roles:
                owner.execute(
                    "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, appointed_by)"
                    " VALUES (%s, %s, %s, 'Cơ quan thử', now() - interval '1 day', 'test')",
                    [officer, role, area],
                )
        glasses = {}
        for officer, (purpose, person) in product(
            (LOCAL, NATIONAL), {"break_glass": AN, "break_glass_search": None}.items()
        ):
            row = owner.execute(
                "INSERT INTO access.break_glass (officer_id, appointment_id, person_id, reason, ends_at) SELECT"
                " officer_id, id, %s, 'một lý do đủ dài để thử', now() + interval '1 hour' FROM access.appointment"
                " WHERE officer_id = %s AND role <> 'inspector' ORDER BY id LIMIT 1 RETURNING id",
                [person, officer],
            ).fetchone()
            assert row is not None
            glasses[officer, purpose] = row[0]
        return glasses

    @contextmanager
    def opened(self, connection: psycopg.Connection, opening: Opening) -> Iterator[bool]:
        """Access opened for the block (False where the database refuses), and undone with it."""
        with connection.transaction(force_rollback=True):
            yield self._open(connection, opening)

    def opens(self, role: str, openings: Iterable[Opening]) -> list[Opening]:
        """Those of the openings that the database lets `role` make. All in one question, each undone at once."""
        asked = list(openings)
        given = Jsonb([
            {"place": place, "kind": one.kind, "actor": one.actor, "role": one.role, "purpose": one.purpose,
             "scope": one.scope, "persons": list(map(str, one.persons)), "area": one.area, "reference": self._case(one)}
            for place, one in enumerate(asked)
        ])  # fmt: skip
        with self.made.connect(role) as other, other.transaction():
            other.execute("SELECT walk.announced(%s)", [given])
        with self.made.connect(role) as connection:
            (opened,) = connection.execute("SELECT walk.opened(%s)", [given]).fetchone() or ([],)
        return [asked[place] for place in opened]

    def _case(self, opening: Opening) -> str:
        """What the opening is for: of each purpose what was made for it."""
        case = f"KC-{self.glasses.get((opening.actor, opening.purpose), 0)}"
        if opening.purpose == "export":
            case = f"XD-{self.export}"
        if opening.purpose == "identity_verification":
            case = f"XM-{self.campaign}"
        if opening.purpose == "rights":
            case = f"YC-{self.requests.get('job' if opening.kind == 'job' else opening.role, 0)}"
        if opening.kind == "agency" or opening.purpose == "exchange":
            case = f"CS-{self.agreements.get(opening.purpose, self.agreements['care'])}"
        elif opening.purpose == "correction":
            case = f"SS-{self.corrections.get('job' if opening.kind == 'job' else opening.role, 0)}"
        return f"CA-{CASE}" if opening.scope == "case" else case

    def _open(self, connection: psycopg.Connection, opening: Opening) -> bool:
        try:
            with connection.transaction():
                connection.execute(
                    "SELECT access.open(%s, %s, %s, %s, 'test', %s, %s::uuid[], %s, %s)",
                    [opening.kind, opening.actor, opening.role, opening.purpose, opening.scope, list(opening.persons),
                     opening.area, self._case(opening)],
                )  # fmt: skip
        except psycopg.errors.InsufficientPrivilege:
            return False
        return True

    def seen(self, connection: psycopg.Connection, role: str) -> dict[tuple[str, UUID], int]:
        """Rows in sight of the connection, by table and person."""
        counted = connection.execute(visible(self.tables, self.readable[role], self.keys))
        return {(table, person): count for table, person, count in counted}

    def expected(self, opening: Opening, table: Table, person: UUID) -> int:
        """How many of the person's rows the rules let this opening see."""
        rule = opening.rule(category_of(table.name))
        if rule is None or not opening.is_allowed:
            return 0
        if not table.lets_read(f"pccovid_{opening.connects_as}", writing=rule.may_write):
            return 0
        if table.needs_everybody and table.name not in FOLLOWS_ITS_CLAIM:
            return len(self.keys[table.name, person]) if opening.scope == "all" else 0
        if table.name in FOLLOWS_ITS_CLAIM and opening.connects_as == "jobs" and opening.scope != "all":
            return 0
        if table.name in FOLLOWS_ITS_CLAIM and opening.rule("identity") is None:
            return 0
        if person not in opening.reached:
            return 0
        return 1 if table.moment and rule.max_days is not None else len(self.keys[table.name, person])
