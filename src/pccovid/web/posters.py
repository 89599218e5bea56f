"""Posters of places, for whoever may print them: the place and a code that leads to checking in there."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import poster_code
from pccovid.places.queries import Place
from pccovid.web.qr_drawing import drawn_to_last

SIZES = ("a4", "15cm")


def poster_page(request: HttpRequest, held: Place, size: str) -> dict[str, object]:
    """What the poster's template shows. `size`: one of SIZES."""
    address = request.build_absolute_uri(reverse("check-in", args=[poster_code(code_keys(), held.id)]))
    return {"place": held, "size": size, "drawing": drawn_to_last(address)}
