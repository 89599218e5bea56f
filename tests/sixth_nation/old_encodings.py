"""Two encodings from before Unicode, which some databases still hold: TCVN3 and VNI."""

import unicodedata

_TCVN3_CODES = (
    ("àảãáạ", "\xb5\xb6\xb7\xb8\xb9"),
    ("ăằẳẵắặ", "\xa8\xbb\xbc\xbd\xbe\xc6"),
    ("âầẩẫấậ", "\xa9\xc7\xc8\xc9\xca\xcb"),
    ("đ", "\xae"),
    ("èẻẽéẹ", "\xcc\xce\xcf\xd0\xd1"),
    ("êềểễếệ", "\xaa\xd2\xd3\xd4\xd5\xd6"),
    ("ìỉĩíị", "\xd7\xd8\xdc\xdd\xde"),
    ("òỏõóọ", "\xdf\xe1\xe2\xe3\xe4"),
    ("ôồổỗốộ", "\xab\xe5\xe6\xe7\xe8\xe9"),
    ("ơờởỡớợ", "\xac\xea\xeb\xec\xed\xee"),
    ("ùủũúụ", "\xef\xf1\xf2\xf3\xf4"),
    ("ưừửữứự", "\xad\xf5\xf6\xf7\xf8\xf9"),
    ("ỳỷỹýỵ", "\xfa\xfb\xfc\xfd\xfe"),
)
_TCVN3_CAPITALS = ("ĂÂÊÔƠƯĐ", "\xa1\xa2\xa3\xa4\xa5\xa6\xa7")

# A plain letter, and behind it one that stands for the mark.
_VNI_TONED = (("a", "áàảãạ"), ("e", "éèẻẽẹ"), ("o", "óòỏõọ"), ("u", "úùủũụ"), ("ô", "ớờởỡợ"), ("ö", "ứừửữự"))
_VNI_TONES = "ùøûõï"
_VNI_ROOFED = (("a", "âấầẩẫậ"), ("e", "êếềểễệ"), ("o", "ôốồổỗộ"))
_VNI_ROOFS = "âáàåãä"
_VNI_SINGLE = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "í": "í", "ì": "ì", "ỵ": "î", "ơ": "ô", "ư": "ö"}


def as_tcvn3(text: str) -> str:
    """In TCVN3's codes, read as Latin-1; toned capitals are small letters shown in a font of capitals."""
    return _written_in(text, _TCVN3)


def as_vni(text: str) -> str:
    """In VNI's codes, read as Latin-1."""
    return _written_in(text, _VNI)


def _written_in(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def _tcvn3() -> dict[str, str]:
    small = {letter: code for letters, codes in _TCVN3_CODES for letter, code in zip(letters, codes, strict=True)}
    capitals = {letter.upper(): code for letter, code in small.items()}
    return small | capitals | dict(zip(*_TCVN3_CAPITALS, strict=True))


def _vni() -> dict[str, str]:
    small = dict(_VNI_SINGLE)
    for plain, letters in _VNI_TONED:
        small |= {letter: plain + tone for letter, tone in zip(letters, _VNI_TONES, strict=True)}
    small |= {letter: "y" + tone for letter, tone in zip("ýỳỷỹ", _VNI_TONES[:4], strict=True)}
    for plain, letters in _VNI_ROOFED:
        small |= {letter: plain + roof for letter, roof in zip(letters, _VNI_ROOFS, strict=True)}
    small |= {letter: "a" + bowl for letter, bowl in zip("ăắằẳẵặ", "êéèúüë", strict=True)}
    return small | {letter.upper(): code.upper() for letter, code in small.items()}


_TCVN3 = _tcvn3()
_VNI = _vni()
