"""Nationality as written to ISO 3166 alpha-2: codes, and country names in Vietnamese and English (Unicode CLDR)."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from pccovid.linkage.syllables import fold_to_ascii

_ALSO = {
    "viet nam": "VN",
    "vietnam": "VN",
    "vnm": "VN",
    "vietnamese": "VN",
    "my": "US",
    "hoa ky": "US",
    "usa": "US",
    "anh": "GB",
    "uk": "GB",
    "phap": "FR",
    "duc": "DE",
    "nga": "RU",
    "russia": "RU",
    "han quoc": "KR",
    "korea": "KR",
    "south korea": "KR",
    "nhat": "JP",
    "nhat ban": "JP",
    "trung quoc": "CN",
    "dai loan": "TW",
    "uc": "AU",
    "lao": "LA",
    "campuchia": "KH",
    "cambodia": "KH",
    "thai lan": "TH",
    "myanmar": "MM",
    "an do": "IN",
    "y": "IT",
}


@lru_cache(maxsize=4096)
def read_nationality(text: str) -> str | None:
    """Alpha-2 code, or None where the text names no country (it stays in the payload)."""
    if len(text) == 2 and text.upper() in _codes():
        return text.upper()
    return _names().get(_key(text))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(code for code in Locale("en").territories if len(code) == 2 and code.isalpha() and code < "ZZ")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = {
        _key(name): code
        for language in ("en", "vi")
        for code, name in Locale(language).territories.items()
        if code in _codes()
    }
    return names | _ALSO


def _key(text: str) -> str:
    return " ".join(fold_to_ascii(text).casefold().replace("-", " ").split())
