"""A visitor with nothing but a phone number: a code goes to it, and who tells that code at the place is written down.

The registrant types for the visitor. The code's message says what it is for, and what is held here cannot sign anybody
in; the visitor's own access is opened for the check-in alone, as their own page would open it. The place is told that
it was written down, and nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.accounts import operations as accounts
from pccovid.accounts.ports import MessageWasNotSent, message_sender
from pccovid.inspection.queries import own_persons
from pccovid.officers.database import Refused
from pccovid.places import operations, queries
from pccovid.places.queries import Place
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.citizen.sign_in_forms import CodeForm, PhoneForm, WhoForm

_SALT = "pccovid.web.citizen.place_visitor"
_HELD_FOR = timedelta(minutes=15)
_WAYS = {"in": operations.IN, "out": operations.OUT}


class VisitorForm(CodeForm, WhoForm):
    """What the visitor tells: the code, name and birth date; whether their children came along."""

    first_field = "id_code"
    way = forms.ChoiceField(choices=[("in", gettext_lazy("Đến")), ("out", gettext_lazy("Về"))], initial="in")
    family = forms.BooleanField(required=False)


@sensitive_post_parameters("phone", "code", "name", "held")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def show(request: HttpRequest, person: UUID, place: UUID) -> HttpResponse:
    """The visitor's phone; then the code that went to it, and who they are."""
    (own,) = read_own(person, queries.OWN_PLACES)
    at = next((one for one in own if one.id == place and not one.closed_at), None)
    if at is None:
        return render(request, "404.html", status=404)
    if request.method == "POST":
        return _noted(request, at) if request.POST.get("held") else _asked(request, at)
    return _page(request, at, phone=PhoneForm())


def _asked(request: HttpRequest, at: Place) -> HttpResponse:
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, at, phone=form, status=422)
    try:
        challenge, national = accounts.ask_code(
            phone=form.cleaned_data["phone"], network=request.META.get("REMOTE_ADDR", ""), sender=message_sender(),
            message=lambda code: _message(at, code), now=timezone.now(),
        )  # fmt: skip
    except (accounts.TooManyCodes, MessageWasNotSent):
        form.add_error("phone", _("Chưa gửi được tin nhắn. Hãy thử lại sau ít phút."))
        return _page(request, at, phone=form, status=429)
    held = signing.dumps([str(challenge), national, str(at.id), str(uuid4())], salt=_SALT)
    return _page(request, at, visitor=VisitorForm(initial={"way": "in"}), held=held)


def _message(at: Place, code: str) -> str:
    return _("PC-Covid: mã %(code)s để ghi lượt đến %(place)s. Chỉ đọc mã này cho nơi đó, khi bạn đang ở đó.") % {
        "code": code, "place": at.name[:60],
    }  # fmt: skip


def _noted(request: HttpRequest, at: Place) -> HttpResponse:
    form, held = VisitorForm(request.POST), request.POST.get("held", "")
    try:
        challenge, phone, place, scan = signing.loads(held, salt=_SALT, max_age=_HELD_FOR)
    except signing.BadSignature:
        place = None
    if place != str(at.id):
        return _page(request, at, phone=PhoneForm(), told=_("Mã không còn dùng được: bắt đầu lại."), status=422)
    if not form.is_valid():
        return _page(request, at, visitor=form, held=held, status=422)
    try:
        _write(form, UUID(challenge), phone, at, UUID(scan))
    except (accounts.CodeIsWrong, accounts.NobodyFound):
        told = _("Chưa ghi được: mã, họ tên hoặc ngày sinh chưa khớp. Xem lại cùng khách.")
        return _page(request, at, visitor=form, held=held, told=told, status=422)
    except (accounts.CodeIsOver, Refused):
        return _page(request, at, phone=PhoneForm(), told=_("Mã không còn dùng được: bắt đầu lại."), status=422)
    return _page(request, at, phone=PhoneForm(), done=True)


def _write(form: VisitorForm, challenge: UUID, phone: str, at: Place, scan: UUID) -> None:
    of, now = form.cleaned_data, timezone.now()
    if not accounts.is_proven(challenge, now=now):
        accounts.prove_code(challenge=challenge, code=of["code"], now=now)
    visitor = accounts.recognise(challenge=challenge, phone=phone, name=of["name"], birth=of["birth"], now=now)
    with own_record(visitor, case="check_in"):
        who = [one for one, _name in own_persons()] if of["family"] else [visitor]
        operations.check_in(at.id, who, way=_WAYS[of["way"]], scan=scan)


def _page(request: HttpRequest, at: Place, *, status: int = 200, **shown: object) -> HttpResponse:
    form = shown.get("visitor") or shown.get("phone")
    return render(
        request, "citizen/place_visitor.html", {"place": at, "here": "home", "form": form, **shown}, status=status
    )
