"""Something is wrong or missing: saying so about a fact, with a photo, and following each step with its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.corrections import operations, queries
from pccovid.corrections.operations import REFUSED
from pccovid.corrections.queries import OwnCorrection, OwnStep
from pccovid.corrections.rules import (
    ADDABLE,
    CORRECTABLE,
    LONGEST_WORDS,
    SHORTEST_WORDS,
    Value,
    ValueUnreadable,
    read_values,
)
from pccovid.foundation.photos import LARGEST_UPLOAD, PhotoRefused
from pccovid.inspection.queries import OWN_PERSONS
from pccovid.officers.database import Refused
from pccovid.web import words
from pccovid.web.citizen.copy_words import FIELD, said
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.citizen.sections import KINDS as SECTIONS
from pccovid.web.citizen.sections import Kind
from pccovid.web.sent_forms import sent, status_of

TABLES = {
    "my-doses": "vaccination_dose", "my-tests": "lab_tests_test", "my-declarations": "declarations_declaration",
    "my-visits": "movement_visit", "my-trips": "movement_trip", "my-entries": "border_entry",
    "my-cards": "insurance_card", "my-treatment": "treatment_stay",
}  # fmt: skip
DISPUTED: tuple[Kind, ...] = tuple(kind for kind in SECTIONS if kind.page in TABLES)
ADDED: tuple[Kind, ...] = tuple(kind for kind in DISPUTED if TABLES[kind.page] in ADDABLE)
_ITEMS = {
    "condition": "treatment_condition", "vital_sign": "treatment_vitalsign", "procedure": "treatment_procedure",
    "medication": "treatment_medication",
}  # fmt: skip
"""What belongs to a stay → its table."""
_LARGEST = 2**62
_TOO_SHORT = gettext_lazy("Viết rõ hơn một chút, ít nhất 10 ký tự.")
_KIND_OF = {"vaccination_dose": "dose", "lab_tests_test": "test"}


class WordsForm(forms.Form):
    """What is wrong or missing, in the person's words; `whose` counts the family: 0 is oneself."""

    first_field = "id_words"
    whose = forms.IntegerField(min_value=0, max_value=50, required=False)
    words = forms.CharField(
        min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS,
        error_messages={"required": _TOO_SHORT, "min_length": _TOO_SHORT},
    )  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One value as the page asks for it."""

    value: Value
    typed: str

    @property
    def label(self) -> str:
        return str(FIELD[self.value.column])

    @property
    def type(self) -> str:
        return "date" if self.value.reader in ("day", "moment") else "text"

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        vocabulary = self.value.column if self.value.column in ("method", "result") else ""
        return tuple((code, words.word(vocabulary, code) if vocabulary else code) for code in self.value.offered)


@dataclass(frozen=True)
class Told:
    """One thing that can be said to be wrong: the fact or a part of it, its table, how it is drawn."""

    fact: Any
    table: str
    template: str
    is_repeat: bool = False


def _disputable(section: Kind, facts: Sequence[Any]) -> list[Told]:
    """The facts, what was entered again, and what belongs to a stay, each by itself."""
    found = []
    for fact in facts:
        if fact.origin is not None:
            found.append(Told(fact, TABLES[section.page], section.template))
        again = getattr(fact, "repeats", ())
        found += [Told(one, TABLES[section.page], section.template, is_repeat=True) for one in again]
        found += [Told(item, _ITEMS[item.kind], "citizen/facts/treatment_item.html")
                  for item in getattr(fact, "items", ())]  # fmt: skip
    return found


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The corrections of the person and their children, newest first, and what can be reported."""
    family, corrections = read_own(person, OWN_PERSONS, queries.CORRECTIONS_OF_FAMILY)
    found = [(name if at else "", one) for at, (of, name) in enumerate(family) for one in corrections.get(of, ())]
    page = {"corrections": found, "sections": DISPUTED, "added": ADDED, "here": "home"}
    return render(request, "citizen/corrections/list.html", page)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def wrong(request: HttpRequest, person: UUID, page: str) -> HttpResponse:
    """The facts of a section, each to be said wrong; then the one chosen, with what is right and room for a photo."""
    section = next(kind for kind in DISPUTED if kind.page == page)
    facts: Sequence[Any]
    (facts,) = read_own(person, section.read)
    every = _disputable(section, facts)
    chosen = _chosen(request, every)
    form = WordsForm(request.POST if "words" in request.POST else None)
    table = chosen.table if chosen else TABLES[page]
    if chosen is not None and form.is_valid():
        number = _asked(request, person, form, table, chosen.fact.origin.fact)
        if number is not None:
            return redirect("my-correction", number)
    listed = [one for one in every if not one.is_repeat]
    shown = {"section": section, "facts": listed, "chosen": chosen, "form": form, "fields": _fields(request, table)}
    status = status_of(form.is_bound)
    return render(request, "citizen/corrections/wrong.html", {**shown, "here": "home"}, status=status)


