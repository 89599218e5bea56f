"""Who is meant where another table, or free text, names somebody of a line list: as written, or loosely if sure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_FLOATED = re.compile(r"(\d+)\.0+")
_WORDS_BEFORE = re.compile(
    "^(?:confirmed)?(?:cases?|patients?|caso|cas|bn|benhnhan|bệnhnhân|số|no|nr|num|numero|numéro|id|ca|p|pt|확진자|환자|病例|患者)(?=[0-9])"
)
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SEVERAL = re.compile(r"[,;/&+|\n、，；]|\b(?:and|et|y|và)\b")
_TOKEN = re.compile(r"[^\W_][\w.#-]*", re.UNICODE)
_NUMBERED = re.compile(
    r"(?:cases?|patients?|casos?|cas|bn|số|ca|no|#|확진자|환자|病例)(?: ?n[°ºo]\.?)?[ .:#]*"
    r"(\d+(?:(?: ?,| and| ?&)? ?\d+)*)", re.I,
)  # fmt: skip
_BRACKETS = "()[]{}\"' "


def name_of(text: str) -> str:
    """As people are known: blanks single, '12.0' of a spreadsheet as '12'."""
    plain = " ".join(text.split())
    whole = _FLOATED.fullmatch(plain)
    return whole[1] if whole else plain


def _loose(text: str) -> str:
    """'Case 017' and '#17' alike, 'TJ-1' and 'tj1' alike."""
    small = unicodedata.normalize("NFKC", text).casefold()
    joined = "".join(one for one in small if one.isalnum())
    return _ZEROS.sub("", _WORDS_BEFORE.sub("", joined))


def _shape(text: str) -> tuple[str, int]:
    """Letters and digits as they follow each other; of digits alone their number as well."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", text)), len(text) if text.isdigit() else 0


class People:
    """Everybody of the line lists, and what else they are called there."""

    def __init__(self) -> None:
        self._exact: dict[str, str] = {}
        self._loosely: defaultdict[str, set[str]] = defaultdict(set)
        self._endings: defaultdict[str, set[str]] = defaultdict(set)
        self._shapes: set[tuple[str, int]] = set()

    def add(self, person: str, aliases: Iterable[str] = ()) -> None:
        self._exact[person] = person
        self._loosely[_loose(person)].add(person)
        self._shapes.add(_shape(person))
        if number := re.search(r"\d+$", person):
            self._endings[number[0].lstrip("0")].add(person)
        for alias in filter(None, aliases):
            self._loosely[_loose(alias)].add(person)

    def one(self, text: str) -> str | None:
        """Whose name or number this is; None where nobody's or several people's."""
        name = name_of(text)
        if name in self._exact:
            return name
        found = set() if _SEVERAL.search(name) else self._loosely.get(_loose(name), set())
        return next(iter(found)) if len(found) == 1 else None

    def or_as_written(self, text: str) -> str:
        """Somebody of the line lists, or somebody new of this name."""
        return self.one(text) or name_of(text)

    def named_in(self, text: str) -> tuple[str, ...]:
        """Everybody a cell names: a number, several, or numbers within words ('family of cases TJ34 and TJ37')."""
        if whole := self.one(text):
            return (whole,)
        if "://" in text:
            return ()
        found: list[str] = []
        for part in _SEVERAL.split(text):
            name = name_of(part.strip(_BRACKETS))
            if name:
                found += [who] if (who := self.one(name)) else self._within(name)
        found += self._numbered_in(text)
        return tuple(dict.fromkeys(found))

    def _within(self, words: str) -> list[str]:
        """Numbers with letters that are somebody's, in words; or a lone one of the same kind as the known ones."""
        tokens = [one.strip(".-#") for one in _TOKEN.findall(words)]
        signs = [one for one in tokens if re.search(r"\d", one)]
        found = [who for one in signs if not one.isdigit() and (who := self.one(one))]
        alone = not found and len(tokens) == 1 and bool(signs) and _shape(words) in self._shapes
        return [name_of(words)] if alone else found

    def _numbered_in(self, text: str) -> list[str]:
        """'case 109' where numbers are called TJ109, and no two of them end alike."""
        numbers = [one for match in _NUMBERED.finditer(text) for one in re.findall(r"\d+", match[1])]
        told = [self.one(one) or self._ending(one) for one in numbers]
        return [one for one in told if one]

    def _ending(self, number: str) -> str | None:
        found = self._endings.get(number.lstrip("0"), set())
        return next(iter(found)) if len(found) == 1 else None

    def __bool__(self) -> bool:
        return bool(self._exact)
