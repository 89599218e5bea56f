"""NATS JetStream in front by one setting: one of three servers killed under load, and not a scan is lost or doubled."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from conftest import MadeDatabase
from integration.scan_lane.conftest import register, running, scan
from integration.scan_lane.nats_cluster import NatsCluster
from integration.scan_lane.under_load import UnderLoad, stored_ids


@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, 1, 2])
def test_what_was_acknowledged_while_a_server_was_killed_reaches_the_database_once(
    made: MadeDatabase, tmp_path: Path, victim: int
) -> None:
    cluster = NatsCluster(tmp_path)
    try:
        with made.connect("owner", autocommit=True) as owner:
            owner.execute("DELETE FROM access.scan_inbox")
            secret = register(owner)
            with running(made, PCCOVID_NATS_URL=cluster.urls) as lane:
                load = UnderLoad(lane, secret, most=1_500)
                load.run(lambda: cluster.kill(victim), after=300)
                assert len(load.acknowledged) >= 300
                until = time.monotonic() + 60
                while load.acknowledged != load.sent.keys() and time.monotonic() < until:
                    load.send_the_rest()
                while len(stored_ids(owner)) < len(load.sent) and time.monotonic() < until + 60:
                    time.sleep(0.2)
                assert sorted(stored_ids(owner)) == sorted(load.sent) == sorted(load.acknowledged)
                first = scan()
                for one in (first, first, scan(code=first["code"])):
                    assert lane.send(one, secret)[1] == {"result": "stored"}
                time.sleep(3)
                # The stream does not know a replay; the database, which it reaches, stores it once.
                assert len(stored_ids(owner)) == len(load.sent) + 1
    finally:
        cluster.stop()
