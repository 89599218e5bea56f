"""The desk for entries that persons say are wrong or missing: the station checks and signs, the source's side signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.corrections import queries
from pccovid.corrections.operations import REFUSED, Step, step
from pccovid.corrections.queries import DeskCorrection
from pccovid.corrections.rules import BLANK, IDENTITY, MISSING, Value, ValueUnreadable, read_values, values_of
from pccovid.corrections.states import SOURCE, STATION, acts_of
from pccovid.foundation.classification import category_of
from pccovid.officers.database import Refused
from pccovid.officers.offices import COMMUNE_POLICE, DATA_STEWARD, HEALTH_STATION
from pccovid.people import dossier as index
from pccovid.web import words
from pccovid.web.console.desk import BY_CORRECTION, Desk, Task, categories_of, desk_page, not_in_sight
from pccovid.web.console.paging import page_of, paged
from pccovid.web.console.person_page import ShownFacts, shown_facts
from pccovid.web.console.wording import officer_word
from pccovid.web.sent_forms import sent, status_of

OFFICES = (HEALTH_STATION, DATA_STEWARD, COMMUNE_POLICE)
_LARGEST = 2**62
_SAID = {
    "not_opened": ("", gettext_lazy("Việc này không còn chờ chức vụ của bạn.")),
    "not_now": ("", gettext_lazy("Việc này đã sang bước khác, không làm được nữa.")),
    "too_few_words": ("told", gettext_lazy("Viết cho người dân ít nhất 10 ký tự.")),
    "biased": ("", gettext_lazy("Bạn không được ký việc này: cán bộ khác phải làm.")),
    "undecided": ("outcome", gettext_lazy("Chọn điều đúng, rồi điền hoặc để trống cho hợp.")),
}


class StepForm(forms.Form):
    """The officer's next step."""

    first_field = "id_act_0"
    act = forms.CharField(max_length=20, error_messages={"required": gettext_lazy("Chọn việc cần làm.")})
    told = forms.CharField(max_length=2000, required=False)
    note = forms.CharField(max_length=4000, required=False)
    outcome = forms.CharField(max_length=20, required=False)


@dataclass(frozen=True)
class Field:
    """One value to be put right: what the person wants, or what the officer has typed."""

    value: Value
    typed: str

    @property
    def label(self) -> str:
        return officer_word("column", self.value.column)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        vocabulary = self.value.column if self.value.column in ("method", "result") else ""
        return tuple((code, words.word(vocabulary, code) if vocabulary else code) for code in self.value.offered)


@require_safe
@desk_page(*OFFICES)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for this office, by deadline; nobody is named."""
    page = page_of(request)
    found = queries.queue(officer=desk.account, through=desk.appointment.id, page=page)
    shown = {"desk": desk, "counts": corrections_waiting_at(desk), **paged(found, most=queries.ON_DESK, page=page)}
    return render(request, "console/corrections.html", shown)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def correction(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One correction that waits for this office, and the step."""
    person = _person(desk, number)
    if person is None:
        return not_in_sight(request, desk)
    form = StepForm(sent(request))
    if form.is_valid() and _stepped(request, desk, number, person, form):
        return redirect("console-corrections")
    page = {**_shown(request, desk, number, person), "desk": desk, "form": form}
    return render(request, "console/correction.html", page, status=status_of(form.is_bound))


@require_safe
@desk_page(*OFFICES)
def photo(request: HttpRequest, desk: Desk, number: int, photo: int) -> HttpResponse:
    """One photo of a correction that waits for this office."""
    person = _person(desk, number)
    if person is None or photo > _LARGEST:
        return not_in_sight(request, desk)
    with desk.reading(_task(number), desk.only(person)) as disclosures:
        found = dict(queries.photos_at_desk(number))
        if photo in found:
            disclosures.add([person], ["identity"])
    return HttpResponse(found[photo], content_type="image/jpeg") if photo in found else not_in_sight(request, desk)


def corrections_waiting_at(desk: Desk) -> tuple[int, int]:
    """(corrections whose turn is the office's, those late) for the desk's first page; nothing for other offices."""
    if desk.role not in OFFICES:
        return 0, 0
    return queries.waiting(officer=desk.account, through=desk.appointment.id)


def _task(number: int) -> Task:
    return Task(BY_CORRECTION, f"SS-{number}")


def _person(desk: Desk, number: int) -> UUID | None:
    if number > _LARGEST:
        return None
    return queries.person_of(number, officer=desk.account, through=desk.appointment.id)


def _shown(request: HttpRequest, desk: Desk, number: int, person: UUID) -> dict[str, Any]:
    with desk.reading(_task(number), desk.only(person)) as disclosures:
        one, steps = queries.at_desk(number)
        found = index.dossier(person)
        table = index.one_fact(person, one.table, one.fact)
        photos = [at for at, _jpeg in queries.photos_at_desk(number)]
        disclosures.add([person], ["identity", *([category_of(one.table)] if table else [])])
    fact: ShownFacts | None = shown_facts(table, categories_of(desk.role, BY_CORRECTION)) if table else None
    acts = () if one.bias else acts_of(one.state, STATION if desk.role == HEALTH_STATION else SOURCE)
    outcomes = ["values", "not_mine"] if one.table in BLANK else ["not_mine"]
    return {
        "one": one, "steps": steps, "person": found, "fact": fact, "photos": photos, "choices": acts,
        "outcomes": ["values"] if one.kind in (MISSING, IDENTITY) else outcomes, "fields": _fields(request, one),
        "wanted": _told(one, one.wanted), "decided": _told(one, one.decided),
    }  # fmt: skip


def _fields(request: HttpRequest, one: DeskCorrection) -> list[Field]:
    typed = request.POST if request.method == "POST" else one.wanted
    return [Field(value, str(typed.get(value.column, ""))[:200]) for value in values_of(one.table)]


def _told(one: DeskCorrection, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, value in words) of values."""
    shown = []
    for value in values_of(one.table):
        if value.column in values:
            text = values[value.column]
            is_coded = value.column in ("method", "result")
            shown.append((officer_word("column", value.column), words.word(value.column, text) if is_coded else text))
    return shown


def _stepped(request: HttpRequest, desk: Desk, number: int, person: UUID, form: StepForm) -> bool:
    """Whether the database took the step; else the form says why not."""
    try:
        with desk.reading(_task(number), desk.only(person)) as disclosures:
            disclosures.add([person], ["identity"])
            one, _steps = queries.at_desk(number)
            step(number, _step(request, one, form))
    except ValueUnreadable as unreadable:
        form.add_error("outcome", officer_word("column", unreadable.column))
        return False
    except Refused as refused:
        field, told = _SAID.get(REFUSED.get(refused.code, ""), _SAID["not_now"])
        form.add_error(field or None, str(told))
        return False
    return True


def _step(request: HttpRequest, one: DeskCorrection, form: StepForm) -> Step:
    given = form.cleaned_data
    if given["act"] != "confirm":
        return Step(given["act"], given["told"], given["note"])
    outcome, decided = given["outcome"] or None, {}
    if outcome == "values":
        typed = {value.column: request.POST.get(value.column, "")[:300] for value in values_of(one.table)}
        decided = read_values(one.table, typed, today=timezone.localdate(), need_all=one.kind == MISSING)
    return Step("confirm", given["told"], given["note"], outcome, decided)
