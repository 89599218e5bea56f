"""Home: one look at everything that is known about oneself, newest first, each fact with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from pccovid.breaches.queries import own_breaches
from pccovid.people.queries import OwnIdentity, own_identity
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, own_record
from pccovid.web.citizen.sections import KINDS, Kind

SHOWN = 2
"""Facts of one kind on the home page; the rest is one press away."""


@dataclass(frozen=True)
class Section:
    """One kind of fact with all that is known of it."""

    kind: Kind
    facts: Sequence[Any]

    @property
    def page(self) -> str:
        return self.kind.page

    @property
    def drawing(self) -> str:
        return self.kind.drawing

    @property
    def title(self) -> Promise:
        return self.kind.title

    @property
    def empty(self) -> Promise:
        return self.kind.empty

    @property
    def template(self) -> str:
        return self.kind.template

    @property
    def newest(self) -> Sequence[Any]:
        return self.facts[:SHOWN]

    @property
    def hidden(self) -> int:
        """How many facts the home page leaves to the section's own page."""
        return max(len(self.facts) - SHOWN, 0)


@dataclass(frozen=True)
class OwnRecord:
    """Everything the system knows about one person, for that person."""

    identity: OwnIdentity
    sections: tuple[Section, ...]
    breaches: int
    """How many breaches touched the person or their children."""


def read_own_record(person: UUID) -> OwnRecord:
    """The whole record in one opened access. Raises RecordIsGone."""
    with own_record(person):
        identity = own_identity(person)
        if identity is None:
            raise RecordIsGone
        sections = tuple(Section(kind, kind.read(person)) for kind in KINDS)
        return OwnRecord(identity, sections, len(own_breaches(person)))


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The home page."""
    record = read_own_record(person)
    has_empty = any(not section.facts for section in record.sections)
    return render(
        request,
        "citizen/home.html",
        {"record": record, "sections": record.sections, "has_empty": has_empty, "here": "home"},
    )
