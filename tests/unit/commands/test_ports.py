"""Services that start side by side never settle on one port."""

from __future__ import annotations

import socket
from itertools import combinations

import pytest

from pccovid.config.commands.ports import APP, HUB, LANE, RANGE, PortIsTaken, free_port


def test_no_two_services_look_for_a_port_in_one_range() -> None:
    assert all(abs(one - other) >= RANGE for one, other in combinations((APP, LANE, HUB), 2))


def test_a_taken_port_is_passed_over_and_told_where_it_was_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", None, port) > port
        with pytest.raises(PortIsTaken):
            free_port("127.0.0.1", port, APP)
