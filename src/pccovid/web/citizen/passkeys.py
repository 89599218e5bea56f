"""One's passkeys: adding and removing them, and signing in with one. Not on a device that many people share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.accounts import passkeys
from pccovid.accounts.passkeys import OWN_PASSKEYS, PasskeyRefused
from pccovid.foundation.passkey_site import Site, site_at
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.citizen.session import Proof, proof_of
from pccovid.web.citizen.sign_in import let_in
from pccovid.web.sent_forms import status_of
from pccovid.web.shared_device import is_shared

_ASKED = "passkey_asked"
_LONGEST, _LARGEST = 20_000, 2**62


@sensitive_post_parameters("passkey")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def mine(request: HttpRequest, person: UUID) -> HttpResponse:
    """The passkeys one has; with POST one is added or removed."""
    told = _changed(request, person) if request.method == "POST" else ""
    if told is None:
        return redirect("my-passkeys")
    (held,) = read_own(person, OWN_PASSKEYS)
    site, options = _site(request), ""
    if site.can_have_passkeys and not is_shared(request):
        options, request.session[_ASKED] = passkeys.begin_registration(site, held)
    page = {"held": held, "options": options, "told": told, "here": "home"}
    return render(request, "citizen/passkeys.html", page, status=status_of(told))


@sensitive_post_parameters("passkey")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for a passkey; with POST its owner is signed in."""
    site, state, told = _site(request), request.session.pop(_ASKED, None), ""
    if request.method == "POST":
        try:
            owner = passkeys.complete_proof(site, state or {}, request.POST.get("passkey", "")[:_LONGEST])
            return let_in(request, owner.person, Proof("passkey", owner.level))
        except PasskeyRefused:
            told = _("Khóa này chưa được thêm vào hồ sơ nào, hoặc đã bị bỏ.")
    options = ""
    if site.can_have_passkeys and not is_shared(request):
        options, request.session[_ASKED] = passkeys.begin_proof(site)
    page = {"options": options, "told": told}
    return render(request, "citizen/sign_in/passkey.html", page, status=status_of(told))


def _changed(request: HttpRequest, person: UUID) -> str | None:
    """None where it was done, else why not."""
    with own_record(person):
        if request.POST.get("act") == "drop":
            number = request.POST.get("number", "")
            passkeys.drop(int(number) if number.isdigit() and int(number) < _LARGEST else 0)
            return None
        label = " ".join(request.POST.get("label", "").split())[: passkeys.LONGEST_LABEL] or _("Khóa truy cập")
        state, made = request.session.pop(_ASKED, None), request.POST.get("passkey", "")[:_LONGEST]
    try:
        with own_record(person):
            level = proof_of(request).level
            passkeys.complete_registration(_site(request), state or {}, made, label=label, level=level)
    except PasskeyRefused:
        return _("Chưa lưu được khóa. Hãy thử lại; nhiều nhất là năm khóa.")
    return None


def _site(request: HttpRequest) -> Site:
    return site_at(str(request.scheme), request.get_host())
