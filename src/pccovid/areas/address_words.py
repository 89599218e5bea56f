"""A written address cut into words, with the words that announce a unit and the parts that are street or hamlet."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pccovid.areas.place_names import COMMUNE, DISTRICT, PROVINCE, comparable_words, spelled

PREFIXES: dict[tuple[str, ...], tuple[tuple[str, ...], str, str]] = {
    ("thanh", "pho"): ((PROVINCE, DISTRICT), "Thành phố", "thành phố"),
    ("t", "p"): ((PROVINCE, DISTRICT), "Thành phố", "t p"),
    ("t", "x"): ((DISTRICT,), "Thị xã", "t x"),
    ("t", "t"): ((COMMUNE,), "Thị trấn", "t t"),
    ("tp",): ((PROVINCE, DISTRICT), "Thành phố", "tp"),
    ("thi", "xa"): ((DISTRICT,), "Thị xã", "thị xã"),
    ("tx",): ((DISTRICT,), "Thị xã", "tx"),
    ("thi", "tran"): ((COMMUNE,), "Thị trấn", "thị trấn"),
    ("tt",): ((COMMUNE,), "Thị trấn", "tt"),
    ("dac", "khu"): ((COMMUNE,), "Đặc khu", "đặc khu"),
    ("tinh",): ((PROVINCE,), "Tỉnh", "tỉnh"),
    ("t",): ((PROVINCE,), "Tỉnh", "t"),
    ("quan",): ((DISTRICT,), "Quận", "quận"),
    ("q",): ((DISTRICT,), "Quận", "q"),
    ("huyen", "dao"): ((DISTRICT,), "Huyện", "huyện đảo"),
    ("huyen",): ((DISTRICT,), "Huyện", "huyện"),
    ("h",): ((DISTRICT,), "Huyện", "h"),
    ("phuong",): ((COMMUNE,), "Phường", "phường"),
    ("p",): ((COMMUNE,), "Phường", "p"),
    ("f",): ((COMMUNE,), "Phường", "f"),
    ("xa",): ((COMMUNE,), "Xã", "xã"),
    ("x",): ((COMMUNE,), "Xã", "x"),
}
"""Folded words → levels they may announce, the official kind, the word with its marks."""

_LOCAL_FIRST = (
    "so to khu kv ban buon bon lang plei cho truong benh doi quoc tl dt hl chung cc sn tang phong nha ctv kho cty "
    "cong toa d"
)
_LOCAL = "duong lo ngo ngach hem kiet thon xom ap khom kp tdp tdt kdc kcn kdt ql"
_LOCAL_WORDS = frozenset(_LOCAL.split())
_LOCAL_FIRST_WORDS = frozenset(_LOCAL_FIRST.split()) | _LOCAL_WORDS
"""First words of streets, hamlets, buildings: what follows in the same part of the address is not a commune.

Those of `_LOCAL_FIRST` are syllables of names too ('Lạng Sơn', 'Nha Trang'), so they count only at the start of a part.
"""

_STREET = "pho"
"""A street of a town, where 'thành phố' was not meant."""
_LONGEST_STREET_NAME = 3
"""Words: 'Hai Bà Trưng'."""

_NOT_ANNOUNCING = {("tt", "hue")}
"""'TT Huế' is the province Thừa Thiên Huế."""
HIGHWAY = "lo"
"""After 'xa': 'xa lộ Hà Nội' is a highway, unless a commune bears the name, as 'xa Lo Son' does."""

_WORDS = re.compile(r"\d+[^\W_]*|[^\W\d_]+|[,;\n|()-]")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
LONGEST_ADDRESS = 80
"""Words read of a text, counted from its end, where the administrative units stand."""
_COUNTRY = (["viet", "nam"], ["vn"])


@dataclass(frozen=True, slots=True)
class Announcement:
    """A prefix such as 'quận' before a name."""

    start: int
    """Position of its first word."""
    end: int
    """Position of the word after it: where the name begins."""
    levels: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one address; all tuples run in parallel."""

    keys: tuple[str, ...]
    spelled: tuple[str, ...]
    part: tuple[int, ...]
    """Number of the part between commas in which the word stands; no name reaches over its end."""
    is_local: tuple[bool, ...]
    """True for words after a house number or a street or hamlet word, up to the comma or the next prefix."""
    announcements: tuple[Announcement, ...]
    has_marks: bool
    """True where the writer used diacritics, so that a name without them is meant without them."""

    @property
    def plain_parts(self) -> list[tuple[int, int]]:
        """Start and end of every part between commas without a prefix and without street or hamlet words."""
        starts = [at for at in range(len(self.part)) if at == 0 or self.part[at] != self.part[at - 1]]
        announced = {self.part[found.start] for found in self.announcements}
        bounds = zip(starts, [*starts[1:], len(self.part)], strict=False)
        return [(a, b) for a, b in bounds if self.part[a] not in announced and not any(self.is_local[a:b])]

    @property
    def is_street_alone(self) -> bool:
        """True where every part is a house and its street, or a hamlet: 'Số 12 đường Điện Biên Phủ, Khóm An Phú'.

        Many are called as some district or province is; what has more words names a place behind the street too.
        """
        if self.announcements or not self.keys:
            return False
        starts = [at for at in range(len(self.part)) if at == 0 or self.part[at] != self.part[at - 1]]
        parts = list(zip(starts, [*starts[1:], len(self.part)], strict=True))
        if len(parts) == 1:
            return self.is_local[-1] and self._is_short(*parts[0])
        return all(self._is_surely_local(start, end) and self._is_short(start, end) for start, end in parts)

    def _is_short(self, start: int, end: int) -> bool:
        opening = max(at for at in range(start, end) if at == start or _opens_a_street(self.keys[at]))
        return end - 1 - opening <= _LONGEST_STREET_NAME

    def _is_surely_local(self, start: int, end: int) -> bool:
        """Not by a word that names of places begin with too: 'Tổ 5, Lạng Sơn' is in that province."""
        part = self.keys[start:end]
        if _opens_a_street(part[0]):
            return part[0] != _STREET
        return part[0] in _LOCAL_FIRST_WORDS and (
            part[1:2] == (_STREET,) or any(key[0].isdigit() for key in part) or part[1:3] == ("dan", _STREET)
        )

    def is_last(self, end: int) -> bool:
        """True where nothing follows."""
        return end == len(self.keys)

    def fills_part(self, start: int, end: int) -> bool:
        """True where the words stand alone between commas, but for a prefix before them."""
        before = start == 0 or self.part[start - 1] != self.part[start]
        after = end == len(self.keys) or self.part[end] != self.part[start]
        return (before or any(found.end == start for found in self.announcements)) and after


