"""What is compared between two people of unknown country, in levels from the same to quite another.

Thresholds are those usual for names typed by clerks (Winkler 1990; Splink's library); what a level is worth is learnt
from each file anew.
"""

from __future__ import annotations

from typing import Any

Comparison = dict[str, Any]


def comparisons_of(columns: set[str]) -> list[Comparison]:
    """The comparisons of which the files fill both sides, as Splink takes them."""
    return [build for column, build in _ALL.items() if column in columns]


def _comparison(column: str, *levels: tuple[str, str], common: bool = False, chance: float | None = None) -> Comparison:
    """Levels from the best; `common`: the best counts by how common the value is; `chance`: how often two people share
    the best, where random pairs of a file full of repeats would not show it."""
    missing = {
        "sql_condition": f'"{column}_l" IS NULL OR "{column}_r" IS NULL', "label_for_charts": "missing",
        "is_null_level": True,
    }  # fmt: skip
    made: list[dict[str, Any]] = [{"sql_condition": condition, "label_for_charts": name} for name, condition in levels]
    if common:
        made[0] |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
    if chance is not None:
        made[0] |= {"u_probability": chance, "fix_u_probability": True}
    other = {"sql_condition": "ELSE", "label_for_charts": "other"}
    return {"output_column_name": column, "comparison_levels": [missing, *made, other]}


def _same(column: str) -> tuple[str, str]:
    return "same", f'"{column}_l" = "{column}_r"'


def _slips(column: str, most: int) -> tuple[str, str]:
    return f"{most}_slips", f'damerau_levenshtein("{column}_l", "{column}_r") <= {most}'


def _like(column: str, least: float) -> tuple[str, str]:
    return f"like_{round(100 * least)}", f'jaro_winkler_similarity("{column}_l", "{column}_r") >= {least}'


def _name_part(column: str, other: str) -> Comparison:
    return _comparison(
        column,
        _same(column),
        _like(column, 0.92),
        (f"is_{other}", f'"{column}_l" = "{other}_r" OR "{other}_l" = "{column}_r"'),
        _like(column, 0.84),
        ("begins", f'left("{column}_l", 2) = left("{column}_r", 2)'),
        common=True,
    )


_SHARED = "length(list_intersect(pieces_l, pieces_r)) / greatest(1, least(length(pieces_l), length(pieces_r)))"
_TURNED = """left(born_l, 4) = left(born_r, 4) AND substr(born_l, 5, 2) = right(born_r, 2)
    AND substr(born_r, 5, 2) = right(born_l, 2)"""
_TWO_PARTS = """CAST(left(born_l, 4) = left(born_r, 4) AS INTEGER)
    + CAST(right(born_l, 2) = right(born_r, 2) AS INTEGER)
    + CAST(substr(born_l, 5, 2) = substr(born_r, 5, 2) AS INTEGER) = 2"""
_SAME_NUMBER = 1e-6
"""Chance that two people carry one number, typed by mistake or given twice."""
_ALL: dict[str, Comparison] = {
    "given": _name_part("given", "family"),
    "family": _name_part("family", "given"),
    "born": _comparison(
        "born",
        _same("born"),
        ("day_and_month_turned", _TURNED),
        _slips("born", 1),
        ("two_parts", _TWO_PARTS),
        _slips("born", 2),
        ("year", "left(born_l, 4) = left(born_r, 4)"),
    ),
    "sex": _comparison("sex", _same("sex")),
    "national_id": _comparison(
        "national_id", _same("national_id"), _slips("national_id", 1), _slips("national_id", 2), chance=_SAME_NUMBER
    ),
    "old_id": _comparison("old_id", _same("old_id"), _slips("old_id", 1), chance=_SAME_NUMBER),
    "insurance_no": _comparison("insurance_no", _same("insurance_no"), _slips("insurance_no", 1), chance=_SAME_NUMBER),
    "phone": _comparison("phone", _same("phone"), _slips("phone", 1)),
    "email": _comparison(
        "email", _same("email"), ("same_before_at", "split_part(email_l, '@', 1) = split_part(email_r, '@', 1)"),
        _slips("email", 2), _like("email", 0.88),
        common=True,
    ),
    "commune": _comparison("commune", _same("commune"), common=True),
    "address": _comparison(
        "address", _same("address"), ("most", f"{_SHARED} >= 0.75"), ("half", f"{_SHARED} >= 0.5"),
        ("some", f"{_SHARED} >= 0.3"),
        common=True,
    ),
}  # fmt: skip
