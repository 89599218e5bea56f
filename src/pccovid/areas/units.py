"""The values other modules receive from `areas`: a unit with its dates, a residence, a successor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

LISTED_2021 = date(2021, 1, 1)
"""First day for which the list of 6/11/2021 is used; the last changes before it are not dated in the source."""
LISTED_2025_03 = date(2025, 3, 1)
"""Day of the last list before the reform: a change between the two lists is dated here, by when it is known to hold."""
REFORM_2025 = date(2025, 7, 1)
"""34 provinces, communes directly below them, no districts."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit as it was between two dates. Its code means something only together with a date."""

    code: str
    level: str
    """'province', 'district' or 'commune'."""
    name: str
    """Official name with its kind: 'Phường 5'."""
    kind: str
    """'Tỉnh', 'Thành phố', 'Quận', 'Huyện', 'Thị xã', 'Phường', 'Xã', 'Thị trấn' or 'Đặc khu'."""
    parent: str | None
    """Code of the unit above, None for a province."""
    valid_from: date
    valid_to: date | None
    """First day on which it no longer holds; None while it does."""
    scheme: str
    """'2021': 63 provinces with districts; '2025': 34 provinces without."""


class Residence(NamedTuple):
    """Codes of the 2021 list; the lower ones are None where only the upper ones are known."""

    province_code: str
    district_code: str | None = None
    commune_code: str | None = None


class Successor(NamedTuple):
    """A unit of 2025 that took over the old unit or a part of it."""

    code: str
    share: float
    """Part of the old unit, 0 to 1; all shares of one old unit add up to 1."""
    is_default: bool
    """The part to choose where nothing more is known about an address."""
    share_is_estimate: bool = False
    """True where the unit was divided: the source names the parts, not their sizes, so equal shares stand here."""