def _opens_a_street(key: str) -> bool:
    return key in _LOCAL_WORDS or key == _STREET or key[0].isdigit()


def read_words(text: str) -> Words:
    """Cuts an address into comparable words, of a longer text the last ones. Nothing readable gives no words."""
    keys: list[str] = []
    writings: list[str] = []
    parts: list[int] = []
    part = 0
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text))
    for word in _WORDS.findall(plain)[-LONGEST_ADDRESS:]:
        key, writing = _word(word)
        if key:
            keys.append(key)
            writings.append(writing)
            parts.append(part)
        elif word != "-":
            part += 1
    _drop_country(keys, writings, parts)
    announcements = tuple(_announcements(keys, writings, parts))
    is_local = _local_words(keys, parts, announcements)
    return Words(tuple(keys), tuple(writings), tuple(parts), is_local, announcements, not plain.isascii())


@lru_cache(maxsize=32768)
def _word(word: str) -> tuple[str, str]:
    return comparable_words(word).replace(" ", ""), spelled(word)


def _drop_country(keys: list[str], writings: list[str], parts: list[int]) -> None:
    for country in _COUNTRY:
        if keys[-len(country) :] == country and len(keys) > len(country):
            for words in (keys, writings, parts):
                del words[-len(country) :]


def _announcements(keys: list[str], writings: list[str], parts: list[int]) -> list[Announcement]:
    found = []
    at = 0
    while at < len(keys) - 1:
        size = next((size for size in (2, 1) if _is_prefix(keys, writings, at, size)), 0)
        end = at + size
        if size and end < len(keys) and parts[end] == parts[at]:
            levels, kind, _ = PREFIXES[tuple(keys[at:end])]
            found.append(Announcement(at, end, levels, kind))
        at += size or 1
    return found


def _is_prefix(keys: list[str], writings: list[str], at: int, size: int) -> bool:
    """A prefix without marks, or with the right ones: the 'quân' of 'Minh Quân' announces nothing."""
    prefix = PREFIXES.get(tuple(keys[at : at + size]))
    if prefix is None:
        return False
    writing = " ".join(writings[at : at + size])
    if writing.isascii():
        return tuple(keys[at : at + 2]) not in _NOT_ANNOUNCING
    return writing == prefix[2]


def _local_words(keys: list[str], parts: list[int], announcements: tuple[Announcement, ...]) -> tuple[bool, ...]:
    starts = {found.start for found in announcements}
    flags: list[bool] = []
    local = False
    for at, key in enumerate(keys):
        if at in starts or (at and parts[at] != parts[at - 1]):
            local = False
        flags.append(local)
        is_first = at == 0 or parts[at] != parts[at - 1]
        opens = key in _LOCAL_FIRST_WORDS or key[0].isdigit() if is_first else key in _LOCAL_WORDS
        local = local or opens
    return tuple(flags)
