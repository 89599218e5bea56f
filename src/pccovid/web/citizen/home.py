"""Home: one look at everything that is known about oneself, newest first, each fact with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from pccovid.breaches.queries import OWN_BREACHES
from pccovid.corrections.queries import OWN_CORRECTIONS, OwnCorrection
from pccovid.covid_card.queries import known_from
from pccovid.covid_card.rules import Card, Known, card, is_short_of_course
from pccovid.declaring.queries import OWN_DRAFTS, DraftLine
from pccovid.declaring.states import OPEN
from pccovid.declaring.triage import WATCH
from pccovid.inspection.queries import OWN_PERSONS
from pccovid.notices.queries import NEW_NOTICES
from pccovid.people.queries import OWN_IDENTITY, OwnIdentity
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, read_own
from pccovid.web.citizen.sections import KINDS, Section


@dataclass(frozen=True)
class OwnRecord:
    """Everything the system knows about one person, for that person."""

    identity: OwnIdentity
    sections: tuple[Section, ...]
    breaches: int
    """How many breaches touched the person or their children."""
    card: Card
    due: tuple[Due, ...]
    news: int
    """How many notices are new."""
    children: tuple[str, ...]
    """Their names, in the order of their numbers from 1 on."""


@dataclass(frozen=True)
class Due:
    """Something the person has to do: what, and the number of the page it leads to (None: a page without one)."""

    code: str
    page: str
    number: int | None = None


def read_own_record(person: UUID) -> OwnRecord:
    """The whole record in one opened access and one trip. Raises RecordIsGone."""
    kinds = [kind.read for kind in KINDS]
    identity, breaches, drafts, corrections, news, family, *facts = read_own(
        person, OWN_IDENTITY, OWN_BREACHES, OWN_DRAFTS, OWN_CORRECTIONS, NEW_NOTICES, OWN_PERSONS, *kinds
    )
    if identity is None:
        raise RecordIsGone
    sections = tuple(map(Section, KINDS, facts))
    found = {section.page: section.facts for section in sections}
    known = known_from(found["my-doses"], found["my-tests"])
    shown = card(known, province=identity.residence.province, at=timezone.localtime())
    due, children = _due(drafts, corrections, known), tuple(name for _, name in family[1:])
    return OwnRecord(identity, sections, len(breaches), shown, due, news, children)


def _due(drafts: Sequence[DraftLine], corrections: Sequence[OwnCorrection], known: Known) -> tuple[Due, ...]:
    """What waits for the person, most urgent first."""
    found = [Due("waiting", "declare-form", one.number) for one in drafts if one.state in OPEN]
    found += [Due("needs_more", "my-correction", one.number) for one in corrections if one.state == "needs_more"]
    found += [Due("draft", "declare-form", one.number) for one in drafts if one.sent_at is None]
    if any(one.sent_at and one.level == WATCH for one in drafts):
        found.append(Due("declare_again", "declare"))
    if is_short_of_course(known.doses):
        found.append(Due("next_dose", "my-doses"))
    return tuple(found)


@require_safe
@gzip_page  # the page of a full record; nothing that somebody else chose stands on it, and Django pads and masks
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
