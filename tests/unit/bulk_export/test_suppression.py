"""Blank cells cannot be worked out: every interval is compared with that of all tables a reader could think of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pccovid.bulk_export.suppression import (
    TOTAL,
    AlreadyDisclosed,
    Cell,
    Table,
    TableIsWrong,
    interval,
    is_safe,
    suppressed,
)

THRESHOLD = 3
MOST = 9
"""The largest count a brute-force reader tries in one leaf cell."""


def flat(rows: list[list[int]]) -> Table:
    """Areas a, b, c … in one top, columns x, y, z …"""
    areas, columns = "abcdef"[: len(rows)], tuple("xyzuvw"[: len(rows[0])])
    counts = {(area, column): rows[i][j] for i, area in enumerate(areas) for j, column in enumerate(columns)}
    return Table({"top": None, **dict.fromkeys(areas, "top")}, columns, counts)


def nested(rows: list[list[int]]) -> Table:
    """Two districts, the first with all leaves but the last, the second with the last alone."""
    areas, columns = "abcdef"[: len(rows)], tuple("xyzuvw"[: len(rows[0])])
    counts = {(area, column): rows[i][j] for i, area in enumerate(areas) for j, column in enumerate(columns)}
    inside = {"top": None, "p": "top", "q": "top", **dict.fromkeys(areas[:-1], "p"), areas[-1]: "q"}
    return Table(inside, columns, counts)


def tables_a_reader_can_think_of(table: Table, blank: frozenset[Cell]) -> Iterator[Table]:
    """Every table of small counts that agrees with everything published: by trying them all."""
    free = [key for key in table.counts if Cell(*key) in blank]
    for guess in product(range(MOST + 1), repeat=len(free)):
        other = Table(table.inside, table.columns, {**table.counts, **dict(zip(free, guess, strict=True))})
        if all(other.values[cell] == people for cell, people in table.values.items() if cell not in blank):
            yield other


counts = st.integers(0, 4)
small_tables = st.one_of(
    st.lists(st.lists(counts, min_size=2, max_size=2), min_size=2, max_size=2),
    st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=1),
    st.lists(st.lists(counts, min_size=1, max_size=1), min_size=2, max_size=4),
)
larger_tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=6
    )
)  # fmt: skip


@settings(max_examples=35, deadline=None)
@given(rows=small_tables, data=st.data())
def test_intervals_are_what_trying_every_table_finds(rows: list[list[int]], data: st.DataObject) -> None:
    table = nested(rows) if len(rows) > 1 and data.draw(st.booleans()) else flat(rows)
    cells = sorted(table.values)
    blank = frozenset(data.draw(st.sets(st.sampled_from(cells))))
    possible = list(tables_a_reader_can_think_of(table, blank))
    for cell in blank:
        found = interval(table, blank, cell)
        tried = [other.values[cell] for other in possible]
        assert min(tried) == found.lowest
        # One cell grows by at most five, so no other needs more than MOST.
        assert min(found.highest, 5) <= max(tried) <= found.highest


@settings(max_examples=35, deadline=None)
@given(rows=small_tables, data=st.data())
def test_no_small_number_can_be_worked_out_by_trying_every_table(rows: list[list[int]], data: st.DataObject) -> None:
    table = nested(rows) if len(rows) > 1 and data.draw(st.booleans()) else flat(rows)
    blank = suppressed(table, threshold=THRESHOLD)
    possible = list(tables_a_reader_can_think_of(table, blank))
    for cell, people in table.values.items():
        if 0 < people < THRESHOLD:
            assert cell in blank
            assert {other.values[cell] for other in possible} >= set(range(1, THRESHOLD))
    for cell in blank:
        assert len({other.values[cell] for other in possible}) > 1


@settings(max_examples=120, deadline=None)
@given(rows=larger_tables, threshold=st.integers(2, 10), is_nested=st.booleans())
def test_every_table_can_be_made_safe(rows: list[list[int]], threshold: int, is_nested: bool) -> None:
    table = nested(rows) if is_nested else flat(rows)
    assert is_safe(table, suppressed(table, threshold=threshold), threshold=threshold)


def test_one_small_cell_takes_a_square_of_cells_with_it() -> None:
    table = flat([[2, 20, 30], [25, 10, 40], [35, 45, 50]])
    blank = suppressed(table, threshold=5)
    assert Cell("a", "x") in blank
    assert len(blank) == 4
    assert not any(cell.column == TOTAL or cell.area == "top" for cell in blank)


def test_blanking_the_small_cell_alone_hides_nothing() -> None:
    table = flat([[2, 20], [25, 10]])
    assert interval(table, {Cell("a", "x")}, Cell("a", "x")) == (2, 2)
    assert not is_safe(table, {Cell("a", "x")}, threshold=5)


def test_two_blank_cells_that_add_up_to_a_small_number_are_not_enough() -> None:
    """Both cells of a row blank, but the row's total says they are 2 together."""
    table = flat([[1, 1, 30], [20, 20, 20]])
    assert not is_safe(table, {Cell("a", "x"), Cell("a", "y"), Cell("b", "x"), Cell("b", "y")}, threshold=5)
    assert is_safe(table, suppressed(table, threshold=5), threshold=5)


def test_a_table_without_small_numbers_is_published_whole() -> None:
    assert suppressed(flat([[0, 20], [25, 10]]), threshold=5) == frozenset()


def test_differencing_a_province_and_its_districts_gives_no_small_number() -> None:
    """Two releases of one table, by province first and by district later, laid beside each other."""
    rows = [[40, 3, 25], [38, 41, 22], [51, 36, 29]]
    province = flat([[sum(row[j] for row in rows[:-1]) for j in range(3)], rows[-1]])
    first = suppressed(province, threshold=5)
    whole = nested(rows)
    out = {"a": "p", "b": "q", "top": "top"}
    already = {Cell(out[cell.area], cell.column) for cell in province.values if cell not in first}
    blank = suppressed(whole, threshold=5, published=already)
    assert not blank & already
    assert is_safe(whole, blank, threshold=5)


def test_releases_made_apart_can_be_differenced_and_the_check_says_so() -> None:
    """What this guards against: each release alone is safe, both together are not."""
    whole = nested([[40, 3, 25], [38, 41, 22], [51, 36, 29]])
    alone = {Cell("a", "y"), Cell("p", "y"), Cell("top", "y"), Cell("a", TOTAL), Cell("p", TOTAL), Cell("top", TOTAL)}
    assert is_safe(whole, alone, threshold=5)
    published_before = {Cell("p", "y"), Cell("top", "y"), Cell("p", TOTAL), Cell("top", TOTAL)}
    together = alone - published_before
    assert not is_safe(whole, together, threshold=5)


def test_what_was_given_away_before_is_told_and_not_papered_over() -> None:
    table = flat([[2, 20], [25, 10]])
    already = {cell for cell in table.values if cell != Cell("a", "x")}
    with pytest.raises(AlreadyDisclosed):
        suppressed(table, threshold=5, published=already)


@pytest.mark.parametrize(
    ("inside", "leaf_counts"),
    [
        ({"a": None, "b": None}, {("a", "x"): 1, ("b", "x"): 1}),
        ({"top": None, "a": "top"}, {("a", "x"): -1}),
        ({"top": None, "a": "top"}, {}),
    ],
)
def test_a_table_that_does_not_hang_together_is_refused(
    inside: dict[str, str | None], leaf_counts: dict[tuple[str, str], int]
) -> None:
    with pytest.raises((TableIsWrong, ValueError)):
        Table(inside, ("x",), leaf_counts)
