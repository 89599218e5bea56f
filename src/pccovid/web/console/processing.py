"""The record of processing and the assessment of its risks, from the rules that are in force in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from pccovid.breaches.queries import rules_in_force
from pccovid.breaches.rules import PERIODS
from pccovid.bulk_export.rules import COLUMNS
from pccovid.bulk_export.rules import PURPOSES as EXPORTS
from pccovid.foundation.classification import RETENTIONS
from pccovid.foundation.purposes import BASES, PURPOSES, Rule, rules
from pccovid.officers.offices import DATA_PROTECTION, INSPECTOR
from pccovid.web import words
from pccovid.web.console.desk import Desk, desk_page, refused
from pccovid.web.console.exports import titled
from pccovid.web.console.retention import RETENTION, UNTIL
from pccovid.web.governance.record import Entry, Reader, beside, by_table, categories, entries, strangers, unverified
from pccovid.web.governance.threat_list import THREATS, Threat, grade

SCOPE: dict[str, Promise | str] = {
    "own": gettext_lazy("của chính mình và của con"),
    "person": gettext_lazy("một người được nêu tên"),
    "area": gettext_lazy("người trong địa bàn"),
    "all": gettext_lazy("mọi người"),
}
PROTECTION: dict[str, Promise | str] = {
    "logged": gettext_lazy("mỗi lần mở đều vào sổ; ai được xem thì người ấy biết"),
    "own_only": gettext_lazy("chỉ chính người ấy, hoặc người giám hộ"),
    "area": gettext_lazy("cán bộ địa bàn chỉ thấy người trong địa bàn"),
    "one_person": gettext_lazy("mỗi lần một người được nêu tên"),
    "span": gettext_lazy("chỉ ít ngày gần đây"),
    "program": gettext_lazy("chương trình đọc, không hiện cho ai"),
    "no_writing": gettext_lazy("không ghi được gì"),
    "sealed": gettext_lazy("số giấy tờ và bản gốc được niêm phong"),
    "two_approvals": gettext_lazy("hai cán bộ khác duyệt, tệp mã hóa cho nơi nhận, người có tên được báo"),
    "erased": gettext_lazy("xóa theo thời hạn"),
}
KEPT_BESIDE: dict[str, Promise | str] = {
    "ledger": gettext_lazy("sổ chuyển dữ liệu (chỉ có số đếm)"),
    "system": gettext_lazy("cấu hình"),
    "access_log": gettext_lazy("sổ ghi lượt xem, thanh tra, sự cố"),
    "officer": gettext_lazy("cán bộ, chức vụ, đề nghị xuất"),
    "sign_in": gettext_lazy("đăng nhập"),
}
UNVERIFIED: dict[str, Promise | str] = {
    "purpose": gettext_lazy("Mục đích"),
    "basis": gettext_lazy("Căn cứ pháp lý"),
    "retention": gettext_lazy("Thời hạn lưu giữ"),
    "export": gettext_lazy("Mục đích xuất và các cột"),
    "breach_period": gettext_lazy("Thời hạn báo sự cố"),
}
GRADE: dict[str, tuple[Promise | str, str]] = {
    "low": (gettext_lazy("thấp"), "official"),
    "medium": (gettext_lazy("vừa"), "warn"),
    "high": (gettext_lazy("cao"), "danger"),
}


@require_safe
@desk_page(DATA_PROTECTION, INSPECTOR)
def processing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who reads what, why, how long, at which risk, and what waits for a lawyer."""
    if not desk.has_breaches:
        return refused(request, desk)
    in_force = [Rule(*row) for row in rules_in_force(officer=desk.account, through=desk.appointment.id)]
    page = {
        "desk": desk, "purposes": [_purpose(entry) for entry in _known(in_force)],
        "differing": strangers(in_force, rules()), "categories": [_columns(one) for one in categories()],
        "beside": [(KEPT_BESIDE.get(one.code, one.code), *_counted(one)) for one in beside()],
        "exports": [_export(code) for code in EXPORTS], "periods": [_kept(code) for code in RETENTIONS],
        "threats": [_threat(one) for one in _by_risk(THREATS)], "waiting": _waiting_for_a_lawyer(),
        "breach_periods": PERIODS,
    }  # fmt: skip
    return render(request, "console/processing.html", page)