def _chosen(request: HttpRequest, every: Sequence[Told]) -> Told | None:
    return next((one for one in every if str(one.fact.origin.fact) == request.POST.get("fact")), None)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def missing(request: HttpRequest, person: UUID, page: str) -> HttpResponse:
    """A fact that is not in the record: its values, a photo of the paper."""
    section = next(kind for kind in ADDED if kind.page == page)
    form = WordsForm(sent(request))
    (family,) = read_own(person, OWN_PERSONS)
    if form.is_valid():
        number = _asked(request, person, form, TABLES[page], None, family)
        if number is not None:
            return redirect("my-correction", number)
    shown = {"section": section, "form": form, "fields": _fields(request, TABLES[page]), "family": family}
    status = status_of(form.is_bound)
    return render(request, "citizen/corrections/missing.html", {**shown, "here": "home"}, status=status)


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def one(request: HttpRequest, person: UUID, number: int) -> HttpResponse:
    """One correction with its steps and deadlines; adding what was asked for, taking it back."""
    if number > _LARGEST:
        raise Http404
    told = _acted(request, person, number) if request.method == "POST" else ""
    if told is None:
        return redirect("my-correction", number)
    name, found, steps = _found(person, number)
    wanted = [
        (FIELD[column], _said(_KIND_OF.get(found.table, ""), column, text)) for column, text in found.wanted.items()
    ]
    page = {"name": name, "one": found, "steps": steps, "wanted": wanted, "told": told, "here": "home"}
    return render(request, "citizen/corrections/one.html", page, status=status_of(told))


def _said(kind: str, column: str, text: str) -> str:
    """A value in words; a day as people write it."""
    readers = {value.column: value.reader for values in CORRECTABLE.values() for value in values}
    if readers.get(column) in ("day", "moment"):
        return words.day(date.fromisoformat(text[:10]))
    return said(kind, column, text)


def _found(person: UUID, number: int) -> tuple[str, OwnCorrection, tuple[OwnStep, ...]]:
    """(child's name or '', the correction, its steps). Raises Http404 for anybody else's."""
    reads = (OWN_PERSONS, queries.CORRECTIONS_OF_FAMILY, queries.steps_of(number))
    try:
        family, corrections, steps = read_own(person, *reads)
    except Refused as refused:
        raise Http404 from refused
    for at, (of, name) in enumerate(family):
        for correction in corrections.get(of, ()):
            if correction.number == number:
                return (name if at else "", correction, steps)
    raise Http404


def _fields(request: HttpRequest, table: str) -> list[Field]:
    return [Field(value, request.POST.get(value.column, "")[:200]) for value in CORRECTABLE[table]]


def _asked(
    request: HttpRequest, person: UUID, form: WordsForm, table: str, fact: UUID | None,
    family: Sequence[tuple[UUID, str]] = (),
) -> int | None:  # fmt: skip
    """The number of the correction, or None: then the form says why not."""
    typed = {value.column: request.POST.get(value.column, "")[:300] for value in CORRECTABLE[table]}
    try:
        values = read_values(table, typed, today=timezone.localdate(), need_all=fact is None)
        about = family[form.cleaned_data.get("whose") or 0][0] if family else person
        with own_record(person):
            number = _written(about, table, fact, values, form.cleaned_data["words"])
            _add_photos(request, number)
            return number
    except ValueUnreadable as unreadable:
        form.add_error(None, _("Xem lại: %(field)s.") % {"field": FIELD[unreadable.column]})
    except IndexError:
        form.add_error(None, _("Chọn lại: cho ai."))
    except PhotoRefused as refused:
        form.add_error(None, words.word("photo_fault", refused.why))
    except Refused as refused:
        form.add_error(None, _told(refused))
    return None


def _written(person: UUID, table: str, fact: UUID | None, values: Mapping[str, str], text: str) -> int:
    if fact is None:
        return operations.report_missing(person=person, table=table, values=values, words=text)
    return operations.dispute(person=person, table=table, fact=fact, wanted=values, words=text)


def _add_photos(request: HttpRequest, number: int) -> None:
    """Raises PhotoRefused where the browser named a file that was not taken in at all: it was too large."""
    photos = request.FILES.getlist("photo")
    for photo in photos:
        operations.add_photo(number, photo.read())
    if not photos and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD:
        raise PhotoRefused("too_large")


def _acted(request: HttpRequest, person: UUID, number: int) -> str | None:
    """None where it was done, else why not."""
    try:
        with own_record(person):
            if request.POST.get("act") == "withdraw":
                operations.withdraw(number)
            elif request.POST.get("act") == "add":
                _add_photos(request, number)
                operations.add(number, words=request.POST.get("words", "")[:LONGEST_WORDS])
            else:
                return _("Chọn một việc trong trang này.")
    except PhotoRefused as refused:
        return words.word("photo_fault", refused.why)
    except Refused as refused:
        if refused.code == "PC441":
            raise Http404 from refused
        return _told(refused)
    return None


def _told(refused: Refused) -> str:
    told: Mapping[str, str] = {
        "too_few_words": _("Viết rõ hơn một chút, ít nhất 10 ký tự."),
        "too_many": _("Mười lần báo trong một ngày là nhiều nhất. Báo tiếp được vào ngày mai."),
        "waits_already": _("Mục này đã được báo và đang được xem."),
        "not_now": _("Việc này đã sang bước khác, không làm được nữa."),
        "three_photos": words.word("photo_fault", "three_photos"),
    }
    return told.get(REFUSED.get(refused.code, ""), _("Không báo được mục này."))
