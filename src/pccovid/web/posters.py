"""Posters of places, for whoever may print them: the place and a code that leads to checking in there."""

from __future__ import annotations

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import poster_code
from pccovid.places.queries import Place

SIZES = ("a4", "15cm")


def poster_page(request: HttpRequest, held: Place, size: str) -> dict[str, object]:
    """What the poster's template shows. `size`: one of SIZES."""
    address = request.build_absolute_uri(reverse("check-in", args=[poster_code(code_keys(), held.id)]))
    return {"place": held, "size": size, "drawing": drawn(address)}


def drawn(text: str) -> SafeString:
    """A code that is still read when a quarter of it is soiled."""
    code = segno.make(text, error="q", micro=False)
    drawing = code.svg_inline(border=4, dark="#000", light=None, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - segno writes paths from numbers, never the text
