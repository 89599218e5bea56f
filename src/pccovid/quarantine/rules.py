"""How long whom: the dated table of quarantine, and which of its rows fits somebody. Pure.

The database is filled with this table; its function quarantine_rule_for says the same of the index's own facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

CONTACT, ARRIVAL, CASE = "contact", "arrival", "case"
NEEDS = ("food", "medicine", "payment", "other")
NEED_OUTCOMES = ("met", "not_met", "not_needed")
VERDICTS = ("left", "allowed", "mistaken")
CENTRAL, HOME = "central", "home"
SHORTEST_WORDS = 10


class QuarantineRule(NamedTuple):
    """Of those of one day the first by `position` that fits is taken.

    It fits everybody, or those with `least_doses`, the last of them `dose_from_days` to `dose_to_days` ago, or who
    recovered within `recovered_days`. Days count from the last meeting (of arrivals the entry, of cases the first
    positive); `test_days` from 1. Whoever is still positive goes after `without_test_days`, where there is such a day.
    """

    code: str
    who: str
    position: int
    place: str
    days: int
    longest_days: int
    monitor_days: int
    test_days: list[int]
    home_after_day: int | None
    least_doses: int | None
    dose_from_days: int | None
    dose_to_days: int | None
    recovered_days: int | None
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    verified: bool
    without_test_days: int | None = None


_MAY_21, _JULY_21, _DEC_21, _FEB_22 = date(2021, 5, 1), date(2021, 7, 14), date(2021, 12, 16), date(2022, 2, 21)
_JAN_22, _MAR_22, _HOME_22 = date(2022, 1, 1), date(2022, 3, 15), date(2022, 1, 28)
_ENVIRONMENT, _PREVENTION = "Bộ Y tế (Cục Quản lý môi trường y tế)", "Bộ Y tế (Cục Y tế dự phòng)"
_DECISION_250 = "QĐ 250/QĐ-BYT, 28/1/2022; đủ liều: mũi cuối từ 14 ngày, theo cách hiểu của chúng tôi"
RULES = (
    QuarantineRule("f1_2021_05", CONTACT, 90, CENTRAL, 21, 35, 7, [], None, None, None, None, None, _MAY_21, _JULY_21,
                   "Bộ Y tế", "CV 3646/BCĐ", False),
    QuarantineRule("f1_2021_07", CONTACT, 90, CENTRAL, 14, 28, 14, [7], 7, None, None, None, None, _JULY_21, _FEB_22,
                   _ENVIRONMENT, "CV 5599/BYT-MT, 14/7/2021", True),
    # Full doses, the last 14 days to 6 months ago, or recovered within 6 months; a month is counted as 30 days.
    QuarantineRule("f1_full_2021_12", CONTACT, 10, HOME, 7, 14, 7, [1, 7], None, 2, 14, 180, 180, _DEC_21, _FEB_22,
                   _ENVIRONMENT, "CV 10696/BYT-MT, 16/12/2021", True),
    QuarantineRule("f1_two_doses_2022_02", CONTACT, 10, HOME, 5, 10, 5, [5], None, 2, 14, None, 90, _FEB_22, None,
                   _PREVENTION, "CV 762/BYT-DP, 21/2/2022", True),
    QuarantineRule("f1_2022_02", CONTACT, 90, HOME, 7, 14, 3, [7], None, None, None, None, None, _FEB_22, None,
                   _PREVENTION, "CV 762/BYT-DP, 21/2/2022", True),
    QuarantineRule("arrival_2021_05", ARRIVAL, 90, CENTRAL, 21, 35, 7, [], None, None, None, None, None, _MAY_21,
                   _JULY_21, "Bộ Y tế", "CV 3646/BCĐ", False),
    QuarantineRule("arrival_2021_07", ARRIVAL, 90, CENTRAL, 14, 28, 14, [7], 7, None, None, None, None, _JULY_21,
                   _JAN_22, _ENVIRONMENT, "CV 5599/BYT-MT, 14/7/2021; ngày hết hiệu lực do chúng tôi hiểu", False),
    # No document found for these two; what holds since March 2022 is for an official upload.
    QuarantineRule("arrival_full_2022_01", ARRIVAL, 10, HOME, 3, 14, 11, [3], None, 2, 14, 180, 180, _JAN_22, _MAR_22,
                   _ENVIRONMENT, "CV 10688/BYT-MT, 16/12/2021: chưa tìm thấy văn bản", False),
    QuarantineRule("arrival_2022_01", ARRIVAL, 90, HOME, 7, 14, 7, [3, 7], None, None, None, None, None, _JAN_22,
                   _MAR_22, _ENVIRONMENT, "CV 10688/BYT-MT, 16/12/2021: chưa tìm thấy văn bản", False),
    # Cases who stay at home: seven days and a negative; still positive ten days with full doses, else fourteen.
    QuarantineRule("f0_full_2022_01", CASE, 10, HOME, 7, 14, 0, [7], None, 2, 14, None, None, _HOME_22, None,
                   "Bộ Y tế", _DECISION_250, False, 10),
    QuarantineRule("f0_2022_01", CASE, 90, HOME, 7, 21, 0, [7], None, None, None, None, None, _HOME_22, None,
                   "Bộ Y tế", _DECISION_250, False, 14),
)  # fmt: skip
"""How far an order may be extended (`longest_days`) is our own choice; the documents say nothing of it."""


class Standing(NamedTuple):
    """What decides: how many doses, when the last was, when somebody recovered."""

    doses: int = 0
    last_dose_on: date | None = None
    recovered_on: date | None = None


def rule_for(rules: Iterable[QuarantineRule], who: str, on: date, of: Standing) -> QuarantineRule | None:
    """The rule for somebody on a day; None where no row of that day fits."""
    fitting = [
        rule for rule in rules
        if rule.who == who and rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)
        and _fits(rule, on, of)
    ]  # fmt: skip
    return min(fitting, key=lambda rule: rule.position, default=None)


def _fits(rule: QuarantineRule, on: date, of: Standing) -> bool:
    is_for_anybody = rule.least_doses is None and rule.recovered_days is None
    return is_for_anybody or _fits_by_doses(rule, on, of) or _fits_by_recovery(rule, on, of)


def _fits_by_doses(rule: QuarantineRule, on: date, of: Standing) -> bool:
    if rule.least_doses is None or of.doses < rule.least_doses or of.last_dose_on is None:
        return False
    since = (on - of.last_dose_on).days
    return (rule.dose_from_days or 0) <= since and (rule.dose_to_days is None or since <= rule.dose_to_days)


def _fits_by_recovery(rule: QuarantineRule, on: date, of: Standing) -> bool:
    if rule.recovered_days is None or of.recovered_on is None:
        return False
    return (on - of.recovered_on).days <= rule.recovered_days
