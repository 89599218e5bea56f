"""Small numbers in tables of counts: which cells must stay blank so that no small number can be worked out. Pure.

A table counts people by area and by something else (column); areas nest (commune, district, province …), every area
and the whole table have totals. Each cell takes part in exactly two sums, so the table is a circulation in a network
whose arcs are the cells: what a reader can work out about a blank cell is exact and found by maximum flow, and since
flows of whole numbers stay whole, so are the intervals. (The network model of cell suppression is standard: see
docs/reference/exports-out.md for sources and for what the method does not promise.)
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

TOTAL = "*"
"""The column of an area's total."""
UNBOUNDED = 1 << 60


class Cell(NamedTuple):
    """One number of the table: an area (or the top one) and a column, TOTAL for the area's own total."""

    area: str
    column: str


class Interval(NamedTuple):
    """What a reader can work out: the cell lies between `lowest` and `highest` (UNBOUNDED: anything)."""

    lowest: int
    highest: int


class TableIsWrong(ValueError):
    """The areas are no tree with one top, or a count is missing, negative, or of an unknown column."""


Node = tuple[str, str]
Step = tuple[Node, Cell | None, int]
"""To which node, by blanking which cell (None: one that is blank already), at what cost."""


@dataclass(frozen=True)
class Table:
    """Counts by area and column. `inside`: area → the area it lies in, None for the top; leaves carry the counts.

    Raises TableIsWrong.
    """

    inside: Mapping[str, str | None]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    """(leaf area, column) → people."""
    values: Mapping[Cell, int] = field(init=False)

    def __post_init__(self) -> None:
        leaves = set(self.inside) - set(self.inside.values())
        tops = [area for area, outer in self.inside.items() if outer is None]
        wanted = {(leaf, column) for leaf in leaves for column in self.columns}
        if len(tops) != 1 or TOTAL in self.columns or wanted != set(self.counts) or min(self.counts.values()) < 0:
            raise TableIsWrong("areas must be a tree with one top, and every leaf has one count for each column")
        object.__setattr__(self, "values", self._summed())

    @property
    def top(self) -> str:
        return next(area for area, outer in self.inside.items() if outer is None)

    def is_leaf(self, area: str) -> bool:
        return area not in self.inside.values()

    def arc(self, cell: Cell) -> tuple[Node, Node]:
        """The two sums a cell takes part in, as the nodes its arc leads from and to."""
        area, column = cell
        outer = self.inside[area]
        own = ("row", area) if self.is_leaf(area) else ("nest", f"{area}/{column}")
        above = ("row", "") if outer is None else ("nest", f"{outer}/{column}")
        return (own, above) if column == TOTAL else (above, own)

    def _summed(self) -> dict[Cell, int]:
        values = {Cell(area, column): 0 for area in self.inside for column in (*self.columns, TOTAL)}
        for (leaf, column), people in self.counts.items():
            area: str | None = leaf
            while area is not None:
                values[Cell(area, column)] += people
                values[Cell(area, TOTAL)] += people
                area = self.inside[area]
        return values


def suppressed(table: Table, *, threshold: int, published: Iterable[Cell] = ()) -> frozenset[Cell]:
    """The cells that must stay blank.

    All counts from 1 to `threshold` - 1 (whatever is such in `published` is out already and cannot be called back),
    and as many others as it takes that nobody can work out more about a small number than that it is small: the
    interval of each covers 1 to `threshold` - 1, and no blank cell is pinned to one value. `published`: cells of the
    same table that stood in an earlier release, which a reader lays beside this one. Raises AlreadyDisclosed.
    """
    known = frozenset(published)
    small = [cell for cell, people in table.values.items() if 0 < people < threshold and cell not in known]
    blank = set(small)
    for cell in sorted(small):
        _protect(table, cell, blank, known, threshold)
    return frozenset(blank)


class AlreadyDisclosed(ValueError):
    """What was published before gives a small number away, whatever is left blank now."""


def interval(table: Table, blank: Iterable[Cell], cell: Cell) -> Interval:
    """Exactly what a reader of everything but the `blank` cells, who knows all counts are 0 or more, can work out."""
    free = frozenset(blank)
    people = table.values[cell]
    if cell not in free:
        return Interval(people, people)
    tail, head = table.arc(cell)
    residual = _Residual(table, free - {cell})
    more = residual.flow(head, tail, UNBOUNDED)
    less = _Residual(table, free - {cell}).flow(tail, head, people)
    return Interval(people - less, UNBOUNDED if more >= UNBOUNDED else people + more)


