"""Two models side by side: what moved, and only that."""

from __future__ import annotations

from dataclasses import replace

from pccovid.linkage.model import LevelWeights, NameShares, default_model
from pccovid.relinking.comparing_models import side_by_side
from pccovid.relinking.training import with_floor


def test_a_model_beside_itself_has_not_moved() -> None:
    model = default_model()
    pairs = side_by_side(model, model)
    assert len(pairs) == sum(map(len, model.levels.values()))
    assert not [pair for pair in pairs if pair.has_moved]


def test_the_level_that_was_changed_is_the_only_one_that_moved() -> None:
    model = default_model()
    same = model.levels["phone"]["same"]
    levels = {
        **model.levels,
        "phone": {**model.levels["phone"], "same": LevelWeights(same.m, same.u / 4, same.trained)},
    }
    (moved,) = [pair for pair in side_by_side(model, replace(model, levels=levels)) if pair.has_moved]
    assert (moved.comparison, moved.level) == ("phone", "same")
    assert moved.weight_before is not None
    assert moved.weight_after is not None
    assert round(moved.weight_after - moved.weight_before, 6) == 2


def test_what_a_small_deployment_has_not_seen_keeps_the_share_of_the_model_before() -> None:
    base = default_model()
    learnt = replace(base, name_shares=NameShares(family={"nguyen": 0.5}), name_words={})
    floored = with_floor(learnt, base)
    assert floored.name_shares.family["nguyen"] == 0.5
    assert floored.name_shares.family["tran"] == base.name_shares.family["tran"]
    assert floored.name_words == base.name_words
