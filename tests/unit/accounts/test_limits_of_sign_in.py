"""The limits of sign-in, as values: who may ask for one more code, and what counts as one network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.accounts.rules import Asked, network_of, seconds_to_wait

NOW = datetime(2021, 11, 6, 8, 0, tzinfo=UTC)
asked = st.builds(
    Asked, st.integers(min_value=0, max_value=2 * 86_400).map(lambda ago: NOW - timedelta(seconds=ago)),
    st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip


def codes(count: int, *, number: bool, network: bool, proven: bool = False, minutes_ago: float = 1) -> list[Asked]:
    return [Asked(NOW - timedelta(minutes=minutes_ago), number, network, proven)] * count


def test_somebody_who_never_asked_may_ask_for_a_code() -> None:
    assert seconds_to_wait([], now=NOW) == 0


def test_a_busy_network_whose_codes_are_proven_is_never_stopped() -> None:
    assert seconds_to_wait(codes(5000, number=False, network=True, proven=True), now=NOW) == 0


def test_three_unproven_codes_close_a_number_here_but_not_elsewhere() -> None:
    assert seconds_to_wait(codes(3, number=True, network=True), now=NOW) == 14 * 60
    assert seconds_to_wait(codes(9, number=True, network=False), now=NOW) == 0
    assert seconds_to_wait(codes(10, number=True, network=False), now=NOW) == 14 * 60


def test_behind_a_carriers_address_a_neighbour_locks_nobody_out() -> None:
    neighbour = codes(999, number=False, network=True)
    assert seconds_to_wait(neighbour, now=NOW) == 0
    assert seconds_to_wait(neighbour + codes(1, number=True, network=True), now=NOW) > 0
    assert seconds_to_wait(codes(1000, number=False, network=True), now=NOW) > 0


def test_a_days_codes_of_one_number_come_to_an_end() -> None:
    proven = codes(20, number=True, network=True, proven=True, minutes_ago=600)
    assert seconds_to_wait(proven, now=NOW) == 14 * 3600
    assert seconds_to_wait(codes(60, number=True, network=False, proven=True, minutes_ago=600), now=NOW) == 14 * 3600


@given(before=st.lists(asked, max_size=200))
def test_whoever_waits_as_told_may_ask(before: list[Asked]) -> None:
    wait = seconds_to_wait(before, now=NOW)
    assert seconds_to_wait(before, now=NOW + timedelta(seconds=wait)) == 0


@given(before=st.lists(asked, max_size=60), more=st.lists(asked, max_size=60))
def test_asking_more_never_opens_what_was_closed(before: list[Asked], more: list[Asked]) -> None:
    # A number's own first code is what the wider limit of a busy network is for; here both lists name the number.
    first = Asked(NOW, True, True, False)
    assert seconds_to_wait([first, *before, *more], now=NOW) >= seconds_to_wait([first, *before], now=NOW)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unix:/run/web", ""),
        ("", ""),
    ],
)
def test_one_household_line_counts_as_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.text())
def test_no_address_however_odd_breaks_the_counting(address: str) -> None:
    assert isinstance(network_of(address), str)
