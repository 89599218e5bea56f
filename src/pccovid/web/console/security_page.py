"""The officer's own factors: adding and removing them, new recovery codes, signing out everywhere.

Whoever changes factors must have shown one within the last ten minutes: a session left open is not enough.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pccovid.officers import factors, passkeys
from pccovid.officers.factors import FactorRefused, LastFactorStays
from pccovid.officers.limits import TooManyTurns
from pccovid.officers.offices import OFFICES
from pccovid.web.console import desk, half_signed_in
from pccovid.web.console.desk import Desk, desk_page
from pccovid.web.console.half_signed_in import network_of, site_of
from pccovid.web.console.sign_in_factor import CodeForm, enrolment_page, wait_message

Act = Callable[[HttpRequest, Desk], HttpResponse]


class PasskeyForm(forms.Form):
    """What the browser made, and what the officer calls it."""

    first_field = "id_label"
    passkey = forms.CharField(max_length=20_000)
    label = forms.CharField(max_length=60, required=False)


class RemoveForm(forms.Form):
    """Which factor to take away."""

    factor = forms.IntegerField(min_value=1, max_value=2**62)


def _recently_proven(view: Act) -> Act:
    """Only shortly after a factor was shown; else it is asked again first."""

    @wraps(view)
    def act(request: HttpRequest, at: Desk) -> HttpResponse:
        if not desk.has_just_proven(request, timezone.now()):
            desk.ask_factor_again(request, then="console-security")
            return redirect("console-factor")
        return view(request, at)

    return act


@require_safe
@desk_page(*OFFICES)
def security(request: HttpRequest, at: Desk) -> HttpResponse:
    """The factors of the account."""
    return _page(request, at, PasskeyForm())


@sensitive_post_parameters("passkey")
@require_POST
@desk_page(*OFFICES)
@_recently_proven
def add_passkey(request: HttpRequest, at: Desk) -> HttpResponse:
    """Keep the key that the browser made."""
    form = PasskeyForm(request.POST)
    if form.is_valid():
        label = form.cleaned_data["label"].strip() or _("Khóa truy cập")
        state = half_signed_in.take_challenge(request)
        try:
            passkeys.complete_registration(
                site_of(request), state, form.cleaned_data["passkey"], officer=at.account, label=label
            )
        except FactorRefused:
            form.add_error("label", _("Không lưu được khóa này. Hãy thử lại, hoặc dùng khóa khác."))
        else:
            return redirect("console-security")
    return _page(request, at, form, status=422)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
@_recently_proven
def add_codes(request: HttpRequest, at: Desk) -> HttpResponse:
    """Set up one-time codes on one more phone."""
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            factors.confirm_totp(
                at.account, form.cleaned_data["code"].strip(), network=network_of(request), now=timezone.now()
            )
            return redirect("console-security")
        except TooManyTurns as too_many:
            form.add_error(None, wait_message(too_many.seconds))
            status = 429
        except FactorRefused:
            form.add_error("code", _("Mã không đúng. Xem lại giờ trên điện thoại, rồi nhập mã đang hiện."))
            status = 422
    page = enrolment_page(at.account, request.user.get_username(), form)
    return render(request, "console/enrol.html", {**page, "desk": at}, status=status)


@require_POST
@desk_page(*OFFICES)
@_recently_proven
def remove_factor(request: HttpRequest, at: Desk) -> HttpResponse:
    """Take one factor away, never the last."""
    form = RemoveForm(request.POST)
    try:
        if not form.is_valid():
            raise LastFactorStays
        factors.remove_factor(at.account, form.cleaned_data["factor"])
    except LastFactorStays:
        shown = PasskeyForm({"passkey": "-"})
        shown.add_error(None, _("Cần giữ lại ít nhất một cách xác thực."))
        return _page(request, at, shown, status=422)
    return redirect("console-security")


@require_POST
@desk_page(*OFFICES)
@_recently_proven
def new_recovery_codes(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ten fresh recovery codes, shown this once."""
    return render(request, "console/recovery_codes.html", {"desk": at, "codes": factors.new_recovery_codes(at.account)})


@require_POST
@desk_page(*OFFICES)
def sign_out_everywhere(request: HttpRequest, at: Desk) -> HttpResponse:
    """End every session of the account, this one too."""
    factors.end_sessions(at.account, by=at.account, why="by the officer")
    desk.end(request)
    return redirect("console-sign-in")


def _page(request: HttpRequest, at: Desk, form: PasskeyForm, status: int = 200) -> HttpResponse:
    site = site_of(request)
    options = ""
    if site.can_have_passkeys:
        options, state = passkeys.begin_registration(
            site, officer=at.account, username=request.user.get_username(), name=at.name
        )
        half_signed_in.keep_challenge(request, state)
    shown = {
        "desk": at, "form": form, "factors": factors.confirmed_factors(at.account), "options": options,
        "codes_left": factors.recovery_codes_left(at.account),
    }  # fmt: skip
    return render(request, "console/security.html", shown, status=status)
