"""How the name of an administrative unit is written and compared.

Owns the canonical spelling (NFC, one place for the tone mark, single blanks), the folded key that ignores
diacritics, case, blanks and i/y, and the words that say what kind of unit a name belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PROVINCE, DISTRICT, COMMUNE = "province", "district", "commune"
LEVELS = (PROVINCE, DISTRICT, COMMUNE)

KINDS: dict[str, str] = {
    "tỉnh": "Tỉnh",
    "thành phố": "Thành phố",
    "thị xã": "Thị xã",
    "quận": "Quận",
    "huyện": "Huyện",
    "phường": "Phường",
    "thị trấn": "Thị trấn",
    "đặc khu": "Đặc khu",
    "xã": "Xã",
}
"""Kind word in lower case → official writing."""

_TONED_PAIR = re.compile(r"(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?![^\W\d_])")
_PLAIN_OF = str.maketrans("àáảãạèéẻẽẹỳýỷỹỵ", "aaaaaeeeeeyyyyy")
_TONE_OF = {
    toned: tone
    for letters in ("àáảãạ", "èéẻẽẹ", "ỳýỷỹỵ")
    for toned, tone in zip(letters, "\u0300\u0301\u0309\u0303\u0323", strict=True)
}
_ZERO_PADDED = re.compile(r"\b0+(?=\d)")
_FINAL_Y = re.compile(r"(?:(?<=[bcdghklmnprstvx])|(?<=qu)|(?<![a-z]))y(?![a-z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]\s*")
_FOLD = {ord("đ"): "d", ord("Đ"): "d"}


def spelled(text: str) -> str:
    """Lower-case NFC with single blanks and the tone mark on the first vowel of oa, oe and uy (hoà → hòa)."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return _TONED_PAIR.sub(_tone_on_first_vowel, " ".join(lowered.split()))


def _tone_on_first_vowel(match: re.Match[str]) -> str:
    pair: str = match.group(1)
    first, second = pair[0], pair[1]
    return unicodedata.normalize("NFC", first + _TONE_OF[second]) + second.translate(_PLAIN_OF)


def without_marks(text: str) -> str:
    """Lower-case letters without diacritics, đ → d; blanks and punctuation stay."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_FOLD))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def comparable_words(text: str) -> str:
    """ASCII words divided by single blanks: no diacritics, apostrophes closed up, y → i where both are written,
    no leading zeros."""
    plain = _APOSTROPHES.sub("", without_marks(text))
    words = _NOT_WORD.sub(" ", plain).strip()
    return _ZERO_PADDED.sub("", _FINAL_Y.sub("i", words))


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """The comparable words without blanks: equal for every usual way to write one name."""
    return comparable_words(text).replace(" ", "")


def split_kind(name: str) -> tuple[str, str]:
    """'Thị trấn Sa Pa' → ('Thị trấn', 'Sa Pa'); a name without a kind word → ('', name)."""
    words = name.split(None, 2)
    if len(words) > 1 and words[0].lower() in KINDS:
        return KINDS[words[0].lower()], name.split(None, 1)[1]
    kind = KINDS.get(" ".join(words[:2]).lower())
    return (kind, words[2]) if kind and len(words) > 2 else ("", name)


def official(name: str) -> str:
    """A listed name made tidy: NFC, single blanks, kind word in its usual case, 'Phường 05' → 'Phường 5'."""
    kind, rest = split_kind(" ".join(unicodedata.normalize("NFC", name).split()))
    return _ZERO_PADDED.sub("", f"{kind} {rest}".strip())
