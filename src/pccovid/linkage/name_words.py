"""The words of a name field: family names by key, titles, and texts that stand where a name should but are none."""

from __future__ import annotations

from pccovid.linkage.family_names import COMMON_FAMILY_NAMES, FAMILY_NAMES
from pccovid.linkage.syllables import canonical_token, key_token

FAMILY_KEYS: frozenset[str] = frozenset(key_token(name.lower()) for name in FAMILY_NAMES)
"""Family names in key form ('lý' → 'li'): the test for 'could this token be a family name'."""

COMMON_FAMILY_KEYS: frozenset[str] = frozenset(key_token(name.lower()) for name in COMMON_FAMILY_NAMES)
COMMON_FAMILY_TOKENS: frozenset[str] = frozenset(canonical_token(name.lower()) for name in COMMON_FAMILY_NAMES)

RATHER_GIVEN: frozenset[str] = frozenset(
    {
        "van",
        "thi",
        "an",
        "ngoc",
        "hoa",
        "trang",
        "hung",
        "manh",
        "man",
        "kien",
        "lien",
        "yen",
        "loc",
        "tri",
        "phuong",
        "bao",
    }
)
"""Keys of rare family names that in front of a turned name are far more often a middle or given name."""


def _spellings(key: str) -> set[str]:
    return {canonical_token(name.lower()) for name in FAMILY_NAMES if key_token(name.lower()) == key}


FAMILIES_OF_ONE_SPELLING: dict[str, str] = {
    key: spelling for key in sorted(COMMON_FAMILY_KEYS) for spelling in _spellings(key) if len(_spellings(key)) == 1
}
"""Key of a common family name → its one spelling, where no other family is called so without diacritics."""

SURE_FAMILY_KEYS: frozenset[str] = FAMILY_KEYS - RATHER_GIVEN
"""Family names that in front of a name are just that."""

GIVEN_NAMES_TOO: frozenset[str] = frozenset({"vũ", "hoàng", "vu", "hoang", "dang", "ho", "do"})
"""Tokens as written that are as common at the end of a name, where 'dang' may be Đăng: never moved to the front."""

SEX_MIDDLES: frozenset[str] = frozenset({"van", "thi"})
"""Middle names that follow the family name directly; they show how far a name was turned round."""

TITLES: frozenset[str] = frozenset(
    {
        "ông",
        "bà",
        "ong",
        "chị",
        "chi",
        "cháu",
        "chau",
        "bé",
        "cụ",
        "cô",
        "chú",
        "bác",
        "thầy",
        "thay",
        "mr",
        "mrs",
        "ms",
        "bs",
        "bn",
    }
)
"""Forms of address, as written, in front of a name; dropped only before a common family name and one more token."""
TITLES_AND_NAMES: frozenset[str] = frozenset({"anh", "em", "ba", "be"})
"""Forms of address that are names too: dropped only before a common family name that does not end the name."""

TEST_WORDS: frozenset[str] = frozenset({"test", "tester", "testing", "demo", "asdf", "qwerty"})
"""Key words that stand in no name of any people: whoever typed one was trying the form."""
TEST_PHRASES: frozenset[str] = frozenset({"hello", "helo", "he lo", "alo", "a lo", "alo alo", "hi", "xin chao", "chao"})
"""Greetings, as whole names."""

_NOT_A_NAME_LIST = """
    không|không có|ko|ko có|k|kg|khg|không rõ|chưa rõ|chưa có|không biết|chưa biết|chưa cập nhật|vô danh|trống|bỏ trống
    none|null|nan|nil|undefined|unknown|no name|noname|test|tester|testing|test test|demo|abc|abcd|xyz|asd|asdf|qwe
    qwerty|admin|user|guest|anonymous|string|name|full name|họ tên|họ và tên|tên|họ|khách|khách hàng|khách lẻ
    bệnh nhân|người bệnh|người dân|công dân|người nhà|n a|no|yes|có
"""
_NEWBORN_LIST = """
    con bà|con chị|con mẹ|con ông|con sản phụ|con sp|con của|bé con|con trai bà|con gái bà|cb|trẻ sơ sinh|sơ sinh
    bé sơ sinh|chưa đặt tên|chưa có tên|chưa khai sinh|trẻ chưa có tên
"""


def _phrase_keys(phrases: str) -> list[str]:
    """Phrases parted by bars and line ends → each in the key form that names have."""
    lines = "|".join(line.strip() for line in phrases.strip().splitlines())
    return [" ".join(key_token(canonical_token(word)) for word in phrase.split()) for phrase in lines.split("|")]


NOT_A_NAME: frozenset[str] = frozenset(_phrase_keys(_NOT_A_NAME_LIST))
"""Whole texts, in key form, that say there is no name."""

NOT_A_NAME_AS_WRITTEN: frozenset[str] = frozenset({"n/a", "n.a", "n.a.", "#n/a", "na/na", "k/c", "(null)", "<null>"})

NEWBORN_STARTS: tuple[str, ...] = tuple(f"{phrase} " for phrase in _phrase_keys(_NEWBORN_LIST))
"""Beginnings, in key form with a blank behind, of entries for a newborn without a name of its own."""
NEWBORN_FIRST_WORDS: frozenset[str] = frozenset(start.split()[0] for start in NEWBORN_STARTS)
