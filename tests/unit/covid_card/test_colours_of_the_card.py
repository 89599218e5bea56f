"""The colour by a province's rule, dated and explained; neutral where there is none."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from pccovid.covid_card.rules import (
    GREEN,
    NEUTRAL,
    RED,
    RULES,
    YELLOW,
    Injection,
    Known,
    Result,
    card,
    is_short_of_course,
    rule_of,
)

AT = datetime(2021, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=7)))
KHANH_HOA = "56"


def dose(days: int, product: str = "Pfizer", provenance: str = "facility") -> Injection:
    return Injection(product, AT.date() - timedelta(days=days), provenance)


def sampled(hours: float, method: str = "pcr", result: str = "negative", provenance: str = "facility") -> Result:
    return Result(method, result, AT - timedelta(hours=hours), provenance)


def colour(*doses: Injection, tests: tuple[Result, ...] = (), recovered: date | None = None) -> str:
    return card(Known(doses, tests, recovered), province=KHANH_HOA, at=AT).colour


@pytest.mark.parametrize(("doses", "expected"), [
    ((dose(60), dose(14)), GREEN), ((dose(60), dose(13)), YELLOW), ((dose(14),), YELLOW), ((dose(13),), RED),
    ((), RED), ((dose(14, "Janssen"),), GREEN), ((dose(60, "Abdala"), dose(40, "Abdala")), YELLOW),
    ((dose(60, "Abdala"), dose(40, "Abdala"), dose(20, "Abdala")), GREEN),
])  # fmt: skip
def test_doses_colour_by_course_and_by_days_to_the_day(doses: tuple[Injection, ...], expected: str) -> None:
    assert colour(*doses) == expected


@pytest.mark.parametrize(("result", "expected"), [
    (sampled(72), YELLOW), (sampled(72.1), RED), (sampled(1, method="antigen"), RED),
    (sampled(1, result="positive"), RED), (sampled(-1), RED), (sampled(1, provenance="self_declared"), RED),
])  # fmt: skip
def test_only_a_negative_pcr_of_the_last_72_hours_is_yellow(result: Result, expected: str) -> None:
    assert colour(tests=(result,)) == expected


def test_what_somebody_said_of_themselves_colours_nothing() -> None:
    assert colour(dose(60, provenance="self_declared"), dose(20, provenance="pending")) == RED


def test_a_certificate_of_recovery_counts_for_180_days() -> None:
    assert colour(recovered=AT.date() - timedelta(days=180)) == GREEN
    assert colour(recovered=AT.date() - timedelta(days=181)) == RED


@pytest.mark.parametrize("province", ["01", "79", None, "xx"])
def test_no_rule_means_no_colour_never_green(province: str | None) -> None:
    shown = card(Known([dose(60), dose(30)], []), province=province, at=AT)
    assert (shown.colour, shown.rule, shown.looked) == (NEUTRAL, None, ())


def test_a_rule_holds_from_its_day_to_its_day() -> None:
    ended = RULES[0]._replace(valid_to=date(2021, 11, 19))
    assert rule_of(KHANH_HOA, date(2021, 9, 30)) is None
    assert rule_of(KHANH_HOA, date(2021, 11, 19), (ended,)) == ended
    assert card(Known([], []), province=KHANH_HOA, at=AT, rules=(ended,)).colour == NEUTRAL


def test_the_card_says_every_condition_it_looked_at() -> None:
    shown = card(Known([dose(20)], []), province=KHANH_HOA, at=AT)
    assert [(one.colour, one.code, one.is_met) for one in shown.looked] == [
        (GREEN, "full_doses", False), (GREEN, "recovered", False), (YELLOW, "first_dose", True),
        (YELLOW, "negative_pcr", False), (RED, "everybody_else", True),
    ]  # fmt: skip


def test_a_course_is_short_only_once_it_was_begun() -> None:
    assert is_short_of_course([dose(20)])
    assert not is_short_of_course([])
    assert not is_short_of_course([dose(20, "Janssen")])
    assert not is_short_of_course([dose(60), dose(20), dose(1)])
