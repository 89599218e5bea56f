"""Free text to administrative unit, or an honest "ambiguous: these".

Every name in the text is looked up with the levels it may have; the readings (province, district, commune that lie
in one another) are weighed by how much of the text they explain. Nothing is guessed: readings that explain the text
equally well are all returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pccovid.areas.address_words import Words, read_words
from pccovid.areas.gazetteer import Place, gazetteer, is_slip_of
from pccovid.areas.mentions import Mentions, find_mentions
from pccovid.areas.place_names import COMMUNE, PROVINCE
from pccovid.areas.readings import Reading, readings
from pccovid.areas.units import Unit

EXACT, LIKELY, AMBIGUOUS, UNKNOWN = "exact", "likely", "ambiguous", "unknown"

_EQUALLY_GOOD = 0.2
_EQUALLY_GOOD_IN_CONTRADICTION = 1.5


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text was found to name."""

    unit: Unit | None
    """The deepest unit that is certain enough; None when ambiguous or unknown."""
    candidates: tuple[Unit, ...]
    """Every equally good reading: one when resolved, none when unknown."""
    certainty: str
    """'exact': every name fits as written; 'likely': one reading, with a slip or a gap; 'ambiguous'; 'unknown'."""
    within: Unit | None = None
    """The deepest unit that holds all candidates: what is certain even of an ambiguous text."""


_UNKNOWN = Resolution(None, (), UNKNOWN)


def resolve(text: str, *, on: date, province_code: str | None = None, district_code: str | None = None) -> Resolution:
    """The unit that an address names by the list in force on that day.

    A province or district known from elsewhere narrows the search to what lies in it. A text that names nothing in
    there is 'unknown'; one that plainly names another place as well is 'ambiguous'. Any text is accepted.
    """
    inside = tuple(code for code in (district_code, province_code) if code)
    mentions = find_mentions(read_words(text), gazetteer(on), inside)
    found = readings(mentions)
    if not found:
        return _UNKNOWN
    best = _best(found)
    places = [reading.place for reading in best]
    if inside and any(not name & best[0].words for name in mentions.unknown):
        places += _elsewhere(text, on, inside)
    if len(places) > 1:
        return _ambiguous(places, on)
    unit = places[0].unit
    return Resolution(unit, (unit,), _certainty(best[0], mentions), unit)


def _elsewhere(text: str, on: date, inside: tuple[str, ...]) -> list[Place]:
    """What the text names by itself, where that lies outside of what was known."""
    unit = resolve(text, on=on).unit
    place = gazetteer(on).by_code[unit.code] if unit else None
    if place is None or all(code in (place.unit.code, *place.above) for code in inside):
        return []
    return [place]


def _best(found: list[Reading]) -> list[Reading]:
    """All readings that are as good as the best one; of a unit and one inside it that explain the same, the outer."""
    top = max(found, key=lambda reading: reading.score)
    margin = _EQUALLY_GOOD_IN_CONTRADICTION if top.leaves_out else _EQUALLY_GOOD
    equal: dict[str, Reading] = {}
    for reading in sorted(found, key=lambda reading: -reading.score):
        if reading.score >= top.score - margin and not _goes_without_saying(reading, top):
            equal.setdefault(reading.place.unit.code, reading)
    codes = equal.keys()
    return [reading for reading in equal.values() if not codes & set(reading.place.above)]


def _goes_without_saying(reading: Reading, top: Reading) -> bool:
    """True for the province or district around the best reading: it is already part of it."""
    return reading is not top and reading.place.unit.code in top.place.above and not reading.same_words(top)


def _certainty(reading: Reading, mentions: Mentions) -> str:
    clear = not reading.leaves_out and not reading.has_slip and all(name & reading.words for name in mentions.unknown)
    is_whole = reading.place.unit.level == COMMUNE or all(part & reading.words for part in mentions.plain_parts)
    return EXACT if clear and is_whole and reading.is_anchored else LIKELY


def _ambiguous(places: list[Place], on: date) -> Resolution:
    places = sorted(places, key=lambda place: place.unit.code)
    return Resolution(None, tuple(place.unit for place in places), AMBIGUOUS, _shared_unit(places, on))


def _shared_unit(places: list[Place], on: date) -> Unit | None:
    chains = [(place.unit.code, *place.above) for place in places]
    code = next((code for code in chains[0] if all(code in chain for chain in chains)), None)
    place = gazetteer(on).by_code.get(code) if code else None
    return place.unit if place else None


def find_below(name: str, *, level: str, on: date, above: Unit | None = None) -> Unit | None:
    """The one unit of a level with this name (any kind word, marks or not, one slip) inside `above`.

    Without `above` the whole country is searched, and slips are forgiven in names of provinces only. None where no
    unit fits or several fit equally.
    """
    words = read_words(name)
    found = _named_with_kind(words, level=level, on=on, above=above) or _named(
        words, 0, level=level, on=on, above=above
    )
    units = {place.unit.code: place.unit for place in found}
    return next(iter(units.values())) if len(units) == 1 else None


def _named_with_kind(words: Words, *, level: str, on: date, above: Unit | None) -> list[Place]:
    """Places whose name stands behind a word for a kind of the level, rather those of that kind."""
    first = next(iter(words.announcements), None)
    if first is None or first.start != 0 or level not in first.levels:
        return []
    found = _named(words, first.end, level=level, on=on, above=above)
    return [place for place in found if place.unit.kind == first.kind] or found


def _named(words: Words, start: int, *, level: str, on: date, above: Unit | None) -> list[Place]:
    """Places inside `above` whose name is all the words from `start` on; with one slip where none fits exactly."""
    key, writing = "".join(words.keys[start:]), "".join(words.spelled[start:])
    exact = _inside(gazetteer(on).by_key.get(key, {}).get(level, ()), above)
    found = exact or [
        place for place in _inside(_nearly_named(key, level, on, above), above) if is_slip_of(writing, place)
    ]
    if len(found) > 1 and words.has_marks:
        found = [place for place in found if place.spelled == writing] or found
    return found


def _nearly_named(key: str, level: str, on: date, above: Unit | None) -> Iterator[Place]:
    """Places one letter away; without `above` provinces only, since of others there are too many alike."""
    if above is None and level != PROVINCE:
        return
    names = gazetteer(on)
    for known in names.nearly(key):
        yield from names.by_key[known].get(level, ())


def _inside(places: Iterable[Place], above: Unit | None) -> list[Place]:
    """Those inside `above`; an official name goes before a short or former one."""
    inside = [place for place in places if above is None or above.code in place.above]
    return [place for place in inside if not place.is_other_name] or inside
