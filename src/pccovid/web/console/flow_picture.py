"""Flows as a picture: where people came from on the left, where they went on the right, thicker lines for more. Pure.

The same stands in the table beside it. Areas are named in full there; the picture has their short names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_ROW, _TOP, _LEFT, _RIGHT, _WIDTH = 30, 22, 220, 420, 640
_THINNEST, _THICKEST = 1.5, 14.0


class Ribbon(NamedTuple):
    """From one side to the other; `width` grows with people."""

    y1: int
    y2: int
    width: float


class Label(NamedTuple):
    """An area's code, and where its name begins or ends."""

    code: str
    x: int
    y: int
    anchor: str


class FlowPicture(NamedTuple):
    """The drawing with its size; lines run from `left` to `right`."""

    labels: tuple[Label, ...]
    ribbons: tuple[Ribbon, ...]
    left: int
    right: int
    width: int
    height: int


def picture_of(flows: Sequence[tuple[str, str, int]]) -> FlowPicture | None:
    """(origin, destination, people) in the order of the table; None where there is nothing to draw."""
    if not flows:
        return None
    origins = list(dict.fromkeys(origin for origin, _, _ in flows))
    destinations = list(dict.fromkeys(destination for _, destination, _ in flows))
    most = max(people for _, _, people in flows)
    labels = (
        *(Label(code, _LEFT - 10, _y(row), "end") for row, code in enumerate(origins)),
        *(Label(code, _RIGHT + 10, _y(row), "start") for row, code in enumerate(destinations)),
    )
    ribbons = tuple(
        Ribbon(_y(origins.index(one)), _y(destinations.index(other)), _width(people, most))
        for one, other, people in flows
    )
    height = 2 * _TOP + _ROW * (max(len(origins), len(destinations)) - 1)
    return FlowPicture(labels, ribbons, _LEFT, _RIGHT, _WIDTH, height)


def _y(row: int) -> int:
    return _TOP + _ROW * row


def _width(people: int, most: int) -> float:
    return round(_THINNEST + (_THICKEST - _THINNEST) * people / most, 1)