def _known(in_force: Iterable[Rule]) -> Iterable[Entry]:
    """The record of the purposes that this version knows."""
    return entries([rule for rule in in_force if rule.purpose in PURPOSES])


def _by_risk(threats: Iterable[Threat]) -> list[Threat]:
    """What is left of a risk counts first."""
    return sorted(threats, key=lambda one: (-one.residual, -one.risk))


def _waiting_for_a_lawyer() -> list[tuple[Promise | str, str]]:
    return [(UNVERIFIED[kind], _named(kind, which)) for kind, which in unverified().items() if which]


def _is_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


def _purpose(entry: Entry) -> dict[str, Any]:
    vi, of = _is_vietnamese(), entry.purpose
    return {
        "code": of.code, "title": of.title if vi else of.title_en,
        "explanation": of.explanation if vi else of.explanation_en,
        "basis": entry.basis.text if vi else entry.basis.text_en, "is_verified": entry.basis.verified and of.verified,
        "readers": [_reader(one) for one in entry.readers], "categories": _told(entry.categories),
        "left_out": _told(entry.left_out), "whose": SCOPE[entry.widest],
        "kept": "; ".join(f"{RETENTION[code]}: {_period(code)}" for code in entry.kept),
        "protections": "; ".join(str(PROTECTION[code]) for code in entry.protections),
    }  # fmt: skip


def _reader(one: Reader) -> dict[str, Any]:
    back = ", ".join(f"{words.word('category', category)}: {days}" for category, days in one.back)
    return {"kind": one.kind, "role": one.role, "scope": SCOPE[one.scope], "reads": _told(one.categories), "back": back}


def _told(codes: tuple[str, ...]) -> str:
    return ", ".join(words.word("category", code) for code in codes)


def _columns(one: Any) -> dict[str, Any]:
    personal, sensitive = by_table(one.personal), by_table(one.sensitive)
    tables = [
        (table, ", ".join(personal.get(table, [])), ", ".join(sensitive.get(table, [])))
        for table in dict.fromkeys([*personal, *sensitive])
    ]
    return {"code": one.code, "tables": tables, "kept": ", ".join(str(RETENTION[name]) for name in one.retentions)}


def _counted(one: Any) -> tuple[int, str]:
    return len(one.personal) + len(one.sensitive), ", ".join(str(RETENTION[name]) for name in one.retentions)


def _export(code: str) -> dict[str, Any]:
    of = EXPORTS[code]
    return {
        "title": titled(of), "askers": of.askers, "columns": ", ".join(titled(COLUMNS[name]) for name in of.columns),
        "is_verified": of.verified,
    }  # fmt: skip


def _kept(code: str) -> dict[str, Any]:
    of = RETENTIONS[code]
    return {"name": RETENTION[code], "period": _period(code), "document": of.document, "is_verified": of.verified}


def _period(code: str) -> str:
    days = RETENTIONS[code].days
    return str(UNTIL.get(code, "")) if days is None else str(_DAYS) % {"days": days}


_DAYS = gettext_lazy("%(days)s ngày")


def _threat(one: Threat) -> dict[str, Any]:
    vi = _is_vietnamese()
    return {
        "title": one.title_vi if vi else one.title, "harm": one.harm_vi if vi else one.who, "threat": one,
        "risk": GRADE[grade(one.risk)], "residual": GRADE[grade(one.residual)],
        "not_stopped": one.not_stopped_vi if vi else one.not_stopped,
    }  # fmt: skip


def _named(kind: str, which: tuple[str, ...]) -> str:
    vi = _is_vietnamese()
    tellers: dict[str, Callable[[str], str]] = {
        "purpose": lambda code: PURPOSES[code].title if vi else PURPOSES[code].title_en,
        "basis": lambda text: text if vi else BASES[text].text_en,
        "retention": lambda code: str(RETENTION[code]),
        "export": lambda code: titled(EXPORTS[code]),
        "breach_period": lambda text: text,
    }
    tell = tellers[kind]
    return "; ".join(tell(one) for one in which)
