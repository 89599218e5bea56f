"""Fills every table with one row for each of given people, from what the catalogue says about its columns.

A table that lands tomorrow is filled without a word here: types, defaults, foreign keys and the values a CHECK allows
are read from PostgreSQL. A row belongs to a person by the column that the table's own policy compares with the scope.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg import sql

Row = dict[str, Any]
RECORDS = UUID(int=77)
_SCHEMAS = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'staging')"
# A partition is seen through its table; that nobody reads one by itself is tested in test_partitions.py.
_WHOLE = "NOT (SELECT t.relispartition FROM pg_class t WHERE t.oid = c.conrelid)"
_COLUMNS = f"""
    SELECT c.oid::regclass::text, a.attname, format_type(a.atttypid, NULL),
           a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', a.attidentity = 'a' OR a.attgenerated <> ''
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname {_SCHEMAS} AND a.attnum > 0
      AND NOT a.attisdropped ORDER BY 1, a.attnum
"""
_KEYS = f"""
    SELECT c.conrelid::regclass::text, c.contype, a.attname, c.confrelid::regclass::text, b.attname
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    CROSS JOIN unnest(c.conkey) WITH ORDINALITY k (number, place)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
    LEFT JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[k.place]
    WHERE c.contype IN ('p', 'f') AND n.nspname {_SCHEMAS} AND {_WHOLE}
"""
_CHECKS = f"""
    SELECT c.conrelid::regclass::text, pg_get_constraintdef(c.oid) FROM pg_constraint c
    JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.contype = 'c' AND n.nspname {_SCHEMAS}
      AND {_WHOLE}
"""
_POLICIES = """
    SELECT p.polrelid::regclass::text, p.polname, p.polcmd::text, p.polpermissive, p.polroles::regrole[]::text[],
           coalesce(pg_get_expr(p.polqual, p.polrelid), '')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relrowsecurity ORDER BY p.polname
