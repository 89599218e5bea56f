"""Whole days of movement go by dropping their partition: with a proof each, and nothing beside them is touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from conftest import MadeDatabase
from integration.retention.conftest import KEY, count

AS_OF = datetime(2021, 11, 15, tzinfo=UTC)
LAST_WHOLE_DAY = date(2021, 10, 15)
"""AS_OF is seven in the morning in Viet Nam: of 16 October seven hours are due, the day is not."""
PARTED = ("movement_scan", "movement_trip", "movement_visit")
_DAYS = (
    "SELECT c.relname, c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent::regclass::text = ANY (%s) AND c.relkind = 'r' AND c.relname ~ '_d[0-9]{8}$'"
)
_SALT = "decode(repeat('5a', 32), 'hex')"


def days_of(owner: psycopg.Connection) -> dict[str, int]:
    """Partition of a day → its number in the catalogue."""
    return dict(owner.execute(_DAYS, [list(PARTED)]).fetchall())


def is_whole(partition: str) -> bool:
    return date.fromisoformat(partition[-8:]) <= LAST_WHOLE_DAY


def test_days_that_are_due_as_a_whole_are_gone_and_no_other_is_touched(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    before = days_of(owner)
    due = {name for name in before if is_whole(name)}
    young = {name for name in before if not is_whole(name) and not name.endswith("20211016")}
    assert len(due) > 20
    assert len(young) > 10
    rows = {name: owner.execute(f"SELECT xmin::text, ctid::text, * FROM {name}").fetchall() for name in young}
    erase(AS_OF)
    assert days_of(owner) == {name: number for name, number in before.items() if name not in due}
    for name in young:
        assert owner.execute(f"SELECT xmin::text, ctid::text, * FROM {name}").fetchall() == rows[name], name


def test_each_dropped_day_has_a_proof_that_its_rows_open(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    from pccovid.retention.operations import commitment_of, salt_of
    from pccovid.retention.proofs import verify_erasures

    rows = {
        (name.rpartition("_d")[0], name): [str(key) for (key,) in owner.execute(f"SELECT id FROM {name}")]
        for name in days_of(owner)
        if is_whole(name)
    }
    erased = erase(AS_OF)
    assert verify_erasures(owner).is_whole
    for (table, name), ids in rows.items():
        day = date.fromisoformat(name[-8:])
        ((count_told, batch, committed),) = owner.execute(
            "SELECT rows, batch, commitment FROM access.erasure WHERE table_name = %s AND because = 'period'"
            " AND cut_off = access.first_moment(%s)",
            [table, day + timedelta(days=1)],
        ).fetchall()
        assert count_told == len(ids)
        assert committed == commitment_of(salt_of(KEY, erased.run, batch), table, ids)


def test_a_day_due_in_part_stays_and_loses_what_is_due_of_it(
    owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    of_day, moment = "day = '2021-10-16'", "coalesce(left_at, entered_at, recorded_at)"
    kept = count(owner, "movement_visit", f"{of_day} AND {moment} >= '2021-10-16 00:00+00'")
    assert kept
    erase(AS_OF)
    assert "movement_visit_d20211016" in days_of(owner)
    assert count(owner, "movement_visit", of_day) == kept


def test_rows_of_no_usable_day_are_erased_by_themselves(owner: psycopg.Connection, erase: Callable[..., Any]) -> None:
    owner.execute("UPDATE movement_visit SET day = DEFAULT WHERE day = '2021-10-14'")
    strays = count(owner, "movement_visit_rest")
    assert strays
    erase(AS_OF)
    assert count(owner, "movement_visit_rest") == 0


def test_of_a_day_that_is_due_every_row_is_due_and_of_a_later_one_none(owner: psycopg.Connection) -> None:
    """Rows with any moment and any receipt, held to the rule that batches go by."""
    owner.execute("SELECT setseed(0.2021)")
    owner.execute(
        "CREATE TEMP TABLE made AS SELECT m.entered_at, m.recorded_at, access.movement_day(m.entered_at, m.recorded_at)"
        " AS day FROM (SELECT CASE WHEN random() < 0.9 THEN r.at + (random() - 0.7) * interval '200 days' END"
        " AS entered_at, r.at AS recorded_at FROM"
        " (SELECT timestamptz '2021-11-20' - random() * interval '200 days' AS at FROM generate_series(1, 50000)) r) m"
    )
    due = "coalesce(entered_at, recorded_at) < c.cut OR recorded_at < c.cut - interval '30 days'"
    cuts = "(SELECT timestamptz '2021-04-01' + n * interval '31 hours' AS cut FROM generate_series(0, 250) n) c"
    usable = "day <> '0001-01-01'"
    assert 0 < count(owner, "made", f"NOT ({usable})") < 25_000
    whole = f"{usable} AND access.first_moment(day + 1) <= c.cut"
    later = f"{usable} AND day > (c.cut AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    tables = f"(SELECT * FROM made LIMIT 5000) m, {cuts}"
    assert count(owner, tables, whole) > 100_000
    assert count(owner, tables, f"{whole} AND NOT ({due})") == 0
    assert count(owner, tables, later) > 100_000
    assert count(owner, tables, f"{later} AND ({due})") == 0


def test_dropping_a_day_reads_that_day_and_no_other(nation: MadeDatabase, owner: psycopg.Connection) -> None:
    owner.execute("ANALYZE")
    name, rows = max(
        ((name, count(owner, name)) for name in days_of(owner) if is_whole(name) and name.startswith("movement_visit")),
        key=lambda found: found[1],
    )
    day = date.fromisoformat(name[-8:])
    with nation.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
        erased = jobs.execute(
            f"SELECT access.drop_day('movement_visit', %s, %s, gen_random_uuid(), 0, {_SALT})", [day, AS_OF]
        ).fetchone()
        read = jobs.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relname LIKE 'movement%%' AND seq_tup_read + coalesce(idx_tup_fetch, 0) > 0"
        ).fetchall()
        left = jobs.execute("SELECT to_regclass(%s) IS NULL", [name]).fetchone()
    assert erased == (rows,)
    assert left == (True,)
    assert [(table, found) for table, found in read if table != name] == []


def test_who_is_ended_in_the_middle_of_a_drop_leaves_the_day_and_no_proof(
    nation: MadeDatabase, owner: psycopg.Connection
) -> None:
    before, rows = days_of(owner), count(owner, "movement_visit")
    name = min(name for name in before if name.startswith("movement_visit"))
    day = date.fromisoformat(name[-8:])
    with nation.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
        jobs.execute(f"SELECT access.drop_day('movement_visit', %s, %s, gen_random_uuid(), 0, {_SALT})", [day, AS_OF])
        owner.execute("SELECT pg_terminate_backend(%s)", [jobs.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            jobs.execute("SELECT 1")
    assert (days_of(owner), count(owner, "movement_visit")) == (before, rows)
    assert count(owner, "access.erasure") == count(owner, "access.left_to_forget") == 0


def test_what_a_dropped_day_leaves_to_forget_is_forgotten_by_the_next_run(
    nation: MadeDatabase, owner: psycopg.Connection, erase: Callable[..., Any]
) -> None:
    sources = [s for (s,) in owner.execute("SELECT source_record_id FROM movement_visit WHERE day <= '2021-10-15'")]

    def cut_off(table: str, rows: int) -> None:
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%_jobs_login'")

    with pytest.raises(psycopg.OperationalError):
        erase(AS_OF, progress=cut_off)
    assert count(owner, "access.left_to_forget") > 0
    erase(AS_OF)
    assert count(owner, "access.left_to_forget") == 0
    left = owner.execute("SELECT payload FROM people_sourcerecord WHERE id = ANY (%s)", [sources]).fetchall()
    assert {payload for (payload,) in left} == {'{"erased": true}'}


def test_a_day_that_somebody_reads_is_erased_by_batches_and_dropped_by_the_next_run(
    nation: MadeDatabase, owner: psycopg.Connection, erase: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pccovid.retention import operations

    monkeypatch.setattr(operations, "TRIES", 1)
    with nation.connect("owner") as reader:
        owner.execute(
            "DELETE FROM access.retention_rule WHERE table_name IN ('movement_scan', 'movement_trip')"
        )  # so that it waits for few
        for name in days_of(owner):
            if name.startswith("movement_visit") and is_whole(name) and not name.endswith("20211015"):
                owner.execute(f"DROP TABLE {name}")
        due = count(owner, "movement_visit", "day = '2021-10-15'")
        reader.execute("SELECT count(*) FROM movement_visit")
        assert erase(AS_OF).rows["movement_visit"] >= due > 0
        assert count(owner, "movement_visit", "day = '2021-10-15'") == 0
        assert "movement_visit_d20211015" in days_of(owner)
    erase(AS_OF)
    assert "movement_visit_d20211015" not in days_of(owner)


def test_jobs_drop_no_day_early_and_none_without_an_access_opened_for_it(nation: MadeDatabase) -> None:
    call = f"SELECT access.drop_day('movement_visit', %s, %s, gen_random_uuid(), 0, {_SALT})"
    with nation.connect("jobs") as jobs, pytest.raises(psycopg.errors.InsufficientPrivilege, match="opened for it"):
        jobs.execute(call, [LAST_WHOLE_DAY, AS_OF])
    for day, as_of, why in (
        (LAST_WHOLE_DAY + timedelta(days=1), AS_OF, "not due"), (date(1, 1, 1), AS_OF, "not due"),
        (LAST_WHOLE_DAY, datetime.now().astimezone() + timedelta(hours=1), "before its time"),
    ):  # fmt: skip
        with nation.connect("jobs") as jobs:
            jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=why):
                jobs.execute(call, [day, as_of])
    with nation.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(call, [LAST_WHOLE_DAY, AS_OF])
