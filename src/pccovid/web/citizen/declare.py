"""Declaring: choose a form and whom it is about, answer only what is new, send it, and read what to do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.declaring import operations, queries
from pccovid.declaring.answers import Answered, Fault, asked, read
from pccovid.declaring.forms import CODES, Form, Section, form_on, version_of
from pccovid.declaring.operations import Sending, age_on, readable
from pccovid.declaring.queries import Draft
from pccovid.declaring.triage import triage
from pccovid.foundation.reads import about
from pccovid.inspection.queries import OWN_PERSONS
from pccovid.officers.database import Refused
from pccovid.people.queries import OWN_FAMILY, OWN_IDENTITY, FamilyTie, OwnIdentity
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.declare_fields import drawn, known_rows
from pccovid.web.sent_forms import status_of

LARGEST = 2**62
_MOST_VALUES, _LONGEST = 40, 2000
_TIES = ("declared_by", "household")


@dataclass(frozen=True)
class Whom:
    """Somebody one may declare for; `value` is what the page sends for them. `name` is '' for oneself."""

    value: str
    name: str


@dataclass(frozen=True)
class Opened:
    """A form in hand with all that is needed to draw or send it."""

    draft: Draft
    form: Form
    name: str
    identity: OwnIdentity | None
    known: frozenset[str]

    @property
    def sections(self) -> tuple[Section, ...]:
        return asked(self.form, self.known, of_others=self.draft.person is None)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def choose(request: HttpRequest, person: UUID) -> HttpResponse:
    """The forms, whom one may declare for, forms in hand and what was sent lately; with POST one is begun."""
    told = ""
    if request.method == "POST":
        number, told = _begun(request, person)
        if number is not None:
            return redirect("declare-form", number)
    persons, ties, drafts = read_own(person, OWN_PERSONS, OWN_FAMILY, queries.OWN_DRAFTS)
    page = {"family": _family(persons, ties), "drafts": drafts}
    today = timezone.localdate()
    forms = [form_on(code, today) for code in CODES]
    shown = {**page, "forms": forms, "told": told, "here": "declare"}
    return render(request, "citizen/declare/choose.html", shown, status=status_of(told))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def fill_in(request: HttpRequest, person: UUID, number: int) -> HttpResponse:
    """One form: its open questions; with POST kept, dropped or sent. Once sent, what it meant and what to do now."""
    opened = _opened(person, number)
    if opened.draft.sent_at is not None:
        return render(request, "citizen/declare/sent.html", {"opened": opened, "here": "declare"})
    if request.method != "POST":
        return _form_page(request, opened, opened.draft.given, ())
    try:
        return _acted(request, person, opened)
    except Refused:
        # Sent from another tab meanwhile, or a right to declare for somebody has ended: the list says how things stand.
        return redirect("declare")


def _acted(request: HttpRequest, person: UUID, opened: Opened) -> HttpResponse:
    """Keep, drop or send. Raises Refused."""
    given = _given(request, opened)
    match request.POST.get("act"):
        case "drop":
            return _dropped(person, opened.draft.number)
        case "send":
            return _sent(request, person, opened, given)
        case _:
            _keep(person, opened.draft.number, given)
            return redirect("declare-form", opened.draft.number)


def _begun(request: HttpRequest, person: UUID) -> tuple[int | None, str]:
    """(number of the form in hand, '') or (None, why not)."""
    code, whom = request.POST.get("form", ""), request.POST.get("whom", "")[:60]
    if code not in CODES:
        return None, _("Chọn tờ khai.")
    try:
        kind, _separator, text = whom.partition(":")
        whose = {"tie" if kind == "tie" else "person": UUID(text) if text else person}
        with own_record(person):
            return operations.begin(form_on(code, timezone.localdate()), **whose), ""
    except ValueError:
        return None, _("Chọn lại: khai cho ai.")
    except Refused as refused:
        if refused.code == "PC443":
            return None, _("Ba mươi tờ khai trong một ngày là nhiều nhất.")
        return None, _("Chọn lại: khai cho ai.")


def _family(persons: Sequence[tuple[UUID, str]], family: Sequence[FamilyTie]) -> tuple[Whom, ...]:
    """Oneself, one's children, and those one declared for before, by the name that was given then."""
    own = [Whom(f"own:{one}", name if at else "") for at, (one, name) in enumerate(persons)]
    ties: dict[str, Whom] = {}
    for tie in family:
        if tie.kind in _TIES and tie.name:
            ties.setdefault(tie.name.casefold(), Whom(f"tie:{tie.origin.fact}", tie.name))
    known = {one.name.casefold() for one in own}
    return (*own, *(one for name, one in sorted(ties.items()) if name not in known))


