"""Symptom words of the earlier apps to glossary codes; a word that is not known stays a note, as written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pccovid.linkage.syllables import fold_to_ascii

_WORDS: dict[str, tuple[str, ...]] = {
    "fever": ("fever", "sot"),
    "cough": ("cough", "ho", "ho khan"),
    "dyspnoea": ("dyspnoea", "dyspnea", "shortness of breath", "kho tho", "difficulty breathing"),
    "sore_throat": ("sore throat", "sorethroat", "dau hong", "viem hong", "dau rat hong", "rat hong"),
    "vomiting": ("vomiting", "nausea", "non", "buon non", "non buon non", "buon non non", "oi"),
    "diarrhoea": ("diarrhoea", "diarrhea", "tieu chay"),
    "haemorrhage": ("haemorrhage", "hemorrhage", "xuat huyet", "xuat huyet ngoai da"),
    "rash": ("rash", "noi ban", "noi ban ngoai da", "phat ban"),
    "fatigue": ("fatigue", "met", "met moi", "tired"),
    "headache": ("headache", "dau dau", "nhuc dau"),
    "muscle_pain": ("muscle pain", "myalgia", "dau co", "dau nguoi", "dau moi nguoi", "dau nhuc"),
    "loss_of_taste": ("loss of taste", "mat vi giac"),
    "loss_of_smell": ("loss of smell", "anosmia", "mat khuu giac"),
    "loss_of_taste_or_smell": ("loss of taste or smell", "mat vi giac khuu giac", "mat mui vi", "mat mui"),
    "runny_nose": ("runny nose", "so mui", "chay mui", "nghet mui"),
    "chills": ("chills", "on lanh", "gai ret"),
    "chest_pain": ("chest pain", "dau nguc", "tuc nguc"),
}
_CODES = {word: code for code, words in _WORDS.items() for word in words}
_NONE = {"khong", "khong co", "khong trieu chung", "binh thuong", "none", "no", "no symptom", "no symptoms"}


def read_symptoms(words: Iterable[str]) -> tuple[tuple[str, ...], str | None]:
    """(codes in first-seen order without repeats, what was not understood as one note)."""
    codes: dict[str, None] = {}
    unknown: list[str] = []
    for word in words:
        code = _code(word)
        if code:
            codes[code] = None
        elif code is None:
            unknown.append(word)
    return tuple(codes), "; ".join(unknown) or None


@lru_cache(maxsize=4096)
def _code(word: str) -> str | None:
    """The code; '' where the word says that there is no symptom; None where it is not known."""
    plain = " ".join(fold_to_ascii(word).casefold().replace("_", " ").replace("/", " ").replace(",", " ").split())
    return "" if plain in _NONE else _CODES.get(plain)
