"""QR codes as inline SVG, without sizes or styles of their own."""

from __future__ import annotations

import re
from functools import cache

import segno
from django.utils.safestring import SafeString, mark_safe

from pccovid.web.qr_codewords import DoesNotFit, modules

_BORDER = 3
_PIECE, _RUN = re.compile(".{1,12}"), re.compile("0+|1+")


def drawn(text: str) -> SafeString:
    """A code for a screen or a card, read when a sixth of it is soiled."""
    try:
        return _as_svg(modules(text))
    except DoesNotFit:
        return _by_segno(text, error="m", border=_BORDER)


def drawn_to_last(text: str) -> SafeString:
    """A code that hangs on a wall for years: read when a quarter of it is soiled, and with the prettiest mask."""
    return _by_segno(text, error="q", border=_BORDER + 1)


def _as_svg(rows: list[str]) -> SafeString:
    side, back = len(rows) + 2 * _BORDER, f"m-{len(rows)} 1"
    lines = back.join(["".join(map(_line, _PIECE.findall(row))) for row in rows])
    drawing = f'<svg viewBox="0 0 {side} {side}"><path stroke="#000" d="M{_BORDER} {_BORDER}.5{lines}"/></svg>'
    return mark_safe(drawing)  # noqa: S308 - numbers alone, never the text


@cache
def _line(piece: str) -> str:
    """The strokes of up to twelve modules of a row, from before the first to behind the last."""
    return "".join(f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in _RUN.findall(piece))


def _by_segno(text: str, *, error: str, border: int) -> SafeString:
    code = segno.make(text, error=error, micro=False)
    drawing = code.svg_inline(border=border, dark="#000", light=None, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - segno writes paths from numbers, never the text
