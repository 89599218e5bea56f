"""kill -9 under load: what was acknowledged is stored, to the row; what was not is stored once when sent again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from conftest import MadeDatabase, prepare
from integration.scan_lane.conftest import Lane, register, running
from integration.scan_lane.under_load import UnderLoad, stored_ids
from pccovid.foundation.cluster import Cluster
from pccovid.foundation.roles import SCAN, role_url, set_up_roles


def test_what_a_killed_lane_acknowledged_is_stored_and_the_rest_once(made: MadeDatabase, secret: str) -> None:
    with running(made) as lane:
        load = UnderLoad(lane, secret)
        load.run(lane.kill, after=400)
        assert 400 <= len(load.acknowledged) < len(load.sent)
        with made.connect("owner", autocommit=True) as owner:
            assert load.acknowledged <= set(stored_ids(owner)) <= load.sent.keys()
            lane.start()
            load.send_the_rest()
            assert sorted(stored_ids(owner)) == sorted(load.sent) == sorted(load.acknowledged)


@pytest.mark.slow
@pytest.mark.parametrize("after", [50, 700, 1500])
def test_what_was_acknowledged_before_the_database_was_killed_is_stored_and_the_rest_once(
    tmp_path: Path, after: int
) -> None:
    cluster = Cluster(tmp_path)
    with cluster.in_use() as url:
        set_up_roles(url, tmp_path)
        prepare(url)
        with psycopg.connect(url) as owner:
            secret = register(owner)
        lane = Lane(role_url(url, SCAN, tmp_path))
        try:
            load = UnderLoad(lane, secret)
            load.run(lambda: kill_server(cluster), after=after)
            assert after <= len(load.acknowledged) < len(load.sent)
            assert lane.send([], secret)[0] in (200, 503)
            cluster.start()
            # The server may have come up on another port; the lane keeps the address it was given.
            assert cluster.url() == url
            with psycopg.connect(url, autocommit=True) as owner:
                assert load.acknowledged <= set(stored_ids(owner)) <= load.sent.keys()
                load.send_the_rest()
                assert sorted(stored_ids(owner)) == sorted(load.sent) == sorted(load.acknowledged)
        finally:
            lane.stop()


def kill_server(cluster: Cluster) -> None:
    """SIGKILL to the server and every process of it: nothing is flushed, nothing is said."""
    (first, *_) = (cluster.data / "postmaster.pid").read_text().split()
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for number in (first, *children):
        os.kill(int(number), signal.SIGKILL)
    until = time.monotonic() + 20
    while Path(f"/proc/{first}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
