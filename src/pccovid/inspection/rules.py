"""What opens a case of inspection, within which time it is to be decided, and what may be decided. Pure data and rules.

Thresholds are our own choice, each with its reason: no source prescribes any. They are data, so that an inspectorate
can set its own after it has seen how many findings a week they make.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import NamedTuple

COMPLAINT, BREAK_GLASS = "complaint", "break_glass"
VOLUME, ODD_HOURS, OUT_OF_AREA, NO_CASE = "volume", "odd_hours", "out_of_area", "no_case"
OWN_NAME, OWN_HOUSEHOLD, MUCH_READ = "own_name", "own_household", "much_read"

JUSTIFIED, NOT_JUSTIFIED, REFERRED, NEEDS_MORE = "justified", "not_justified", "referred", "needs_more"
OUTCOMES = (JUSTIFIED, NOT_JUSTIFIED, REFERRED, NEEDS_MORE)
STATES = ("waiting", "open", "needs_more", "decided")
SHORTEST_REASON, SHORTEST_ANSWER, SHORTEST_COMPLAINT = 20, 10, 10
COMPLAINTS_A_DAY = 10

_SPREAD = 1.4826
"""Makes the median distance from the median comparable with a standard deviation (Rousseeuw and Croux 1993)."""


class Kind(NamedTuple):
    """A kind of case. `reason` says why it is looked at and why its numbers are what they are.

    `due_hours`: within which it is to be decided. `shows_names`: whether the desk is told whose record was read; who is
    named sees that. `floor`: persons (officers, for a much-read record) below which nothing is a finding. `factor`:
    robust spreads above the median of the role's officer-days of `days_back` days; `alone_floor` counts while fewer
    than `fewest_peers` officers can be compared. `purposes`: those that demand a case number. Hours of Viet Nam.
    """

    kind: str
    due_hours: int
    shows_names: bool
    reason: str
    floor: int | None = None
    factor: float | None = None
    alone_floor: int | None = None
    days_back: int | None = None
    fewest_peers: int | None = None
    purposes: tuple[str, ...] = ()
    from_hour: int | None = None
    to_hour: int | None = None


KINDS: dict[str, Kind] = {
    kind.kind: kind
    for kind in (
        Kind(
            COMPLAINT, 15 * 24, True,
            "A person waits for an answer. Fifteen days, so that the officer can be heard; counted in calendar days.",
        ),
        Kind(
            BREAK_GLASS, 24, True,
            "The record was opened without office or area covering it; a day lets inspectors ask while all remember.",
        ),
        Kind(
            VOLUME, 72, False,
            "Persons shown in a day, six robust spreads above the role's median: counts of a day are skewed, and less"
            " would find ordinary busy days. Forty is a full day at a desk with ten minutes a person; with fewer than"
            " four officers to compare, a hundred.",
            floor=40, factor=6.0, alone_floor=100, days_back=28, fewest_peers=4,
        ),
        Kind(
            ODD_HOURS, 72, False,
            "Persons shown between ten in the evening and five in the morning, against the role's own nights: tracing"
            " in shifts is no finding where the whole role does it. Ten persons at least.",
            floor=10, factor=6.0, alone_floor=20, days_back=28, fewest_peers=4, from_hour=22, to_hour=5,
        ),
        Kind(
            OUT_OF_AREA, 48, True,
            "Row security shows no person who lives outside the office's area, so one is too many: somebody moved"
            " since, or something is broken.",
            floor=1,
        ),
        Kind(
            NO_CASE, 72, False,
            "The console asks for a case number before it shows anybody; what comes without one, or with fewer than"
            " three letters or digits, did not come through it as meant. Three persons a day, for slips of the hand.",
            floor=3, purposes=("data_repair", "care", "contact_tracing"),
        ),
        Kind(
            OWN_NAME, 48, True,
            "Somebody of the officer's very name: perhaps themselves. Officers' accounts know no person, so most"
            " findings in a common name will be chance; each takes a minute.",
            floor=1,
        ),
        Kind(
            OWN_HOUSEHOLD, 48, True,
            "Somebody who declared with, or for, a person of the officer's very name: perhaps their family.",
            floor=1,
        ),
        Kind(
            MUCH_READ, 48, True,
            "One record read by six officers within a week: a case is commonly read by its station, its tracers and a"
            " steward. Well-known people, and quarrels of neighbours, look like this.",
            floor=6,
        ),
    )
}  # fmt: skip


class Withholding(NamedTuple):
    """A dated rule by which the person is told of a reading later (`delay`) or without office and case (`mask`).

    Applies to entries of the purpose (and of the category, unless None) made between the two moments, for `days` each.
    Without a lawyer's word (`is_verified`) it withholds nothing.
    """

    purpose: str
    category: str | None
    effect: str
    valid_from: datetime
    valid_to: datetime
    days: int
    legal_basis: str
    is_verified: bool


WITHHOLDINGS: tuple[Withholding, ...] = ()
"""None: we know of no provision in force that allows it, and the page says so."""


def limit(kind: Kind, peers: Sequence[int], officers: int) -> float | None:
    """The measure from which an officer's day is a finding; None where the kind has no detector.

    `peers`: the measures of the role's officer-days of `days_back` days, `officers` how many officers they are of. The
    database computes the same (inspection/sql/detect.sql).
    """
    if kind.floor is None or kind.factor is None:
        return kind.floor
    if officers < (kind.fewest_peers or 0):
        return kind.alone_floor
    middle = median(peers)
    spread = median(abs(measured - middle) for measured in peers)
    return max(float(kind.floor), middle + kind.factor * _SPREAD * spread)