"""
_SECURED = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relrowsecurity AND NOT c.relispartition ORDER BY 1"
_ALLOWED = re.compile(r"\(?(\w+)\)? = ANY \(+ARRAY\[('[^']*')")


class CannotFill(AssertionError):
    """A table's row could not be made from the catalogue; the message is the database's reason."""


@dataclass(frozen=True)
class Policy:
    """A row policy: `command` as pg_policy writes it ('r' reading, '*' all), for these database roles."""

    name: str
    command: str
    is_permissive: bool
    roles: tuple[str, ...]
    expression: str


@dataclass
class Table:
    """A table as the catalogue describes it. `person_column` is what its policy compares with the scope."""

    name: str
    types: dict[str, str] = field(default_factory=dict)
    needed: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    allowed: dict[str, str] = field(default_factory=dict)
    policies: list[Policy] = field(default_factory=list)
    is_secured: bool = False

    def says(self, pattern: str) -> str | None:
        """What the pattern's group finds in the table's policies."""
        found = re.search(pattern, " ".join(policy.expression for policy in self.policies))
        return found[1] if found else None

    @property
    def person_column(self) -> str | None:
        return self.says(r"\(?(\w+) = ANY \(+ SELECT access\.persons_seen")

    @property
    def needs_everybody(self) -> bool:
        """Its rows hang on no person: they are read only with access to everybody."""
        return self.person_column is None and self.says(r"(scope_is_all|everybody_seen)") is not None

    @property
    def moment(self) -> str | None:
        """The column by which a span limits what is seen."""
        return self.says(r"COALESCE\((\w+), recorded_at\) >=")

    @property
    def protected_as(self) -> str | None:
        """The category its reading policy asks for."""
        return self.says(r"(?:reads|persons_seen)\('(\w+)'")

    def lets_read(self, role: str, *, writing: bool) -> bool:
        """Whether any policy is there for this role to read by; one for ALL counts only where the role may write."""
        return any(
            role in policy.roles
            and policy.is_permissive
            and (policy.command == "r" or (writing and policy.command == "*"))
            for policy in self.policies
        )


def read_tables(owner: psycopg.Connection) -> dict[str, Table]:
    """Every table of the database by its name (with the schema where it is not public)."""
    tables: dict[str, Table] = {}
    for name, column, kind, is_needed, is_generated in owner.execute(_COLUMNS):
        table = tables.setdefault(name, Table(name))
        if not is_generated:
            table.types[column] = kind
        if is_needed:
            table.needed.append(column)
    for name, kind, column, target, target_column in owner.execute(_KEYS):
        if kind == "p":
            tables[name].key.append(column)
        else:
            tables[name].references[column] = (target, target_column)
    for name, check in owner.execute(_CHECKS):
        for column, literal in _ALLOWED.findall(check):
            tables[name].allowed.setdefault(column, literal.strip("'"))
    for name, *policy in owner.execute(_POLICIES):
        tables[name].policies.append(Policy(*policy))
    for (name,) in owner.execute(_SECURED):
        tables[name].is_secured = True
    return tables


def record_of(person: UUID) -> UUID:
    """The one source record of a made person."""
    return uuid5(RECORDS, str(person))


def many_person(number: int) -> UUID:
    """The id of the n-th person of fill_many, from 1000 on."""
    return UUID(hashlib.md5(f"person {number}".encode(), usedforsecurity=False).hexdigest())


@dataclass
class Filler:
    """Inserts rows as the owner, and remembers which are whose."""

    owner: psycopg.Connection
    tables: dict[str, Table]
    today: datetime
    long_ago: datetime
    homes: dict[UUID, dict[str, str]]
    """Columns of people_person that say where each person lives."""
    keys: dict[tuple[str, UUID], list[tuple[Any, ...]]] = field(default_factory=dict)
    rows: dict[tuple[str, UUID], Row] = field(default_factory=dict)

    def fill(self, names: list[str]) -> None:
        """One row for each person in each table (and in what it refers to), two where a span limits its rows."""
        for name in TopologicalSorter(self._needs(names)).static_order():
            for number, person in enumerate(self.homes, start=1):
                self._insert(self.tables[name], person, number, self.today)
                if self.tables[name].moment:
                    self._insert(self.tables[name], person, number + 10, self.long_ago)

    def fill_one(self, name: str, rows: dict[tuple[str, UUID], Row]) -> None:
        """Another row of the first person, beside what is there already. Raises CannotFill."""
        self.rows |= rows
        self._insert(self.tables[name], next(iter(self.homes)), 99, self.today)

    def fill_many(self, names: list[str], people: int) -> None:
        """One row more in each table for each of so many further people (`many_person`), all of one home."""
        for name in TopologicalSorter(self._needs(names)).static_order():
            table = self.tables[name]
            columns = {column: self._expression(table, column) for column in _filled(table)}
            if name == "people_person":
                home = next(iter(self.homes.values()))
                columns |= {column: sql.Literal(value) for column, value in home.items()}
            self._asked_or_not(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM generate_series(1000, {}) AS n RETURNING 1").format(
                    sql.SQL(name), sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join(columns.values()), sql.Literal(999 + people),
                ),
                [],
            )  # fmt: skip

    def _expression(self, table: Table, column: str) -> sql.Composable:
        made: dict[str, sql.Composable] = {
            "uuid": sql.SQL("md5({} || n)::uuid").format(sql.Literal(f"{table.name}.{column} ")),
            "text": sql.SQL("'made ' || n"), "integer": sql.SQL("n"), "bigint": sql.SQL("n"),
        }  # fmt: skip
        if column == table.person_column:
            return sql.SQL("md5('person ' || n)::uuid")
        if column == "record_id":
            return sql.SQL("md5('record ' || n)::uuid")
        if column in table.references or column in table.allowed or table.types[column] not in made:
            return sql.Literal(self._value(table, column, next(iter(self.homes)), 1))
        return made[table.types[column]]

    def _needs(self, names: list[str]) -> dict[str, set[str]]:
        needs: dict[str, set[str]] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            table = self.tables[name]
            needs[name] = {target for column, (target, _) in table.references.items() if column in table.needed}
            waiting += needs[name] - needs.keys()
        return needs

    def _insert(self, table: Table, person: UUID, number: int, moment: datetime) -> None:
        row = {column: self._value(table, column, person, number) for column in _filled(table)}
        if table.name == "people_person":
            row |= self.homes[person]
        if table.moment:
            row |= {table.moment: moment}
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING *").format(
            sql.SQL(table.name), sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        )  # fmt: skip
        try:
            made = self._asked_or_not(statement, list(row.values()))
        except psycopg.Error as error:
            raise CannotFill(f"{table.name}: {error}") from error
        assert made is not None
        self.rows.setdefault((table.name, person), made)
        self.keys.setdefault((table.name, person), []).append(tuple(made[column] for column in table.key))

    def _asked_or_not(self, statement: sql.Composed, values: list[object]) -> Row | None:
        """The first row inserted; without triggers where one of the table's own asks for more than columns can tell."""
        try:
            return self._inserted(statement, values)
        except psycopg.DatabaseError as refused:
            if not (refused.sqlstate or "").startswith("PC4"):
                raise
            return self._inserted(statement, values, is_trigger_asked=False)

    def _inserted(self, statement: sql.Composed, values: list[object], *, is_trigger_asked: bool = True) -> Row | None:
        with self.owner.transaction(), self.owner.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            if not is_trigger_asked:
                cursor.execute("SET LOCAL session_replication_role = replica")
            return cursor.execute(statement, values).fetchone()

    def _value(self, table: Table, column: str, person: UUID, number: int) -> object:
        if column == table.person_column:
            return person
        if column == "record_id":
            return record_of(person)
        if column in table.references and table.references[column][0] != table.name:
            target, target_column = table.references[column]
            return self.rows[target, person][target_column]
        if column in table.allowed:
            return table.allowed[column]
        return _made_value(table.types[column], f"{table.name}.{column}", number, self.today)


