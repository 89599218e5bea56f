"""My consents: what is processed by law without one, and, plainly apart, what one may agree to or not."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from pccovid.consents.operations import REFUSALS, give, withdraw
from pccovid.consents.queries import OWN_CONSENT_HISTORY, offers_in
from pccovid.foundation.processing import ProcessedFor, processed_by_law
from pccovid.foundation.purposes import Basis
from pccovid.officers.database import Refused
from pccovid.web.citizen.own_pages import own_page, own_record, read_own

_LONGEST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page  # whoever decided often has a long page; nothing that somebody else chose stands on it
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Both lists; with POST one decision about one purpose, and back."""
    if request.method != "POST":
        return _page(request, person)
    try:
        with own_record(person, case="consent"):
            done = _decided(request, person)
    except Refused as refused:
        return _page(request, person, told=_told(REFUSALS[refused.code]), status=409)
    return redirect("my-consents") if done else _page(request, person, told=_("Chọn một mục rồi bấm nút."), status=422)


def _decided(request: HttpRequest, person: UUID) -> bool:
    """One decision as the form says it; False where the form says none. Raises Refused."""
    said = {name: request.POST.get(name, "")[:_LONGEST] for name in ("act", "purpose", "version", "language", "digest")}
    if said["act"] == "withdraw" and said["purpose"]:
        withdraw(person=person, purpose=said["purpose"])
        return True
    if said["act"] != "give" or not (said["version"].isascii() and said["version"].isdigit()):
        return False
    version = min(int(said["version"]), 2**31 - 1)
    give(
        person=person, purpose=said["purpose"], version=version, language=said["language"], digest=said["digest"]
    )  # fmt: skip
    return True


def _page(request: HttpRequest, person: UUID, *, told: str = "", status: int = 200) -> HttpResponse:
    language = "en" if (translation.get_language() or "vi").startswith("en") else "vi"
    offers, history = read_own(person, offers_in(language), OWN_CONSENT_HISTORY)
    page = {"offers": offers, "history": history, "laws": _done_by_law(), "told": told, "here": "home"}
    return render(request, "citizen/consents.html", page, status=status)


def _done_by_law() -> list[tuple[Basis, list[tuple[ProcessedFor, tuple[str, ...]]]]]:
    """What others do with the data without a consent, by law."""
    by_law = [(basis, [one for one in purposes if not one[0].is_own]) for basis, purposes in processed_by_law()]
    return [(basis, purposes) for basis, purposes in by_law if purposes]


def _told(refusal: str) -> str:
    words = {"other_text": _("Nội dung vừa có bản mới. Đọc lại rồi quyết định.")}
    return words.get(refusal, _("Chỉ chính bạn mới quyết định được."))
