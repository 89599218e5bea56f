"""Opening one record in an emergency, outside the office's area or purpose: reason first, loud, short, reviewed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.foundation import access
from pccovid.foundation.purposes import rules
from pccovid.officers import break_glass as glasses
from pccovid.officers.break_glass import BREAK_GLASS, SEARCH, OpenGlass
from pccovid.officers.database import Refused
from pccovid.officers.limits import TooManyTurns, count_look_up
from pccovid.people import dossier as index
from pccovid.people.finding import NotEnoughToFind, Wanted, find_persons
from pccovid.web.console.desk import Desk, categories_of, desk_page, offices_that_read
from pccovid.web.console.person_page import shown_categories, shown_facts
from pccovid.web.console.waiting import told_to_wait
from pccovid.web.sent_forms import sent


class GlassForm(forms.Form):
    """Why, and whom exactly."""

    first_field = "id_reason"
    reason = forms.CharField(
        min_length=glasses.SHORTEST_REASON, max_length=1000,
        error_messages={
            "required": gettext_lazy("Viết rõ vì sao phải mở ngay."),
            "min_length": gettext_lazy("Viết rõ hơn: chuyện gì, ở đâu, vì sao không đợi được (ít nhất 20 ký tự)."),
        },
    )  # fmt: skip
    number = forms.CharField(max_length=60, error_messages={"required": gettext_lazy("Nhập số giấy tờ.")})
    birth = forms.CharField(max_length=40, error_messages={"required": gettext_lazy("Nhập ngày hoặc năm sinh.")})
    name = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Nhập họ và tên.")})

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            number=self.cleaned_data["number"], name=self.cleaned_data["name"], birth=self.cleaned_data["birth"]
        )


@sensitive_post_parameters("reason", "number", "birth", "name")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*offices_that_read())
def break_glass(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ask for the reason and the person; what was broken stays listed."""
    form, status = GlassForm(sent(request)), 200
    if form.is_bound and form.is_valid():
        glass = _broken(at, form)
        if glass is not None and _found(at, glass, form):
            return redirect("console-glass", glass)
    if form.is_bound:
        status = 422
    shown = {"desk": at, "form": form, "glasses": glasses.glasses_of(at.account)}
    return render(request, "console/break_glass.html", shown, status=status)


@require_safe
@desk_page(*offices_that_read())
def glass(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """The one record, while the glass is open and only for who broke it."""
    held = glasses.open_glass(officer=at.account, glass=number) if number < 2**62 else None
    if held is None or held.person is None:
        return render(request, "console/glass_closed.html", {"desk": at}, status=404)
    return _shown(request, at, held, held.person)


def _shown(request: HttpRequest, at: Desk, held: OpenGlass, person: UUID) -> HttpResponse:
    readable = categories_of(BREAK_GLASS, BREAK_GLASS)
    with _opened(at, held.case, BREAK_GLASS, access.persons(person, within=None)) as disclosures:
        found = index.dossier(person)
        facts = index.facts_of(person) if found else ()
        if found is not None:
            disclosures.add([person], shown_categories(found, facts))
    if found is None:
        return render(request, "console/glass_closed.html", {"desk": at}, status=404)
    tables = [shown_facts(table, readable) for table in facts]
    page = {"desk": at, "glass": held, "person": found, "facts": [one for one in tables if one.is_readable]}
    return render(request, "console/glass.html", page)


def _broken(at: Desk, form: GlassForm) -> int | None:
    """The number of the glass; None where it may not be broken, which the form then says."""
    try:
        count_look_up(at.account)
        return glasses.break_glass(
            officer=at.account, appointment=at.appointment.id, reason=form.cleaned_data["reason"], person=None
        )
    except TooManyTurns as too_many:
        form.add_error(None, told_to_wait(too_many.seconds))
    except Refused as refused:
        form.add_error(None, _refusal(refused))
    return None


def _refusal(refused: Refused) -> str:
    if refused.code == "PC413":
        return _("Bạn đã mở khẩn cấp năm lần trong một ngày. Gọi thanh tra hoặc cấp trên của địa bàn.")
    return _("Chức vụ đang dùng không còn hiệu lực, hoặc lý do quá ngắn.")


def _found(at: Desk, glass: int, form: GlassForm) -> bool:
    """Bind the glass to the one person who fits everything; else the form says that nobody does."""
    with _opened(at, glasses.case_of(glass), SEARCH, access.everybody()) as disclosures:
        try:
            found = find_persons(form.wanted, today=timezone.localdate())
        except NotEnoughToFind as not_enough:
            field = not_enough.field if not_enough.field in form.fields else None
            form.add_error(field, _("Không đọc được thông tin này."))
            return False
        if len(found) == 1:
            disclosures.add([found[0].person], ["identity"])
    if len(found) != 1:
        form.add_error(None, _("Không có đúng một người khớp cả số giấy tờ, họ tên và ngày sinh."))
        return False
    return glasses.name_person(officer=at.account, glass=glass, person=found[0].person)


def _opened(at: Desk, case: str, purpose: str, scope: access.Scope) -> AbstractContextManager[access.Disclosures]:
    return access.open(
        access.officer(at.account, BREAK_GLASS), purpose=purpose, legal_basis=_legal_basis(purpose), scope=scope,
        case=case,
    )  # fmt: skip


def _legal_basis(purpose: str) -> str:
    return next(rule.legal_basis for rule in rules() if rule.purpose == purpose)
