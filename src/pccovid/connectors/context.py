"""What reading needs to know beside the bytes: the day, the vendor's mapping files, where over-long lines go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from pccovid.areas.vendor import VendorArea, VendorAreas
from pccovid.connectors.delimited import decoded, read_header, records
from pccovid.connectors.delivery import Delivery
from pccovid.connectors.notes import FileNotes
from pccovid.connectors.streams import lines_of
from pccovid.connectors.texts import clean

AREA_COLUMNS = ("id", "level", "name", "parentId")
NATION_COLUMNS = ("id", "name", "iso2")
_NEEDED = {"tokhaiyte_areas": frozenset(("id", "level", "name")), "tokhaiyte_nations": frozenset(("id", "iso2"))}

# The vendor named the units of its own time: a table that is imported years later still means the list of 2021.
_LAST_DAY_OF_THE_APPS = date(2021, 12, 31)

_LONGEST_AREA_NAME = 200
"""Characters; searching for what is longer would only cost time and memory."""


@dataclass(frozen=True)
class ReadingContext:
    """Plain values only, so that worker processes can receive it."""

    today: date
    """Times after it are refused, birth dates after it too."""
    spill: Path
    """Folder for lines that are longer than any row may be; made when first needed."""
    vendor_areas: VendorAreas | None = None
    """tokhaiyte's area ids; None where no mapping file came: then its areas stay unread."""
    nations: dict[str, str] = field(default_factory=dict)
    """tokhaiyte's nation id → ISO 3166 alpha-2."""


def context_for(
    delivery: Delivery, today: date, spill: Path, stored: Mapping[str, Iterable[tuple[str, ...]]] = MappingProxyType({})
) -> ReadingContext:
    """The context of one delivery, from its mapping files (part files count together).

    `stored`: mapping rows of earlier deliveries by file kind, columns as in the file; where both know an id, the
    delivery's row holds. Raises OSError where a mapping file cannot be read.
    """
    known = {row[0].lower(): row for row in stored.get("tokhaiyte_areas", ())}
    known |= {row[0].lower(): row for row in _mapping_rows(delivery, "tokhaiyte_areas", AREA_COLUMNS, spill)}
    areas = [row for row in known.values() if max(map(len, row)) <= _LONGEST_AREA_NAME]
    nations = chain(
        stored.get("tokhaiyte_nations", ()), _mapping_rows(delivery, "tokhaiyte_nations", NATION_COLUMNS, spill)
    )
    return ReadingContext(
        today=today,
        spill=spill,
        vendor_areas=VendorAreas((VendorArea(*row) for row in areas), on=min(today, _LAST_DAY_OF_THE_APPS))
        if areas
        else None,
        nations={key.lower(): iso2.upper() for key, _, iso2 in nations if len(iso2) == 2 and iso2.isalpha()},
    )


def _mapping_rows(delivery: Delivery, kind: str, columns: tuple[str, ...], spill: Path) -> Iterator[tuple[str, ...]]:
    """The named columns of every whole row; lines that are no rows are reported when the file itself is read."""
    for file in delivery.files:
        if file.kind != kind:
            continue
        lines = lines_of(file.path, spill, FileNotes())
        first = next(lines, b"")
        header = read_header(decoded(first) if isinstance(first, bytes) else "", columns)
        places = [header.columns.index(name) if name in header.columns else None for name in columns]
        if not _NEEDED[kind].issubset(header.columns):
            continue
        for cells in records(lines, header):
            if isinstance(cells, list) and len(cells) == len(header.columns):
                yield tuple("" if place is None else clean(cells[place]).text for place in places)
