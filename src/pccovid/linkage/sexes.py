"""Reading of sex as forms, exports and cards code it."""

from __future__ import annotations

import unicodedata
from typing import Literal

Coding = Literal["any", "one_two", "one_zero"]
"""'one_two': 1 male, 2 female, 0 unknown (the personal QR and the exports). 'one_zero': 1 male, 0 female."""

_MALE = frozenset({"nam", "m", "male", "man", "trai", "be trai", "nam gioi", "dan ong", "1", "con trai"})
_FEMALE = frozenset(
    {"nu", "f", "female", "woman", "gai", "be gai", "nu gioi", "dan ba", "phu nu", "2", "con gai", "w", "n÷", "noo"}
)
"""'n÷' is nữ in TCVN3 read as Latin-1; 'noo' is what folding leaves of the VNI form nöõ."""
_LONGEST = 20


def read_sex(value: str | int | None, *, coding: Coding = "any") -> str | None:
    """'male', 'female' or None for unknown, other and unreadable; never raises. 'any' reads numbers as 'one_two'."""
    if value is None or isinstance(value, bool):
        return None
    word = str(value) if isinstance(value, int) and abs(value) < 10 else value
    if not isinstance(word, str) or len(word) > _LONGEST:
        return None
    known = _KNOWN.get(word)
    if known is not None and coding != "one_zero":
        return known
    return _read_word(_folded(word), coding)


def _read_word(word: str, coding: Coding) -> str | None:
    if coding == "one_zero" and word in {"0", "2"}:
        return "female" if word == "0" else None
    if word in _MALE:
        return "male"
    return "female" if word in _FEMALE else None


def _folded(word: str) -> str:
    """Lower case without marks and without a spreadsheet's '.0'."""
    decomposed = unicodedata.normalize("NFKD", word.strip().lower().removesuffix(".0"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


_KNOWN = {
    "Nam": "male", "nam": "male", "NAM": "male", "M": "male", "1": "male", "male": "male",
    "Nu": "female", "Nữ": "female", "nu": "female", "NU": "female", "F": "female", "2": "female", "female": "female",
}  # fmt: skip
