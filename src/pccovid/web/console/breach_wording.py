"""The words of the register of breaches: states, steps, kinds, refusals, the timer, and what the authority is told."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pccovid.breaches.queries import Breach, Source
from pccovid.breaches.rules import Timer
from pccovid.web import words

Words = dict[str, Promise | str]

STATE: Words = {
    "discovered": gettext_lazy("mới phát hiện"),
    "assessed": gettext_lazy("đã đánh giá"),
    "authority_told": gettext_lazy("đã báo cơ quan chuyên trách"),
    "not_notifiable": gettext_lazy("không phải báo cơ quan chuyên trách"),
    "persons_told": gettext_lazy("đã báo người bị ảnh hưởng"),
    "persons_not_needed": gettext_lazy("không phải báo người bị ảnh hưởng"),
    "closed": gettext_lazy("đã kết thúc"),
}
STEP: Words = {
    "assess": gettext_lazy("Đánh giá"),
    "supplement": gettext_lazy("Bổ sung điều mới biết"),
    "overdue": gettext_lazy("Quá thời hạn báo mà chưa báo (máy ghi)"),
    "notify": gettext_lazy("Ghi việc đã báo cơ quan chuyên trách"),
    "notify_more": gettext_lazy("Ghi việc đã gửi bản bổ sung"),
    "not_notifiable": gettext_lazy("Không phải báo cơ quan chuyên trách"),
    "inform": gettext_lazy("Báo người bị ảnh hưởng trong ứng dụng"),
    "inform_not_needed": gettext_lazy("Không phải báo người bị ảnh hưởng"),
    "close": gettext_lazy("Kết thúc"),
    "disagree": gettext_lazy("Không đồng ý với đề nghị"),
}
KIND: Words = {
    "confidentiality": gettext_lazy("lộ: người không có quyền đã thấy hoặc lấy dữ liệu"),
    "integrity": gettext_lazy("sai: dữ liệu bị sửa hoặc bị chèn thêm"),
    "availability": gettext_lazy("mất: dữ liệu bị xóa hoặc không mở được"),
}
BASIS: Words = {
    "known": gettext_lazy("biết chính xác"),
    "estimated": gettext_lazy("ước tính"),
    "unknown": gettext_lazy("chưa biết"),
}
SOURCE: Words = {
    "officer": gettext_lazy("cán bộ ghi"),
    "inspection": gettext_lazy("từ một việc thanh tra"),
    "audit": gettext_lazy("máy kiểm tra nhật ký xem hồ sơ thấy"),
    "export_trace": gettext_lazy("máy truy ra tệp đã xuất từ bản bị lộ"),
    "operator": gettext_lazy("người vận hành hệ thống báo"),
}
REFUSAL: Words = {
    "not_held": gettext_lazy("Chức vụ này không được làm việc đó."),
    "not_now": gettext_lazy("Bước này không làm được ở tình trạng hiện nay, hoặc không có việc như vậy."),
    "words_missing": gettext_lazy("Viết lý do rõ hơn (ít nhất 20 ký tự)."),
    "incomplete": gettext_lazy("Còn thiếu: loại sự cố, số người cùng mức biết chắc, hoặc điều phải nói với người dân."),
    "impossible_time": gettext_lazy("Thời điểm không thể có: ở tương lai, hoặc trước khi phát hiện."),
    "late": gettext_lazy("Đã báo sau thời hạn: phải ghi vì sao chậm (ít nhất 20 ký tự)."),
    "nobody": gettext_lazy("Sổ ghi lượt xem không cho ra ai: xem lại tên đăng nhập, số và thời gian."),
    "own_readings": gettext_lazy("Sự cố này về lượt xem của chính bạn: người khác phải làm."),
    "same_officer": gettext_lazy("Bạn là người thứ nhất: cần một cán bộ khác đồng ý."),
}
REFUSED_FIELD = {"late": "words", "words_missing": "words", "impossible_time": "told_at"}
"""The field of a form that a refusal is about, where there is one."""
VOCABULARIES: dict[str, Words] = {
    "breach_state": STATE, "breach_step": STEP, "breach_kind": KIND, "breach_basis": BASIS, "breach_source": SOURCE,
}  # fmt: skip
CHIP = {"discovered": "pending", "assessed": "pending", "closed": "official"}
"""Looks of states that are not plain information."""


def told_timer(timer: Timer) -> str:
    """'còn 51 giờ 20 phút', 'quá hạn 3 giờ 05 phút'; '' where the hours do not run."""
    if timer.look == "stopped":
        return ""
    spent = {"hours": timer.hours, "minutes": f"{timer.minutes:02}"}
    if timer.look == "overdue":
        return _("quá hạn %(hours)s giờ %(minutes)s phút") % spent
    return _("còn %(hours)s giờ %(minutes)s phút") % spent


def told_source(source: Source) -> str:
    """From where affected persons were drawn, in words."""
    if source.kind == "export":
        return _("mọi người trong tệp xuất XD-%(number)s") % {"number": source.export}
    if source.kind == "case":
        return _("mọi người trong việc thanh tra TT-%(number)s") % {"number": source.case}
    return _("mọi người mà %(officer)s đã xem từ %(from)s đến %(to)s") % {
        "officer": source.officer_name, "from": words.moment(source.from_at), "to": words.moment(source.to_at),
    }  # fmt: skip


class NoticeRow(NamedTuple):
    """One part of the notification; `told` is '' for what is not known yet."""

    title: str
    told: str


def notice(breach: Breach) -> tuple[NoticeRow, ...]:
    """Everything the authority must be told, in order; what is not known yet is empty and said to be."""
    line, facts = breach.line, breach.facts
    assessed = [step for step in breach.steps if step.facts]
    contact = f"{assessed[-1].officer_name}, {assessed[-1].office}" if assessed else ""
    return (
        NoticeRow(_("Cơ quan báo"), assessed[-1].office if assessed else line.opened_office),
        NoticeRow(_("Người liên hệ"), contact),
        NoticeRow(_("Xảy ra lúc"), told_span(line.happened_from, line.happened_to)),
        NoticeRow(_("Phát hiện lúc"), f"{words.moment(line.discovered_at)} ({SOURCE[line.source]})"),
        NoticeRow(_("Điều đã xảy ra"), line.words),
        NoticeRow(_("Loại sự cố"), "; ".join(str(KIND[one]) for one in facts.kinds)),
        NoticeRow(_("Loại dữ liệu"), "; ".join(words.word("category", one) for one in facts.categories)),
        NoticeRow(_("Số người bị ảnh hưởng"), told_persons(facts.persons, facts.persons_basis)),
        NoticeRow(_("Hậu quả có thể có"), facts.consequences),
        NoticeRow(_("Biện pháp đã làm và sẽ làm"), facts.measures),
        NoticeRow(_("Báo người bị ảnh hưởng"), _told_of_informing(breach)),
        NoticeRow(_("Vì sao báo chậm"), _why_late(breach)),
    )


def told_span(since: datetime | None, until: datetime | None) -> str:
    """'từ … đến …', one moment alone, or '' where it is not known."""
    if since is None:
        return ""
    if until is None:
        return _("từ %(since)s, chưa rõ đến khi nào") % {"since": words.moment(since)}
    return _("từ %(since)s đến %(until)s") % {"since": words.moment(since), "until": words.moment(until)}


def told_persons(persons: int | None, basis: str) -> str:
    """'120 người (ước tính)'; '' where the number is not known."""
    if persons is None:
        return ""
    counted = ngettext("%(persons)s người", "%(persons)s người", persons) % {"persons": persons}
    return f"{counted} ({BASIS[basis]})"


def _told_of_informing(breach: Breach) -> str:
    informed, spared = breach.last("inform"), breach.last("inform_not_needed")
    if informed:
        return _("đã báo trong ứng dụng lúc %(when)s: %(advice)s") % {
            "when": words.moment(informed.taken_at), "advice": informed.advice,
        }  # fmt: skip
    return _("không báo, vì: %(why)s") % {"why": spared.words} if spared else _("chưa báo")


def _why_late(breach: Breach) -> str:
    told = breach.last("notify")
    if told and breach.line.was_late:
        return told.words
    return _("không chậm") if told else ""
