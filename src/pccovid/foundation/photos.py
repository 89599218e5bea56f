"""A photo that somebody sends: decoded and encoded anew, smaller and bare of what the camera wrote into it, or refused.

What is stored is never the bytes that came: a file that is not a picture, or hides something behind one, ends here.
"""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageOps

LARGEST_UPLOAD = 6 * 1024 * 1024
"""Bytes. A phone's camera stays below; what is larger is not even read (settings.FILE_UPLOAD_HANDLERS)."""
_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = 40_000_000
_LONGEST_EDGE = 1_600
_QUALITY = 80


class PhotoRefused(ValueError):
    """This is no photo we take: `why` is 'too_large', 'no_photo' or 'too_many_pixels'."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def taken(content: bytes) -> bytes:
    """The photo as a JPEG of at most 1,600 pixels a side, upright, without metadata. Raises PhotoRefused."""
    upright = upright_photo(content)
    upright.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    encoded = io.BytesIO()
    bare.save(encoded, "JPEG", quality=_QUALITY, optimize=True)
    return encoded.getvalue()


def upright_photo(content: bytes) -> Image.Image:
    """The picture as it was meant to be looked at. Raises PhotoRefused."""
    if len(content) > LARGEST_UPLOAD:
        raise PhotoRefused("too_large")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise PhotoRefused("too_many_pixels")
            return ImageOps.exif_transpose(opened).convert("RGB")
    except PhotoRefused:
        raise
    except Exception as broken:
        raise PhotoRefused("no_photo") from broken


def as_text(photo: bytes) -> str:
    """A photo as text, which is what can be sealed."""
    return base64.b64encode(photo).decode("ascii")


def from_text(text: str) -> bytes:
    return base64.b64decode(text)
