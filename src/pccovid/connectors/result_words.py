"""Results of tests in words, as laboratories write them. Pure; nothing raises."""

from __future__ import annotations

import re
import unicodedata

_POSITIVE, _NEGATIVE, _INCONCLUSIVE = "260373001", "260415000", "419984006"
_WORDS = {
    _POSITIVE: ("positive", "pos", "detected", "reactive", "duong tinh", "phat hien", "co phat hien", "+",
                "weak positive", "weakly positive", "strong positive", "duong tinh yeu", "duong tinh manh"),
    _NEGATIVE: ("negative", "neg", "not detected", "none detected", "undetected", "non reactive", "non-reactive",
                "nonreactive", "am tinh", "khong phat hien", "khong phat hien thay", "-"),
    _INCONCLUSIVE: ("inconclusive", "indeterminate", "equivocal", "khong xac dinh", "nghi ngo", "chua xac dinh"),
}  # fmt: skip
_CODE_OF = {word: code for code, words in _WORDS.items() for word in words}
_ABOUT = re.compile(
    r"\b(?:sars[- ]?cov[- ]?2|2019[- ]?ncov|ncov|covid[- ]?19|virus|vi rut|rna|ag|antigen|khang nguyen|voi|for|result"
    r"|ket qua)\b"
)
"""Words that only say what was looked for."""
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


def coded_result(text: str) -> str | None:
    """The SNOMED CT code of a result in words, with or without Vietnamese marks; None for what says two things."""
    plain = _plain(text)
    known = _CODE_OF.get(plain)
    if known or len(plain) > 100:
        return known
    outside = _code(_BRACKETS.sub(" ", plain))
    inside = {_code(one or other) for one, other in _BRACKETS.findall(plain)} - {None}
    said = inside | ({outside} if outside else set())
    return said.pop() if len(said) == 1 and (outside or not _rest(_BRACKETS.sub(" ", plain))) else None


def _code(text: str) -> str | None:
    return _CODE_OF.get(_rest(text))


def _rest(text: str) -> str:
    return " ".join(_ABOUT.sub(" ", text).strip(" .,;:!").split())


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(one for one in bare if not unicodedata.combining(one)).split())
