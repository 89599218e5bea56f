"""The text of a QR code in a photo. The photo is looked at and let go of: nothing of it is kept."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from pccovid.foundation.photos import PhotoRefused, upright_photo

_EDGES = (1_200, 2_400, 700)
"""Pixels of the longer side, tried in turn: most are read at the first, a small code in a large photo at the next."""
_QR = zxingcpp.barcode_formats_from_str("QRCode")


class NoCodeInPhoto(PhotoRefused):
    """There is no QR code in it that can be read."""

    def __init__(self) -> None:
        super().__init__("no_code")


def code_in(content: bytes) -> str:
    """What the code in this photo says. Raises PhotoRefused, NoCodeInPhoto."""
    photo = upright_photo(content).convert("L")
    for edge in _EDGES:
        smaller = photo.copy()
        smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        found = zxingcpp.read_barcodes(smaller, formats=_QR, text_mode=zxingcpp.TextMode.Plain)
        texts = [one.text for one in found if one.valid and one.text]
        if texts:
            return str(texts[0])
    raise NoCodeInPhoto
