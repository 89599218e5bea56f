"""Repair of names in an older Vietnamese encoding that were read as Latin-1 (or Windows-1252).

Three faults occur in old exports: TCVN3 (ABC fonts, one byte for each letter), VNI (a letter, then a byte for its
mark) and UTF-8 bytes read as single bytes. A text is repaired only when what it says now is not Vietnamese spelling
and what it becomes is; anything else, foreign names above all, stays as it came.
"""

from __future__ import annotations

import re

from pccovid.linkage.family_names import FAMILY_NAMES
from pccovid.linkage.syllables import is_syllable, is_well_spelt

_TCVN3_CAPITALS = ("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ")
_TCVN3_SMALL = (
    "¨©®ª«¬\u00ad µ¸¶·¹ »¾¼½Æ ÇÊÈÉË ÌÐÎÏÑ ÒÕÓÔÖ ×ÝØÜÞ ßãáâä åèæçé êíëìî ïóñòô õøö÷ù úýûüþ",
    "ăâđêôơư àáảãạ ằắẳẵặ ầấẩẫậ èéẻẽẹ ềếểễệ ìíỉĩị òóỏõọ ồốổỗộ ờớởỡợ ùúủũụ ừứửữự ỳýỷỹỵ",
)
_TCVN3 = dict(zip(*_TCVN3_CAPITALS, strict=True)) | dict(zip(*_TCVN3_SMALL, strict=True))
del _TCVN3[" "]
"""TCVN 5712:1993, VN3 form (ABC fonts): the byte as Latin-1 → the letter. Capitals with a tone have no byte."""

_VNI_TONES = "øùûõï"
_VNI_CIRCUMFLEX = "âàáåãä"
_VNI_BREVE = "êèéúüë"
_VNI_LETTERS = {
    "a": (_VNI_TONES + _VNI_CIRCUMFLEX + _VNI_BREVE, "àáảãạâầấẩẫậăằắẳẵặ"),
    "e": (_VNI_TONES + _VNI_CIRCUMFLEX, "èéẻẽẹêềếểễệ"),
    "o": (_VNI_TONES + _VNI_CIRCUMFLEX, "òóỏõọôồốổỗộ"),
    "u": (_VNI_TONES, "ùúủũụ"),
    "y": (_VNI_TONES[:4], "ỳýỷỹ"),
    "ô": (_VNI_TONES, "ờớởỡợ"),
    "ö": (_VNI_TONES, "ừứửữự"),
}
"""Base letter as Latin-1 → its marks as Latin-1, and the letter that each pair stands for."""
_VNI_LONE = dict(zip("ñìíæóòôöî", "đìíỉĩịơưỵ", strict=True))
_VNI_PAIRS = {
    base + mark: letter
    for base, (marks, letters) in _VNI_LETTERS.items()
    for mark, letter in zip(marks, letters, strict=True)
}
_VNI_UNIT = re.compile(
    f"{'|'.join(_VNI_PAIRS)}|[{''.join(_VNI_LONE)}]|[^\\x00-\\x7f]",
    re.IGNORECASE,
)
"""A pair, else a lone letter, else a mark that belongs to nothing."""

_NEVER_IN_A_NAME = frozenset("¡¢§£¤¥¦¨©®ª«¬\u00adµ¸¶·¹»¾¼½×÷ÞþßÆæ")
"""Characters that neither Vietnamese nor the usual foreign names contain, but that TCVN3 text shows."""
_CERTAIN_TCVN3 = re.compile("[A-Za-z][¨©ª«¬®µ¶·¸¹»¼½¾][a-z]|[A-Za-z][«¬®¨©ª](?![A-Za-z])")
_LETTER_RUNS = re.compile(r"[^\W\d_]+(?:\u0303)?")
_SURELY_VIETNAMESE = re.compile("[\u1ea0-\u1ef9]")
"""Letters such as ạ and ễ: no single byte read as Latin-1 or Windows-1252 can have become one."""
_SMALL_START = re.compile(r"(?<!\w)[^\x00-\x7f]")
_UTF8_LEAD = re.compile("[\u00c3-\u00c6\u00e1\u00e2\u00cc]")
_BROKEN_UTF8_LIMIT = 3


def repair_mojibake(text: str) -> tuple[str, bool]:
    """NFC text → (text, was it repaired). Never raises; idempotent on its own result."""
    if text.isascii() or _SURELY_VIETNAMESE.search(text):
        return text, False
    repaired = _repair_utf8(text)
    if repaired != text:
        return repaired, True
    if max(text) > "\u00ff":
        return text, False
    is_right = _spells_vietnamese(_latin_look_alikes(text))
    if is_right and _VNI_THI not in _words(text)[1:]:
        return text, False
    candidates = [c for c in (_from_tcvn3(text), _from_vni(text)) if c is not None and _is_credible(c, text, is_right)]
    if not candidates:
        return text, False
    return _like_case(max(candidates, key=_likeness)), True


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
    """True where every word with marks is a Vietnamese syllable; words without marks prove nothing either way."""
    if _NEVER_IN_A_NAME.intersection(text):
        return False
    return all(word.isascii() or is_syllable(word) or word in _FAMILY_WORDS for word in _words(text))


def _is_credible(candidate: str, original: str, is_right: bool) -> bool:
    """All Vietnamese spelling, and either proof in the bytes or a family name written with its own marks.

    Where the original is Vietnamese spelling too (`is_right`), only 'Thị' for 'Thò' beside a family name counts.
    """
    words = _words(candidate)
    if _CERTAIN_TCVN3.search(original) and words and all(c.isalpha() or c in " '" for c in candidate):
        # Highland names are no Vietnamese syllables, but no name of any people is written with these signs.
        return candidate == _from_tcvn3(original)
    if not words or not all(is_well_spelt(word) or word in _KNOWN_WORDS for word in words):
        return False
    has_family = not _FAMILY_WORDS.isdisjoint((words[0], words[-1]))
    if is_right:
        return has_family and "thị" in words[1:]
    if _NEVER_IN_A_NAME.intersection(original):
        return True
    changed = sum(1 for word in words if not word.isascii())
    return has_family or (changed >= 2 and len(words) >= 3)


def _likeness(candidate: str) -> int:
    """How much a credible candidate looks like a name: a family name in front, Thị or Văn behind it."""
    words = _words(candidate)
    return 2 * (words[0] in _FAMILY_WORDS) + (not _MIDDLES.isdisjoint(words[1:]))


def _like_case(candidate: str) -> str:
    """Capitals with a tone had no code in TCVN3: capital words come with small marked vowels, and 'Ánh' as 'ánh'."""
    plain = ["".join(c for c in word if c.isascii()) for word in _LETTER_RUNS.findall(candidate)]
    is_capital = "".join(plain).isupper() and any(len(word) > 1 for word in plain)
    if is_capital:
        return candidate.upper()
    has_capitals = any(c.isupper() for c in candidate)
    return _SMALL_START.sub(lambda m: m.group().upper(), candidate) if has_capitals else candidate


_FAMILY_WORDS = frozenset(name.lower() for name in FAMILY_NAMES)
_KNOWN_WORDS = _FAMILY_WORDS | {"h", "y", "k"}
"""Beside Vietnamese syllables: family names of other peoples, and the prefixes of H'Hen, Y Bhăm, K'Brếu."""
_MIDDLES = frozenset({"thị", "văn"})
_VNI_THI = "thò"
"""What VNI makes of Thị: itself a syllable, but never a middle name."""