def _opened(person: UUID, number: int) -> Opened:
    """Raises Http404 for a form that is not the person's to fill in."""
    if number > LARGEST:
        raise Http404
    whom = queries.whom_draft_is_about(number)
    try:
        draft, persons, ties, identity, known = read_own(
            person, queries.draft_read(number), OWN_PERSONS, OWN_FAMILY, about(OWN_IDENTITY, whom),
            about(queries.WHAT_IS_KNOWN, whom),
        )  # fmt: skip
    except Refused as refused:
        raise Http404 from refused
    form, name = version_of(draft.form, draft.version), _name_of(draft, persons, ties)
    if draft.sent_at is not None:
        return Opened(draft, form, name, None, frozenset())
    return Opened(draft, form, name, identity, known)


def _name_of(draft: Draft, persons: Sequence[tuple[UUID, str]], family: Sequence[FamilyTie]) -> str:
    """Whom a form is about, as its filler knows them; '' for oneself."""
    if draft.person is not None:
        return next((name for one, name in persons[1:] if one == draft.person), "")
    ties = [tie for tie in family if tie.origin.fact == draft.tie]
    return ties[0].name or "" if ties else ""


def _given(request: HttpRequest, opened: Opened) -> dict[str, list[str]]:
    """What was sent for the questions of this form, cut to a sensible length."""
    codes = [question.code for question in opened.form.questions]
    return {
        code: [text[:_LONGEST] for text in request.POST.getlist(code)[:_MOST_VALUES]]
        for code in codes
        if code in request.POST
    }


def _keep(person: UUID, number: int, given: Mapping[str, list[str]]) -> None:
    with own_record(person):
        operations.keep(number, given)


def _dropped(person: UUID, number: int) -> HttpResponse:
    with own_record(person):
        operations.drop(number)
    return redirect("declare")


def _sent(request: HttpRequest, person: UUID, opened: Opened, given: Mapping[str, list[str]]) -> HttpResponse:
    answered = readable(read(opened.sections, opened.form.symptoms, given, now=timezone.now()))
    if answered.faults:
        _keep(person, opened.draft.number, given)
        return _form_page(request, opened, given, answered.faults)
    with own_record(person):
        operations.send(opened.draft.number, _sending(opened, answered))
    return redirect("declare-form", opened.draft.number)


def _sending(opened: Opened, answered: Answered) -> Sending:
    now = timezone.now()
    born = opened.identity.birth_date if opened.identity else None
    meant = triage(
        answered.values, age=age_on(born, now), has_disease="chronic_diseases" in opened.known, on=timezone.localdate()
    )
    return Sending(opened.form, answered.values, sorted(opened.known), opened.draft.person is not None, meant)


def _form_page(
    request: HttpRequest, opened: Opened, given: Mapping[str, list[str]], faults: tuple[Fault, ...]
) -> HttpResponse:
    sections = drawn(opened.form, opened.sections, given, faults, opened.identity)
    known = known_rows(opened.identity, opened.known, opened.form) if opened.identity else ()
    wrong = [field for section in sections for field in section.fields if field.error]
    page = {"opened": opened, "sections": sections, "known": known, "wrong": wrong, "here": "declare"}
    return render(request, "citizen/declare/form.html", page, status=status_of(faults))
