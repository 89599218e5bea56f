"""Second step of officers' sign-in: a one-time code, a passkey or a recovery code; and the first enrolment.

Whoever has no factor yet sets one up here before anything else can be seen. No page needs JavaScript but the passkey's
button; one-time codes are the way without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.officers import factors, passkeys, rules
from pccovid.officers.factors import FactorRefused, Standing
from pccovid.officers.limits import TooManyTurns
from pccovid.officers.sign_in import SignInRefused, proven_with
from pccovid.web.console import desk, half_signed_in
from pccovid.web.console.half_signed_in import HalfSignedIn, network_of, site_of
from pccovid.web.qr_drawing import drawn

ISSUER = "PC-Covid"
View = Callable[[HttpRequest, HalfSignedIn], HttpResponse]


class CodeForm(forms.Form):
    """A one-time code, or a recovery code, or a passkey's answer."""

    first_field = "id_code"
    code = forms.CharField(max_length=40, required=False)
    passkey = forms.CharField(max_length=20_000, required=False)

    def clean(self) -> dict[str, object]:
        if not self.cleaned_data.get("code") and not self.cleaned_data.get("passkey"):
            self.add_error("code", _("Nhập mã sáu số."))
        return self.cleaned_data


class NewPasswordForm(forms.Form):
    """A password of the officer's own."""

    first_field = "id_password"
    password = forms.CharField(
        max_length=200, min_length=12, strip=False,
        error_messages={
            "required": gettext_lazy("Nhập mật khẩu mới."),
            "min_length": gettext_lazy("Mật khẩu cần ít nhất 12 ký tự."),
        },
    )  # fmt: skip


def half_page(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """A page only for whoever has just proven a password."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        half = half_signed_in.recall(request, now=timezone.now())
        return redirect("console-sign-in") if half is None else view(request, half)

    return page


@sensitive_post_parameters("code", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
@half_page
def factor(request: HttpRequest, half: HalfSignedIn) -> HttpResponse:
    """Ask for the second factor; who has none goes to enrolment."""
    if not factors.confirmed_factors(half.account):
        return redirect("console-enrol")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            shown = _shown_factor(request, half, form)
            return _opened(request, half, shown)
        except TooManyTurns as too_many:
            form.add_error(None, wait_message(too_many.seconds))
            status = 429
        except FactorRefused:
            form.add_error("code", _("Mã không đúng hoặc đã dùng rồi. Đợi mã mới trên điện thoại rồi thử lại."))
            status = 422
        except SignInRefused:
            half_signed_in.forget(request)
            return redirect("console-sign-in")
    return render(request, "console/factor.html", _factor_page(request, half, form), status=status)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@half_page
def new_password(request: HttpRequest, half: HalfSignedIn) -> HttpResponse:
    """An account opened by a superior begins with a password of the officer's own."""
    standing = factors.standing_of(half.account)
    if standing is None or not standing.must_change_password:
        return redirect("console-factor")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _password_is_kept(half, form):
        half_signed_in.begin(request, half, now=timezone.now())
        return redirect("console-factor")
    return render(request, "console/new_password.html", {"form": form, "half": half})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@half_page
def enrol(request: HttpRequest, half: HalfSignedIn) -> HttpResponse:
    """Set up one-time codes; the first right code opens the session and shows the recovery codes once."""
    standing = factors.standing_of(half.account)
    if factors.confirmed_factors(half.account) or standing is None:
        return redirect("console-factor")
    if not standing.may_enrol:
        return render(request, "console/enrol_closed.html", {"half": half}, status=403)
    if standing.must_change_password:
        return redirect("console-new-password")
    return _enrolling(request, half, standing)


def _enrolling(request: HttpRequest, half: HalfSignedIn, standing: Standing) -> HttpResponse:
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            factors.confirm_totp(
                half.account, form.cleaned_data["code"].strip(), network=network_of(request), now=timezone.now()
            )
        except TooManyTurns as too_many:
            form.add_error(None, wait_message(too_many.seconds))
            status = 429
        except FactorRefused:
            form.add_error("code", _("Mã không đúng. Xem lại giờ trên điện thoại, rồi nhập mã đang hiện."))
            status = 422
        else:
            codes = factors.new_recovery_codes(half.account)
            desk.begin(request, proven_with(half.account, factors.TOTP))
            return render(request, "console/recovery_codes.html", {"codes": codes})
    return render(request, "console/enrol.html", enrolment_page(half.account, half.username, form), status=status)


def enrolment_page(account: int, username: str, form: forms.Form) -> dict[str, object]:
    """What the page of setting up one-time codes shows: a QR code and the same to type."""
    secret = factors.secret_being_added(account, label=_("Ứng dụng mã"))
    address = rules.enrolment_address(secret, account=username, issuer=ISSUER)
    return {"form": form, "username": username, "spelled": rules.spelled(secret), "drawing": drawn(address)}


def wait_message(seconds: int) -> str:
    """How long to wait, in minutes, rounded up."""
    return _("Đã sai quá nhiều lần. Hãy thử lại sau %(minutes)s phút, hoặc dùng khóa truy cập.") % {
        "minutes": -(-seconds // 60)
    }


def _shown_factor(request: HttpRequest, half: HalfSignedIn, form: CodeForm) -> str:
    answer = form.cleaned_data["passkey"]
    if answer:
        state = half_signed_in.take_challenge(request)
        passkeys.complete_proof(site_of(request), state, answer, officer=half.account)
        return factors.PASSKEY
    return factors.show_code(
        half.account, form.cleaned_data["code"], network=network_of(request), now=timezone.now()
    )  # fmt: skip


def _opened(request: HttpRequest, half: HalfSignedIn, shown: str) -> HttpResponse:
    standing = factors.standing_of(half.account)
    if standing is not None and standing.must_change_password:
        return redirect("console-new-password")
    desk.begin(request, proven_with(half.account, shown))
    return redirect("console-security" if shown == factors.RECOVERY else half.then)


def _factor_page(request: HttpRequest, half: HalfSignedIn, form: CodeForm) -> dict[str, object]:
    begun = passkeys.begin_proof(site_of(request), officer=half.account)
    if begun is not None:
        half_signed_in.keep_challenge(request, begun[1])
    return {"form": form, "half": half, "options": begun[0] if begun else ""}


def _password_is_kept(half: HalfSignedIn, form: NewPasswordForm) -> bool:
    user = User.objects.get(pk=half.account)
    password = form.cleaned_data["password"]
    try:
        password_validation.validate_password(password, user)
    except ValidationError as weak:
        for message in weak.messages:
            form.add_error("password", message)
        return False
    if user.check_password(password):
        form.add_error("password", _("Chọn mật khẩu khác với mật khẩu đã nhận."))
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    factors.password_changed(half.account)
    return True
