"""Training: it learns from claims alone, always the same, and leaves priors where it saw nothing."""

import pytest

from pccovid.linkage.comparing import COMPARISONS
from pccovid.linkage.model import Model, default_model, prior_levels
from pccovid.linkage.training import train
from unit.linkage.made_claims import record, table

_GIVEN = [
    "Lan",
    "Hoa",
    "Mai",
    "Anh",
    "Minh",
    "Nam",
    "Hùng",
    "Dũng",
    "Tuấn",
    "Hải",
    "Sơn",
    "Linh",
    "Trang",
    "Thảo",
    "Vy",
]
_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ"]


@pytest.fixture(scope="module")
def trained() -> Model:
    rows = []
    for number in range(1_200):
        name = f"{_FAMILY[number % 10]} Thị {_GIVEN[number % 15]}"
        born = f"{1 + number % 28:02}/{1 + number % 12:02}/{1950 + number % 50}"
        claimed = {"personal_id": f"0011{number % 50 + 50:02}{number:06}", "phone": f"09{number:08}", "sex": "female"}
        rows += [
            record(f"a:{number}", name, born, **claimed),
            record(f"b:{number}", name.upper(), born[-4:], **claimed),
        ]
    return train(table(rows), version="test", trained_on="1,200 made people")


def test_agreeing_levels_weigh_for_and_disagreeing_ones_against(trained: Model) -> None:
    assert trained.weight("phone", "same") > 5
    assert trained.weight("birth", "far") < 0
    assert trained.weight("name", "different") < 0


def test_levels_that_never_occurred_keep_their_priors(trained: Model) -> None:
    assert trained.levels["passport"] == prior_levels()["passport"]


def test_common_family_name_is_learnt_to_be_common(trained: Model) -> None:
    assert trained.name_shares.family["nguyen"] == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_default_model_has_a_finite_weight_for_every_level(comparison: object) -> None:
    model = default_model()
    for level in comparison.level_names:  # type: ignore[attr-defined]
        assert -25 < model.weight(comparison.name, level) < 25  # type: ignore[attr-defined]
