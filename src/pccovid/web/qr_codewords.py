"""The modules of a QR code (ISO/IEC 18004, error level M, mask 3, versions 1 to 10), put together quickly. Pure.

Where each bit goes is the same for every text of a version: it is worked out once, around a sample that segno draws,
and a code is then one look-up for each module. Every mask is read by every reader; the standard's search for the
prettiest one is most of what drawing costs. What does not fit is for segno.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import zip_longest
from operator import itemgetter

import segno
from segno import consts

MASK = 3
_LETTERS = {letter: number for number, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}
# Version → codewords of correction in a block, and how many data codewords each block has.
_BLOCKS: dict[int, tuple[int, tuple[int, ...]]] = {
    1: (10, (16,)), 2: (16, (28,)), 3: (26, (44,)), 4: (18, (32,) * 2), 5: (24, (43,) * 2), 6: (16, (27,) * 4),
    7: (18, (31,) * 4), 8: (22, (38, 38, 39, 39)), 9: (22, (36,) * 3 + (37,) * 2), 10: (26, (43,) * 4 + (44,)),
}  # fmt: skip
_DATA_MODULES = {consts.TYPE_DATA_LIGHT, consts.TYPE_DATA_DARK}


class DoesNotFit(ValueError):
    """A text with other letters than ASCII, or too long for version 10."""


def modules(text: str) -> list[str]:
    """The rows of the code, '1' where it is dark; without the border. Raises DoesNotFit."""
    version, data = _data(text)
    correction, sizes = _BLOCKS[version]
    blocks, at = [], 0
    for size in sizes:
        blocks.append(data[at : at + size])
        at += size
    checks = [_remainder(block, correction) for block in blocks]
    words = [*_interleaved(blocks), *_interleaved(checks)]
    bits = f"{int.from_bytes(words, 'big'):0{len(words) * 8}b}"
    side, arrange = _arrangement(version)
    # A masked module takes the opposite bit, a module that is not of the text one of the two constants.
    every = arrange(bits + bits.translate(_OPPOSITE) + "01")
    row = "".join(every)
    return [row[start : start + side] for start in range(0, side * side, side)]


_OPPOSITE = str.maketrans("01", "10")


def _data(text: str) -> tuple[int, bytes]:
    """The version that the text needs, and its data codewords."""
    if not text.isascii():
        raise DoesNotFit(text[:0])
    is_plain = _LETTERS.keys() >= set(text)
    body = _plain_bits(text) if is_plain else "".join(f"{octet:08b}" for octet in text.encode())
    for version, (_, sizes) in _BLOCKS.items():
        wide = version > 9
        counts = (11 if wide else 9) if is_plain else (16 if wide else 8)
        room = sum(sizes) * 8
        bits = f"{0b0010 if is_plain else 0b0100:04b}{len(text):0{counts}b}{body}"
        if len(bits) <= room and len(text) < 1 << counts:
            return version, _padded(bits, room)
    raise DoesNotFit(text[:0])


def _plain_bits(text: str) -> str:
    pairs = (text[at : at + 2] for at in range(0, len(text), 2))
    return "".join(
        f"{_LETTERS[pair[0]] * 45 + _LETTERS[pair[1]]:011b}" if len(pair) == 2 else f"{_LETTERS[pair]:06b}"
        for pair in pairs
    )


def _padded(bits: str, room: int) -> bytes:
    """The terminator, zeros to a whole codeword, then the standard's two codewords by turns."""
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return (words + b"\xec\x11" * (room // 16 + 1))[: room // 8]


def _interleaved(blocks: Sequence[Sequence[int]]) -> list[int]:
    return [word for at_same_place in zip_longest(*blocks) for word in at_same_place if word is not None]


def _remainder(block: bytes, correction: int) -> bytes:
    """The block's correction codewords: what is left when it is divided by the standard's polynomial."""
    rows, low = _rows(correction), (1 << (correction - 1) * 8) - 1
    rest, shift = 0, (correction - 1) * 8
    for word in block:
        rest = (rest & low) << 8 ^ rows[word ^ rest >> shift]
    return rest.to_bytes(correction, "big")


@cache
def _rows(correction: int) -> tuple[int, ...]:
    """For each value of the first codeword, what dividing by it takes from the rest."""
    generator = [1]
    root = 1
    for _ in range(correction):
        # (x - root) times what is there, highest power first.
        shifted, scaled = [*generator, 0], [0, *(_times(root, one) for one in generator)]
        generator = [one ^ other for one, other in zip(shifted, scaled, strict=True)]
        root = _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(word, one) for one in generator[1:]), "big") for word in range(256))


def _times(one: int, other: int) -> int:
    """The product in GF(256) by x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0x100:
            one ^= 0x11D
        other >>= 1
    return product


@cache
def _arrangement(version: int) -> tuple[int, Callable[[str], tuple[str, ...]]]:
    """The side of the code, and what picks every module, row by row, out of bits, their opposites, '0' and '1'."""
    sample = segno.make("A", version=version, error="m", mask=MASK, boost_error=False, micro=False)
    kinds = [list(row) for row in sample.matrix_iter(border=0, verbose=True)]
    side, (correction, sizes) = len(kinds), _BLOCKS[version]
    kinds[8][side - 9] = consts.TYPE_DATA_LIGHT  # segno takes it for one of the modules that tell the format
    bits = (sum(sizes) + correction * len(sizes)) * 8
    places = [[2 * bits + (1 if dark else 0) for dark in row] for row in sample.matrix]
    for number, (row, column) in enumerate(_way_through(kinds)):
        is_masked = (row + column) % 3 == 0
        if number < bits:
            places[row][column] = number + (bits if is_masked else 0)
        else:  # remainder bits are zeros
            places[row][column] = 2 * bits + (1 if is_masked else 0)
    return side, itemgetter(*(place for row in places for place in row))


def _way_through(kinds: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Data modules in the order of the bits: two columns at a time from the right, up and down by turns."""
    side = len(kinds)
    rights = [*range(side - 1, 6, -2), 5, 3, 1]
    for number, right in enumerate(rights):
        rows = range(side) if number % 2 else range(side - 1, -1, -1)
        yield from ((row, c) for row in rows for c in (right, right - 1) if kinds[row][c] in _DATA_MODULES)
