"""Constrained clustering: whatever the edges, no guard is ever broken, and no bridge is ever built."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.clustering import AMBIGUOUS, Edge, Progress, work_tier
from pccovid.linkage.clusters import Clusters, NodeColumns
from pccovid.linkage.guards import Birth, conflict
from pccovid.linkage.patterns import BIRTHDAY, YEAR

_EMPTY = ("personal_ids", "old_ids", "passports", "insurance_nos", "accounts", "sexes")


def _clusters(
    births: list[Birth | None], ids: list[str | None] | None = None, phones: list[str | None] | None = None
) -> Clusters:
    count = len(births)
    values: dict[str, list[str | None]] = {column: [None] * count for column in _EMPTY}
    values["personal_ids"] = ids or values["personal_ids"]
    nothing: list[str | None] = [None] * count
    columns = NodeColumns(
        values, [False] * count, births, [frozenset()] * count, nothing, nothing, nothing, frozenset(), nothing,
        phones or nothing, [None] * count, nothing,
    )  # fmt: skip
    return Clusters(columns)


def _edges(*edges: tuple[int, int, float]) -> list[Edge]:
    return sorted(Edge(-weight, left, right) for left, right, weight in edges)


BORN_1990, BORN_1960 = Birth(1990, "19900305"), Birth(1960, "19600818")


def test_chain_is_cut_where_its_ends_may_not_be_one_person() -> None:
    clusters, progress = _clusters([BORN_1990, None, BORN_1960]), Progress()
    work_tier(clusters, _edges((0, 1, 40), (1, 2, 20)), BIRTHDAY, progress)
    assert clusters.roots() == [0, 0, 2]
    assert [(cut.left, cut.right, cut.reason) for cut in progress.cuts] == [(1, 2, AMBIGUOUS)]


def test_record_that_fits_two_people_equally_is_held() -> None:
    clusters, progress = _clusters([BORN_1990, None, BORN_1960]), Progress()
    work_tier(clusters, _edges((0, 1, 30), (1, 2, 29)), BIRTHDAY, progress)
    assert clusters.roots() == [0, 1, 2]
    assert progress.held == {1}


def test_record_without_a_phone_does_not_bridge_two_phones_by_name_and_birthday() -> None:
    for phones, joined in ((["0901234567", None, "0987654321"], False), (["0901234567", None, "0901234561"], True)):
        clusters, progress = _clusters([BORN_1990] * 3, phones=phones), Progress()
        work_tier(clusters, _edges((0, 1, 30), (1, 2, 29)), BIRTHDAY, progress)
        assert clusters.roots() == ([0, 0, 0] if joined else [0, 1, 2])
        assert progress.held == (set() if joined else {1})


def test_record_of_a_known_person_is_never_held() -> None:
    clusters, progress = _clusters([BORN_1990, None, BORN_1960]), Progress(protected={1})
    work_tier(clusters, _edges((0, 1, 30), (1, 2, 29)), BIRTHDAY, progress)
    assert progress.held == set()


def test_weak_record_bridges_no_two_strong_ones_that_nothing_else_joins() -> None:
    clusters, progress = _clusters([BORN_1990, Birth(1990), Birth(1990, "19900301")]), Progress()
    work_tier(clusters, _edges((0, 1, 30), (1, 2, 29)), YEAR, progress)
    assert progress.held == {1}


def test_edges_without_any_conflict_join_all_they_touch() -> None:
    clusters = _clusters([BORN_1990] * 4)
    work_tier(clusters, _edges((0, 1, 30), (1, 2, 29), (2, 3, 3)), BIRTHDAY, Progress())
    assert clusters.roots() == [0, 0, 0, 0]


people = st.lists(
    st.tuples(
        st.sampled_from([None, BORN_1990, BORN_1960, Birth(1990)]),
        st.sampled_from([None, "001090012345", "001090077777"]),
    ),
    min_size=2,
    max_size=8,
)


@given(people, st.data())
def test_no_two_nodes_end_together_that_a_guard_keeps_apart(
    nodes: list[tuple[Birth | None, str | None]], data: st.DataObject
) -> None:
    pairs = list(combinations(range(len(nodes)), 2))
    weights = data.draw(st.lists(st.integers(1, 40), min_size=len(pairs), max_size=len(pairs)))
    chosen = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    edges = _edges(*((*pair, weight) for pair, weight, use in zip(pairs, weights, chosen, strict=True) if use))
    clusters = _clusters([birth for birth, _ in nodes], [number for _, number in nodes])
    work_tier(clusters, edges, BIRTHDAY, Progress())
    roots = clusters.roots()
    for one, other in pairs:
        if roots[one] == roots[other]:
            numbers = {nodes[one][1], nodes[other][1]} - {None}
            years = [birth.year for birth in (nodes[one][0], nodes[other][0]) if birth]
            assert len(numbers) < 2
            assert len(years) < 2 or years[0] == years[1]


@given(st.permutations([(0, 1, 9.0), (1, 2, 9.0), (2, 3, 9.0), (0, 3, 9.0)]))
def test_order_of_equal_edges_does_not_matter(edges: list[tuple[int, int, float]]) -> None:
    clusters = _clusters([BORN_1990, None, None, BORN_1960])
    progress = Progress()
    work_tier(clusters, _edges(*edges), BIRTHDAY, progress)
    expected = _clusters([BORN_1990, None, None, BORN_1960])
    work_tier(expected, _edges((0, 1, 9), (1, 2, 9), (2, 3, 9), (0, 3, 9)), BIRTHDAY, Progress())
    assert clusters.roots() == expected.roots()
    assert conflict(clusters.facts(0), clusters.facts(3), BIRTHDAY) is not None
