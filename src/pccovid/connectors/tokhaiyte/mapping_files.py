"""The vendor's own lists of areas and nations: rows about nobody, kept so that every id can be explained later."""

from __future__ import annotations

from pccovid.connectors.context import AREA_COLUMNS, NATION_COLUMNS, ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.tokhaiyte.form import SYSTEM


def read_area(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Held without level or name. An area that the official list does not know is noted, not held."""
    if not fields.text("level") or not fields.text("name"):
        return Reading(held="incomplete_mapping")
    if context.vendor_areas is not None and context.vendor_areas.unit_of(key) is None:
        fields.refuse("name", "unknown_area")
    return Reading()


def read_nation(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Held without a two-letter code."""
    return Reading() if key.lower() in context.nations else Reading(held="incomplete_mapping")


AREAS = FileKind(SYSTEM, "tokhaiyte_areas", CSV, "id", AREA_COLUMNS, read_area, optional=frozenset({"parentId"}))
NATIONS = FileKind(SYSTEM, "tokhaiyte_nations", CSV, "id", NATION_COLUMNS, read_nation)
