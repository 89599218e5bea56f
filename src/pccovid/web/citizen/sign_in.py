"""Signing in: number, code, who you are. The same screens for every number, known or not."""

from __future__ import annotations

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pccovid.accounts import operations, vneid
from pccovid.accounts.ports import MessageWasNotSent, message_sender
from pccovid.web.citizen import pending, session
from pccovid.web.citizen.check_in import code_to_go_on_with
from pccovid.web.citizen.sign_in_forms import CodeForm, PhoneForm, WhoForm
from pccovid.web.sent_forms import sent


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """First step, and the first page of the app: whoever is signed in goes on to their record."""
    if request.method != "POST":
        if session.person_of(request, now=timezone.now()) is not None:
            return HttpResponseRedirect(reverse("home"))
        return render(request, "citizen/sign_in/phone.html", {"form": PhoneForm(), "has_vneid": vneid.is_offered()})
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _refused(request, "phone", form)
    return _send_code(request, form, form.cleaned_data["phone"])


@require_POST
def another_code(request: HttpRequest) -> HttpResponse:
    """Send a fresh code to the number of the sign-in under way."""
    held = pending.recall(request)
    if held is None:
        return HttpResponseRedirect(reverse("sign-in"))
    form = PhoneForm({"phone": held.phone})
    form.is_valid()
    return _send_code(request, form, held.phone)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Second step: the code from the message."""
    held = pending.recall(request)
    if held is None:
        return HttpResponseRedirect(reverse("sign-in"))
    form = CodeForm(sent(request))
    about = {"form": form, "phone": held.phone}
    if not form.is_bound:
        return render(request, "citizen/sign_in/code.html", about)
    if form.is_valid() and _is_code_right(form, held):
        return HttpResponseRedirect(reverse("sign-in-who"))
    return _refused(request, "code", form, phone=held.phone)


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Third step: name and birth date, asked of everybody."""
    held = pending.recall(request)
    if held is None or not operations.is_proven(held.challenge, now=timezone.now()):
        return HttpResponseRedirect(reverse("sign-in"))
    form = WhoForm(sent(request))
    if not form.is_bound:
        return render(request, "citizen/sign_in/who.html", {"form": form})
    return _recognise(request, form, held) if form.is_valid() else _refused(request, "who", form)


@require_safe
def what_next(request: HttpRequest) -> HttpResponse:
    """For whoever gets no code or is not found: what to do, where to go, what to bring."""
    return render(request, "citizen/sign_in/what_next.html")


@require_POST
def out(request: HttpRequest) -> HttpResponse:
    """Sign out; nothing stays."""
    session.end(request)
    response = HttpResponseRedirect(reverse("sign-in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    pending.forget(response)
    return response


def _send_code(request: HttpRequest, form: Form, number: str) -> HttpResponse:
    try:
        challenge, national = operations.ask_code(
            phone=number, network=request.META.get("REMOTE_ADDR", ""), sender=message_sender(), message=_message,
            now=timezone.now(),
        )  # fmt: skip
    except operations.TooManyCodes as too_many:
        minutes = -(-too_many.seconds // 60)
        form.add_error(
            "phone", _("Đã có quá nhiều mã được yêu cầu. Hãy thử lại sau %(minutes)s phút.") % {"minutes": minutes}
        )
        return _refused(request, "phone", form, status=429)
    except MessageWasNotSent:
        form.add_error("phone", _("Chưa gửi được tin nhắn. Hãy thử lại sau ít phút."))
        return _refused(request, "phone", form, status=503)
    response = HttpResponseRedirect(reverse("sign-in-code"))
    pending.remember(response, pending.Pending(challenge, national))
    return response


def _message(code: str) -> str:
    return _("PC-Covid: mã đăng nhập %(code)s, dùng trong 5 phút. Đừng đưa mã cho ai.") % {"code": code}


def _is_code_right(form: CodeForm, held: pending.Pending) -> bool:
    """Try the code; what went wrong is told on the form."""
    try:
        operations.prove_code(challenge=held.challenge, code=form.cleaned_data["code"], now=timezone.now())
    except operations.CodeIsWrong as wrong:
        left = wrong.args[0]
        form.add_error(
            "code",
            ngettext("Mã chưa đúng. Còn %(left)s lần thử.", "Mã chưa đúng. Còn %(left)s lần thử.", left)
            % {"left": left},
        )
        return False
    except operations.CodeIsOver:
        form.add_error("code", _("Mã không còn dùng được. Hãy bấm “Gửi lại mã”."))
        return False
    return True


def _recognise(request: HttpRequest, form: WhoForm, held: pending.Pending) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        person = operations.recognise(
            challenge=held.challenge, phone=held.phone, name=cleaned["name"], birth=cleaned["birth"], now=timezone.now()
        )
    except operations.NobodyFound as nobody:
        if nobody.args[0] == 0:
            return HttpResponseRedirect(reverse("sign-in-what-next"))
        return _refused(request, "who", form, left=nobody.args[0], is_not_found=True)
    except operations.CodeIsOver:
        return HttpResponseRedirect(reverse("sign-in"))
    return let_in(request, person)


def let_in(request: HttpRequest, person: UUID, proof: session.Proof = session.Proof()) -> HttpResponse:  # noqa: B008
    """Begin the person's session, and on to where they wanted to go."""
    poster = code_to_go_on_with(request)
    session.begin(request, person, now=timezone.now(), proof=proof)
    response = HttpResponseRedirect(reverse("check-in", args=[poster]) if poster else reverse("home"))
    pending.forget(response)
    return response


def _refused(request: HttpRequest, step: str, form: Form, *, status: int = 422, **about: object) -> HttpResponse:
    return render(request, f"citizen/sign_in/{step}.html", {"form": form, **about}, status=status)
