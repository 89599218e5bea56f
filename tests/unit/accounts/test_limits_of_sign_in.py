"""The limits of sign-in, as values: who may ask for one more code, and what counts as one network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.accounts.rules import (
    CODES_A_NUMBER_A_DAY,
    UNPROVEN_A_NETWORK,
    UNPROVEN_A_NUMBER,
    AskedBefore,
    may_ask,
    network_of,
)

counts = st.integers(min_value=0, max_value=500)


def test_somebody_who_never_asked_may_ask_for_a_code() -> None:
    assert may_ask(AskedBefore(0, 0, 0))


@given(network=st.integers(min_value=0, max_value=UNPROVEN_A_NETWORK - 1))
def test_a_busy_network_whose_codes_are_proven_is_never_stopped(network: int) -> None:
    assert may_ask(AskedBefore(0, network, 0))


@given(before=st.builds(AskedBefore, counts, counts, counts))
def test_reaching_any_one_limit_is_enough_to_be_stopped(before: AskedBefore) -> None:
    at_limit = (
        before.unproven_for_number >= UNPROVEN_A_NUMBER
        or before.unproven_for_network >= UNPROVEN_A_NETWORK
        or before.for_number_today >= CODES_A_NUMBER_A_DAY
    )
    assert may_ask(before) is not at_limit


@given(before=st.builds(AskedBefore, counts, counts, counts), more=st.builds(AskedBefore, counts, counts, counts))
def test_asking_more_never_opens_what_was_closed(before: AskedBefore, more: AskedBefore) -> None:
    later = AskedBefore(*(a + b for a, b in zip(before, more, strict=True)))
    assert may_ask(before) or not may_ask(later)


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
