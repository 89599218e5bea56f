"""The repair chain as a table, values as people type them, and photos that are pictures or are refused."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date

import pytest
from PIL import Image

from pccovid.corrections.rules import ADDABLE, BLANK, CORRECTABLE, ValueUnreadable, read_values
from pccovid.corrections.states import ENDS, FIRST, PERIODS, PROGRAM, SOURCE, STATES, STATION, TRANSITIONS, drawing
from pccovid.foundation.photos import LARGEST_UPLOAD, PhotoRefused, as_text, from_text, taken

TODAY = date(2021, 11, 20)
DOSE = {"product": "Pfizer", "occurred_on": "5/10/2021", "site_name": "Trạm y tế Phúc Xá", "lot_number": ""}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **save: object) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", size, (200, 20, 20)).save(encoded, kind, **save)
    return encoded.getvalue()


def test_nothing_is_corrected_without_the_stations_and_the_sources_signature() -> None:
    ways: dict[str, list[tuple[str, str]]] = {}
    for one in TRANSITIONS:
        ways.setdefault(one.next_state, []).append((one.state, one.actor))
    assert ways["corrected"] == [("signed", PROGRAM)]
    assert ways["signed"] == [("confirmed", SOURCE)]
    assert ways["confirmed"] == [("checking", STATION)]


def test_every_state_is_reached_and_every_open_one_has_a_deadline_and_a_way_out() -> None:
    reached, grown = {FIRST}, True
    while grown:
        more = {one.next_state for one in TRANSITIONS if one.state in reached} - reached
        grown, reached = bool(more), reached | more
    assert reached == {state.code for state in STATES}
    open_states = {state.code for state in STATES if state.turn}
    assert {period.state for period in PERIODS} == open_states == {one.state for one in TRANSITIONS}
    assert not any(period.is_verified for period in PERIODS)
    assert all(f"{state} --> [*]" in drawing() for state in ENDS)


def test_values_are_read_as_people_type_them() -> None:
    assert read_values("vaccination_dose", DOSE, today=TODAY, need_all=True) == {
        "product": "Pfizer", "occurred_on": "2021-10-05", "site_name": "Trạm y tế Phúc Xá",
    }  # fmt: skip
    assert read_values("vaccination_dose", {"lot_number": "A1"}, today=TODAY, need_all=False) == {"lot_number": "A1"}
    assert read_values("movement_visit", {"place_key": "x"}, today=TODAY, need_all=False) == {}


@pytest.mark.parametrize(("column", "text"), [
    ("occurred_on", "30/2/2021"), ("occurred_on", "2031-01-01"), ("occurred_on", "1999-01-01"), ("product", "Nước"),
    ("site_name", ""), ("lot_number", "x" * 201),
])  # fmt: skip
def test_a_value_that_cannot_be_is_named(column: str, text: str) -> None:
    with pytest.raises(ValueUnreadable) as unreadable:
        read_values("vaccination_dose", {**DOSE, column: text}, today=TODAY, need_all=True)
    assert unreadable.value.column == column


def test_what_can_be_added_has_values_and_what_it_needs_beside_them() -> None:
    assert set(ADDABLE) == set(BLANK) == {table for table, values in CORRECTABLE.items() if values}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_encoded_anew_as_a_bare_jpeg(kind: str) -> None:
    with Image.open(io.BytesIO(taken(picture(kind)))) as seen:
        assert (seen.format, seen.size) == ("JPEG", (40, 30))


def test_a_photo_loses_its_place_and_camera_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "A camera of mine", 6
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture(exif=exif, comment=b"21.03 N 105.85 E")
    assert b"A camera of mine" in sent
    kept = taken(sent)
    assert b"A camera of mine" not in kept
    assert b"21.03" not in kept
    with Image.open(io.BytesIO(kept)) as seen:
        assert seen.size == (30, 40)
        assert not seen.getexif()


def test_a_large_photo_becomes_small_and_the_text_of_it_is_the_same_photo() -> None:
    kept = taken(picture(size=(4000, 1000)))
    with Image.open(io.BytesIO(kept)) as seen:
        assert seen.size == (1600, 400)
    assert from_text(as_text(kept)) == kept


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 90,000 pixels a side."""
    head = struct.pack(">IIBBBBB", 90_000, 90_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@pytest.mark.parametrize(("content", "why"), [
    (b"", "no_photo"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_photo"), (b"%PDF-1.7", "no_photo"),
    (picture("GIF"), "no_photo"), (picture()[:200], "no_photo"), (b"\0" * (LARGEST_UPLOAD + 1), "too_large"),
])  # fmt: skip
def test_what_is_no_photo_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        taken(content)
    assert refused.value.why == why


def test_a_picture_that_would_fill_the_memory_is_refused_unread() -> None:
    with pytest.raises(PhotoRefused) as refused:
        taken(bomb())
    assert refused.value.why in ("too_many_pixels", "no_photo")


def test_what_hides_behind_a_picture_does_not_stay() -> None:
    assert b"<script>" not in taken(picture() + b"<script>alert(1)</script>")
