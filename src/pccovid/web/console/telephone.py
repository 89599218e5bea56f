"""Declaring for somebody who calls the health station: only what is new is asked; the person is shown who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.declaring.answers import Answered, asked, read
from pccovid.declaring.forms import CODES, DAILY, Form, Section, form_on
from pccovid.declaring.operations import Sending, age_on, case_of, declare_by_telephone, readable
from pccovid.declaring.queries import what_is_known
from pccovid.declaring.triage import Triage, triage
from pccovid.officers.database import Refused
from pccovid.officers.offices import HEALTH_STATION, OFFICES
from pccovid.people.queries import OwnIdentity, own_identity
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.declare_fields import drawn, read_back
from pccovid.web.sent_forms import sent

_PURPOSE = OFFICES[HEALTH_STATION].purpose
_SHOWN = ["identity", "declaration", "vaccination"]
_MOST_VALUES, _LONGEST = 40, 2000


class CallForm(forms.Form):
    """Which call, which form, and that it is the person themselves."""

    call = forms.UUIDField()
    form = forms.ChoiceField(choices=[(code, code) for code in CODES])
    is_caller = forms.BooleanField(error_messages={"required": gettext_lazy("Hỏi họ tên và ngày sinh trước khi khai.")})


@dataclass(frozen=True)
class Called:
    """A call with all that is needed to draw or send its form."""

    person: UUID
    number: UUID
    form: Form
    identity: OwnIdentity
    known: frozenset[str]

    @property
    def sections(self) -> tuple[Section, ...]:
        return asked(self.form, self.known, of_others=True)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HEALTH_STATION)
def declare(request: HttpRequest, desk: Desk, person_id: UUID) -> HttpResponse:
    """The form for this caller; with POST it is sent, and what it means for them is read out to them."""
    given = CallForm(sent(request))
    is_read = given.is_valid()
    code = given.cleaned_data["form"] if is_read else request.GET.get("form", DAILY)
    number = given.cleaned_data["call"] if is_read else uuid4()
    called = _called(desk, person_id, number, code if code in CODES else DAILY)
    if called is None:
        return not_in_sight(request, desk)
    if not is_read:
        return _page(request, desk, called, given, Answered({}, ()))
    answered = readable(read(called.sections, called.form.symptoms, _answers(request, called), now=timezone.now()))
    if answered.faults:
        return _page(request, desk, called, given, answered)
    meant = _meant(called, answered)
    if not _declared(desk, called, Sending(called.form, answered.values, sorted(called.known), False, meant)):
        return not_in_sight(request, desk)
    told = read_back(called.form, answered.values)
    return render(
        request, "console/telephone_done.html", {"desk": desk, "called": called, "meant": meant, "told": told}
    )


def _called(desk: Desk, person: UUID, number: UUID, code: str) -> Called | None:
    """None for whoever is not in sight of this station."""
    with desk.reading(Task(_PURPOSE, case_of(number)), desk.only(person)) as disclosures:
        identity = own_identity(person)
        if identity is None:
            return None
        disclosures.add([person], _SHOWN)
        return Called(person, number, form_on(code, timezone.localdate()), identity, what_is_known(person))


def _declared(desk: Desk, called: Called, sending: Sending) -> bool:
    try:
        with desk.reading(Task(_PURPOSE, case_of(called.number)), desk.only(called.person)) as disclosures:
            disclosures.add([called.person], ["declaration"])
            declare_by_telephone(called.person, called.number, sending)
    except Refused:
        return False
    return True


def _meant(called: Called, answered: Answered) -> Triage:
    age = age_on(called.identity.birth_date, timezone.now())
    has_disease = "chronic_diseases" in called.known
    return triage(answered.values, age=age, has_disease=has_disease, on=timezone.localdate())


def _answers(request: HttpRequest, called: Called) -> dict[str, list[str]]:
    codes = [question.code for question in called.form.questions if question.code in request.POST]
    return {code: [text[:_LONGEST] for text in request.POST.getlist(code)[:_MOST_VALUES]] for code in codes}


def _page(request: HttpRequest, desk: Desk, called: Called, call: CallForm, answered: Answered) -> HttpResponse:
    given = _answers(request, called) if request.method == "POST" else {}
    sections = drawn(called.form, called.sections, given, answered.faults, called.identity)
    wrong = [field for section in sections for field in section.fields if field.error]
    page: dict[str, Any] = {"desk": desk, "called": called, "sections": sections, "wrong": wrong, "call": call}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/telephone.html", {**page, "forms": CODES}, status=status)
