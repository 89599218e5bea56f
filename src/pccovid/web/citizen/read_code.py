"""Reading a code with one's own phone: a place's to check in, a card's to fill forms in, another's to see whether it is
genuine and nothing else.

The text comes from the camera, from a photo, or from a field; all three lead here, and nothing of them is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.declaring import operations, queries
from pccovid.declaring.answers import asked
from pccovid.declaring.forms import CODES, form_on
from pccovid.foundation.photos import LARGEST_UPLOAD, PhotoRefused
from pccovid.foundation.reads import about, in_family
from pccovid.inspection.queries import OWN_PERSONS
from pccovid.officers.database import Refused
from pccovid.officers.limits import TooManyTurns, take_turn
from pccovid.officers.rules import Limit
from pccovid.people.qr_codes import LONGEST_CODE, PersonalQr, read_personal_qr
from pccovid.people.queries import OWN_FAMILY_NAMED, OWN_IDENTITY, OwnIdentity
from pccovid.people.shown_cards import answers_on, names_person, numbers_on
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import (
    CodeRefused,
    check_for_lane,
    head_of,
    is_safe_code,
    person_in,
    place_on_poster,
)
from pccovid.places.queries import is_revoked
from pccovid.web import words
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.photographed_codes import code_in

PHOTOS_AN_HOUR = Limit("code_photo", 60, timedelta(hours=1))
"""Our own choice: each costs the server a moment's work."""


@dataclass(frozen=True)
class Verdict:
    """What a safe code of anybody is: genuine until then, or why not (a word of `code_refused`)."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True)
class Holder:
    """Who of the family a card names: their place in it, and `name` '' for oneself."""

    at: int
    person: UUID
    name: str


@dataclass(frozen=True)
class Lacking:
    """Something the card says and the record does not: attribute and value as the form of corrections takes it."""

    attribute: str
    value: str
    shown: str


@dataclass(frozen=True)
class Card:
    """A card that was read; `holder` None where it names nobody of the family. `text` only with a holder."""

    kind: str
    is_masked: bool
    told: Sequence[str]
    holder: Holder | None = None
    text: str = ""
    forms: Sequence[str] = ()
    """Forms of which the card answers something."""
    lacking: Sequence[Lacking] = ()


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The reader; with POST what the code is, or on to where it leads."""
    if request.method != "POST":
        return _page(request)
    try:
        text = _text(request, person)
    except PhotoRefused as refused:
        return _page(request, told=words.word("photo_fault", refused.why))
    except TooManyTurns:
        return _page(request, told=_("Đã gửi nhiều ảnh. Gõ mã, hoặc đợi ít phút."), status=429)
    if not text:
        return _page(request, told=_("Quét, chụp hoặc gõ một mã."))
    poster = poster_in(text)
    if poster:
        return redirect("check-in", poster)
    if is_safe_code(text):
        return _page(request, verdict=_verdict(person, text), status=200)
    card = read_personal_qr(text)
    if card.kind is None:
        return _page(request, told=_("Không phải mã của hệ thống này, cũng không phải mã CCCD, BHYT, VNeID."))
    if request.POST.get("act") == "declare":
        return _begun(request, person, card)
    return _page(request, card=_card(person, card, text), status=200)


def poster_in(text: str) -> str | None:
    """The code of a place's poster of ours, alone or as the last part of an address; None for any other text."""
    code = text.rpartition("/")[2]
    try:
        place_on_poster(code_keys(), code)
    except CodeRefused:
        return None
    return code


def _text(request: HttpRequest, person: UUID) -> str:
    """What was scanned or typed, else what the photo says. Raises PhotoRefused, TooManyTurns."""
    text = request.POST.get("code", "").strip(" \t\r\n\x00\ufeff")[: LONGEST_CODE + 1]
    photo = request.FILES.get("photo")
    if text or photo is None:
        if not text and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD:
            raise PhotoRefused("too_large")
        return text
    take_turn(PHOTOS_AN_HOUR, str(person))
    return code_in(photo.read()).strip()


