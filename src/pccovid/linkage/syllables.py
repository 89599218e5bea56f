"""Vietnamese syllables: what one may look like, where its tone mark stands, and how it folds to ASCII.

A written Vietnamese syllable is onset + rhyme + tone. Sources differ in where they put the tone mark (hoà, hòa) and
in i/y after a lone consonant (Lý, Lí); both are the same syllable here. Tokens that are no Vietnamese
syllable (foreign and many ethnic-minority names) pass through unchanged.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below: the five tone marks (the level tone has none)."""
_ACUTE_OR_DOT = "\u0301\u0323"
_STRESSED_LETTERS = "ăâêôơư"
_VOWELS = frozenset("aeiouy" + _STRESSED_LETTERS)
_OPEN_GLIDES = ("oa", "oe", "uy")

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uê uêch uênh uc ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uynh uyt uyu
    uyên uyêt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh yt ych yp yn yu
"""
_ONSETS = ("", *_ONSET_LIST.split())
_RHYMES = frozenset(_RHYME_LIST.split())
_I_OR_Y_ONSETS = ("h", "k", "l", "m", "s", "t", "v", "qu")
"""Onsets after which the lone vowel is written i or y at will; elsewhere (Thi, Thy) the two are different names."""
_ONSETS_BEFORE_Y = ("", "qu")
"""Yến, Quyên: elsewhere a rhyme that goes on after this vowel is written with i (Bích)."""
_LATIN_FOLDS = {
    "đ": "d", "ð": "d", "ɖ": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
}  # fmt: skip


def fold_to_ascii(text: str) -> str:
    """Lower-case letters without any mark, đ→d; letters of other scripts stay as they are."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    bare = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
    return "".join(_LATIN_FOLDS.get(c, c) for c in bare)


def has_marks(text: str) -> bool:
    """Whether lower-case text shows any letter beyond ASCII but đ, which decomposing leaves when it drops the marks."""
    return not text.isascii() and not text.replace("đ", "d").isascii()


@lru_cache(maxsize=32768)
def canonical_token(token: str) -> str:
    """Lower-case NFC token with the tone mark in its canonical place ('hoà' → 'hòa') and 'lý' → 'lí'."""
    if token.isascii():
        return _lone_y_to_i(token)
    base, tone = _split_tone(token)
    onset, rhyme = _split_onset(base)
    if rhyme not in _RHYMES:
        return token
    return _with_tone(onset, _lone_y_to_i(base)[len(onset) :], tone)


@lru_cache(maxsize=32768)
def key_token(token: str) -> str:
    """The blocking form of one lower-case token: ASCII letters, final y→i ('thủy' → 'thui')."""
    folded = fold_to_ascii(token)
    if " " in folded:  # of one letter, where another script writes two marks as one: a blank with both
        folded = folded.replace(" ", "") or token
    return folded[:-1] + "i" if folded.endswith("y") else folded


@lru_cache(maxsize=32768)
def is_syllable(token: str) -> bool:
    """True for a lower-case token that is spelt as a Vietnamese syllable, tone included ('nguyễn', not 'nguyen')."""
    base, tone = _split_tone(unicodedata.normalize("NFC", token))
    onset, rhyme = _split_onset(base)
    if rhyme not in _RHYMES or len(tone) > 1:
        return False
    if len(rhyme) > 1 and rhyme.startswith("y") and onset not in _ONSETS_BEFORE_Y:
        return False
    is_stopped = rhyme.endswith(("c", "ch", "p", "t"))
    return not (is_stopped and tone and tone not in _ACUTE_OR_DOT)


@lru_cache(maxsize=32768)
def is_bare_syllable(token: str) -> bool:
    """True for a key token ('nguien' is not, 'lan' is) that some Vietnamese syllable folds to."""
    return any(token.startswith(onset) and token[len(onset) :] in _BARE_RHYMES for onset in _BARE_ONSETS)


@lru_cache(maxsize=32768)
def is_well_spelt(token: str) -> bool:
    """True for a Vietnamese syllable whose tone mark stands on a vowel where writers put it (not 'leõ', 'hùynh')."""
    if not is_syllable(token):
        return False
    base, tone = _split_tone(token)
    onset, rhyme = _split_onset(base)
    return rhyme in _OPEN_GLIDES or _with_tone(onset, rhyme, tone) == token


def _split_tone(token: str) -> tuple[str, str]:
    """'nguyễn' → ('nguyên', tilde); the base is NFC without tone marks."""
    decomposed = unicodedata.normalize("NFD", token)
    tone = "".join(c for c in decomposed if c in _TONES)
    base = "".join(c for c in decomposed if c not in _TONES)
    return unicodedata.normalize("NFC", base), tone


def _split_onset(base: str) -> tuple[str, str]:
    """Longest onset that leaves a known rhyme; ('', base) where none does."""
    for length in (3, 2, 1, 0):
        onset, rhyme = base[:length], base[length:]
        if len(onset) == length and onset in _ONSETS and rhyme in _RHYMES:
            return onset, rhyme
    return "", base


def _lone_y_to_i(base: str) -> str:
    return base[:-1] + "i" if base.endswith("y") and base[:-1] in _I_OR_Y_ONSETS else base


def _with_tone(onset: str, rhyme: str, tone: str) -> str:
    place = _tone_place(onset, rhyme)
    base = onset + rhyme
    return unicodedata.normalize("NFC", base[: place + 1] + tone + base[place + 1 :])


def _tone_place(onset: str, rhyme: str) -> int:
    """Index in onset + rhyme of the letter that carries the tone mark."""
    start = len(onset)
    marked = [i for i, c in enumerate(rhyme) if c in _STRESSED_LETTERS]
    if marked:
        return start + marked[-1]
    vowels = [i for i, c in enumerate(rhyme) if c in _VOWELS]
    is_open = len(vowels) == len(rhyme)
    if len(vowels) == 1 or (is_open and rhyme in _OPEN_GLIDES):
        return start + vowels[0]
    if len(vowels) == 3 or rhyme.startswith(("oa", "oe", "uy")):
        return start + vowels[1]
    return start + (vowels[0] if is_open else vowels[-1])


_BARE_ONSETS = tuple(dict.fromkeys(fold_to_ascii(onset) for onset in _ONSETS))
_BARE_RHYMES = frozenset(key_token(rhyme) for rhyme in _RHYMES)
