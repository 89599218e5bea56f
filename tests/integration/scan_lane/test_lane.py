"""The hot lane over HTTP: stored once, refused alone, and a role behind it that can do nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
import pytest

from conftest import MadeDatabase
from integration.scan_lane.conftest import Lane, register, running, scan
from pccovid.web.scan_lane.group_commit import GroupCommit
from pccovid.web.scan_lane.postgres import PostgresStore, hash_of
from pccovid.web.scan_lane.wire import Row

# It may not even look into the schema `public`: for it there are no tables there.
_CLOSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)


def stored(made: MadeDatabase, scan_id: str) -> list[tuple[Any, ...]]:
    with made.connect("owner") as owner:
        return owner.execute(
            "SELECT kind, way, device_at, happened_at, received_at FROM access.scan_inbox WHERE scan_id = %s", [scan_id]
        ).fetchall()


def test_a_scan_sent_again_is_not_a_second_one(made: MadeDatabase, lane: Lane, secret: str) -> None:
    one = scan()
    for _ in range(3):
        assert lane.send(one, secret) == (200, {"result": "stored"})
    assert len(stored(made, one["id"])) == 1


def test_a_code_used_again_at_the_place_is_a_replay_and_leaving_is_not(
    made: MadeDatabase, lane: Lane, secret: str
) -> None:
    first = scan()
    assert lane.send(first, secret)[1] == {"result": "stored"}
    assert lane.send(scan(code=first["code"]), secret)[1] == {"result": "replayed"}
    assert lane.send(scan(code=first["code"], way="out"), secret)[1] == {"result": "stored"}
    with made.connect("owner") as owner:
        elsewhere = register(owner, place="P2")
    lane.waits_to_know(elsewhere)
    assert lane.send(scan(code=first["code"]), elsewhere)[1] == {"result": "stored"}


def test_in_a_batch_the_bad_ones_fail_alone_each_with_its_reason(made: MadeDatabase, lane: Lane, secret: str) -> None:
    good, card = scan(), scan(code="079087012345||Nguyễn Văn A|18011987|Nam||01052021")
    batch = [
        good, {"id": 7}, scan(code=good["code"][:-3] + "000"), scan(way="past"), card, None,
        scan(at=datetime.now(UTC) - timedelta(days=30)), good, scan(code=good["code"]), scan(code="x|y"),
    ]  # fmt: skip
    status, answer = lane.send(batch, secret)
    assert status == 200
    assert answer["results"] == [
        "stored", "malformed", "changed", "wrong_way", "stored", "malformed", "too_old", "stored", "replayed",
        "unreadable",
    ]  # fmt: skip
    assert len(stored(made, good["id"])) == len(stored(made, card["id"])) == 1


def test_the_devices_time_and_ours_are_both_kept(made: MadeDatabase, lane: Lane, secret: str) -> None:
    behind = timedelta(days=400)
    at = datetime.now(UTC) - behind
    one = scan(at=at)
    assert lane.send(one, secret, **{"Device-Time": (datetime.now(UTC) - behind).isoformat()})[1] == {
        "result": "stored"
    }
    ((_, _, device_at, happened_at, received_at),) = stored(made, one["id"])
    assert device_at == at
    assert abs(happened_at - (at + behind)) < timedelta(seconds=10)
    assert happened_at <= received_at


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 400), (b"[", 400), (b"7", 400), (b"[" + b"1," * 600 + b"1]", 400),
                            (b"[" + b" " * 2_100_000 + b"]", 413), ([], 200)]
)  # fmt: skip
def test_what_holds_no_scans_is_refused_as_a_whole(lane: Lane, secret: str, content: Any, status: int) -> None:
    assert lane.send(content, secret)[0] == status


def test_a_device_clock_without_a_zone_is_refused(lane: Lane, secret: str) -> None:
    for wrong in ("2026-11-28T09:00:00", "yesterday", "9" * 50):
        assert lane.send(scan(), secret, **{"Device-Time": wrong})[0] == 400


def test_unknown_devices_are_refused_and_lost_ones_are_out_within_seconds(made: MadeDatabase, lane: Lane) -> None:
    assert lane.send(scan(), "nobody's")[0] == 401
    assert lane.send(scan(), "")[0] == 401
    with made.connect("owner", autocommit=True) as owner:
        secret = register(owner)
        lane.waits_to_know(secret)
        assert lane.send(scan(), secret)[0] == 200
        owner.execute("UPDATE access.scan_device SET revoked_at = now() WHERE key_hash = %s", [hash_of(secret)])
        lane.waits_to_know(secret, known=False)
        assert lane.send(scan(), secret)[0] == 401


def test_a_device_handed_out_a_moment_ago_is_known_at_its_first_scan(made: MadeDatabase, lane: Lane) -> None:
    for _ in range(3):
        lane.send(scan(), "nobody's")  # the devices have just been asked for
        with made.connect("owner", autocommit=True) as owner:
            secret = register(owner)
        assert lane.send(scan(), secret) == (200, {"result": "stored"})


def test_where_the_lane_is_full_it_says_when_to_come_again(made: MadeDatabase, secret: str) -> None:
    with running(made, PCCOVID_SCAN_WAITING="3") as small:
        assert small.send([scan(), scan()], secret)[0] == 200
        assert small.send([scan() for _ in range(4)], secret)[0] == 429


def test_the_lanes_role_can_call_two_functions_and_read_nothing(made: MadeDatabase) -> None:
    with made.connect("owner") as owner:
        callable_by_lane = owner.execute(
            "SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'access'::regnamespace"
            " AND has_function_privilege('pccovid_scan', p.oid, 'EXECUTE') ORDER BY 1"
        ).fetchall()
        tables = [name for (name,) in owner.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname IN ('public', 'access')")]  # fmt: skip
    assert callable_by_lane == [("scan_devices",), ("take_scans",)]
    assert len(tables) > 50
    with made.connect("scan") as role:
        for table in tables:
            for statement in ("SELECT 1 FROM {} LIMIT 1", "DELETE FROM {}"):
                with pytest.raises(_CLOSED), role.transaction():
                    role.execute(statement.format(table))


def test_a_row_that_the_database_refuses_fails_alone(made: MadeDatabase) -> None:
    now = datetime.now(UTC)
    rows = [Row(UUID(int=n), UUID(int=n), UUID(int=1), 2, 0, now, now, b"x" * size)
            for n, size in ((901, 10), (902, 5000), (903, 10))]  # fmt: skip

    async def put() -> list[str]:
        pool = await asyncpg.create_pool(made.url("scan"), min_size=1, max_size=1)
        lane = GroupCommit(PostgresStore(pool))
        lane.start()
        outcomes = await lane.add(rows)
        await lane.stop()
        await pool.close()
        return outcomes

    assert asyncio.run(put()) == ["stored", "refused_by_database", "stored"]
    with made.connect("owner") as owner:
        kept = owner.execute("SELECT scan_id FROM access.scan_inbox WHERE device_id = %s", [UUID(int=1)]).fetchall()
    assert {one for (one,) in kept} == {UUID(int=901), UUID(int=903)}
