"""What a clerk or a citizen does to a name."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from eighth_nation.forms import key_of
from sixth_nation.land import toneless
from sixth_nation.mistakes import NEAR, RIGHT
from sixth_nation.old_encodings import as_tcvn3, as_vni

NEIGHBOURS = {
    "a": "s", "e": "r", "i": "u", "o": "i", "u": "i", "n": "m", "m": "n", "h": "g", "g": "h", "t": "r", "r": "t",
    "c": "v", "v": "c", "l": "k", "s": "a",
}  # fmt: skip
"""The key that a finger hits instead."""
OTHER_MARKS = (
    ("ị", "ì"), ("ì", "í"), ("ạ", "à"), ("ả", "ã"), ("ã", "ả"), ("ủ", "ũ"), ("ũ", "ủ"), ("ề", "ế"), ("ễ", "ể"),
    ("ầ", "ấ"), ("ơ", "ô"), ("ă", "â"), ("â", "ă"), ("ư", "u"), ("ê", "e"), ("ồ", "ổ"), ("ù", "ú"), ("ú", "ù"),
    ("á", "à"), ("à", "á"), ("ữ", "ử"), ("ọ", "ỏ"), ("ộ", "ồ"), ("đ", "d"), ("Đ", "D"),
)  # fmt: skip
OLD_ENCODINGS = {"tcvn3", "vni"}


class WrongName(NamedTuple):
    """The name as written, the fault's name, and how right it still is: right where a normaliser brings it back."""

    name: str
    fault: str
    grade: int


def wrong_name(rng: Random, name: str) -> WrongName:
    """Without marks, with another letter or mark, short of a word, turned round, in an old encoding."""
    lot = rng.random()
    for share, way in _WAYS:
        wrong = way(rng, name) if lot < share else None
        if wrong:
            return wrong
    words = name.split()
    if len(words) >= 3 and rng.random() < 0.5:
        return WrongName(f"{words[0]}{words[1]} {' '.join(words[2:])}", "joined", RIGHT)
    return WrongName(toneless(name).lower(), "no_diacritics", RIGHT)


def _has_marks(name: str) -> bool:
    return toneless(name) != name


def _without_marks(rng: Random, name: str) -> WrongName | None:
    if not _has_marks(name):
        return None
    plain = toneless(name)
    return WrongName(plain.upper() if rng.random() < 0.6 else plain, "no_diacritics", RIGHT)


def _mistyped(rng: Random, name: str) -> WrongName | None:
    """A letter of one word; not where it makes no difference."""
    words = name.split()
    at = rng.randrange(len(words))
    if len(words[at]) <= 2:
        return None
    word = _with_a_slip(rng, words[at])
    if key_of(word) == key_of(words[at]):
        return None
    return WrongName(" ".join([*words[:at], word, *words[at + 1 :]]), "typo", NEAR)


def _with_a_slip(rng: Random, word: str) -> str:
    """Lost, doubled, swapped with the one before, or another; never the first."""
    at, lot = rng.randrange(1, len(word)), rng.random()
    if lot < 0.35:
        return word[:at] + word[at + 1 :]
    if lot < 0.55:
        return word[:at] + word[at] + word[at:]
    if lot < 0.7 and at > 1:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return word[:at] + NEIGHBOURS.get(toneless(word[at]).lower(), "n") + word[at + 1 :]


def _with_another_mark(rng: Random, name: str) -> WrongName | None:
    for right, wrong in rng.sample(OTHER_MARKS, len(OTHER_MARKS)):
        if right in name:
            return WrongName(name.replace(right, wrong, 1), "wrong_mark", RIGHT)
    return None


def _without_a_middle(rng: Random, name: str) -> WrongName | None:
    words = name.split()
    if len(words) < 3:
        return None
    is_short = len(words) == 3 or rng.random() < 0.5
    return WrongName(" ".join([words[0], *(words[-1:] if is_short else words[2:])]), "middle_missing", NEAR)


def _family_last(rng: Random, name: str) -> WrongName | None:
    words = name.split()
    return WrongName(" ".join([*words[1:], words[0]]), "family_last", RIGHT) if len(words) > 1 else None


def _in_an_old_encoding(rng: Random, name: str) -> WrongName | None:
    if not _has_marks(name):
        return None
    if rng.random() < 0.5:
        return WrongName(as_tcvn3(name), "tcvn3", RIGHT)
    return WrongName(as_vni(name), "vni", RIGHT)


_WAYS: tuple[tuple[float, Callable[[Random, str], WrongName | None]], ...] = (
    (0.30, _without_marks),
    (0.44, _mistyped),
    (0.62, _with_another_mark),
    (0.72, _without_a_middle),
    (0.84, _family_last),
    (0.97, _in_an_old_encoding),
)
"""Below which lot a way is tried; where it cannot be taken, the next one is."""
