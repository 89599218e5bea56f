"""Vietnamese letters in the two older encodings, as they look when their bytes are read as Latin-1."""

import unicodedata

# TCVN 5712:1993 (ABC fonts): one byte for each lower-case letter.
_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ",
        bytes.fromhex(
            "b5b6b7b8b9 a8bbbcbdbec6 a9c7c8c9cacb ae cccecfd0d1 aad2d3d4d5d6 d7d8dcddde"
            " dfe1e2e3e4 abe5e6e7e8e9 aceaebecedee eff1f2f3f4 adf5f6f7f8f9 fafbfcfdfe"
        ).decode("latin-1"),
        strict=True,
    )
)  # fmt: skip
_TCVN3_CAPITALS = dict(zip("ĂÂĐÊÔƠƯ", "\xa1\xa2\xa7\xa3\xa4\xa5\xa6", strict=True))
# VNI: the base letter, then a byte for its marks.
_TONES = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_ON_CIRCUMFLEX = {"": "â", "\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_ON_BREVE = {"": "ê", "\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_ALONE = {"ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "đ": "ñ", "ỵ": "î"}


def as_tcvn3(name: str) -> str:
    """Capitals with a tone fall back to the small letter, as the font had none for them."""
    return "".join(
        _TCVN3_CAPITALS.get(c) or _TCVN3.get(c) or _TCVN3.get(c.lower(), c) for c in unicodedata.normalize("NFC", name)
    )


def as_vni(name: str) -> str:
    """Two letters for one; a capital's mark is a capital too."""
    return "".join(_vni_letter(c) for c in unicodedata.normalize("NFC", name))


def _vni_letter(letter: str) -> str:
    small = letter.lower()
    if small in _ALONE:
        written = _ALONE[small]
    else:
        base, marks = unicodedata.normalize("NFD", small)[:1], set(unicodedata.normalize("NFD", small)[1:])
        tone = next((mark for mark in marks if mark in _TONES), "")
        if "\u0302" in marks:
            written = base + _ON_CIRCUMFLEX[tone]
        elif "\u0306" in marks:
            written = base + _ON_BREVE[tone]
        else:
            written = {"o": "ô", "u": "ö"}[base] if "\u031b" in marks else base
            written += _TONES.get(tone, "")
    return written if letter == small else written.upper()
