"""Results of tests in words, as laboratories write them. Pure; nothing raises."""

from __future__ import annotations

import unicodedata

_WORDS = {
    "260373001": ("positive", "pos", "detected", "reactive", "duong tinh", "+"),
    "260415000": ("negative", "neg", "not detected", "non reactive", "non-reactive", "am tinh", "-"),
    "419984006": ("inconclusive", "indeterminate", "equivocal", "khong xac dinh", "nghi ngo"),
}
_CODE_OF = {word: code for code, words in _WORDS.items() for word in words}


def coded_result(text: str) -> str | None:
    """The SNOMED CT code of a result in words, with or without Vietnamese marks."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(one for one in bare if not unicodedata.combining(one))
    return _CODE_OF.get(" ".join(plain.split()))
