"""How a name looks when bytes of an older Vietnamese encoding (TCVN3 or VNI) are read as Latin-1.

Facts: TCVN 5712:1993 (VN3, the '.Vn' fonts) and the VNI Windows font layout.
"""

from __future__ import annotations

import unicodedata

_TCVN3_LETTERS = (
    "Ă¡Â¢Ê£Ô¤Ơ¥Ư¦Đ§ă¨â©êªô«ơ¬ư\xadđ®àµả¶ã·á¸ạ¹ằ»ẳ¼ẵ½ắ¾ặÆầÇẩÈẫÉấÊậËèÌẻÎẽÏéÐẹÑềÒểÓễÔếÕệÖ"
    "ì×ỉØĩÜíÝịÞòßỏáõâóãọäồåổæỗçốèộéờêởëỡìớíợîùïủñũòúóụôừõửöữ÷ứøựùỳúỷûỹüýýỵþ"
)
_TCVN3 = {ord(_TCVN3_LETTERS[i]): _TCVN3_LETTERS[i + 1] for i in range(0, len(_TCVN3_LETTERS), 2)}

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VNI_TONE = {_ACUTE: "ù", _GRAVE: "ø", _HOOK: "û", _TILDE: "õ", _DOT: "ï"}
_VNI_CIRCUMFLEX = {"": "â", _ACUTE: "á", _GRAVE: "à", _HOOK: "å", _TILDE: "ã", _DOT: "ä"}
_VNI_BREVE = {"": "ê", _ACUTE: "é", _GRAVE: "è", _HOOK: "ú", _TILDE: "ü", _DOT: "ë"}
_VNI_SINGLE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}
_TONED = "aăâeêioôơuưy"


def _vni_letter(letter: str) -> str:
    """One lower-case letter in the VNI layout: the base letter, then one character for its marks."""
    if letter in _VNI_SINGLE:
        return _VNI_SINGLE[letter]
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    tone = next((mark for mark in marks if mark in _VNI_TONE), "")
    if _CIRCUMFLEX in marks:
        return base + _VNI_CIRCUMFLEX[tone]
    if _BREVE in marks:
        return base + _VNI_BREVE[tone]
    if _HORN in marks:
        return {"o": "ô", "u": "ö"}[base] + _VNI_TONE.get(tone, "")
    return base + _VNI_TONE.get(tone, "")


def _vni_table() -> dict[int, str]:
    letters = {unicodedata.normalize("NFC", base + tone) for base in _TONED for tone in ("", *_VNI_TONE)}
    lower = {letter: _vni_letter(letter) for letter in letters | {"đ"} if not letter.isascii()}
    upper = {letter.upper(): written.upper() for letter, written in lower.items()}
    return {ord(letter): written for letter, written in (lower | upper).items()}


_VNI = _vni_table()


def as_tcvn3(text: str) -> str:
    """TCVN3 bytes of `text` read as Latin-1 ('Nguyễn' → 'NguyÔn'). Toned capitals become small: the font drew them."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(c if ord(c) in _TCVN3 or c.isascii() else c.lower() for c in letters).translate(_TCVN3)


def as_vni(text: str) -> str:
    """VNI bytes of `text` read as Latin-1 ('Nguyễn' → 'Nguyeãn')."""
    return unicodedata.normalize("NFC", text).translate(_VNI)
