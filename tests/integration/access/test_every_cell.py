"""Every cell of purpose × role × category × table × scope, against the database itself.

For every way of opening access that rules and roles allow us to write down, what web and jobs then see is counted
and compared with the one table of rules. A table that lands tomorrow is filled and walked without a word here; one
that lands without protection fails.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from integration.access.made_nation import Nation, Opening, every_opening
from pccovid.foundation.classification import category_of
from pccovid.foundation.purposes import CATEGORIES, PURPOSES, rules


def faults_of(nation: Nation, connection: psycopg.Connection, opening: Opening) -> list[object]:
    """Where the database and the rules differ about this opening."""
    with nation.opened(connection, opening) as is_open:
        if is_open != opening.is_allowed:
            return [(opening, "opened" if is_open else "refused")]
        seen = nation.seen(connection, opening.connects_as) if is_open else {}
    return [
        (opening, table, person, f"{count} seen, {expected} expected")
        for (table, person), count in seen.items()
        if count != (expected := nation.expected(opening, nation.tables[table], person))
    ]


def test_every_table_of_a_personal_category_is_behind_row_security(nation: Nation) -> None:
    classified = {name for name in nation.tables if category_of(name) in CATEGORIES}
    with_a_person = {name for name, table in nation.tables.items() if "person_id" in table.types and "." not in name}
    assert len(classified) >= 20
    assert (classified | with_a_person) - set(nation.personal) == set()


def test_both_people_have_rows_in_every_personal_table(nation: Nation) -> None:
    assert {name for name, _ in nation.keys} >= set(nation.personal)
    assert all(len(rows) in (1, 2) for rows in nation.keys.values())


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_without_context_no_row_of_any_personal_table_is_in_sight(nation: Nation, role: str) -> None:
    with nation.made.connect(role) as connection:
        seen = nation.seen(connection, role)
    assert len(seen) >= 2 * 15
    assert {cell: count for cell, count in seen.items() if count} == {}


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_every_opening_is_allowed_or_refused_and_shows_exactly_what_the_rules_say(nation: Nation, role: str) -> None:
    openings = [one for one in every_opening() if one.connects_as == role]
    assert nation.opens(role, (one for one in openings if not one.is_allowed)) == []
    with nation.made.connect(role) as connection:
        faults = [fault for one in openings if one.is_allowed for fault in faults_of(nation, connection, one)]
    assert faults == []
    assert {one.purpose for one in openings if one.is_allowed} == {
        rule.purpose for rule in rules() if (rule.actor_kind == "job") == (role == "jobs")
    }


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_another_connection_may_not_speak_for_the_actor(nation: Nation, role: str) -> None:
    others = [one for one in every_opening() if one.connects_as != role and one.is_allowed]
    other = "jobs" if role == "web" else "web"
    assert set(nation.opens(other, others)) == set(others)
    assert nation.opens(role, others) == []


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_a_purpose_that_no_rule_knows_opens_nothing(nation: Nation, role: str) -> None:
    curious = {replace(one, purpose="curiosity") for one in every_opening() if one.connects_as == role}
    assert nation.opens(role, curious) == []


def test_every_purpose_has_rules_and_every_rule_a_purpose() -> None:
    assert {rule.purpose for rule in rules()} == set(PURPOSES)


def test_a_table_whose_protection_is_taken_away_is_noticed(prepared_url: str, home: Path) -> None:
    unprotected = MadeDatabase(home, database_from(prepared_url, home).owner_url)
    nation = Nation(unprotected)
    with unprotected.connect("owner") as owner:
        owner.execute("ALTER TABLE lab_tests_test DISABLE ROW LEVEL SECURITY")
        owner.execute("DROP POLICY within_span ON movement_visit")
    with unprotected.connect("web") as web:
        assert {table for (table, _), count in nation.seen(web, "web").items() if count} == {"lab_tests_test"}
        tracing = next(
            one
            for one in every_opening()
            if (one.kind, one.purpose) == ("officer", "contact_tracing") and one.is_allowed
        )
        assert {fault[1] for fault in faults_of(nation, web, tracing)} == {"lab_tests_test", "movement_visit"}  # type: ignore[index]
