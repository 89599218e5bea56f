"""When a test is a case, when a case is infectious, who is a contact and how surely. Pure; rules are rows with dates.

The database is filled with these tables, and its functions (contact_tracing/sql) do for all cases at once what the
functions below say for one pair. Moments carry their zone; scores lie between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pccovid.movement.rules import ASSUMED_STAY, LONGEST_STAY

Span = tuple[datetime, datetime]

PLACE, UNMASKED_PLACE, HOUSEHOLD, JOURNEY, FAR_SEAT = "place", "unmasked_place", "household", "journey", "far_seat"
DECLARED = "declared"
KINDS = (PLACE, UNMASKED_PLACE, HOUSEHOLD, JOURNEY, FAR_SEAT, DECLARED)
OUTCOMES = ("reached", "not_reached", "not_a_contact", "elsewhere")
SHORTEST_REASON = 10
GUESSED = 0.7
"""How much an exposure weighs whose end or beginning is assumed. Our own choice."""


class CaseDefinition(NamedTuple):
    """A positive test by `method` is a case, if it `needs` nothing more, or what it names."""

    code: str
    method: str
    needs: str
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    verified: bool


_MINISTRY, _PREVENTION = "Bộ Y tế", "Bộ Y tế (Cục Y tế dự phòng)"
_F0 = "CV 11042/BYT-DP, 29/12/2021"
_EARLIER = "Trước CV 11042/BYT-DP: cách hiểu của chúng tôi, chưa tìm thấy văn bản"
CASE_DEFINITIONS = (
    CaseDefinition("pcr", "pcr", "", date(2020, 1, 1), date(2021, 12, 29), _MINISTRY, _EARLIER, False),
    CaseDefinition("pcr", "pcr", "", date(2021, 12, 29), None, _PREVENTION, _F0, True),
    CaseDefinition("contact_antigen", "antigen", "is_contact", date(2021, 12, 29), None, _PREVENTION, _F0, True),
    CaseDefinition(
        "two_antigen", "antigen", "twice_with_factor", date(2021, 12, 29), None, _PREVENTION,
        f"{_F0}; yếu tố dịch tễ: có ca trong xã trong 14 ngày, theo cách hiểu của chúng tôi", False,
    ),
    # A clinician's word within fourteen days of the test: how near it must lie is our own reading, too.
    CaseDefinition(
        "suspect_antigen", "antigen", "suspect_with_factor", date(2021, 12, 29), None, _PREVENTION,
        f"{_F0}; yếu tố dịch tễ và nghi ngờ lâm sàng trong 14 ngày, theo cách hiểu của chúng tôi", False,
    ),
)  # fmt: skip


class InfectiousRule(NamedTuple):
    """From `days_before` the first specimen (or onset) until a negative, a Ct above, or `longest_days` after the last.

    Positives of one person within `joined_days` are one illness. A contact may infect others from
    `contact_latent_days` after first meeting the case until isolated, at most `contact_days` after the last.
    """

    valid_from: date
    valid_to: date | None
    days_before: int
    ct_above: float
    longest_days: int
    joined_days: int
    contact_latent_days: int
    contact_days: int
    issuer: str
    document: str
    verified: bool


INFECTIOUS_RULES = (
    InfectiousRule(
        date(2020, 1, 1), date(2021, 12, 29), 2, 30.0, 14, 90, 2, 14, _MINISTRY,
        f"{_EARLIER}; ngày dài nhất, gộp lần dương tính và thời gian ủ của F1 là lựa chọn của chúng tôi", False,
    ),
    InfectiousRule(
        date(2021, 12, 29), None, 2, 30.0, 14, 90, 2, 14, _PREVENTION,
        f"{_F0} (2 ngày trước, đến khi âm tính hoặc CT > 30); 14, 90 và 2 ngày còn lại do chúng tôi chọn", False,
    ),
)  # fmt: skip


class ContactRule(NamedTuple):
    """A meeting of this `kind` counts from `least_minutes`; it weighs `weight`, with minutes unless scale is 0.

    `near_rows`: of seats, so many rows before and behind are near.
    """

    kind: str
    least_minutes: int
    weight: float
    scale_minutes: int
    near_rows: int | None
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    verified: bool


_OWN = "trọng số là lựa chọn của chúng tôi"
_F1 = f"{_F0} (cùng không gian hẹp, kín: từ 15 phút nếu đeo khẩu trang, bất kỳ lúc nào nếu không); {_OWN}"
_SINCE = date(2020, 1, 1)
CONTACT_RULES = (
    ContactRule(PLACE, 15, 0.6, 60, None, _SINCE, None, _PREVENTION, _F1, False),
    ContactRule(UNMASKED_PLACE, 1, 0.8, 30, None, _SINCE, None, _PREVENTION, _F1, False),
    ContactRule(HOUSEHOLD, 0, 0.9, 0, None, _SINCE, None, _PREVENTION, f"{_F0}; {_OWN}", False),
    ContactRule(JOURNEY, 0, 0.7, 0, 2, _SINCE, None, _MINISTRY, f"Hai hàng ghế trước và sau: {_OWN}", False),
    ContactRule(FAR_SEAT, 0, 0.2, 0, None, _SINCE, None, _MINISTRY, f"Cùng chuyến, ghế xa: {_OWN}", False),
    ContactRule(DECLARED, 0, 0.8, 0, None, _SINCE, None, _PREVENTION, f"Người ca bệnh khai đã gặp: {_OWN}", False),
)


class PlaceClass(NamedTuple):
    """A kind of place and whether people there wear no masks. Kinds that are not here count as masked."""

    place_kind: str
    is_unmasked: bool
    weight: float
    verified: bool


PLACE_CLASSES = tuple(
    PlaceClass(kind, True, 1.0, False)
    for kind in ("restaurant", "cafe", "bar", "karaoke", "gym", "nha_hang", "quan_an", "quan_cafe")
)


def in_force(rules: Iterable[InfectiousRule], on: date) -> InfectiousRule | None:
    """The rule of a day; None where there is none."""
    return next((r for r in rules if r.valid_from <= on and (r.valid_to is None or on < r.valid_to)), None)


def presence(entered_at: datetime | None, left_at: datetime | None) -> Span | None:
    """When somebody was at a place: two hours from an entry without exit; an exit without entry has two before."""
    if left_at is None:
        return None if entered_at is None else (entered_at, entered_at + ASSUMED_STAY)
    if entered_at is not None and timedelta() <= left_at - entered_at <= LONGEST_STAY:
        return (entered_at, left_at)
    return (left_at - ASSUMED_STAY, left_at)


def together(one: Span, other: Span) -> Span | None:
    """The time two spans share, whichever is named first; None where there is none."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch or overlap taken as one, in order: every moment of each is in exactly one of the result."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def meetings(case: Sequence[Span], other: Sequence[Span], infectious: Span) -> list[Span]:
    """When the other was where the case was, at one place, while the case was infectious."""
    own = [span for stay in merged(case) if (span := together(stay, infectious)) is not None]
    shared = [span for stay in own for there in other if (span := together(stay, there)) is not None]
    return merged(shared)


def score_of(rule: ContactRule, minutes: float | None, *, is_guessed: bool, weight: float = 1.0) -> float | None:
    """How surely a meeting counts; None where it is too short to. `weight`: of the F1 through whom an F2 was met."""
    if minutes is not None and minutes < rule.least_minutes:
        return None
    by_time = 1.0 if rule.scale_minutes == 0 or minutes is None else 1 - math.exp(-minutes / rule.scale_minutes)
    return weight * rule.weight * (GUESSED if is_guessed else 1.0) * by_time


def source_weight(met_at: datetime, first_at: datetime) -> float:
    """How well a meeting fits as what made a case, by the time until its first positive. Our own choice."""
    days = (first_at - met_at) / timedelta(days=1)
    if not 0 <= days <= 14:
        return 0.0
    return 0.2 if days < 1 else 1.0 if days <= 10 else 0.5


def score_together(scores: Iterable[float]) -> float:
    """Several exposures to one case as one score: the chance that at least one of them counts."""
    return 1 - math.exp(sum(math.log(1 - min(score, 0.999999)) for score in scores))
