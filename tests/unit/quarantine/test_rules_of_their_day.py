"""The dated table of quarantine gives each day and standing the row of its document."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.quarantine.rules import CONTACT, RULES, Standing, rule_for


@pytest.mark.parametrize(
    ("on", "standing", "expected"),
    [
        (date(2021, 5, 20), Standing(2, date(2021, 4, 1)), ("central", 21, 7)),
        (date(2021, 7, 14), Standing(), ("central", 14, 14)),
        (date(2021, 12, 16), Standing(2, date(2021, 11, 1)), ("home", 7, 7)),
        (date(2021, 12, 16), Standing(2, date(2021, 12, 10)), ("central", 14, 14)),
        (date(2021, 12, 16), Standing(0, None, date(2021, 9, 1)), ("home", 7, 7)),
        (date(2022, 2, 21), Standing(2, date(2021, 3, 1)), ("home", 5, 5)),
        (date(2022, 2, 21), Standing(0, None, date(2021, 11, 1)), ("home", 7, 3)),
        (date(2022, 2, 21), Standing(1, date(2021, 12, 1)), ("home", 7, 3)),
    ],
)
def test_the_table_says_where_how_long_and_how_long_after(
    on: date, standing: Standing, expected: tuple[str, int, int]
) -> None:
    rule = rule_for(RULES, CONTACT, on, standing)
    assert rule is not None
    assert (rule.place, rule.days, rule.monitor_days) == expected


@given(st.dates(date(2021, 5, 1), date(2026, 12, 31)), st.integers(0, 5), st.integers(0, 400))
def test_every_contact_of_any_day_has_a_rule_and_doses_never_make_it_longer(on: date, doses: int, ago: int) -> None:
    plain = rule_for(RULES, CONTACT, on, Standing())
    dosed = rule_for(RULES, CONTACT, on, Standing(doses, on - timedelta(days=ago)))
    assert plain is not None
    assert dosed is not None
    assert dosed.days <= plain.days
