"""What may happen to people through this system, as data: what answers it, what shows it, what stays possible. Pure.

docs/reference/threats.md, the assessment (docs/reference/dpia.md) and its page in the console are written from here.
Likelihood and severity are our own judgement, of nobody else; 1 is least, 4 is most.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TEST = re.compile(r"`(test_\w+)`")


class Threat(NamedTuple):
    """One threat. `likelihood` is without our measures, `after` with them; severity is for the person, and stays.

    `measures` are Markdown that names tests in code type; `who` and `harm_vi` say what happens.
    """

    code: str
    part: str
    title: str
    title_vi: str
    who: str
    harm_vi: str
    likelihood: int
    severity: int
    after: int
    measures: tuple[str, ...]
    not_stopped: str
    not_stopped_vi: str

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that its measures name, each once."""
        return tuple(dict.fromkeys(name for text in self.measures for name in _TEST.findall(text)))

    @property
    def risk(self) -> int:
        """Likelihood × severity without our measures, 1 to 16."""
        return self.likelihood * self.severity

    @property
    def residual(self) -> int:
        """Likelihood × severity with them."""
        return self.after * self.severity


def grade(risk: int) -> str:
    """low (up to 4), medium (up to 8) or high: our own choice."""
    return "low" if risk <= 4 else "medium" if risk <= 8 else "high"
