"""What is compared between two people of unknown country, in levels from the same to quite another.

Thresholds are those usual for names typed by clerks (Winkler 1990; Splink's library). What a level is worth is learnt
from each file anew; what is written here is where learning begins, and what holds where a file is too small to say.

People of one home share its phone and their family name: where homes agree these say little, and are compared apart.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

Comparison = dict[str, Any]


class Level(NamedTuple):
    """How two values agree: its name, when it holds, its share among pairs of one person and of two people."""

    name: str
    condition: str
    of_one: float
    of_two: float


def comparisons_of(columns: set[str]) -> list[Comparison]:
    """The comparisons of which the files fill both sides, as Splink takes them."""
    homes = columns & {"address", "phone"}
    of_households = {
        "phone_at_home": len(homes) == 2, "family_at_home": bool(homes) and "family" in columns
    }  # fmt: skip
    return [deepcopy(comparison) for name, comparison in _ALL.items() if of_households.get(name, name in columns)]


def _comparison(
    column: str, *levels: Level, common: bool = False, chance: float | None = None, missing: str = ""
) -> Comparison:
    """Levels from the best; `common`: the best counts by how common the value is; `chance`: how often two people share
    the best, where random pairs would not show it; `missing`: what, other than a blank on either side, is nothing to
    compare."""
    nothing = {
        "sql_condition": missing or f'"{column}_l" IS NULL OR "{column}_r" IS NULL', "label_for_charts": "missing",
        "is_null_level": True,
    }  # fmt: skip
    made = [_level(*level) for level in levels]
    if common:
        made[0] |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
    if chance is not None:
        made[0] |= {"u_probability": chance, "fix_u_probability": True}
    of_one, of_two = 1 - sum(level.of_one for level in levels), 1 - sum(level.of_two for level in levels)
    return {
        "output_column_name": column,
        "comparison_levels": [nothing, *made, _level("other", "ELSE", of_one, of_two)],
    }


def _level(name: str, condition: str, of_one: float, of_two: float) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": name, "m_probability": of_one, "u_probability": of_two}


def _same(column: str, of_one: float, of_two: float) -> Level:
    return Level("same", f'"{column}_l" = "{column}_r"', of_one, of_two)


def _slips(column: str, most: int, of_one: float, of_two: float) -> Level:
    return Level(f"{most}_slips", f'damerau_levenshtein("{column}_l", "{column}_r") <= {most}', of_one, of_two)


def _like(column: str, least: float, of_one: float, of_two: float) -> Level:
    condition = f'jaro_winkler_similarity("{column}_l", "{column}_r") >= {least}'
    return Level(f"like_{round(100 * least)}", condition, of_one, of_two)


def _nothing(column: str, *, unless: str = "TRUE") -> str:
    return f'"{column}_l" IS NULL OR "{column}_r" IS NULL OR NOT coalesce({unless}, FALSE)'


def _shared(least: float) -> str:
    both = "length(list_intersect(pieces_l, pieces_r))"
    return f"{both} / greatest(1, least(length(pieces_l), length(pieces_r))) >= {least}"


def _number(column: str) -> Comparison:
    return _comparison(column, _same(column, 0.9, 1e-6), _slips(column, 1, 0.06, 1e-5), chance=_SAME_NUMBER)


_GIVEN_ELSEWHERE = """strlen(given_l) > 1 AND list_contains(names_r, given_l)
    OR strlen(given_r) > 1 AND list_contains(names_l, given_r)"""
_INITIAL = "(strlen(given_l) = 1 OR strlen(given_r) = 1) AND left(given_l, 1) = left(given_r, 1)"
_FAMILY_ELSEWHERE = "list_has_any(family_words_l, names_r) OR list_has_any(family_words_r, names_l)"
_MIDDLE_BEGINS = "starts_with(middle_l, middle_r) OR starts_with(middle_r, middle_l)"
_MIDDLE_SHARED = "list_has_any(string_split(middle_l, ' '), string_split(middle_r, ' '))"
_TURNED = """left(born_l, 4) = left(born_r, 4) AND substr(born_l, 5, 2) = right(born_r, 2)
    AND substr(born_r, 5, 2) = right(born_l, 2)"""
_TWO_PARTS = """CAST(left(born_l, 4) = left(born_r, 4) AS INTEGER)
    + CAST(right(born_l, 2) = right(born_r, 2) AS INTEGER)
    + CAST(substr(born_l, 5, 2) = substr(born_r, 5, 2) AS INTEGER) = 2"""
_YEARS_APART = "abs(CAST(year_l AS INTEGER) - CAST(year_r AS INTEGER))"
_AT_HOME = f"coalesce(address_l = address_r, FALSE) OR coalesce({_shared(0.75)}, FALSE)"
_OF_ONE_HOME = f"{_AT_HOME} OR coalesce(phone_l = phone_r, FALSE)"
_SAME_NUMBER = 1e-6
"""Chance that two people carry one number, typed by mistake or given twice."""
_ALL: dict[str, Comparison] = {
    "given": _comparison(
        "given",
        _same("given", 0.8, 0.008),
        _like("given", 0.92, 0.06, 0.006),
        Level("elsewhere", _GIVEN_ELSEWHERE, 0.02, 0.004),
        Level("initial", _INITIAL, 0.03, 0.01),
        _like("given", 0.84, 0.02, 0.01),
        Level("begins", "left(given_l, 2) = left(given_r, 2)", 0.02, 0.02),
        common=True,
    ),
    "middle": _comparison(
        "middle",
        _same("middle", 0.7, 0.03),
        Level("begins", _MIDDLE_BEGINS, 0.12, 0.04),
        Level("word_in_common", _MIDDLE_SHARED, 0.03, 0.01),
        _like("middle", 0.88, 0.03, 0.01),
        common=True,
    ),
    "family": _comparison(
        "family",
        _same("family", 0.85, 0.003),
        _like("family", 0.92, 0.05, 0.003),
        Level("elsewhere", _FAMILY_ELSEWHERE, 0.03, 0.003),
        _like("family", 0.84, 0.01, 0.005),
        Level("begins", "left(family_l, 2) = left(family_r, 2)", 0.02, 0.02),
        common=True,
        missing=_nothing("family", unless=f"NOT ({_OF_ONE_HOME})"),
    ),
    "family_at_home": _comparison(
        "family_at_home",
        _same("family", 0.85, 0.6),
        _like("family", 0.92, 0.05, 0.04),
        Level("elsewhere", _FAMILY_ELSEWHERE, 0.03, 0.03),
        _like("family", 0.84, 0.01, 0.01),
        missing=_nothing("family", unless=_OF_ONE_HOME),
    ),
    "born": _comparison(
        "born",
        _same("born", 0.9, 1e-4),
        Level("day_and_month_turned", _TURNED, 0.01, 2e-5),
        _slips("born", 1, 0.03, 0.002),
        Level("two_parts", _TWO_PARTS, 0.02, 0.002),
        _slips("born", 2, 0.02, 0.015),
        Level("year", "left(born_l, 4) = left(born_r, 4)", 0.01, 0.012),
    ),
    "year": _comparison(
        "year",
        _same("year", 0.7, 0.015),
        Level("next_year", f"{_YEARS_APART} <= 1", 0.18, 0.03),
        Level("near_year", f"{_YEARS_APART} <= 3", 0.08, 0.06),
        missing="born_l IS NOT NULL AND born_r IS NOT NULL OR year_l IS NULL OR year_r IS NULL",
    ),
    "sex": _comparison("sex", _same("sex", 0.97, 0.5)),
    "national_id": _comparison(
        "national_id",
        _same("national_id", 0.9, 1e-6),
        _slips("national_id", 1, 0.06, 1e-5),
        _slips("national_id", 2, 0.01, 1e-4),
        chance=_SAME_NUMBER,
    ),
    "old_id": _number("old_id"),
    "insurance_no": _number("insurance_no"),
    "phone": _comparison(
        "phone",
        _same("phone", 0.7, 1e-4),
        _slips("phone", 1, 0.03, 1e-5),
        missing=_nothing("phone", unless=f"NOT ({_AT_HOME})"),
    ),
    "phone_at_home": _comparison(
        "phone_at_home",
        _same("phone", 0.7, 0.3),
        _slips("phone", 1, 0.03, 0.01),
        missing=_nothing("phone", unless=_AT_HOME),
    ),
    "email": _comparison(
        "email",
        _same("email", 0.8, 1e-5),
        Level("same_before_at", "split_part(email_l, '@', 1) = split_part(email_r, '@', 1)", 0.05, 1e-5),
        _slips("email", 2, 0.05, 1e-5),
        _like("email", 0.88, 0.03, 1e-4),
        common=True,
    ),
    "commune": _comparison("commune", _same("commune", 0.85, 0.01), common=True),
    "address": _comparison(
        "address",
        _same("address", 0.5, 5e-4),
        Level("most", _shared(0.75), 0.2, 5e-4),
        Level("half", _shared(0.5), 0.1, 0.005),
        Level("some", _shared(0.3), 0.05, 0.05),
        common=True,
    ),
}