def _filled(table: Table) -> Iterator[str]:
    """What must be given, and what ties a row to its person or record."""
    for column in table.types:
        if column in (*table.needed, table.person_column, "record_id"):
            yield column


def _made_value(kind: str, name: str, number: int, today: datetime) -> object:
    """A value of that type, another for another number."""
    made: dict[str, object] = {
        "uuid": uuid5(RECORDS, f"{name} {number}"), "text": f"made {number}", "character varying": f"made {number}",
        "timestamp with time zone": today, "date": date(2021, 10, 30), "boolean": False, "jsonb": "{}",
        "bytea": bytes([number]), "double precision": 1.0, "text[]": [], "integer[]": [],
        "uuid[]": [], "inet": "10.0.0.1", "real": 1.0, "xid8": "7",
    }  # fmt: skip
    if kind in ("integer", "bigint", "smallint", "numeric"):
        return number
    if kind not in made:
        raise CannotFill(f"{name}: no made value for type {kind}")
    return made[kind]


def visible(tables: dict[str, Table], names: list[str], keys: dict[tuple[str, UUID], list[tuple[Any, ...]]]) -> Any:
    """One query that counts, for every table and person, the rows in sight: (table, person, seen)."""
    parts = []
    for name in names:
        key = sql.SQL(", ").join(map(sql.Identifier, tables[name].key))
        for person in {person for table, person in keys if table == name}:
            rows = sql.SQL(", ").join(
                sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Literal, row))) for row in keys[name, person]
            )
            parts.append(
                sql.SQL("SELECT {}::text, {}::uuid, count(*) FROM {} WHERE ROW({}) IN ({})").format(
                    sql.Literal(name), sql.Literal(person), sql.SQL(name), key, rows
                )
            )
    return sql.SQL(" UNION ALL ").join(parts)
