"""What a declaration means on arrival: dated rules over its answers. Pure.

Levels, most urgent first: `emergency` (go or call for help now), `today` (the commune's health station calls the
same day), `watch` (look after oneself, declare again tomorrow), `none`. The signs of danger are those that guidance
for patients at home names; we had no document before us when we wrote the thresholds, so every row is unverified and
an official upload may replace it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

EMERGENCY, TODAY, WATCH, NONE = "emergency", "today", "watch", "none"
LEVELS = (EMERGENCY, TODAY, WATCH, NONE)
QUEUED = (EMERGENCY, TODAY)
"""Levels that reach the commune's queue."""

_FROM = date(2021, 9, 13)
_OWN_READING = "cách đọc của hệ thống về hướng dẫn người mắc COVID-19 tại nhà; chờ văn bản"


class Sign(NamedTuple):
    """One rule: `question` answered with `answer` (or below/above a number) means `level`.

    `oldest`: only of people younger than that many years; `youngest`: only from that age on.
    """

    code: str
    question: str
    level: str
    answer: str = ""
    below: float | None = None
    at_least: float | None = None
    youngest: int | None = None
    valid_from: date = _FROM
    valid_to: date | None = None
    issuer: str = ""
    document: str = _OWN_READING
    is_verified: bool = False


SIGNS: tuple[Sign, ...] = (
    Sign("hard_to_breathe", "symptoms", EMERGENCY, "dyspnoea"),
    Sign("chest_pain", "symptoms", EMERGENCY, "chest_pain"),
    Sign("bleeding", "symptoms", EMERGENCY, "haemorrhage"),
    Sign("low_oxygen", "spo2", EMERGENCY, below=94),
    Sign("falling_oxygen", "spo2", TODAY, below=96),
    Sign("high_fever", "temperature", TODAY, at_least=39),
    Sign("met_a_case", "contact_case", TODAY, "yes"),
    Sign("fever", "symptoms", TODAY, "fever"),
    Sign("lost_taste_or_smell", "symptoms", TODAY, "loss_of_taste_or_smell"),
    Sign("ill_at_an_age", "has_symptom", TODAY, "yes", youngest=65),
    Sign("ill_with_a_disease", "ill_with_a_disease", TODAY, "yes"),
    Sign("some_symptom", "has_symptom", WATCH, "yes"),
    Sign("met_somebody_ill", "contact_sick", WATCH, "yes"),
    Sign("warm", "temperature", WATCH, at_least=37.5),
)
MINUTES = {EMERGENCY: 15, TODAY: 8 * 60}
"""How long the station has to answer; our own choice."""
RULES_VERSION = "2021-09-13/1"


class Triage(NamedTuple):
    """The level with the signs that led to it, and in how many minutes the station is to answer (None: not at all)."""

    level: str
    reasons: tuple[str, ...]
    minutes: int | None


def triage(
    answers: Mapping[str, object], *, age: int | None, has_disease: bool, on: date, signs: tuple[Sign, ...] = SIGNS
) -> Triage:
    """The most urgent level that any rule in force on that day gives. `age` in whole years, None where unknown."""
    derived = {**answers, **_derived(answers, has_disease)}
    met = [sign for sign in signs if _in_force(sign, on) and _fits(sign, derived, age)]
    level = min((sign.level for sign in met), key=LEVELS.index, default=NONE)
    return Triage(level, tuple(sign.code for sign in met if sign.level == level), MINUTES.get(level))


def _derived(answers: Mapping[str, object], has_disease: bool) -> dict[str, object]:
    is_ill = bool(answers.get("symptoms"))
    own_disease = has_disease or bool(answers.get("chronic_diseases"))
    return {
        "has_symptom": "yes" if is_ill else "no", "ill_with_a_disease": "yes" if is_ill and own_disease else "no",
    }  # fmt: skip


def _in_force(sign: Sign, on: date) -> bool:
    return sign.valid_from <= on and (sign.valid_to is None or on <= sign.valid_to)


def _fits(sign: Sign, answers: Mapping[str, object], age: int | None) -> bool:
    value = answers.get(sign.question)
    if value is None or (sign.youngest is not None and (age is None or age < sign.youngest)):
        return False
    if isinstance(value, int | float):
        return (sign.below is not None and value < sign.below) or (sign.at_least is not None and value >= sign.at_least)
    return sign.answer in value if isinstance(value, list | tuple) else value == sign.answer
