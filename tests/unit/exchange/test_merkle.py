"""Trees over batches are those of RFC 9162: known roots, and every path leads to the root and to nothing else."""

from __future__ import annotations

import pytest

from pccovid.exchange.merkle import leaf_of, path_to, root_by, root_of

# The entries and roots that Certificate Transparency's reference tests publish (RFC 9162's hashing).
ENTRIES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("count", ROOTS)
def test_roots_are_those_of_certificate_transparency(count: int) -> None:
    assert root_of([leaf_of(one) for one in ENTRIES[:count]]).hex() == ROOTS[count]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 8, 9, 31])
def test_each_path_leads_to_the_root_from_its_own_place_alone(count: int) -> None:
    leaves = [leaf_of(bytes([one])) for one in range(count)]
    root = root_of(leaves)
    for place, leaf in enumerate(leaves):
        path = path_to(leaves, place)
        assert root_by(leaf, place, count, path) == root
        others = [root_by(leaf, other, count, path) for other in range(count) if other != place]
        assert root not in others
        assert root_by(leaf, place, count, [*path, root]) != root
        assert root_by(leaf_of(b"another"), place, count, path) != root


def test_a_place_outside_the_batch_leads_nowhere() -> None:
    assert root_by(leaf_of(b""), 3, 3, []) is None
    assert root_by(leaf_of(b""), -1, 3, []) is None
