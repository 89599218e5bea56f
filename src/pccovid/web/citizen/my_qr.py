"""Personal QR: the unified text of Decision 1405/QĐ-BTTTT v1.1, masked as that decision prescribes by default."""

from __future__ import annotations

from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from pccovid.people.qr_codes import write_unified_qr
from pccovid.people.queries import OwnIdentity, own_identity
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, own_record
from pccovid.web.words import masked

_QID_DIGITS = 18


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The code, and in words what it tells whoever reads it."""
    with own_record(person):
        identity = own_identity(person)
    if identity is None:
        raise RecordIsGone
    text = masked_text(identity)
    return render(
        request,
        "citizen/my_qr.html",
        {
            "identity": identity,
            "text": text,
            "shown_document": masked(document_of(identity) or ""),
            "drawing": _drawn(text) if text else "",
            "here": "qr",
        },
    )


def masked_text(identity: OwnIdentity) -> str | None:
    """The masked text of the person's own code; None while name, birth date or an identity document is unknown."""
    document = document_of(identity)
    if not document or not identity.name or identity.birth_date is None:
        return None
    return write_unified_qr(
        document=document,
        name=identity.name,
        birth_date=identity.birth_date,
        birth_precision=identity.birth_precision or "day",
        qid=identity.qr_number or made_qid(identity.person),
        masked=True,
    )


def document_of(identity: OwnIdentity) -> str | None:
    """The number a code names: the citizen number, else the older one, else the passport."""
    return identity.number("personal_id") or identity.number("old_id") or identity.number("passport")


def made_qid(person: UUID) -> str:
    """A number for the codes of somebody who has none yet: 18 digits of the index's own id, always the same."""
    return f"{person.int % 10**_QID_DIGITS:0{_QID_DIGITS}d}"


def _drawn(text: str) -> SafeString:
    """The code as inline SVG without sizes or styles of its own."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=3, dark="#000", light=None, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - segno writes paths from our own numbers, never the text
