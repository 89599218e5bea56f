"""Repair of names in an older Vietnamese encoding that were read as Latin-1 (or Windows-1252).

Three faults occur in old exports: TCVN3 (ABC fonts, one byte for each letter), VNI (letter, then a byte for its mark) and
UTF-8 bytes read as single bytes. A text is repaired only when what it says now is not Vietnamese spelling
and what it becomes is; anything else, foreign names above all, stays as it came.
"""

from __future__ import annotations

import re

from pccovid.linkage.family_names import FAMILY_NAMES
from pccovid.linkage.syllables import is_syllable

_TCVN3 = dict(
    zip(
        "¡¢§£¤¥¦" "¨©®ª«¬\u00ad" "µ¸¶·¹" "»¾¼½Æ" "ÇÊÈÉË" "ÌÐÎÏÑ" "ÒÕÓÔÖ" "×ÝØÜÞ" "ßãáâä" "åèæçé" "êíëìî" "ïóñòô" "õøö÷ù" "úýûüþ",
        "ĂÂĐÊÔƠƯ" "ăâđêôơư" "àáảãạ" "ằắẳẵặ" "ầấẩẫậ" "èéẻẽẹ" "ềếểễệ" "ìíỉĩị" "òóỏõọ" "ồốổỗộ" "ờớởỡợ" "ùúủũụ" "ừứửữự" "ỳýỷỹỵ",
        strict=True,
    )
)  # fmt: skip
"""TCVN 5712:1993, the VN3 form of the ABC fonts: the byte as Latin-1 → the letter. Capitals with a tone have no byte."""

_VNI_TONES = "øùûõï"
_VNI_MARKED = {
    "a": dict(zip(_VNI_TONES + "â" + "àáåãä" + "ê" + "èéúüë", "àáảãạ" "â" "ầấẩẫậ" "ă" "ằắẳẵặ", strict=True)),
    "e": dict(zip(_VNI_TONES + "â" + "àáåãä", "èéẻẽẹ" "ê" "ềếểễệ", strict=True)),
    "o": dict(zip(_VNI_TONES + "â" + "àáåãä", "òóỏõọ" "ô" "ồốổỗộ", strict=True)),
    "u": dict(zip(_VNI_TONES, "ùúủũụ", strict=True)),
    "y": dict(zip(_VNI_TONES[:4], "ỳýỷỹ", strict=True)),
    "ô": dict(zip(_VNI_TONES, "ờớởỡợ", strict=True)),
    "ö": dict(zip(_VNI_TONES, "ừứửữự", strict=True)),
}  # fmt: skip
_VNI_LONE = dict(zip("ñìíæóòôöî", "đìíỉĩịơưỵ", strict=True))
_VNI_PAIRS = {base + mark: letter for base, marks in _VNI_MARKED.items() for mark, letter in marks.items()}
_VNI_UNIT = re.compile(
    "|".join([*sorted(map(re.escape, _VNI_PAIRS), key=len, reverse=True), f"[{''.join(_VNI_LONE)}]", r"[^\x00-\x7f]"]),
    re.IGNORECASE,
)

_NEVER_IN_A_NAME = frozenset("¡¢§£¤¥¦¨©®ª«¬\u00adµ¸¶·¹»¾¼½×÷ÞþßÆæ")
"""Characters that neither Vietnamese nor the usual foreign names contain, but that TCVN3 text shows."""
_LETTER_RUNS = re.compile(r"[^\W\d_]+(?:\u0303)?")
_UTF8_LEAD = re.compile("[\u00c3-\u00c6\u00e1\u00e2\u00cc]")
_BROKEN_UTF8_LIMIT = 3


def repair_mojibake(text: str) -> tuple[str, bool]:
    """NFC text → (text, was it repaired). Never raises; idempotent on its own result."""
    if text.isascii():
        return text, False
    repaired = _repair_utf8(text)
    if repaired != text:
        return repaired, True
    if max(text) > "\u00ff" or _spells_vietnamese(_latin_look_alikes(text)):
        return text, False
    for candidate in (_from_tcvn3(text), _from_vni(text)):
        if candidate is not None and _is_credible(candidate, text):
            return _like_case(candidate), True
    return text, False


def _from_tcvn3(text: str) -> str | None:
    """The text with every byte above ASCII read as TCVN3; None where a byte has no letter."""
    if any(c > "\x7f" and c not in _TCVN3 for c in text):
        return None
    return "".join(_TCVN3.get(c, c) for c in text)


def _from_vni(text: str) -> str | None:
    """The text with letter-and-mark pairs read as VNI; None where a mark stands alone."""
    units = [(m.group(), _vni_letter(m.group())) for m in _VNI_UNIT.finditer(text)]
    if any(letter is None for _, letter in units):
        return None
    return _VNI_UNIT.sub(lambda m: _vni_letter(m.group()) or "", text)


def _vni_letter(unit: str) -> str | None:
    letter = _VNI_PAIRS.get(unit.lower()) or _VNI_LONE.get(unit.lower())
    if letter is None:
        return None
    return letter.upper() if unit[0].isupper() else letter


def _repair_utf8(text: str) -> str:
    """Undo UTF-8 read as single bytes, also when it happened twice; the same text where it did not happen."""
    for _ in range(_BROKEN_UTF8_LIMIT):
        if not _UTF8_LEAD.search(text):
            return text
        once = _undo_utf8(text)
        if once is None:
            return text
        text = once
    return text


def _undo_utf8(text: str) -> str | None:
    """One undoing; None where the text cannot have been UTF-8 bytes that spell letters."""
    try:
        decoded = b"".join(_single_byte(c) for c in text).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    is_letters = all(c < "\x80" or c.isalpha() or "\u0300" <= c <= "\u0323" for c in decoded)
    return decoded if is_letters and len(decoded) < len(text) else None


def _single_byte(character: str) -> bytes:
    """The byte a Windows-1252 reader had seen; its five undefined places are read as Latin-1."""
    return character.encode("latin-1" if character <= "\u00ff" else "cp1252")


def _latin_look_alikes(text: str) -> str:
    """The Icelandic eth that keyboards of old put for Đ."""
    return text.replace("\u00d0", "Đ").replace("\u00f0", "đ")


def _words(text: str) -> list[str]:
    return [word.lower() for word in _LETTER_RUNS.findall(text)]


def _spells_vietnamese(text: str) -> bool:
    return not _NEVER_IN_A_NAME.intersection(text) and all(is_syllable(word) for word in _words(text))


def _is_credible(candidate: str, original: str) -> bool:
    """All Vietnamese spelling, and either proof in the bytes or a family name written with its own marks."""
    words = _words(candidate)
    if not words or not all(is_syllable(word) for word in words):
        return False
    if _NEVER_IN_A_NAME.intersection(original):
        return True
    changed = sum(1 for word in words if not word.isascii())
    has_family = not _FAMILY_WORDS.isdisjoint((words[0], words[-1]))
    return has_family or (changed >= 2 and len(words) >= 3)


def _like_case(candidate: str) -> str:
    """Capitals with a tone had no code in TCVN3, so capital words come with small marked vowels: raise them."""
    plain = ["".join(c for c in word if c.isascii()) for word in _LETTER_RUNS.findall(candidate)]
    is_capital = "".join(plain).isupper() and any(len(word) > 1 for word in plain)
    return candidate.upper() if is_capital else candidate


_FAMILY_WORDS = frozenset(name.lower() for name in FAMILY_NAMES)
