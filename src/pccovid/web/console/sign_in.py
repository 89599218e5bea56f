"""Officers' sign-in, sign-out, and the choice among the offices they hold."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pccovid.officers.offices import OFFICES
from pccovid.officers.sign_in import SignInMustWait, SignInRefused, prove_password
from pccovid.web.console import desk, half_signed_in
from pccovid.web.console.desk import Desk, desk_page
from pccovid.web.console.half_signed_in import HalfSignedIn


class SignInForm(forms.Form):
    """User name and password."""

    first_field = "id_username"
    username = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Nhập tên đăng nhập.")})
    password = forms.CharField(max_length=200, strip=False, error_messages={"required": gettext_lazy("Nhập mật khẩu.")})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step: name and password; whichever is wrong, the answer is the same."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            proven = prove_password(request, form.cleaned_data["username"], form.cleaned_data["password"])
        except SignInMustWait as must_wait:
            form.add_error(None, _wait_message(must_wait.seconds))
            status = 429
        except SignInRefused:
            form.add_error(None, _("Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản không còn chức vụ."))
        else:
            half = HalfSignedIn(int(proven.user.pk), proven.user.get_username(), proven.user.get_username())
            half_signed_in.begin(request, half, now=timezone.now())
            return redirect("console-factor")
    elif request.method != "POST" and half_signed_in.recall(request, now=timezone.now()) is not None:
        return redirect("console-factor")
    return render(request, "console/sign_in.html", {"form": form}, status=status)


def _wait_message(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Đã sai quá nhiều lần. Hãy thử lại sau %(minutes)s phút.",
        "Đã sai quá nhiều lần. Hãy thử lại sau %(minutes)s phút.",
        minutes,
    ) % {"minutes": minutes}


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, whoever held it."""
    desk.end(request)
    return redirect("console-sign-in")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def choose_office(request: HttpRequest, at: Desk) -> HttpResponse:
    """The offices in force; acting in another one is one press."""
    if request.method == "POST":
        chosen = [one for one in at.appointments if str(one.id) == request.POST.get("appointment")]
        if not chosen:
            return desk.refused(request, at)
        desk.act_in(request, chosen[0].id)
        return redirect("console-home")
    return render(request, "console/offices.html", {"desk": at})
