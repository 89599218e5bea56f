"""What the three forms of tokhaiyte.vn have in common: vendor area ids, nations, and locations nobody agreed to."""

from __future__ import annotations

from functools import lru_cache

from pccovid.areas.units import Residence
from pccovid.areas.vendor import VendorAreas
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.nationalities import read_nationality
from pccovid.connectors.persons import PersonColumns
from pccovid.connectors.words import YES_NO_WORDS

SYSTEM = "tokhaiyte"
# Posted silently by the form's script; never consented to, so never stored.
LOCATION = frozenset({"lat", "long", "lng", "lon", "latitude", "longitude"})
DECLARANT = PersonColumns(birth="birthYear", birth_order="year", sex="gender", identifier="passport", email="email")
MOVING_PERSON = DECLARANT._replace(email="")

# Two codings on one form (domain.md §3); a word for yes or no can mean but one thing in either.
SHOWN = YES_NO_WORDS | {"1": "yes", "0": "no"}
ONE_TWO = YES_NO_WORDS | {"1": "yes", "2": "no"}
ON_BEHALF = YES_NO_WORDS | {"1": "yes", "0": "no"}

_AREA_COLUMNS = ("provinceId", "districtId", "wardId")


@lru_cache(maxsize=1 << 15)
def _residence(areas: VendorAreas, province: str | None, district: str | None, ward: str | None) -> Residence | None:
    return areas.residence(province, district, ward)


_UNKNOWN = (None, None, None)


def read_residence(fields: Fields, context: ReadingContext) -> Residence | None:
    """The 2021 codes behind the vendor's three area ids; an id that the mapping does not know is noted."""
    ids = [fields.text(column) for column in _AREA_COLUMNS]
    if not any(ids):
        return None
    areas = context.vendor_areas
    if areas is None:
        fields.refuse(_AREA_COLUMNS[0], "no_area_mapping")
        return None
    residence = _residence(areas, *ids)
    for column, area_id, code in zip(_AREA_COLUMNS, ids, residence or _UNKNOWN, strict=True):
        if area_id and code is None:
            fields.refuse(column, "unknown_area")
    return residence


def read_nation(fields: Fields, context: ReadingContext) -> str | None:
    """Alpha-2 code of the vendor's nation id, or of a country written out."""
    text = fields.text("nation")
    if text is None:
        return None
    code = context.nations.get(text.lower()) or read_nationality(text)
    if code is None:
        fields.refuse("nation", "unknown_nation")
    return code


def nation_told(fields: Fields, column: str, context: ReadingContext) -> str | None:
    """Alpha-2 code of a vendor's nation id; any other text as it was written."""
    text = fields.text(column)
    return text and context.nations.get(text.lower(), text)


def place_told(fields: Fields, column: str, context: ReadingContext) -> str | None:
    """Name of the area behind a vendor's area id; any other text as it was written."""
    text = fields.text(column)
    unit = context.vendor_areas.unit_of(text) if context.vendor_areas else None
    return unit.name if unit else text


def answers_of(**answers: str | None) -> dict[str, str]:
    """The answered questions only."""
    return {question: answer for question, answer in answers.items() if answer is not None}
