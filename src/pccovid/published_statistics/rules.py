"""What is published, how, and from which number on: themes, the week, the tree of areas. Pure.

Two releases of one week lie beside each other on a reader's desk, so both are made from the same counts, and what an
earlier one says is taken as known. One theme is one table; no theme is part of another, since a reader who knows that
these tests are among those tests knows more than either table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from pccovid.areas.registry import Registry
from pccovid.areas.units import LISTED_2021
from pccovid.bulk_export.suppression import Table

COUNTRY, UNKNOWN = "VN", "?"
"""The top of the tree; and the mark of people of a unit of whom nothing smaller is known."""
DAYS = 7


_HOME = "coalesce(p.commune_code, p.district_code || '?', p.province_code || '?', '?')"
FLOWS = "flows"
_WENT = """(
    SELECT t.person_id, (t.departed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS on_day,
           t.departure_commune AS from_area, t.destination_commune AS to_area
    FROM public.movement_trip t
    WHERE t.superseded_at IS NULL AND t.departure_commune IS NOT NULL AND t.destination_commune IS NOT NULL
      AND t.day BETWEEN $2 - 1 AND $2 + 8
    UNION ALL
    SELECT v.person_id, (coalesce(v.entered_at, v.left_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, NULL,
           (SELECT min(q.commune_code) FROM public.movement_place q WHERE q.place_key = v.place_key)
    FROM public.movement_visit v WHERE v.superseded_at IS NULL AND v.day BETWEEN $2 - 1 AND $2 + 8
)"""
"""Who went from where to where: by a declared trip, or from home to a place of another commune. $2: the week."""


class Theme(NamedTuple):
    """What is counted: persons with a row `f` of `table_name` (or of `source`) on a day, by `area`.

    `day`, `only_where`, `source` and `area` are SQL over that and the person `p`.
    """

    code: str
    category: str
    title: str
    title_en: str
    table_name: str
    day: str
    only_where: str
    source: str = ""
    area: str = _HOME

    @property
    def rows(self) -> str:
        """What is counted, as SQL names it."""
        return self.source or f"public.{self.table_name}"


THEMES: dict[str, Theme] = {
    theme.code: theme
    for theme in (
        Theme(
            "doses", "vaccination", "Người được tiêm", "People vaccinated", "vaccination_dose", "f.occurred_on",
            "f.superseded_at IS NULL AND f.duplicate_of IS NULL",
        ),
        Theme(
            "tests", "test", "Người được lấy mẫu", "People sampled", "lab_tests_test",
            "(f.collected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date", "f.superseded_at IS NULL",
        ),
        Theme(
            "declarations", "declaration", "Người khai báo y tế", "People who declared", "declarations_declaration",
            "(f.declared_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date", "f.superseded_at IS NULL",
        ),
        Theme(
            FLOWS, "movement", "Người đi từ xã này sang xã khác", "People who went from one commune to another",
            "movement_visit", "f.on_day", f"f.to_area IS NOT NULL AND f.to_area <> coalesce(f.from_area, {_HOME})",
            _WENT, f"coalesce(f.from_area, {_HOME}) || '>' || f.to_area",
        ),
    )
}  # fmt: skip


class Threshold(NamedTuple):
    """From how many people on a number is told, and how long after its week; from one day to another."""

    people: int
    wait_days: int
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool


THRESHOLDS: tuple[Threshold, ...] = (
    # No Vietnamese source was found. Five is what several statistical offices use; the wait lets late entries arrive,
    # and declarations are kept for thirty days.
    Threshold(5, 7, date(2021, 1, 1), None, "", "lựa chọn của hệ thống", False),
)


class WeekIsWrong(ValueError):
    """Not a Monday, or a week that is not over for long enough."""


def threshold_of(day: date) -> Threshold:
    """The rule in force on a day. Raises LookupError."""
    for one in THRESHOLDS:
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
            return one
    raise LookupError(f"no threshold for {day}")


def days_of(week: date) -> tuple[str, ...]:
    """The columns of a week's table. Raises WeekIsWrong where it does not begin on a Monday."""
    if week.isoweekday() != 1:
        raise WeekIsWrong(f"{week} is no Monday; weeks do not overlap, so that none can be subtracted from another")
    return tuple((week + timedelta(days=n)).isoformat() for n in range(DAYS))


def tree_of(units: Registry, provinces: Iterable[str]) -> dict[str, str | None]:
    """Area → the area it lies in: every province, and in the named ones districts and communes of the 2021 list.

    Each unit that has parts has one part more, `code?`, for people of whom only the unit is known. Raises LookupError.
    """
    inside: dict[str, str | None] = {COUNTRY: None, UNKNOWN: COUNTRY}
    opened = set(provinces)
    known = {province.code for province in units.provinces(on=LISTED_2021)}
    if opened - known:
        raise LookupError(f"no province of 2021: {', '.join(sorted(opened - known))}")
    for province in sorted(known):
        inside[province] = COUNTRY
        if province in opened:
            _open(units, province, inside)
            for district in units.children(province, on=LISTED_2021):
                _open(units, district.code, inside)
    return inside


def _open(units: Registry, code: str, inside: dict[str, str | None]) -> None:
    inside[code + UNKNOWN] = code
    for part in units.children(code, on=LISTED_2021):
        inside[part.code] = code


def table_of(
    inside: Mapping[str, str | None], columns: tuple[str, ...], counts: Mapping[tuple[str, str], int], units: Registry
) -> Table:
    """The table of one week. `counts`: (area as finely as it is known, day) → people; each goes to its leaf.

    An area that the list does not have counts as unknown.
    """
    outer = {one for one in inside.values() if one is not None}
    leaves = [area for area in inside if area not in outer]
    filled = {(leaf, column): 0 for leaf in leaves for column in columns}
    for (area, column), people in counts.items():
        filled[_leaf(area, inside, outer, units), column] += people
    return Table(inside, columns, filled)


def _leaf(area: str, inside: Mapping[str, str | None], outer: set[str], units: Registry) -> str:
    """Where people of an area are counted in this tree: at itself, or with the smallest unit that it has."""
    if area in inside:
        return area if area not in outer else area + UNKNOWN
    code = area.removesuffix(UNKNOWN)
    for unit in reversed(units.path(code, on=LISTED_2021)):
        if unit.code in inside:
            return unit.code if unit.code not in outer else unit.code + UNKNOWN
    return UNKNOWN


def weeks_to_tell(today: date, *, wait_days: int, kept_days: int) -> tuple[date, ...]:
    """Mondays of the weeks that are over for long enough and of which nothing has been erased yet, the oldest first."""
    newest = today - timedelta(days=DAYS + wait_days)
    monday = newest - timedelta(days=newest.weekday())
    told = []
    # Who went early on its Monday, here, is kept until the last of these days is over.
    while monday > today - timedelta(days=kept_days):
        told.append(monday)
        monday -= timedelta(days=DAYS)
    return tuple(reversed(told))
