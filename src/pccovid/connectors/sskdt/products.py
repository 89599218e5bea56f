"""Vaccine names as facilities wrote them to glossary names. A text that names none, or two, stays unread."""

from __future__ import annotations

import re
from functools import lru_cache

from pccovid.linkage.syllables import fold_to_ascii

_WORDS: dict[str, tuple[str, ...]] = {
    "AstraZeneca": (
        "astrazeneca",
        "astra",
        "az",
        "azd1222",
        "covishield",
        "vaxzevria",
        "chadox1",
        "astrazenca",
        "eu1211529",
    ),
    "Pfizer": ("pfizer", "comirnaty", "biontech", "bnt162b2", "pfizerbiontech", "fizer", "pfize", "eu1201528"),
    "Moderna": ("moderna", "spikevax", "mrna1273", "eu1201507"),
    "Vero Cell": ("verocell", "vero", "verocel", "sinopharm", "bbibpcorv", "bbibp"),
    "Janssen": ("janssen", "johnson", "jj", "johnsonjohnson", "ad26cov2s", "eu1201525"),
    "Sputnik V": ("sputnikv", "sputnik", "gamcovidvac"),
    "Abdala": ("abdala", "cigb66"),
    "Hayat-Vax": ("hayatvax", "hayat"),
}
PRODUCT_NAMES = tuple(_WORDS)
_NAMES = {word: name for name, words in _WORDS.items() for word in words}
_SIGNS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def read_product(text: str) -> str | None:
    """Glossary name of a written product, or None."""
    words = _SIGNS.split(fold_to_ascii(text).casefold())
    whole = _NAMES.get("".join(words))
    if whole:
        return whole
    pairs = ("".join(pair) for pair in zip(words, words[1:], strict=False))
    found = {_NAMES[word] for word in (*words, *pairs) if word in _NAMES}
    if found == {"Vero Cell", "Hayat-Vax"}:  # Hayat-Vax is Sinopharm's vaccine filled elsewhere
        return "Hayat-Vax"
    return found.pop() if len(found) == 1 else None
