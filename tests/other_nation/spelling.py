"""How a name gets written: surfaces that keep it readable and faults that do not."""

from __future__ import annotations

import unicodedata
from random import Random

from .names import plain

_TCVN = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        bytes.fromhex(
            "b5b6b7b8b9 a8bbbcbdbec6 a9c7c8c9cacb ae cccecfd0d1 aad2d3d4d5d6 d7d8dcddde dfe1e2e3e4 abe5e6e7e8e9"
            "aceaebecedee eff1f2f3f4 adf5f6f7f8f9 fafbfcfdfe a1a2a3a4a5a6a7"
        ).decode("latin-1"),
        strict=True,
    )
)
_TONE = {"\u0301": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0323": 4}
_PLAIN, _ROOF, _BREVE = "ùøûõï", "áàåãä", "éèúüë"
_VNI_I = "íìæóò"
TITLES = ["Ông ", "Bà ", "BS. ", "Anh ", "Chị ", "Mr. ", "Cháu ", "Thầy "]


def tcvn3(text: str) -> str:
    """TCVN3 bytes read as Latin-1; toned capitals share the small letter's byte."""
    return "".join(_TCVN.get(one, _TCVN.get(one.lower(), one)) for one in unicodedata.normalize("NFC", text))


def _vni_letter(letter: str) -> str:
    if letter in "đĐ":
        return "ñ" if letter == "đ" else "Ñ"
    base, *marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONE[mark] for mark in marks if mark in _TONE), None)
    small = base.lower()
    if small == "i" and tone is not None:
        out = _VNI_I[tone]
    elif small == "y" and tone == 4:
        out = "î"
    elif "\u0302" in marks:
        out = small + ("â" if tone is None else _ROOF[tone])
    elif "\u0306" in marks:
        out = small + ("ê" if tone is None else _BREVE[tone])
    else:
        stem = {"o": "ô", "u": "ö"}.get(small, small) if "\u031b" in marks else small
        out = stem + ("" if tone is None else _PLAIN[tone])
    return out.upper() if base.isupper() else out


def vni(text: str) -> str:
    """VNI-Windows read as Latin-1: a vowel and its mark are two letters."""
    return "".join(map(_vni_letter, unicodedata.normalize("NFC", text)))


def surface(name: str, rng: Random) -> tuple[str, str]:
    """A readable way to write the name, and its fault class (empty when it is just the name)."""
    how = rng.choices(
        [
            "",
            "upper",
            "lower",
            "plain",
            "plain_upper",
            "blanks",
            "nfd",
            "tcvn3",
            "vni",
            "family_last",
            "title",
            "tone_place",
        ],
        [60, 8, 3, 6, 5, 3, 3, 1.2, 1, 1.2, 1.5, 3],
    )[0]
    return written(name, how, rng), "" if how in ("", "upper", "tone_place") else f"name_{how}"


def written(name: str, how: str, rng: Random) -> str:
    """The name written in one of the readable ways."""
    words = name.split()
    if how in ("plain", "plain_upper"):
        name = plain(name).replace("'", rng.choice(["'", "", " "]))
        return name.upper() if how == "plain_upper" else name
    if how == "tone_place":
        for new, old in (("oà", "òa"), ("uý", "úy"), ("uỷ", "ủy"), ("Lý", "Lí"), ("Mỹ", "Mĩ")):
            name = name.replace(new, old)
        return name
    return {
        "": name,
        "upper": name.upper(),
        "lower": name.lower(),
        "blanks": " " + "  ".join(words) + " ",
        "nfd": unicodedata.normalize("NFD", name),
        "tcvn3": tcvn3(name),
        "vni": vni(name),
        "family_last": " ".join(words[1:] + words[:1]),
        "title": rng.choice(TITLES) + name,
    }[how]


def damaged(name: str, alias: str, rng: Random) -> tuple[str, str]:
    """A wrong way to write the name: what a clerk or a tired parent leaves behind."""
    words = name.split()
    how = rng.choice(["typo", "typo", "middle_lost", "wrong_mark", "initials", "given_only", "alias"])
    if how == "alias" and alias:
        return alias, "name_two_families"
    if how == "middle_lost" and len(words) > 2:
        return f"{words[0]} {words[-1]}", "name_middle_lost"
    if how == "initials" and len(words) > 2:
        return f"{words[0][0]}.{words[1][0]}. {words[-1]}", "name_initials"
    if how == "given_only" and len(words) > 1:
        return words[-1], "name_given_only"
    if how == "wrong_mark":
        swaps = {
            "ă": "â",
            "ê": "e",
            "ô": "ơ",
            "ư": "u",
            "ạ": "ả",
            "ễ": "ể",
            "ù": "ú",
            "ị": "ỉ",
            "à": "á",
            "ơ": "ô",
            "ầ": "ấ",
        }
        for mark, other in swaps.items():
            if mark in name:
                return name.replace(mark, other, 1), "name_wrong_mark"
    at = rng.randrange(len(name))
    letter = rng.choice("aeinghtuc")
    return rng.choice(
        [name[:at] + name[at + 1 :], name[:at] + letter + name[at + 1 :], name[:at] + letter + name[at:]]
    ), "name_typo"
