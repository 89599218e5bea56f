"""What may be asked, by when it is answered, who answers, why it may be refused, what law forces. Dated data; pure.

Law 91/2025/QH15 and Decree 356/2025/NĐ-CP give the times: an answer within two working days; withdrawal, restriction
and objection within fifteen days, the others within ten to twenty; one longer time of at most fifteen days. Which of
the ten to twenty goes with which kind is our reading, and so is that days are counted as the Civil Code 2015, Articles
147 and 148, has it: the day of receipt does not count, and a term that ends on a day off ends with the next working
day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pccovid.foundation.purposes import ABOUT_NOBODY, CATEGORIES
from pccovid.rights.working_days import after_working_days, end_of, local_day, working_day_from

PAPER_COPY, CORRECTION, RESTRICTION, OBJECTION, ERASURE, WITHDRAWAL = (
    "paper_copy", "correction", "restriction", "objection", "erasure", "withdrawal",
)  # fmt: skip
KINDS = (CORRECTION, ERASURE, RESTRICTION, OBJECTION, WITHDRAWAL, PAPER_COPY)
RESTRICTING = (RESTRICTION, OBJECTION, WITHDRAWAL)
"""Kinds whose granting stops the use of rows until the person lifts it."""
CARRIED_OUT_BY_PROGRAM = (CORRECTION, ERASURE)
ESCALATION = "escalation"
"""Not a kind of request, but its rule says how long the inspectorate has."""

RECORD = tuple(category for category in CATEGORIES if category not in ABOUT_NOBODY)
"""The kinds of data a request can be about; none named means the whole record."""
ABOUT_IDENTITY, ABOUT_FACT, ABOUT_DATA = "identity", "fact", "data"

SHORTEST_WORDS, LONGEST_WORDS, SHORTEST_NOTE = 10, 2000, 10
REQUESTS_A_DAY = 10


LAST_MOMENT = timedelta(microseconds=1)
"""From the first moment that is too late back to the last that is not."""


class Period(NamedTuple):
    """How long a kind may take, from one day to another (None: still in force). Days to finish are calendar days."""

    kind: str
    valid_from: date
    valid_to: date | None
    acknowledge_working_days: int
    finish_days: int
    longest_extension_days: int
    issuer: str
    document: str
    is_verified: bool


_FROM = date(2026, 1, 1)
_STATE, _DECREE = "Chính phủ", "Nghị định 356/2025/NĐ-CP"
_OLD = "Nghị định 13/2023/NĐ-CP Điều 14–16 (72 giờ)"
PERIODS: tuple[Period, ...] = (
    *(Period(kind, _FROM, None, 2, 15, 15, _STATE, _DECREE, True) for kind in RESTRICTING),
    *(Period(kind, _FROM, None, 2, days, 15, _STATE, _DECREE, False)
      for kind, days in ((CORRECTION, 10), (PAPER_COPY, 10), (ERASURE, 20))),
    # Three calendar days are the nearest whole days to seventy-two hours.
    *(Period(kind, date(2023, 7, 1), date(2025, 12, 31), 2, 3, 0, _STATE, _OLD, False) for kind in KINDS),
    Period(ESCALATION, date(2023, 7, 1), None, 0, 15, 0, "", "lựa chọn của hệ thống", False),
)  # fmt: skip


class Deadlines(NamedTuple):
    """Until when a request is to be acknowledged and finished (each the first moment that is too late)."""

    acknowledge: datetime
    finish: datetime

    @property
    def acknowledge_last(self) -> datetime:
        """The last moment of the day to be acknowledged on."""
        return self.acknowledge - LAST_MOMENT

    @property
    def finish_last(self) -> datetime:
        """The last moment of the day to be finished on."""
        return self.finish - LAST_MOMENT


def period_of(kind: str, on: date) -> Period:
    """The rule in force on a day. Raises LookupError where there is none."""
    for one in PERIODS:
        if one.kind == kind and one.valid_from <= on and (one.valid_to is None or on <= one.valid_to):
            return one
    raise LookupError(f"no rule for {kind} on {on}")


def deadlines(kind: str, received: datetime) -> Deadlines:
    """The deadlines of a request received at a moment. Raises LookupError. The database computes the same."""
    day = local_day(received)
    rule = period_of(kind, day)
    finish = working_day_from(day + timedelta(days=rule.finish_days))
    return Deadlines(end_of(after_working_days(day, rule.acknowledge_working_days)), end_of(finish))


def extended(finish: datetime, days: int) -> datetime:
    """A deadline moved by so many calendar days, on to a working day."""
    last = local_day(finish - LAST_MOMENT)
    return end_of(working_day_from(last + timedelta(days=days)))


class DeskOf(NamedTuple):
    """An office that answers requests of a kind about something; `is_by_area`: only of people of its area."""

    kind: str
    about: str
    role: str
    is_by_area: bool


DESKS: tuple[DeskOf, ...] = (
    # Who somebody is, the commune's police knows; a national steward can stand in, or be the second officer.
    DeskOf(CORRECTION, ABOUT_IDENTITY, "commune_police", True),
    DeskOf(CORRECTION, ABOUT_IDENTITY, "data_steward", False),
    DeskOf(CORRECTION, ABOUT_FACT, "data_steward", False),
    *(DeskOf(kind, ABOUT_DATA, "data_protection", False)
      for kind in (PAPER_COPY, RESTRICTION, OBJECTION, ERASURE, WITHDRAWAL)),
)  # fmt: skip
ROLES = tuple(dict.fromkeys(desk.role for desk in DESKS))


class Refusal(NamedTuple):
    """Why a request may be refused, in words for the person, with what the law says."""

    code: str
    kinds: tuple[str, ...]
    text: str
    text_en: str
    legal_basis: str
    is_verified: bool


_NO_CONSENT = "Luật 91/2025/QH15 Điều 19; Nghị định 356/2025/NĐ-CP"
REFUSALS: dict[str, Refusal] = {
    one.code: one
    for one in (
        Refusal(
            "epidemic_control", (ERASURE, RESTRICTION, OBJECTION, WITHDRAWAL),
            "Dữ liệu đang cần để phòng, chống dịch; luật cho xử lý mà không cần đồng ý.",
            "The data is needed for epidemic control, which the law lets be processed without consent.",
            f"{_NO_CONSENT}; Luật Phòng, chống bệnh truyền nhiễm 2007 và luật thay thế", False,
        ),
        Refusal(
            "kept_by_law", (ERASURE,),
            "Do cơ quan hoặc cơ sở y tế ghi; luật buộc giữ đến hết thời hạn lưu giữ.",
            "Recorded by an authority or a health facility; the law has it kept until its time is over.",
            "Luật 91/2025/QH15 (xóa dữ liệu, trường hợp phải lưu giữ theo luật)", False,
        ),
        Refusal(
            "no_consent_given", (WITHDRAWAL,),
            "Việc này không dựa trên sự đồng ý của bạn, nên không có gì để rút lại.",
            "This does not rest on your consent, so there is none to take back.", _NO_CONSENT, False,
        ),
        Refusal(
            "not_identified", KINDS,
            "Không xác định chắc người yêu cầu chính là người có dữ liệu.",
            "It is not certain that who asks is the person the data is about.",
            "Luật 91/2025/QH15 Điều 4; Nghị định 356/2025/NĐ-CP (xác minh người yêu cầu)", False,
        ),
        Refusal(
            "rights_of_others", KINDS,
            "Làm như yêu cầu sẽ lộ hoặc làm hại dữ liệu của người khác.",
            "Doing it would disclose or harm other people's data.",
            "Luật 91/2025/QH15 Điều 4 (không xâm phạm quyền và lợi ích của người khác)", False,
        ),
        Refusal(
            "is_right_already", (CORRECTION,),
            "Đã đối chiếu với giấy tờ hoặc nơi ghi: dữ liệu hiện có là đúng.",
            "Compared with papers or with who recorded it: what stands here is right.",
            "Luật 91/2025/QH15 Điều 4 (quyền chỉnh sửa)", False,
        ),
        Refusal(
            "nothing_held", (ERASURE, RESTRICTION, OBJECTION, CORRECTION),
            "Hệ thống không có dữ liệu như bạn nêu.",
            "The system holds no such data.", "Luật 91/2025/QH15 Điều 4", False,
        ),
        Refusal(
            "repeated", KINDS,
            "Yêu cầu này đã được trả lời, và từ đó không có gì thay đổi.",
            "The same was answered before, and nothing has changed since.",
            "Nghị định 356/2025/NĐ-CP (yêu cầu lặp lại rõ ràng)", False,
        ),
    )
}  # fmt: skip


class Exempt(NamedTuple):
    """A purpose that a restriction does not stop; `actor_kind` '' means for whoever reads under it."""

    purpose: str
    actor_kind: str
    reason: str
    is_verified: bool


EXEMPT: tuple[Exempt, ...] = (
    Exempt("own_record", "", "the person's own right to see it", True),
    Exempt("rights", "", "whoever answers the person's own request must see what it is about", False),
    Exempt("break_glass", "", "an emergency of life and health; each opening is inspected", False),
    Exempt("break_glass_search", "", "finding the person of such an emergency", False),
    Exempt("inspection", "", "supervising who read, which protects the person; shows the log, not the record", False),
    Exempt("erasure", "job", "deleting what is due, which a restriction must not delay", False),
    Exempt("carry_over", "job", "storing what arrives: it must find its person, or would open a second one", False),
    Exempt("exchange", "job", "storing what agencies send: it must find its person, or would open a second one", False),
    Exempt("data_repair", "job", "keeping persons apart and together as officers ruled; nobody looks", False),
)


class Erasable(NamedTuple):
    """A table whose rows of a category go when the person asks, if their provenance is one of those named."""

    category: str
    table_name: str


ERASED_PROVENANCES = ("self_declared", "pending")
"""What the person told themselves, or nobody has confirmed, goes; what an authority or facility recorded is kept."""
ERASABLE: tuple[Erasable, ...] = (
    Erasable("declaration", "declarations_declaration"), Erasable("movement", "movement_visit"),
    Erasable("movement", "movement_trip"), Erasable("movement", "movement_scan"), Erasable("border", "border_entry"),
    Erasable("test", "lab_tests_test"), Erasable("vaccination", "vaccination_dose"),
    Erasable("insurance", "insurance_card"), Erasable("contact", "people_address"),
    Erasable("contact", "people_relationship"),
)  # fmt: skip
ERASABLE_CATEGORIES = tuple(dict.fromkeys(one.category for one in ERASABLE))


def accepting_act(kind: str, *, needs_two: bool, asked: Sequence[str], granted: Sequence[str]) -> str:
    """The act by which an office grants a request: `granted` kinds of data of those asked (empty: the whole record)."""
    if needs_two:
        return "propose"
    if kind in CARRIED_OUT_BY_PROGRAM:
        return "grant"
    is_whole = not granted or (bool(asked) and set(asked) <= set(granted))
    return "fulfil" if kind == PAPER_COPY or is_whole else "fulfil_partly"


ATTRIBUTES = (
    "name", "birth_date", "sex", "nationality", "phone", "email", "personal_id", "old_id", "passport",
    "insurance_no", "residence",
)  # fmt: skip
"""What of a person's identity and contact can be corrected to a value."""
