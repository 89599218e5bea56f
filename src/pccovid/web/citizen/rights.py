"""My rights: asking about one's own data (or a child's), following what becomes of it, taking it back, objecting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.consents.queries import offers_in
from pccovid.foundation.reads import about, in_family
from pccovid.inspection.queries import OWN_PERSONS
from pccovid.officers.database import Refused
from pccovid.people.correcting import ValueUnreadable
from pccovid.rights import operations
from pccovid.rights.operations import REFUSED, Wish
from pccovid.rights.queries import OWN_REQUESTS, OwnRequest, OwnStep, steps_of
from pccovid.rights.rules import (
    ATTRIBUTES,
    CORRECTION,
    ERASABLE_CATEGORIES,
    ERASURE,
    KINDS,
    LONGEST_WORDS,
    PAPER_COPY,
    RECORD,
    SHORTEST_WORDS,
    WITHDRAWAL,
    deadlines,
)
from pccovid.rights.values import normal_value
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.citizen.sections import KINDS as SECTIONS
from pccovid.web.citizen.sections import Kind
from pccovid.web.sent_forms import status_of

SLUGS = {
    "correction": "sua-thong-tin", "erasure": "xoa", "restriction": "han-che", "objection": "phan-doi",
    "withdrawal": "rut-dong-y", "paper_copy": "ban-giay",
}  # fmt: skip
_FACT_TABLES = {
    "my-doses": "vaccination_dose", "my-tests": "lab_tests_test", "my-declarations": "declarations_declaration",
    "my-visits": "movement_visit", "my-trips": "movement_trip", "my-entries": "border_entry",
    "my-addresses": "people_address", "my-family": "people_relationship",
}  # fmt: skip
FACT_SECTIONS: tuple[Kind, ...] = tuple(kind for kind in SECTIONS if kind.page in _FACT_TABLES)
"""Sections of which a single fact can be said to be wrong; an address is one with all reports of it."""
_CATEGORIES = {ERASURE: ERASABLE_CATEGORIES, PAPER_COPY: ()}
"""Of which data a kind of request can be; of the whole record where it does not stand here."""
_ATTRIBUTES = {CORRECTION: ATTRIBUTES}
_LARGEST = 2**62
_TOO_SHORT = gettext_lazy("Viết rõ hơn một chút, ít nhất 10 ký tự.")


class AskForm(forms.Form):
    """What is asked; each kind uses the fields it needs. `whose` counts the family: 0 is oneself."""

    first_field = "id_words"
    whose = forms.IntegerField(min_value=0, max_value=50, required=False)
    categories = forms.MultipleChoiceField(
        choices=[(category, category) for category in RECORD], required=False,
        error_messages={"invalid_choice": gettext_lazy("Chọn trong danh sách.")},
    )  # fmt: skip
    attribute = forms.ChoiceField(
        choices=[(name, name) for name in ATTRIBUTES], required=False,
        error_messages={"invalid_choice": gettext_lazy("Chọn thông tin cần sửa.")},
    )  # fmt: skip
    value = forms.CharField(max_length=200, required=False)
    words = forms.CharField(
        min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS,
        error_messages={"required": _TOO_SHORT, "min_length": _TOO_SHORT},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, kind: str, initial: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(initial))
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.kind == ERASURE and not given.get("categories"):
            self.add_error("categories", _("Chọn ít nhất một loại dữ liệu."))
        if self.kind == CORRECTION:
            self._read_value(given)
        return given

    def _read_value(self, given: dict[str, Any]) -> None:
        if not given.get("attribute"):
            self.add_error("attribute", _("Chọn thông tin cần sửa."))
            return
        try:
            given["value"] = normal_value(given["attribute"], given.get("value", ""), today=timezone.localdate())
        except ValueUnreadable:
            self.add_error("value", _("Không đọc được thông tin này. Xem ví dụ rồi viết lại."))

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        if self.kind == CORRECTION:
            return Wish(self.kind, "identity", given["words"], attribute=given["attribute"], wanted=given["value"])
        categories = () if self.kind == PAPER_COPY else tuple(given["categories"])
        return Wish(self.kind, "data", given["words"], categories)


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every request of the person and of their children, and the ways to ask."""
    family, requests = read_own(person, OWN_PERSONS, OWN_REQUESTS)
    found = [(name if at else "", one) for at, (of, name) in enumerate(family) for one in requests.get(of, ())]
    page = {"requests": found, "kinds": [(kind, f"ask-{kind}") for kind in KINDS], "sections": FACT_SECTIONS}
    return render(request, "citizen/rights.html", {**page, "here": "rights"})


@sensitive_post_parameters("value", "words")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def ask(request: HttpRequest, person: UUID, kind: str) -> HttpResponse:
    """The form of one kind of request."""
    is_sent = request.method == "POST" and request.POST.get("act") != "fill"
    form = AskForm(request.POST if is_sent else None, kind=kind, initial=_filled_in(request))
    family, offers = read_own(person, OWN_PERSONS, offers_in((get_language() or "vi")[:2]))
    if form.is_valid():
        number = _asked(person, family, form, form.wish)
        if number is not None:
            return redirect("my-right", number)
    page = {
        "kind": kind, "form": form, "family": family, "due": deadlines(kind, timezone.now()),
        "consents": [offer.title for offer in offers if offer.stands] if kind == WITHDRAWAL else (),
        "categories": _CATEGORIES.get(kind, RECORD), "attributes": _ATTRIBUTES.get(kind, ()),
        "sections": FACT_SECTIONS, "here": "rights",
    }  # fmt: skip
    return render(request, "citizen/rights_ask.html", page, status=status_of(form.is_bound))


