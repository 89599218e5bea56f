"""Nobody writes a personal row without a rule that says so, and nobody at all changes what accounts for access."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from integration.access.made_nation import TODAY, Nation, Opening, every_opening
from integration.access.row_filler import CannotFill, Filler
from pccovid.foundation.classification import category_of

_CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "insert": "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} WHERE false",
    "truncate": "TRUNCATE {table} CASCADE",
}


def attempt(nation: Nation, connection: psycopg.Connection, change: str, name: str) -> int | None:
    """Rows touched, then undone; None where the privilege is missing or the row is not theirs to write."""
    column = next(iter(nation.tables[name].types))
    statement = sql.SQL(_CHANGES[change]).format(table=sql.SQL(name), column=sql.Identifier(column))
    try:
        with connection.transaction(force_rollback=True):
            # Foreign keys are asked at the end, which never comes.
            connection.execute("SET CONSTRAINTS ALL DEFERRED")
            return connection.execute(statement).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return None
    except psycopg.errors.ForeignKeyViolation:
        return 1


def written(nation: Nation, connection: psycopg.Connection, *changes: str) -> set[str]:
    """The personal tables of which a row could be changed in the context that is open."""
    return {name for name in nation.personal for change in changes if attempt(nation, connection, change, name)}


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_without_context_no_row_can_be_changed_or_removed(nation: Nation, role: str) -> None:
    with nation.made.connect(role) as connection:
        assert written(nation, connection, "update", "delete") == set()


def test_web_has_no_way_to_add_change_or_empty_a_personal_table(nation: Nation) -> None:
    with nation.made.connect("web") as web:
        possible = {(change, name) for change in _CHANGES for name in nation.personal
                    if attempt(nation, web, change, name) is not None}  # fmt: skip
    assert possible == set()


def test_jobs_cannot_add_a_personal_row_without_context(nation: Nation) -> None:
    with nation.made.connect("jobs") as jobs:
        filler = Filler(jobs, nation.tables, TODAY, TODAY, nation.homes)
        for name in nation.personal:
            with pytest.raises(CannotFill, match=r"row-level security|permission denied"):
                filler.fill_one(name, dict(nation.rows))


@pytest.mark.parametrize("opening", [
    pytest.param(one, id=f"{one.purpose}-{one.role or one.kind}-{one.scope}") for one in {
        (o.connects_as, o.role, o.purpose, o.scope): o for o in every_opening() if o.is_allowed
    }.values()
])  # fmt: skip
def test_only_a_rule_that_says_so_lets_rows_be_changed(nation: Nation, opening: Opening) -> None:
    with nation.made.connect(opening.connects_as) as connection, nation.opened(connection, opening) as is_open:
        assert is_open
        changed = written(nation, connection, "update", "delete")
    # A job that may write may do so only with access to everybody: a narrower scope is for reading.
    allowed = {name for name in nation.personal if opening.scope == "all"
               and (rule := opening.rule(category_of(name))) is not None and rule.may_write}  # fmt: skip
    assert changed <= allowed
    assert (changed != set()) == (allowed != set())


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_nothing_of_the_log_rules_or_appointments_can_be_changed(nation: Nation, role: str) -> None:
    accounting = [name for name in nation.tables if name.startswith("access.")]
    assert {"access.log", "access.disclosure", "access.chain", "access.rule", "access.appointment"} <= set(accounting)
    with nation.made.connect(role) as connection:
        possible = {(change, name) for change in _CHANGES for name in accounting
                    if attempt(nation, connection, change, name) is not None}  # fmt: skip
    assert possible == set()


@pytest.mark.parametrize(
    "name", ["access.log", "access.disclosure", "access.chain", "access.chain_run", "access.anchoring"]
)
@pytest.mark.parametrize("change", ["update", "delete", "truncate"])
def test_the_log_is_append_only_even_for_its_owner(nation: Nation, name: str, change: str) -> None:
    with nation.made.connect("owner") as owner:
        assert attempt(nation, owner, change, name) is None