def is_safe(table: Table, blank: Iterable[Cell], *, threshold: int) -> bool:
    """Whether the blank cells hide every small number as `suppressed` promises."""
    free = frozenset(blank)
    found = {cell: interval(table, free, cell) for cell in free}
    return all(_is_hidden(table.values[cell], found.get(cell), threshold) for cell in table.values) and all(
        one.highest > one.lowest for one in found.values()
    )


def _is_hidden(people: int, found: Interval | None, threshold: int) -> bool:
    if not 0 < people < threshold:
        return True
    return found is not None and found.lowest <= 1 and found.highest >= threshold - 1


def _protect(table: Table, cell: Cell, blank: set[Cell], known: frozenset[Cell], threshold: int) -> None:
    """Blank further cells, cheapest first, until the interval of this one is wide enough."""
    tail, head = table.arc(cell)
    people = table.values[cell]
    for source, sink, wanted in ((head, tail, max(threshold - 1 - people, 1)), (tail, head, people - 1)):
        while wanted > 0:
            residual = _Residual(table, blank - {cell})
            if residual.flow(source, sink, wanted) >= wanted:
                break
            added = _cheapest_path(table, source, sink, residual, blank | known)
            if not added:
                raise AlreadyDisclosed(f"{cell} can be worked out from what is published already")
            blank |= added


class _Residual:
    """How much each blank cell can still grow or shrink, starting from the true table."""

    def __init__(self, table: Table, blank: Iterable[Cell]) -> None:
        self._room: dict[Node, dict[Node, int]] = {}
        for one in blank:
            tail, head = table.arc(one)
            self._room.setdefault(tail, {})[head] = UNBOUNDED
            self._room.setdefault(head, {}).setdefault(tail, 0)
            self._room[head][tail] += table.values[one]

    def flow(self, source: Node, sink: Node, most: int) -> int:
        """The largest flow from source to sink, at most `most`: shortest augmenting paths."""
        total = 0
        while total < most and (path := self._path(source, sink)):
            amount = min(most - total, *(self._room[a][b] for a, b in path))
            for a, b in path:
                self._room[a][b] -= amount
                self._room[b][a] = min(UNBOUNDED, self._room[b].get(a, 0) + amount)
            total += amount
        return total

    def steps(self) -> Iterator[tuple[Node, list[Step]]]:
        """Where there is room left, at no cost."""
        for at, rooms in self._room.items():
            yield at, [(to, None, 0) for to, room in rooms.items() if room > 0]

    def _path(self, source: Node, sink: Node) -> list[tuple[Node, Node]]:
        came: dict[Node, Node] = {source: source}
        queue = [source]
        for at in queue:
            for to, room in self._room.get(at, {}).items():
                if room > 0 and to not in came:
                    came[to] = at
                    queue.append(to)
        return list(_steps(came, sink)) if sink in came else []


def _cheapest_path(table: Table, source: Node, sink: Node, residual: _Residual, settled: Set[Cell]) -> set[Cell]:
    """The cells to blank for one more path: what blank cells still leave room for is free, others cost whom they count.

    Totals cost more than all else, so that they go last.
    """
    steps: dict[Node, list[Step]] = {node: list(free) for node, free in residual.steps()}
    dear = table.values[Cell(table.top, TOTAL)]
    for one, people in table.values.items():
        if one in settled:
            continue
        tail, head = table.arc(one)
        cost = 1 + people + (dear if one.column == TOTAL or not table.is_leaf(one.area) else 0)
        steps.setdefault(tail, []).append((head, one, cost))
        if people > 0:
            steps.setdefault(head, []).append((tail, one, cost))
    return _dijkstra(steps, source, sink)


def _dijkstra(steps: Mapping[Node, list[Step]], source: Node, sink: Node) -> set[Cell]:
    best: dict[Node, int] = {source: 0}
    came: dict[Node, tuple[Node, Cell | None]] = {}
    heap = [(0, source)]
    while heap:
        cost, at = heapq.heappop(heap)
        if at == sink:
            return {cell for cell in _cells(came, source, sink) if cell is not None}
        if cost > best[at]:
            continue
        for to, cell, more in steps.get(at, []):
            if cost + more < best.get(to, UNBOUNDED):
                best[to], came[to] = cost + more, (at, cell)
                heapq.heappush(heap, (cost + more, to))
    return set()


def _cells(came: Mapping[Node, tuple[Node, Cell | None]], source: Node, sink: Node) -> Iterator[Cell | None]:
    at = sink
    while at != source:
        at, cell = came[at]
        yield cell


def _steps(came: Mapping[Node, Node], sink: Node) -> Iterator[tuple[Node, Node]]:
    at = sink
    while came[at] != at:
        yield came[at], at
        at = came[at]
