"""The re-binding desk: card and new phone in hand, one officer proposes, a second one agrees."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.accounts import operations as codes
from pccovid.accounts.ports import MessageWasNotSent, message_sender
from pccovid.officers.database import Refused
from pccovid.officers.limits import TooManyTurns, count_look_up
from pccovid.officers.offices import COMMUNE_POLICE, HEALTH_STATION
from pccovid.people.finding import Wanted, find_persons
from pccovid.people.qr_codes import PersonalQr
from pccovid.rebinding import operations
from pccovid.rebinding.operations import CardUnreadable, Proposal, read_card
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.console.waiting import told_to_wait
from pccovid.web.sent_forms import sent, status_of

OFFICES = (COMMUNE_POLICE, HEALTH_STATION)
_CASE = Task("data_repair", "Gắn lại số điện thoại")
_CARD = gettext_lazy("Quét mã trên thẻ căn cước.")


class ProposalForm(forms.Form):
    """The card as scanned, and the new number."""

    first_field = "id_card"
    card = forms.CharField(max_length=600, error_messages={"required": _CARD})
    phone = forms.CharField(max_length=40, error_messages={"required": gettext_lazy("Nhập số điện thoại mới.")})


class CodeOrCardForm(forms.Form):
    """The code from the new phone, by who proposed; the card scanned again, by who agrees."""

    first_field = "id_text"
    text = forms.CharField(max_length=600, error_messages={"required": gettext_lazy("Nhập mã hoặc quét thẻ.")})


@sensitive_post_parameters("card", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def desk_of(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The last week's re-bindings, and the form for a new one (commune police)."""
    form = ProposalForm(sent(request))
    if form.is_valid():
        number = _proposed(request, desk, form) if desk.role == COMMUNE_POLICE else None
        if number is not None:
            return redirect("console-rebinding-one", number)
    found = operations.proposals(officer=desk.account, through=desk.appointment.id)
    page = {"desk": desk, "form": form, "proposals": found, "proposes": desk.role == COMMUNE_POLICE}
    return render(request, "console/rebinding.html", page, status=status_of(form.is_bound))


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def one(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One re-binding: its code, or the second officer's card."""
    found = [
        each for each in operations.proposals(officer=desk.account, through=desk.appointment.id)
        if each.number == number
    ]  # fmt: skip
    if not found:
        return not_in_sight(request, desk)
    form = CodeOrCardForm(sent(request))
    if form.is_valid() and _taken(desk, found[0], form):
        return redirect("console-rebinding-one", number)
    page = {"desk": desk, "one": found[0], "form": form}
    return render(request, "console/rebinding_one.html", page, status=status_of(form.is_bound))


def _proposed(request: HttpRequest, desk: Desk, form: ProposalForm) -> int | None:
    """The number of the proposal, or None: then the form says why not."""
    try:
        card = read_card(form.cleaned_data["card"])
        count_look_up(desk.account)
        challenge, phone = codes.ask_code(
            phone=form.cleaned_data["phone"], network=request.META.get("REMOTE_ADDR", ""), sender=message_sender(),
            message=_message, now=timezone.now(),
        )  # fmt: skip
        with desk.reading(_CASE, desk.everybody_in_reach()) as disclosures:
            wanted = Wanted(number=card.personal_id or "", name=card.name or "", birth=_written(card))
            persons = find_persons(wanted, today=timezone.localdate())
            disclosures.add([each.person for each in persons], ["identity"])
            if len(persons) == 1:
                return operations.propose(
                    officer=desk.account, through=desk.appointment.id, person=persons[0].person, card=card, phone=phone,
                    challenge=challenge,
                )  # fmt: skip
        form.add_error("card", _("Không có đúng một người của xã này khớp số, họ tên và ngày sinh trên thẻ."))
    except CardUnreadable:
        form.add_error("card", _("Đây không phải mã trên thẻ căn cước."))
    except codes.PhoneNotReadable:
        form.add_error("phone", _("Không đọc được số điện thoại này."))
    except (codes.TooManyCodes, MessageWasNotSent):
        form.add_error("phone", _("Chưa gửi được mã tới số này. Thử lại sau ít phút."))
    except TooManyTurns as too_many:
        form.add_error(None, told_to_wait(too_many.seconds))
    except Refused:
        form.add_error(None, _("Không gắn lại được: người này không thuộc xã, hoặc đã quá ba lần trong ngày."))
    return None


def _taken(desk: Desk, found: Proposal, form: CodeOrCardForm) -> bool:
    by = {"officer": desk.account, "through": desk.appointment.id, "proposal": found.number}
    text = form.cleaned_data["text"].strip()
    try:
        if found.is_own and found.challenge is not None:
            codes.prove_code(challenge=found.challenge, code=text, now=timezone.now())
            operations.prove(**by)
        else:
            operations.approve(**by, card=read_card(text))
    except (codes.CodeIsWrong, codes.CodeIsOver):
        form.add_error("text", _("Mã chưa đúng hoặc không còn dùng được."))
        return False
    except CardUnreadable:
        form.add_error("text", _("Đây không phải mã trên thẻ căn cước."))
        return False
    except Refused as refused:
        told = {
            "PC459": _("Thẻ này không phải thẻ của người đó."),
            "PC457": _("Bạn đã đề nghị: cán bộ khác phải duyệt."),
        }
        form.add_error("text", told.get(refused.code, _("Việc này đã sang bước khác, không làm được nữa.")))
        return False
    return True


def _message(code: str) -> str:
    return _("PC-Covid: mã %(code)s để gắn số này vào hồ sơ của bạn tại xã. Chỉ đọc cho cán bộ trước mặt bạn.") % {
        "code": code
    }


def _written(card: PersonalQr) -> str:
    return f"{card.birth_date:%d/%m/%Y}" if card.birth_date else ""
