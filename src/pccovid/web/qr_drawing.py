"""QR codes as inline SVG, without sizes or styles of their own."""

from __future__ import annotations

import re

import segno
from django.utils.safestring import SafeString, mark_safe

from pccovid.web.qr_codewords import DoesNotFit, modules

_BORDER = 3
_RUN = re.compile("1+")


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
    side, lines, at = len(rows) + 2 * _BORDER, [f"M{_BORDER} {_BORDER}.5"], 0
    for number, row in enumerate(rows):
        down = 1 if number else 0
        for run in _RUN.finditer(row):
            start, end = run.span()
            lines.append(f"m{start - at} {down}h{end - start}")
            at, down = end, 0
    drawing = f'<svg viewBox="0 0 {side} {side}"><path stroke="#000" d="{"".join(lines)}"/></svg>'
    return mark_safe(drawing)  # noqa: S308 - numbers alone, never the text


def _by_segno(text: str, *, error: str, border: int) -> SafeString:
    code = segno.make(text, error=error, micro=False)
    drawing = code.svg_inline(border=border, dark="#000", light=None, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - segno writes paths from numbers, never the text
