"""Who looked at my record: every reading with its office, time, purpose and parts; and objecting to one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.foundation.reads import about, in_family
from pccovid.inspection.operations import REFUSALS, complain
from pccovid.inspection.queries import OWN_PERSONS, Reading, reading_in_family, view_at
from pccovid.inspection.rules import SHORTEST_COMPLAINT
from pccovid.officers.database import Refused
from pccovid.web.citizen.own_pages import MOST_CHILDREN, own_page, own_record, read_own
from pccovid.web.sent_forms import sent, status_of

_LAST_PAGE, _LARGEST = 10_000, 2**62


@dataclass(frozen=True)
class Look:
    """Readings that differ in nothing but their minute: the same office, day, purpose, case and parts."""

    readings: tuple[Reading, ...]

    @property
    def newest(self) -> Reading:
        return self.readings[0]

    @property
    def others(self) -> tuple[Reading, ...]:
        return self.readings[1:]

    @property
    def complaint(self) -> int | None:
        """The number of a complaint about one of them."""
        return next((one.complaint for one in self.readings if one.complaint), None)


def folded(readings: Iterable[Reading]) -> list[Look]:
    """Neighbouring readings that tell the same put together; none is left out, each keeps its time."""
    return [Look(tuple(alike)) for _, alike in groupby(readings, key=_told_alike)]


def _told_alike(one: Reading) -> tuple[object, ...]:
    day = timezone.localtime(one.at).date()
    return (day, one.role, one.office, one.purpose, one.case, one.categories, one.is_masked)


class ComplaintForm(forms.Form):
    """What seems wrong, in the person's own words."""

    first_field = "id_words"
    words = forms.CharField(
        min_length=SHORTEST_COMPLAINT, max_length=2000,
        error_messages={
            "required": gettext_lazy("Viết điều bạn thấy không đúng."),
            "min_length": gettext_lazy("Viết rõ hơn một chút: điều gì không đúng?"),
        },
    )  # fmt: skip


@require_safe
@own_page
def show(request: HttpRequest, person: UUID, page: int = 1, child: int = 0) -> HttpResponse:
    """One page of who looked at the person, or at their `child` of that number. Raises Http404 beyond the last."""
    if not 1 <= page <= _LAST_PAGE:
        raise Http404
    if child > MOST_CHILDREN:
        raise Http404
    family, view = read_own(person, OWN_PERSONS, about(view_at(page), in_family(child)))
    if child >= len(family) or (page > 1 and not view.readings):
        raise Http404
    children = [(number, name) for number, (_, name) in enumerate(family) if number]
    shown = {"view": view, "looks": folded(view.readings), "child": child, "children": children, "here": "looked"}
    return render(request, "citizen/who_looked.html", {**shown, "name": family[child][1] if child else ""})


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def object_to(request: HttpRequest, person: UUID, reading: int) -> HttpResponse:
    """Say that a reading of one's own record, or one's child's, seems wrong. Raises Http404 for any other."""
    if reading > _LARGEST:
        raise Http404
    family, found = read_own(person, OWN_PERSONS, reading_in_family(reading))
    if found is None:
        raise Http404
    whose, looked = found
    child = [one for one, _name in family].index(whose)
    form = ComplaintForm(sent(request))
    if form.is_valid() and _sent(person, whose, reading, form):
        return redirect("who-looked-child", child) if child else redirect("who-looked")
    page = {"reading": looked, "form": form, "here": "looked"}
    return render(request, "citizen/who_looked_complaint.html", page, status=status_of(form.is_bound))


def _sent(person: UUID, whose: UUID, reading: int, form: ComplaintForm) -> bool:
    """Whether the complaint about a reading of `whose` record was taken; else the form says why not."""
    try:
        with own_record(person):
            complain(person=whose, reading=reading, words=form.cleaned_data["words"])
    except Refused as refused:
        form.add_error(None, _told(REFUSALS[refused.code]))
        return False
    return True


def _told(refusal: str) -> str:
    words = {
        "already": _("Bạn đã phản ánh lượt xem này. Kết quả hiện ở trang “Ai đã xem”."),
        "too_many": _("Mười phản ánh trong một ngày là nhiều nhất. Phản ánh tiếp được vào ngày mai."),
        "too_few_words": _("Viết rõ hơn một chút: điều gì không đúng?"),
    }
    return words.get(refusal, _("Không phản ánh được lượt xem này."))
