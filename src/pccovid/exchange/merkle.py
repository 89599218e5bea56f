"""Merkle trees over a batch of entries, as RFC 9162 (2.1) has them: root, the path of one entry, its check. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_of(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(_LEAF + entry).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of at least one entry."""
    if len(leaves) == 1:
        return leaves[0]
    middle = _middle(len(leaves))
    return _node(root_of(leaves[:middle]), root_of(leaves[middle:]))


def path_to(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """What is needed beside the leaf at `place` to reach the root, from the leaf upwards."""
    if len(leaves) == 1:
        return []
    middle = _middle(len(leaves))
    if place < middle:
        return [*path_to(leaves[:middle], place), root_of(leaves[middle:])]
    return [*path_to(leaves[middle:], place - middle), root_of(leaves[:middle])]


def root_by(leaf: bytes, place: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf, its place among `count` and its path lead to; None where they do not fit each other."""
    if not 0 <= place < count:
        return None
    if count == 1:
        return None if path else leaf
    if not path:
        return None
    middle = _middle(count)
    if place < middle:
        below = root_by(leaf, place, middle, path[:-1])
        return below and _node(below, path[-1])
    below = root_by(leaf, place - middle, count - middle, path[:-1])
    return below and _node(path[-1], below)


def _middle(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
