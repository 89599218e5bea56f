"""Rows join while what all rows of both sides say of each other allows it."""

from __future__ import annotations

from itertools import permutations

from pccovid.linkage.anybody.joining import Pair, clustered


def joined(weights: dict[Pair, float]) -> dict[str, str]:
    return clustered(weights, [pair for pair, weight in weights.items() if weight >= 0])


def test_one_row_that_says_little_does_not_make_a_mother_and_her_daughter_one() -> None:
    mother = {("m1", "m2"): 20.0, ("m1", "m3"): 20.0, ("m2", "m3"): 20.0}
    daughter = {("d1", "d2"): 20.0}
    apart = {(m, d): -10.0 for m in ("m1", "m2", "m3") for d in ("d1", "d2")}
    clusters = joined(mother | daughter | apart | {("m3", "d2"): 1.0})
    assert clusters == {"m1": "m1", "m2": "m1", "m3": "m1", "d1": "d1", "d2": "d1"}


def test_rows_that_share_no_key_are_one_person_through_a_third() -> None:
    assert joined({("a", "b"): 9.0, ("b", "c"): 4.0}) == {"a": "a", "b": "a", "c": "a"}


def test_a_row_that_fits_two_goes_where_it_fits_best() -> None:
    clusters = joined({("a", "x"): 12.0, ("b", "x"): 4.0, ("a", "b"): -10.0})
    assert clusters == {"a": "a", "x": "a", "b": "b"}


def test_the_order_of_pairs_changes_nothing() -> None:
    weights = {("a", "b"): 5.0, ("b", "c"): 5.0, ("c", "d"): 5.0, ("a", "d"): -9.0}
    assert len({tuple(sorted(joined(dict(order)).items())) for order in permutations(weights.items())}) == 1
