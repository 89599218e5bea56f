"""All threats, in the order in which they are told."""

from __future__ import annotations

from pccovid.web.governance.threat import Threat, grade
from pccovid.web.governance.threats_by_people import THREATS_BY_PEOPLE
from pccovid.web.governance.threats_to_things import THREATS_TO_THINGS

__all__ = ["THREATS", "Threat", "grade"]

THREATS: tuple[Threat, ...] = THREATS_BY_PEOPLE + THREATS_TO_THINGS
