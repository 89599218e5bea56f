"""As what a given name without its diacritics could be read: THUY is Thúy, Thùy or Thủy, QUAN is nothing but Quân.

Twins' and sisters' names often differ in that alone. Where the bare letters have one reading only, a child's record
without diacritics cannot be such a twin's.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping

from pccovid.linkage.model import Model
from pccovid.linkage.patterns import NOBODYS_WORD


def reads_otherwise(model: Model) -> Callable[[str], bool]:
    """A function of a given name with its diacritics: whether its bare letters are somebody else's name too."""
    readings = _readings(model.name_words)
    return lambda given: bool(readings.get(_bare(given), frozenset()) - {given})


def _readings(shares: Mapping[str, float]) -> dict[str, frozenset[str]]:
    """Bare letters → the names they may be, each of a share that makes it somebody's."""
    marked: dict[str, set[str]] = defaultdict(set)
    for word, share in shares.items():
        if share > NOBODYS_WORD and not word.isascii():
            marked[_bare(word)].add(word)
    found = {bare: frozenset(words) for bare, words in marked.items()}
    # Written bare is mostly what lacks its diacritics; a name of its own it is where it is commoner than all others.
    return found | {
        bare: words | {bare}
        for bare, words in found.items()
        if shares.get(bare, 0.0) >= sum(shares[word] for word in words)
    }


def _bare(word: str) -> str:
    signs = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(sign for sign in signs if not unicodedata.combining(sign))