def _filled_in(request: HttpRequest) -> dict[str, str]:
    """What a card that was read fills in: whose, which attribute, and its value."""
    return {name: request.POST.get(name, "")[:200] for name in ("whose", "attribute", "value")}


class WrongFactForm(forms.Form):
    """Which fact, and what is wrong about it. `whose` counts the family: 0 is oneself."""

    first_field = "id_words"
    whose = forms.IntegerField(min_value=0, max_value=50, required=False)
    fact = forms.UUIDField()
    words = forms.CharField(
        min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS,
        error_messages={"required": _TOO_SHORT, "min_length": _TOO_SHORT},
    )  # fmt: skip


@sensitive_post_parameters("fact", "words")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def wrong_fact(request: HttpRequest, person: UUID, page: str) -> HttpResponse:
    """The facts of a section, each to be said wrong; then the one chosen, with room for words. A child's as well."""
    section = next(kind for kind in FACT_SECTIONS if kind.page == page)
    at = _place(request)
    family, facts = read_own(person, OWN_PERSONS, about(section.read, in_family(at)))
    if at >= len(family):
        raise Http404
    facts = [one for one in facts if not getattr(one, "is_about_another", False)]
    chosen = _chosen(request, facts)
    form = WrongFactForm(request.POST if "words" in request.POST else None)
    if chosen is not None and form.is_valid():
        given = form.cleaned_data
        wish = Wish(CORRECTION, "fact", given["words"], fact_table=_FACT_TABLES[page], fact=given["fact"])
        number = _asked(person, family, form, wish)
        if number is not None:
            return redirect("my-right", number)
    shown = {"section": section, "facts": facts, "chosen": chosen, "form": form, "here": "rights",
             "family": family, "at": at}  # fmt: skip
    due = deadlines(CORRECTION, timezone.now())
    status = status_of(form.is_bound)
    return render(request, "citizen/rights_wrong_fact.html", {**shown, "due": due}, status=status)


def _chosen(request: HttpRequest, facts: Sequence[Any]) -> Any:
    return next((one for one in facts if str(one.origin.fact) == request.POST.get("fact")), None)


def _place(request: HttpRequest) -> int:
    """Whose facts are looked at: a place in the family, oneself where it says nothing sensible."""
    text = request.POST.get("whose") or request.GET.get("cua", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def request_page(request: HttpRequest, person: UUID, number: int) -> HttpResponse:
    """One request with its steps and deadlines; taking it back, handing it on, ending a restriction."""
    if number > _LARGEST:
        raise Http404
    told = _acted(request, person, number) if request.method == "POST" else ""
    if told is None:
        return redirect("my-right", number)
    name, one, steps = _found(person, number)
    page = {"name": name, "one": one, "steps": steps, "told": told, "here": "rights"}
    return render(request, "citizen/rights_request.html", page, status=status_of(told))


def _found(person: UUID, number: int) -> tuple[str, OwnRequest, tuple[OwnStep, ...]]:
    """(child's name or '', the request, its steps). Raises Http404 for anybody else's."""
    family, requests, steps = read_own(person, OWN_PERSONS, OWN_REQUESTS, steps_of(number))
    for at, (of, name) in enumerate(family):
        for one in requests.get(of, ()):
            if one.number == number:
                return (name if at else "", one, steps)
    raise Http404


def _acted(request: HttpRequest, person: UUID, number: int) -> str | None:
    """None where it was done, else why not."""
    words = request.POST.get("words", "").strip()[:LONGEST_WORDS]
    try:
        with own_record(person):
            match request.POST.get("act"):
                case "withdraw":
                    operations.withdraw(request=number)
                case "lift":
                    operations.lift(request=number)
                case "escalate":
                    operations.escalate(request=number, words=words)
                case _:
                    return _("Chọn một việc trong trang này.")
    except Refused as refused:
        if refused.code == "PC441":
            raise Http404 from refused
        return _told(refused)
    return None


def _asked(person: UUID, family: Sequence[tuple[UUID, str]], form: forms.Form, wish: Wish) -> int | None:
    """The number of the request, or None: then the form says why not."""
    at = form.cleaned_data.get("whose") or 0
    if at >= len(family):
        form.add_error(None, _("Chọn lại: yêu cầu cho ai."))
        return None
    try:
        with own_record(person):
            return operations.ask(person=family[at][0], wish=wish)
    except Refused as refused:
        form.add_error(None, _told(refused))
        return None


def _told(refused: Refused) -> str:
    words: Mapping[str, str] = {
        "too_few_words": _("Viết rõ hơn một chút, ít nhất 10 ký tự."),
        "too_many": _("Mười yêu cầu trong một ngày là nhiều nhất. Gửi tiếp được vào ngày mai."),
        "waits_already": _("Bạn đã gửi đúng yêu cầu này và nó đang được giải quyết."),
        "not_late": _("Chưa quá hạn. Nếu quá hạn, yêu cầu tự chuyển lên thanh tra."),
        "not_now": _("Yêu cầu đã sang bước khác, không làm việc này được nữa."),
    }
    return words.get(REFUSED.get(refused.code, ""), _("Không gửi được yêu cầu này."))
