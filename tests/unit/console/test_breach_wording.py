"""No code of the register of breaches, or of the record of processing, is without words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django
import pytest

from pccovid.breaches.rules import BASES, KINDS, MOVES, SOURCES, STATES, Timer


@pytest.fixture(scope="module")
def wording(home: Any) -> Any:
    django.setup()
    from pccovid.web.console import breach_wording

    return breach_wording


def test_every_state_step_kind_basis_source_and_refusal_has_a_word(wording: Any) -> None:
    from pccovid.breaches.operations import REFUSALS

    assert set(wording.STATE) == set(STATES)
    assert set(wording.STEP) == {move.step for move in MOVES}
    assert set(wording.KIND) == set(KINDS)
    assert set(wording.BASIS) == set(BASES)
    assert set(wording.SOURCE) == set(SOURCES)
    assert set(wording.REFUSAL) == set(REFUSALS.values())


def test_every_step_an_office_may_take_has_its_form(wording: Any) -> None:
    from pccovid.web.console.breach_forms import FORMS

    assert set(FORMS) == {move.step for move in MOVES if move.roles}


def test_every_protection_retention_and_kind_of_doubt_of_the_record_has_a_word(wording: Any) -> None:
    from pccovid.config.governance_pages import PROTECTIONS
    from pccovid.foundation.classification import RETENTIONS
    from pccovid.web.console.processing import GRADE, KEPT_BESIDE, PROTECTION, UNVERIFIED
    from pccovid.web.console.retention import RETENTION
    from pccovid.web.governance.record import beside, unverified
    from pccovid.web.governance.threat_list import THREATS, grade

    assert set(PROTECTION) == set(PROTECTIONS)
    assert set(RETENTION) == set(RETENTIONS)
    assert set(UNVERIFIED) == set(unverified())
    assert {one.code for one in beside()} <= set(KEPT_BESIDE)
    assert {grade(one.risk) for one in THREATS} | {grade(one.residual) for one in THREATS} <= set(GRADE)


def test_the_timer_is_told_with_two_digits_of_minutes_and_not_at_all_once_stopped(wording: Any) -> None:
    from django.utils import translation

    with translation.override("vi"):
        assert wording.told_timer(Timer("running", 51, 5)) == "còn 51 giờ 05 phút"
        assert wording.told_timer(Timer("overdue", 3, 0)) == "quá hạn 3 giờ 00 phút"
        assert wording.told_timer(Timer("stopped", 0, 0)) == ""
    with translation.override("en"):
        assert wording.told_timer(Timer("soon", 2, 30)) == "2 h 30 min left"


def test_a_span_says_what_is_not_known(wording: Any) -> None:
    from django.utils import translation

    since = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    with translation.override("vi"):
        assert wording.told_span(None, None) == ""
        assert wording.told_span(since, None) == "từ 09:00, 01/03/2026, chưa rõ đến khi nào"
        assert wording.told_span(since, since) == "từ 09:00, 01/03/2026 đến 09:00, 01/03/2026"
        assert wording.told_persons(None, "unknown") == ""
        assert wording.told_persons(0, "known") == "0 người (biết chính xác)"
