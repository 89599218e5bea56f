"""The chain of a case as a drawing: one column for each generation, lines from who may have infected whom. Pure.

The same stands in the table beside it. Cases of other areas have no number and no link.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pccovid.contact_tracing.queries import CaseLink

_COLUMN, _ROW, _EDGE = 84, 34, 28


class Node(NamedTuple):
    """One case of the chain: its number ('' out of sight), whether it is the one that is looked at, where it stands."""

    number: int | None
    is_this: bool
    x: int
    y: int


class Arrow(NamedTuple):
    """From a possible source to a case; `is_likeliest` of all the case has."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_likeliest: bool


class Picture(NamedTuple):
    """The drawing with its size."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def picture_of(links: Sequence[CaseLink]) -> Picture | None:
    """Generations from the left, by the likeliest source of each; None where nothing is linked."""
    if not links:
        return None
    numbers = {one.source: one.source_number for one in links} | {one.target: one.target_number for one in links}
    columns: dict[int, list[int]] = {}
    for case in sorted(numbers):
        columns.setdefault(_generation(case, links), []).append(case)
    at = {
        case: (_EDGE + column * _COLUMN, _EDGE + row * _ROW)
        for column, cases in columns.items()
        for row, case in enumerate(cases)
    }
    nodes = tuple(Node(numbers[case], case == 1, *at[case]) for case in sorted(at))
    arrows = tuple(Arrow(*at[one.source], *at[one.target], one.is_likeliest) for one in links)
    return Picture(
        nodes, arrows, 2 * _EDGE + max(columns) * _COLUMN, 2 * _EDGE + (max(map(len, columns.values())) - 1) * _ROW
    )  # fmt: skip


def _generation(case: int, links: Sequence[CaseLink]) -> int:
    """How many likeliest sources stand before a case; a circle of them ends where it begins."""
    source = {one.target: one.source for one in links if one.is_likeliest}
    passed: list[int] = []
    while case in source and case not in passed:
        passed.append(case)
        case = source[case]
    return len(passed)
