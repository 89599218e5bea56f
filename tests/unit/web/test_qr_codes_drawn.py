"""Our own QR codes are those of the standard: module for module as segno makes them, with the mask that we give."""

from __future__ import annotations

import random
import re

import pytest
import segno

from pccovid.web.qr_codewords import MASK, DoesNotFit, modules
from pccovid.web.qr_drawing import drawn

_PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_ANY = "abcdefghijklmnopqrstuvwxyz|<*-0123456789"


def _of_segno(text: str) -> segno.QRCode:
    return segno.make(text, error="m", mask=MASK, boost_error=False, micro=False)


def test_every_version_of_plain_letters_is_as_segno_makes_it() -> None:
    seen, chance = set(), random.Random(7)
    for length in range(2, 312):
        text = "Z" + "".join(chance.choice(_PLAIN) for _ in range(length - 1))
        code = _of_segno(text)
        counts = 11 if int(code.version) > 9 else 9
        if (4 + counts + length // 2 * 11 + length % 2 * 6 + 4) % 8 == 0:
            continue  # here segno puts in an octet of zeros that the standard does not ask for
        assert modules(text) == ["".join(map(str, row)) for row in code.matrix], (code.version, length)
        seen.add(int(code.version))
    assert seen == set(range(1, 11))


@pytest.mark.parametrize("length", [14, 26, 42, 62, 84, 106, 122, 152, 180, 213])
def test_a_text_of_octets_that_fills_its_version_is_as_segno_makes_it(length: int) -> None:
    text = "".join(random.Random(length).choices(_ANY, k=length))
    assert modules(text) == ["".join(map(str, row)) for row in _of_segno(text).matrix]


def test_a_text_of_octets_has_the_codewords_that_the_standard_asks_for() -> None:
    # ISO/IEC 18004, 7.4: mode 0100, count, octets, terminator, then 236 and 17 by turns.
    from pccovid.web.qr_codewords import _data

    assert _data("AK|a") == (1, bytes.fromhex("404414b7c610" + "ec11" * 5))


def test_other_letters_and_long_texts_are_left_to_segno() -> None:
    for text in ("Nguyễn", "A" * 312):
        with pytest.raises(DoesNotFit):
            modules(text)
        assert drawn(text).startswith("<svg ")


def test_the_drawing_is_the_same_modules_inside_a_border() -> None:
    rows = modules("PC1:ABC")
    drawing = drawn("PC1:ABC")
    path = re.search(r' d="M3 3\.5([^"]+)"', drawing)
    assert path
    assert f'viewBox="0 0 {len(rows) + 6} {len(rows) + 6}"' in drawing
    painted, across, down = set(), 0, 0
    for right, below, length in re.findall(r"m(-?\d+) (\d+)|h(\d+)", path.group(1)):
        across, down = across + int(right or 0), down + int(below or 0)
        painted |= {(down, across + step) for step in range(int(length or 0))}
        across += int(length or 0)
    assert painted == {(row, at) for row, line in enumerate(rows) for at, module in enumerate(line) if module == "1"}
