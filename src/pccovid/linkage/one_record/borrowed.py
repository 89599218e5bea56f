"""Whether a number alone joins two people of like names (borrowed_numbers.py), asked of one pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pccovid.linkage.borrowed_numbers import BY_NUMBER_ALONE, HOLDERS, OTHERWISE_NAMED, OWN
from pccovid.linkage.one_record.expressions import condition
from pccovid.linkage.one_record.nodes import Node
from pccovid.linkage.one_record.pairs import Pair


class _Asked(NamedTuple):
    """The row, who else carries its number, and a third node."""

    a: Node
    b: Node
    u: Node


def _of_three(table: str, column: str) -> str:
    return f"p.{table}.{column}"


_BY_NUMBER_ALONE = condition(BY_NUMBER_ALONE, lambda _, column: f"p.{column}")
_OTHERWISE_NAMED, _OWN, _HOLDERS = (condition(sql, _of_three) for sql in (OTHERWISE_NAMED, OWN, HOLDERS))


def is_borrowed(pair: Pair, nodes: Sequence[Node]) -> bool:
    """borrowed_numbers.leave_borrowed_numbers, for a pair among these nodes."""
    if not _BY_NUMBER_ALONE(pair) or not _OTHERWISE_NAMED(_Asked(pair.l, pair.r, pair.l)):
        return False
    return any(_is_borrowed_by(a, b, nodes) for a, b in ((pair.l, pair.r), (pair.r, pair.l)))


def _is_borrowed_by(a: Node, b: Node, nodes: Sequence[Node]) -> bool:
    return any(u is not a and _OWN(_Asked(a, b, u)) for u in nodes) and any(
        u is not b and _HOLDERS(_Asked(a, b, u)) for u in nodes
    )
