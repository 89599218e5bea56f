"""Nationality as written to ISO 3166 alpha-2: codes, and country names in Vietnamese and English (Unicode CLDR)."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from pccovid.linkage.syllables import fold_to_ascii

_ALSO = {
    "viet nam": "VN",
    "vietnam": "VN",
    "vnm": "VN",
    "kor": "KR",
    "jpn": "JP",
    "chn": "CN",
    "twn": "TW",
    "gbr": "GB",
    "fra": "FR",
    "deu": "DE",
    "ind": "IN",
    "phl": "PH",
    "khm": "KH",
    "tha": "TH",
    "sgp": "SG",
    "mys": "MY",
    "aus": "AU",
    "can": "CA",
    "rus": "RU",
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

# Codes of CLDR that stand for unions, islands without people of their own, or nothing.
_NO_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))


@lru_cache(maxsize=4096)
def read_nationality(text: str) -> str | None:
    """Alpha-2 code, or None where the text names no country (it stays in the payload)."""
    if len(text) == 2 and text.upper() in _codes():
        return text.upper()
    return _names().get(_key(text))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    territories = [Locale(language).territories for language in ("en", "vi")]
    names = {_key(str(name)): str(code) for named in territories for code, name in named.items() if code in _codes()}
    return names | _ALSO


def _key(text: str) -> str:
    return " ".join(fold_to_ascii(text).casefold().replace("-", " ").split())
