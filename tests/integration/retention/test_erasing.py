"""What is due goes, with what only it explains; nothing else does; who interrupts it loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase
from integration.retention.conftest import AS_OF, count

CUT = "timestamptz '2021-11-01 00:00+00'"
"""Thirty days before AS_OF, written down here apart from the rules."""
DUE = {
    "movement_visit": f"coalesce(left_at, entered_at, recorded_at) < {CUT}",
    "movement_trip": f"coalesce(departed_at, valid_until, recorded_at) < {CUT}",
    "movement_scan": f"coalesce(scanned_at, recorded_at) < {CUT}",
    "declarations_declaration": f"coalesce(declared_at, recorded_at) < {CUT}",
}
KEPT = ("vaccination_dose", "lab_tests_test", "insurance_card", "people_address", "people_relationship")
_GOLDEN = (
    "SELECT id, name, birth_date, birth_precision, sex, nationality, province_code, district_code, commune_code,"
    " address, is_identity_verified, merged_into_id FROM people_person ORDER BY id"
)
_NUMBERS = (
    "SELECT person_id, system, value, is_verified FROM people_identifier UNION ALL"
    " SELECT person_id, system, value, is_own FROM people_contactpoint ORDER BY 1, 2, 3"
)


def planned(made: MadeDatabase, now: datetime = AS_OF, **options: Any) -> dict[str, Any]:
    from pccovid.retention.operations import plan

    with made.connect("jobs", autocommit=True) as jobs:
        return {line.table: line for line in plan(jobs, now=now, **options)}


def test_the_plan_counts_what_is_older_than_its_period_and_erases_nothing(
    nation: MadeDatabase, owner: psycopg.Connection
) -> None:
    wanted = {table: count(owner, table, due) for table, due in DUE.items()}
    assert all(wanted.values()), wanted
    lines = planned(nation)
    assert {table: lines[table].due for table in DUE} == wanted
    assert {table: count(owner, table, due) for table, due in DUE.items()} == wanted
    assert {lines[table].due for table in KEPT} == {0}


def test_a_run_erases_what_is_due_and_nothing_that_is_not(
    nation: MadeDatabase, owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    due = {table: count(owner, table, condition) for table, condition in DUE.items()}
    young = {table: count(owner, table, f"NOT ({condition})") for table, condition in DUE.items()}
    kept = {table: count(owner, table) for table in KEPT}
    erased = erase()
    assert {table: erased.rows[table] for table in DUE} == due
    assert {table: count(owner, table) for table in DUE} == young
    assert {table: count(owner, table) for table in KEPT} == kept
    assert all(line.due == 0 for line in planned(nation).values())
    assert sum(erase().rows.values()) == 0


def test_people_stay_who_they_are_when_their_movement_is_erased(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    before, numbers = owner.execute(_GOLDEN).fetchall(), owner.execute(_NUMBERS).fetchall()
    claims = count(owner, "people_recordclaim")
    erased = erase()
    assert erased.persons > 0
    assert count(owner, "people_recordclaim") < claims
    assert owner.execute(_NUMBERS).fetchall() == numbers
    assert owner.execute(_GOLDEN).fetchall() == before


def test_no_source_named_by_a_golden_record_has_been_erased(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    erase()
    missing = owner.execute(
        "SELECT p.id, s.value FROM people_person p, jsonb_each_text(p.attribute_sources) s"
        " WHERE NOT EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.system || '/' || c.record = s.value)"
    ).fetchall()
    assert missing == []
    unnamed = owner.execute(
        "SELECT i.id FROM people_identifier i, unnest(i.sources) s"
        " WHERE NOT EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.record = s)"
    ).fetchall()
    assert unnamed == []


def test_the_received_row_of_an_erased_fact_is_gone_or_empty(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    sources = {
        row[0]
        for table, due in DUE.items()
        for row in owner.execute(f"SELECT source_record_id FROM {table} WHERE {due}")
    }
    erase()
    left = owner.execute("SELECT payload FROM people_sourcerecord WHERE id = ANY (%s)", [list(sources)]).fetchall()
    assert 0 < len(left) < len(sources)
    assert {payload for (payload,) in left} == {'{"erased": true}'}


def test_a_record_whose_every_fact_is_gone_leaves_no_link_pair_or_row_behind(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    erase()
    orphans = "NOT EXISTS (SELECT 1 FROM people_recordclaim c WHERE c.record_id = t.record_id)"
    assert count(owner, "people_link t", orphans) == 0
    assert count(owner, "people_sourcerecord t", f"t.kind = 'qr_visits' AND {orphans}") == 0


def test_a_run_ended_in_the_middle_is_finished_by_the_next(
    nation: MadeDatabase, owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    due = {table: count(owner, table, condition) for table, condition in DUE.items()}

    def cut_off(table: str, rows: int) -> None:
        if table == "movement_visit" and rows:
            owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%_jobs_login'")

    with pytest.raises(psycopg.OperationalError):
        erase(batch=20, progress=cut_off)
    left = count(owner, "movement_visit", DUE["movement_visit"])
    assert 0 < left < due["movement_visit"]
    erase(batch=20)
    assert {table: count(owner, table, condition) for table, condition in DUE.items()} == dict.fromkeys(DUE, 0)
    proven = owner.execute(
        "SELECT table_name, sum(rows)::int FROM access.erasure WHERE because = 'period' GROUP BY 1"
    ).fetchall()
    assert {table: rows for table, rows in proven if table in DUE} == due


def test_a_date_that_cannot_be_right_keeps_nothing_for_ever(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    """A visit of the year 2091 is a slip: it counts from a month after it was received."""
    owner.execute("UPDATE movement_visit SET entered_at = '2091-01-01', left_at = NULL, day = DEFAULT")
    received = datetime(2021, 11, 20, 8, tzinfo=UTC)
    assert erase(received + timedelta(days=59)).rows["movement_visit"] == 0
    left = count(owner, "movement_visit")
    assert erase(received + timedelta(days=61)).rows["movement_visit"] == left > 0


def test_held_rows_of_movement_go_a_month_after_they_came_and_others_stay(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    movement = "kind IN ('qr_visits', 'tokhaiyte_movement', 'tokhaiyte_entry', 'tokhaiyte_domestic')"
    held, others = count(owner, "people_unplacedrow", movement), count(owner, "people_unplacedrow", f"NOT {movement}")
    assert held
    assert others
    erase(datetime(2021, 12, 25, tzinfo=UTC))
    assert count(owner, "people_unplacedrow", movement) == 0
    assert count(owner, "people_unplacedrow", f"NOT {movement}") == others


def test_the_log_survives_those_whom_it_is_about(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    person = owner.execute("SELECT person_id FROM movement_visit LIMIT 1").fetchone()[0]  # type: ignore[index]
    owner.execute(
        "INSERT INTO access.disclosure (log_id, person_id, categories)"
        " SELECT max(id), %s, '{movement}' FROM access.log",
        [person],
    )
    logged = count(owner, "access.log")
    erase()
    assert count(owner, "access.log") > logged
    assert count(owner, "access.disclosure", f"person_id = '{person}'") == 1


def test_the_same_delivery_again_balances_and_is_erased_again(
    nation: MadeDatabase, owner: psycopg.Connection, erase: Callable[..., Any], deliveries: Path, tmp_path: Path
) -> None:
    erase()
    import_delivery(nation, deliveries, tmp_path)
    erase()
    assert {table: count(owner, table, condition) for table, condition in DUE.items()} == dict.fromkeys(DUE, 0)


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_nobody_but_the_owner_may_touch_rules_proofs_or_the_declared_end(nation: MadeDatabase, role: str) -> None:
    for statement in (
        "UPDATE access.retention_rule SET days = 1", "DELETE FROM access.erasure",
        "INSERT INTO access.epidemic_end (ends_on, decision, proposed_by) VALUES ('2099-01-01', 'một quyết định', 'x')",
        "INSERT INTO access.epidemic_end_approval (end_id, officer_id, appointment_id, office) VALUES (1, 1, 1, 'x')",
    ):  # fmt: skip
        with nation.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_jobs_cannot_erase_early_or_without_an_access_opened_for_it(nation: MadeDatabase) -> None:
    call = "SELECT access.erase_batch('movement_visit', %s, 10, gen_random_uuid(), 0, decode(repeat('00', 32), 'hex'))"
    with nation.connect("jobs") as jobs, pytest.raises(psycopg.errors.InsufficientPrivilege, match="opened for it"):
        jobs.execute(call, [AS_OF])
    with nation.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="before its time"):
            jobs.execute(call, [datetime.now(UTC) + timedelta(hours=1)])
    with nation.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(call, [AS_OF])


def test_every_rule_can_be_carried_out_on_its_real_table(nation: MadeDatabase, owner: psycopg.Connection) -> None:
    for table, key in owner.execute(
        "SELECT table_name, key_column FROM access.retention_rule WHERE starts IS NOT NULL OR ends_with_epidemic"
    ).fetchall():
        owner.execute(f"SELECT {key} FROM {table} LIMIT 1")
    assert planned(nation, as_if_over=True)["people_person"].because == "end_of_epidemic"


def test_a_received_row_that_is_emptied_takes_its_dose_out_of_the_claim_and_nobody_elses(
    owner: psycopg.Connection,
) -> None:
    with_dose = "dose IS NOT NULL"
    carried = count(owner, "people_recordclaim", with_dose)
    assert carried > 1
    with owner.transaction(force_rollback=True):
        (record,) = owner.execute(
            f"SELECT record_id FROM people_recordclaim WHERE {with_dose} ORDER BY record_id LIMIT 1"
        ).fetchone() or (None,)
        owner.execute("""UPDATE people_sourcerecord SET payload = '{"erased": true}' WHERE record_id = %s""", [record])
        assert owner.execute("SELECT dose FROM people_recordclaim WHERE record_id = %s", [record]).fetchone() == (None,)
        assert count(owner, "people_recordclaim", with_dose) == carried - 1
