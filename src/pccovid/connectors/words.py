"""Small vocabularies that several apps share: yes and no in words, 'the declarant', ways into a place."""

from __future__ import annotations

from pccovid.linkage.syllables import fold_to_ascii

YES_NO_WORDS = {
    "có": "yes",
    "co": "yes",
    "yes": "yes",
    "true": "yes",
    "không": "no",
    "khong": "no",
    "no": "no",
    "false": "no",
}
_SELF = {"ban than", "chinh chu", "chinh minh", "toi", "self", "nguoi khai", "chu tai khoan"}


def is_self(relation: str) -> bool:
    """True where a relation to the account holder says that it is the holder."""
    return " ".join(fold_to_ascii(relation).casefold().split()) in _SELF
