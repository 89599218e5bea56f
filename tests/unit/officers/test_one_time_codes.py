"""One-time codes as values: the standard's own examples, the window, and that a step is used once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.officers import rules

# RFC 6238, appendix B, the SHA-1 rows; its eight digits end in our six.
_RFC_SECRET = b"12345678901234567890"
NOW = datetime(2021, 11, 6, 8, 0, tzinfo=UTC)
secrets = st.binary(min_size=20, max_size=20)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standards_examples(seconds: int, code: str) -> None:
    assert rules.code_at(_RFC_SECRET, seconds // rules.STEP_SECONDS) == code


@given(secret=secrets, off=st.integers(min_value=-30, max_value=30))
def test_a_phone_half_a_minute_off_is_still_believed(secret: bytes, off: int) -> None:
    code = rules.code_at(secret, rules.step_of(NOW + timedelta(seconds=off)))
    assert rules.step_of_code(secret, code, now=NOW, used=0) is not None


@given(secret=secrets, ahead=st.integers(min_value=2, max_value=1000))
def test_codes_of_other_times_are_not_believed(secret: bytes, ahead: int) -> None:
    code = rules.code_at(secret, rules.step_of(NOW) + ahead)
    step = rules.step_of_code(secret, code, now=NOW, used=0)
    # Six digits of two times may agree by chance; then it is the code of a time in the window.
    assert step is None or rules.code_at(secret, step) == code


@given(secret=secrets)
def test_a_used_step_is_never_taken_again(secret: bytes) -> None:
    step = rules.step_of(NOW)
    found = rules.step_of_code(secret, rules.code_at(secret, step), now=NOW, used=step)
    assert found is None or found > step


@given(secret=secrets)
def test_the_code_told_next_is_one_that_is_accepted(secret: bytes) -> None:
    used = 0
    while (code := rules.next_code(secret, now=NOW, used=used)) is not None:
        step = rules.step_of_code(secret, code, now=NOW, used=used)
        assert step is not None
        assert step > used
        used = step


@pytest.mark.parametrize("typed", ["ABCD-EFGH-JKMN", " abcd efgh jkmn ", "abcdefghjkmn"])
def test_recovery_codes_are_read_however_they_are_typed(typed: str) -> None:
    assert rules.tidied_recovery_code(typed) == "abcdefghjkmn"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.7", "203.0.0.0/16"), ("2001:db8:1:2::1", "2001:db8::/32"), ("::ffff:203.0.113.7", "203.0.0.0/16"),
     ("", ""), ("unix:", "")],
)  # fmt: skip
def test_a_carriers_masts_lie_in_one_wide_network(address: str, network: str) -> None:
    assert rules.wide_network_of(address) == network
