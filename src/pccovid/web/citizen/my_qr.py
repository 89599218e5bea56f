"""Personal QR: the safe code that only we can read, and the unified text of Decision 1405/QĐ-BTTTT v1.1, masked.

The safe code says nothing to other readers and holds for half an hour; for hours without a connection it is made ahead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from pccovid.foundation.reads import of_each
from pccovid.people.queries import OWN_IDENTITY, OwnIdentity
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import LIFETIME, Standing, issue
from pccovid.places.operations import revoke_own_codes
from pccovid.quarantine.queries import ORDER_IN_FORCE
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, own_record, read_own
from pccovid.web.paper_cards import document_of, has_unified, paper_card, unified_text
from pccovid.web.qr_drawing import drawn
from pccovid.web.words import masked

_AHEAD, _HOUR = 6, timedelta(hours=1)


class TimedCode(NamedTuple):
    """A safe code as it is shown: drawn, and from when to when it holds."""

    drawing: SafeString
    since: datetime
    until: datetime


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The safe code, and the way to the others."""
    identity, standing = _standing(person)
    safe = _safe(identity, standing, timezone.now(), LIFETIME)
    page = {"identity": identity, "safe": safe, "has_unified": has_unified(identity), "here": "qr"}
    return render(request, "citizen/my_qr.html", page)


@require_safe
@own_page
def unified(request: HttpRequest, person: UUID) -> HttpResponse:
    """The text of Decision 1405, masked, and in words what it tells whoever reads it."""
    return _page(request, "citizen/my_qr_unified.html", _identity(person))


@require_safe
@own_page
def in_full(request: HttpRequest, person: UUID) -> HttpResponse:
    """The unified text with nothing masked, on demand."""
    return _page(request, "citizen/my_qr_full.html", _identity(person), is_masked=False)


@require_safe
@own_page
def card(request: HttpRequest, person: UUID) -> HttpResponse:
    """A card of A6 to print, with the masked text: paper lives longer than a safe code may."""
    return _page(request, "citizen/my_qr_card.html", _identity(person))


@require_safe
@own_page
def wallet(request: HttpRequest, person: UUID) -> HttpResponse:
    """Cards of a bank card's size to cut out and carry, one's own and one's children's on a sheet."""
    family: tuple[OwnIdentity | None, ...]
    (family,) = read_own(person, of_each(OWN_IDENTITY))
    if not family or family[0] is None:
        raise RecordIsGone
    cards = [paper_card(one) for one in family if one is not None]
    return render(request, "citizen/my_qr_wallet.html", {"cards": cards, "here": "qr"})


@require_safe
@gzip_page  # six drawings; nothing that somebody else chose stands on the page beside them
@own_page
def ahead(request: HttpRequest, person: UUID) -> HttpResponse:
    """Safe codes for the next hours, one for each: a page that is open, saved or printed works without a connection."""
    (identity, standing), now = _standing(person), timezone.now()
    codes = [_safe(identity, standing, now, _HOUR, ahead=number * _HOUR) for number in range(_AHEAD)]
    return render(request, "citizen/my_qr_ahead.html", {"identity": identity, "codes": codes, "here": "qr"})


@require_POST
@own_page
def revoke(request: HttpRequest, person: UUID) -> HttpResponse:
    """All safe codes shown until now are nobody's: for whoever was photographed, or lost a printed page."""
    with own_record(person, case="codes"):
        revoke_own_codes()
    return redirect("my-qr")


def _identity(person: UUID) -> OwnIdentity:
    identity: OwnIdentity | None
    (identity,) = read_own(person, OWN_IDENTITY)
    if identity is None:
        raise RecordIsGone
    return identity


def _standing(person: UUID) -> tuple[OwnIdentity, Standing]:
    """Who the person is, and what their codes tell a checkpoint."""
    identity: OwnIdentity | None
    identity, has_order = read_own(person, OWN_IDENTITY, ORDER_IN_FORCE)
    if identity is None:
        raise RecordIsGone
    return identity, Standing(identity.is_verified, has_order)


def _safe(
    identity: OwnIdentity, standing: Standing, now: datetime, lives: timedelta, ahead: timedelta = timedelta()
) -> TimedCode:
    text = issue(code_keys(), identity.person, standing, now=now, lives=lives, ahead=ahead)
    return TimedCode(drawn(text), now + ahead, now + ahead + lives)


def _page(
    request: HttpRequest, template: str, identity: OwnIdentity, *, is_masked: bool = True
) -> HttpResponse:  # fmt: skip
    text = unified_text(identity, is_masked=is_masked)
    document = document_of(identity) or ""
    page = {
        "identity": identity, "text": text, "shown_document": masked(document) if is_masked else document,
        "drawing": drawn(text) if text else "", "here": "qr",
    }  # fmt: skip
    return render(request, template, page)
