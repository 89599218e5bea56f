"""Codes in photos: turned, small, soiled, and photos without any."""

from __future__ import annotations

import io

import pytest
import segno
from PIL import Image, ImageFilter

from pccovid.foundation.photos import PhotoRefused
from pccovid.web.photographed_codes import NoCodeInPhoto, code_in

TEXT = "001190029317|011234567|Nguyễn Thị Lan|17051990|Nữ|12 Hàng Bạc, Hoàn Kiếm, Hà Nội|01012022"


def photo(text: str = TEXT, *, turned: float = 0, side: int = 700, size: tuple[int, int] = (1500, 1100)) -> bytes:
    """A card on a table, as a phone would take it."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=8, border=4)
    code = Image.open(drawn).convert("RGB").resize((side, side)).rotate(turned, expand=True, fillcolor=(226, 226, 220))
    table = Image.new("RGB", size, (120, 96, 70))
    table.paste(code, (200, 90))
    encoded = io.BytesIO()
    table.filter(ImageFilter.GaussianBlur(1)).save(encoded, "JPEG", quality=70)
    return encoded.getvalue()


@pytest.mark.parametrize("turned", [0, 12, 90, 200])
def test_a_code_is_read_however_the_card_lies(turned: float) -> None:
    assert code_in(photo(turned=turned)) == TEXT


def test_a_small_code_in_a_large_photo_is_read() -> None:
    assert code_in(photo(side=420, size=(4000, 3000))) == TEXT


def test_a_photo_without_a_code_says_so() -> None:
    empty = io.BytesIO()
    Image.new("RGB", (600, 400), (200, 200, 190)).save(empty, "PNG")
    with pytest.raises(NoCodeInPhoto) as refused:
        code_in(empty.getvalue())
    assert refused.value.why == "no_code"


def test_what_is_no_photo_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(PhotoRefused):
        code_in(b"%PDF-1.7")
