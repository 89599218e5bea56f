"""One page for each kind of fact: all of them, with everything known and where it came from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pccovid.declaring.queries import WITHDRAWN_DECLARATIONS
from pccovid.foundation.reads import Read, about, in_family
from pccovid.insurance_checks.operations import wish_check
from pccovid.insurance_checks.queries import OWN_CHECK
from pccovid.people.queries import OWN_IDENTITY
from pccovid.web.citizen import session
from pccovid.web.citizen.corrections import ADDED, DISPUTED
from pccovid.web.citizen.own_pages import MOST_CHILDREN, RecordIsGone, own_page, own_record, read_own
from pccovid.web.citizen.rights import FACT_SECTIONS
from pccovid.web.citizen.sections import KINDS, Kind, Section

_KINDS = {kind.page: kind for kind in KINDS}
_MORE: dict[str, tuple[str, Read[Any]]] = {
    "my-cards": ("insurer", OWN_CHECK), "my-declarations": ("withdrawn", WITHDRAWN_DECLARATIONS),
}  # fmt: skip
"""What a page tells beside its facts, and under which name."""


@require_safe
@own_page
def facts(request: HttpRequest, person: UUID, page: str) -> HttpResponse:
    """All facts of the kind that the address names."""
    kind = _KINDS[page]
    beside = [_MORE[page]] if page in _MORE else []
    known, *more = read_own(person, kind.read, *(read for _, read in beside))
    shown = {"kind": kind, "facts": known, "dispute": _dispute(kind), "is_addable": kind in ADDED}
    shown |= {name: told for (name, _), told in zip(beside, more, strict=True)}
    return render(request, "citizen/records/list.html", {**shown, "in_full": True, "here": "home"})


def _dispute(kind: Kind) -> str | None:
    """Where a fact of this kind is said to be wrong: the commune checks it, or the steward of the data does."""
    if kind in DISPUTED:
        return reverse(f"fix-{kind.page}")
    return reverse(f"wrong-{kind.page}") if kind in FACT_SECTIONS else None


@require_POST
@own_page
def ask_insurer(request: HttpRequest, person: UUID) -> HttpResponse:
    """Let the insurer be asked about one's card now; who just did waits."""
    with own_record(person, case="insurance_check"):
        wish_check(person=person)
    return redirect("my-cards")


@require_safe
@own_page
def child(request: HttpRequest, person: UUID, child: int) -> HttpResponse:
    """A child's record, for its guardian as long as they are. Raises Http404 for any other number."""
    if not 1 <= child <= MOST_CHILDREN:
        raise Http404
    whose = in_family(child)
    beside = (about(OWN_IDENTITY, whose), about(WITHDRAWN_DECLARATIONS, whose))
    known, withdrawn, *facts = read_own(person, *beside, *(about(kind.read, whose) for kind in KINDS))
    if known is None:
        raise Http404
    sections = tuple(map(Section, KINDS, facts))
    page = {"identity": known, "sections": sections, "has_facts": any(facts), "child": child}
    return render(request, "citizen/child.html", {**page, "withdrawn": withdrawn, "here": "home"})


@require_safe
@own_page
def identity(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who the index says one is: every attribute with its source, numbers, contacts, earlier systems."""
    (known,) = read_own(person, OWN_IDENTITY)
    if known is None:
        raise RecordIsGone
    return render(
        request, "citizen/records/identity.html", {"facts": known, "proof": session.proof_of(request), "here": "home"}
    )
