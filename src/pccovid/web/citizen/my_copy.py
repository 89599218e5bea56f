"""My data: everything that is held about oneself, at once, to read and print, as PDF, JSON, and a FHIR document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pccovid.consents.queries import OWN_CONSENT_HISTORY, Decision
from pccovid.foundation.processing import processed, processed_by_law
from pccovid.foundation.purposes import CATEGORIES
from pccovid.inspection.queries import OWN_PERSONS, OwnView, own_persons, whole_view
from pccovid.officers.limits import TooManyTurns, take_turn
from pccovid.personal_copy.as_json import copy_document, written
from pccovid.personal_copy.fhir_document import fhir_document
from pccovid.personal_copy.queries import PersonalCopy, copy_of
from pccovid.personal_copy.rules import COPIES_A_DAY, FORMS, LEFT_OUT, LEFT_OUT_ELSEWHERE, STANDING
from pccovid.web import words
from pccovid.web.citizen.copy_words import KIND, ToldFact, told_fact
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, own_record, read_own
from pccovid.web.citizen.who_looked import folded
from pccovid.web.paper_pdf import pdf_of

_LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Held:
    """The copy with what other modules keep about the person."""

    copy: PersonalCopy
    looked: OwnView
    consents: tuple[Decision, ...]
    made_at: datetime


@dataclass(frozen=True)
class CopySection:
    """Facts of one kind as the page tells them."""

    kind: str
    title: Promise | str
    facts: tuple[ToldFact, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def show(request: HttpRequest, person: UUID, child: int = 0) -> HttpResponse:
    """What a copy holds and in which forms; with POST the copy itself. Raises Http404 for another's child."""
    if request.method != "POST":
        return _choice(request, person, child)
    form = request.POST.get("form", "")
    if form not in FORMS:
        return _choice(request, person, child, told=_("Chọn một dạng bản sao."), status=422)
    try:
        take_turn(COPIES_A_DAY, str(person))
    except TooManyTurns:
        told = _("Hôm nay đã lấy nhiều bản sao. Ngày mai lấy tiếp được.")
        return _choice(request, person, child, told=told, status=429)
    return _answer(request, form, _held(person, child, form))


def _choice(request: HttpRequest, person: UUID, child: int, *, told: str = "", status: int = 200) -> HttpResponse:
    (family,) = read_own(person, OWN_PERSONS)
    if child >= len(family):
        raise Http404
    children = [(number, name) for number, (_id, name) in enumerate(family) if number]
    page = {
        "children": children, "child": child, "name": family[child][1] if child else "", "told": told,
        "a_day": COPIES_A_DAY.allowed, "left_out": _left_out(), "here": "home",
    }  # fmt: skip
    return render(request, "citizen/copy/choice.html", page, status=status)


def _held(person: UUID, child: int, form: str) -> Held:
    """Everything in one opened access, and the log told that all of it was shown. Raises RecordIsGone, Http404."""
    with own_record(person, case=f"copy-{form}") as disclosures:
        family = own_persons()
        if child >= len(family):
            raise Http404
        whose = family[child][0]
        copy = copy_of(whose)
        if copy is None:
            raise RecordIsGone
        held = Held(copy, whole_view(whose), OWN_CONSENT_HISTORY.of(whose), timezone.now())
        disclosures.add([whose], CATEGORIES)
    return held


def _answer(request: HttpRequest, form: str, held: Held) -> HttpResponse:
    if form == "json":
        document = copy_document(held.copy, looked=held.looked, consents=held.consents, made_at=held.made_at)
        return _file(written(document), "ban-sao-du-lieu.json", "application/json; charset=utf-8")
    if form == "fhir":
        document = fhir_document(held.copy, made_at=held.made_at)
        return _file(written(document), "ban-sao-du-lieu.fhir.json", "application/fhir+json; charset=utf-8")
    asked = request.POST.get("language", "")
    language = asked if asked in _LANGUAGES else translation.get_language() or "vi"
    with translation.override(language):
        page = render_to_string("citizen/copy/readable.html", _readable(held), request)
        if form == "html":
            return HttpResponse(page)
        paper = pdf_of(page, title=_("Bản sao dữ liệu"), language=language)
    return _file(paper, "ban-sao-du-lieu.pdf", "application/pdf")


def _file(content: bytes | str, name: str, kind: str) -> HttpResponse:
    """A file to keep; its name is the same for everybody."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _readable(held: Held) -> dict[str, Any]:
    facts = [told_fact(fact) for fact in held.copy.facts]
    return {
        "identity": held.copy.identity,
        "sections": list(_sections([one for one in facts if one.fact.status == STANDING])),
        "earlier": list(_sections([one for one in facts if one.fact.status != STANDING])),
        "ties": held.copy.ties,
        "records": held.copy.records,
        "view": held.looked,
        "looks": folded(held.looked.readings),
        "consents": held.consents,
        "processed": processed(),
        "laws": processed_by_law(),
        "left_out": _left_out(),
        "made_at": held.made_at,
        "LANGUAGE_CODE": translation.get_language(),
    }


def _sections(facts: list[ToldFact]) -> list[CopySection]:
    kinds = dict.fromkeys([*KIND, *(one.fact.kind for one in facts)])
    by_kind = {kind: tuple(one for one in facts if one.fact.kind == kind) for kind in kinds}
    return [CopySection(kind, KIND.get(kind, kind), of) for kind, of in by_kind.items() if of]


def _left_out() -> list[str]:
    """What no copy holds and why, in the page's language."""
    told = [(one.because, one.because_en) for one in LEFT_OUT] + list(LEFT_OUT_ELSEWHERE)
    return [words.either(vi, en) for vi, en in told]
