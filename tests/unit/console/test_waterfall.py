"""Evidence drawn as a waterfall: each bar begins where the one before it ended, inside the drawing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.web.console.waterfall import WIDTH, waterfall

WEIGHTS = st.floats(-40, 40).map(lambda weight: round(weight, 2))
EVIDENCE = st.dictionaries(
    st.sampled_from(["name", "birth", "sex", "phone", "area", "personal_id", "something new"]),
    st.fixed_dictionaries({"level": st.sampled_from(["same", "different"]), "weight": WEIGHTS}),
    min_size=1,
)


@given(EVIDENCE)
def test_the_last_sum_is_the_sum_of_all_weights(evidence: dict[str, dict[str, object]]) -> None:
    drawn = waterfall(evidence)
    assert drawn is not None
    assert drawn.total == pytest.approx(sum(float(str(found["weight"])) for found in evidence.values()))


@given(EVIDENCE)
def test_every_bar_lies_inside_the_drawing(evidence: dict[str, dict[str, object]]) -> None:
    drawn = waterfall(evidence)
    assert drawn is not None
    for step in drawn.steps:
        assert 0 <= step.x <= WIDTH + 0.1
        assert step.x + step.width <= WIDTH + 1.2


@given(EVIDENCE)
def test_each_bar_begins_where_the_one_before_ended(evidence: dict[str, dict[str, object]]) -> None:
    drawn = waterfall(evidence)
    assert drawn is not None
    at = drawn.zero
    for step in drawn.steps:
        begin, end = (step.x, step.x + step.width) if step.weight >= 0 else (step.x + step.width, step.x)
        assert begin == pytest.approx(at, abs=1.2)
        at = end


def test_attributes_stand_in_the_order_of_comparison_whatever_the_database_made_of_it() -> None:
    drawn = waterfall({name: {"level": "same", "weight": 1.0} for name in ("zeta", "area", "sex", "birth", "name")})
    assert drawn is not None
    assert [step.attribute for step in drawn.steps] == ["name", "birth", "sex", "area", "zeta"]


@pytest.mark.parametrize(
    "evidence", [{}, {"person_before": "x"}, {"name": {"level": "missing", "weight": 0.0}}, {"name": {"level": "same"}}]
)
def test_evidence_without_any_weight_draws_nothing(evidence: dict[str, object]) -> None:
    assert waterfall(evidence) is None
