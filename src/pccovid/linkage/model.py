"""The linkage model: Fellegi–Sunter parameters for each level, and how common names are; versioned, as a JSON file.

A weight is log2(m / u): +1 doubles the odds that two records are of one person. Levels that training saw too seldom
keep their priors (comparing.py), and `trained` says which were learnt.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from pccovid.linkage.comparing import COMPARISONS

RAREST_NAME_PART = 0.00002
"""Share given to a name part that the model has never seen."""


@dataclass(frozen=True)
class LevelWeights:
    """m and u of one level, and whether they were learnt from data or are priors."""

    m: float
    u: float
    trained: bool = False

    @property
    def weight(self) -> float:
        """log2 of the Bayes factor of this level."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True)
class NameShares:
    """How common the parts of a name are: share of people with this family, middle and given part (ASCII keys)."""

    family: dict[str, float] = field(default_factory=dict)
    middle: dict[str, float] = field(default_factory=dict)
    given: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """Everything that scoring needs. `levels[comparison][level]` holds the weights."""

    version: str
    trained_on: str
    levels: dict[str, dict[str, LevelWeights]]
    name_shares: NameShares
    name_words: dict[str, float] = field(default_factory=dict)
    """Share of names that hold a word, with its diacritics: a far rarer word in its place may be a typing error."""
    least_people: int = 20_000
    """Size of population assumed at least: a handful of records must not make a common name look rare."""

    def weight(self, comparison: str, level: str) -> float:
        """The weight of one level in bits; 'missing' is 0. Raises KeyError for unknown names."""
        return 0.0 if level == "missing" else self.levels[comparison][level].weight

    def to_json(self) -> str:
        """The model as JSON text, stable for equal models."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False)


def read_model(text: str) -> Model:
    """JSON text of `Model.to_json` → Model. Raises KeyError or TypeError where the text is no model."""
    raw = json.loads(text)
    levels = {
        comparison: {level: LevelWeights(**weights) for level, weights in of_levels.items()}
        for comparison, of_levels in raw["levels"].items()
    }
    shares = NameShares(**raw["name_shares"])
    return Model(raw["version"], raw["trained_on"], levels, shares, raw["name_words"], raw["least_people"])


def load_model(path: Path) -> Model:
    """Reads a model file. Raises OSError where it cannot be read."""
    return read_model(path.read_text(encoding="utf-8"))


@cache
def default_model() -> Model:
    """The model that ships with the package, trained on a made nation."""
    return read_model(files("pccovid.linkage").joinpath("models/default.json").read_text(encoding="utf-8"))


def prior_levels() -> dict[str, dict[str, LevelWeights]]:
    """The documented priors of every level, none of them trained."""
    return {
        comparison.name: {level.name: LevelWeights(level.m, level.u) for level in comparison.levels}
        for comparison in COMPARISONS
    }