def _verdict(person: UUID, text: str) -> Verdict:
    """Whether the code is ours, unchanged, holds now and was not taken back. Whose it is stays here."""
    keys, now = code_keys(), timezone.now()
    try:
        code = check_for_lane(text, {number: one.mac for number, one in keys.sets.items()}, now=now)
        whose = person_in(keys, code.key, head_of(code), code.hidden_person)
    except CodeRefused as refused:
        return Verdict(refused.reason)
    (is_taken_back,) = read_own(person, is_revoked(whose, code.made))
    return Verdict("revoked") if is_taken_back else Verdict("", code.expires)


def _card(person: UUID, card: PersonalQr, text: str) -> Card:
    """Whose of the family the card is and what it can be used for; of others' no more than a mask leaves."""
    kind = str(card.kind)
    holder = None if card.is_masked else _holder(person, card)
    if holder is None:
        return Card(kind, card.is_masked, _told(card) if kind == "unified" else ())
    whose = in_family(holder.at)
    identity, known = read_own(person, about(OWN_IDENTITY, whose), about(queries.WHAT_IS_KNOWN, whose))
    forms = [code for code in CODES if _open_answers(code, card, known)]
    return Card(kind, False, (), holder, text, forms, _lacking(card, identity))


def _told(card: PersonalQr) -> list[str]:
    """Name, year of birth, end of the number: what a masked code tells everybody."""
    year = _("Sinh năm %(year)s") % {"year": card.birth_date.year} if card.birth_date else ""
    document = card.personal_id or card.old_id or card.passport or ""
    tail = words.masked(document) if document else f"…{card.document_tail}" if card.document_tail else ""
    return [one for one in (card.name or "", year, tail) if one]


def _holder(person: UUID, card: PersonalQr) -> Holder | None:
    persons, named = read_own(person, OWN_PERSONS, OWN_FAMILY_NAMED)
    fits = {one.person for one in named if names_person(card, one.name, one.birth_date, one.birth_precision)}
    for at, (one, name) in enumerate(persons):
        if one in fits:
            return Holder(at, one, name if at else "")
    return None


def _open_answers(code: str, card: PersonalQr, known: frozenset[str]) -> Mapping[str, str]:
    """What the card answers of the questions that a form still has to ask."""
    form = form_on(code, timezone.localdate())
    answers = answers_on(card)
    questions = [one for section in asked(form, known, of_others=False) for one in section.questions if one.known]
    return {one.code: answers[one.known] for one in questions if one.known in answers}


def _lacking(card: PersonalQr, identity: OwnIdentity | None) -> list[Lacking]:
    if identity is None:
        return []
    numbers = numbers_on(card)
    lacking = [
        Lacking(system, number, words.masked(number))
        for system, number in numbers.items() if identity.number(system) is None
    ]  # fmt: skip
    if card.sex and not identity.sex:
        typed = {"male": "Nam", "female": "Nữ"}[card.sex]
        lacking.append(Lacking("sex", typed, words.word("sex", card.sex)))
    return lacking


def _begun(request: HttpRequest, person: UUID, card: PersonalQr) -> HttpResponse:
    """Begin a form for whom the card names, with what it answers filled in, and on to it."""
    code, holder = request.POST.get("form", ""), _holder(person, card)
    if code not in CODES or holder is None:
        return _page(request, told=_("Thẻ này không khớp hồ sơ của bạn hoặc của con bạn."))
    (known,) = read_own(person, about(queries.WHAT_IS_KNOWN, in_family(holder.at)))
    filled = {name: [value] for name, value in _open_answers(code, card, known).items()}
    try:
        with own_record(person):
            number = operations.begin(form_on(code, timezone.localdate()), person=holder.person)
            given = queries.draft_read(number).of(person).given
            operations.keep(number, {**filled, **{name: list(values) for name, values in given.items() if any(values)}})
    except Refused:
        return redirect("declare")
    return redirect("declare-form", number)


def _page(
    request: HttpRequest, *, told: str = "", verdict: Verdict | None = None, card: Card | None = None, status: int = 422
) -> HttpResponse:
    page = {"told": told, "verdict": verdict, "card": card, "here": "qr"}
    return render(request, "citizen/read_code.html", page, status=status if request.method == "POST" else 200)
