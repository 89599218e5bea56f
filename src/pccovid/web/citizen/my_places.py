"""Places one has registered: kinds, counts by day (never names), the poster, moving and closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.connectors.written_addresses import residence_in
from pccovid.officers.database import Refused
from pccovid.places import operations, queries
from pccovid.places.queries import Place
from pccovid.places.rules import PlaceKind
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.posters import SIZES, poster_page
from pccovid.web.scanner_links import scanner_link
from pccovid.web.sent_forms import sent, status_of

_AREAS_OF = date(2021, 11, 6)
"""Communes are told by the list of 2021, as everywhere in the record."""


class AddressForm(forms.Form):
    """Where a place is. The commune is read from the address as it is written."""

    first_field = "id_address"
    address = forms.CharField(
        max_length=300, error_messages={"required": gettext_lazy("Nhập địa chỉ có xã, huyện, tỉnh.")}
    )

    def clean_address(self) -> str:
        written: str = self.cleaned_data["address"]
        found = residence_in(written, _AREAS_OF)
        self.commune = found.commune_code if found else None
        if self.commune is None:
            raise forms.ValidationError(_("Chưa nhận ra xã, phường. Viết: số nhà, xã, huyện, tỉnh."))
        return written


class PlaceForm(AddressForm):
    """A new place."""

    first_field = "id_name"
    name = forms.CharField(
        max_length=200, min_length=2,
        error_messages=dict.fromkeys(("required", "min_length"), gettext_lazy("Nhập tên địa điểm.")),
    )  # fmt: skip
    kind = forms.ChoiceField(error_messages={"required": gettext_lazy("Chọn loại địa điểm.")})
    field_order = ("name", "kind", "address")

    def __init__(self, kinds: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = kinds


def _choices(kinds: Sequence[PlaceKind]) -> list[tuple[str, str]]:
    """The kinds in the page's language."""
    is_english = (translation.get_language() or "vi").startswith("en")
    return [(kind.code, kind.title_en if is_english else kind.title) for kind in kinds]


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def places(request: HttpRequest, person: UUID) -> HttpResponse:
    """Own places; with POST one more."""
    own, in_force = read_own(person, queries.OWN_PLACES, queries.KINDS_IN_FORCE)
    kinds = _choices(in_force)
    form = PlaceForm(kinds, sent(request))
    if request.method == "POST" and form.is_valid():
        of = form.cleaned_data
        try:
            with own_record(person, case="place"):
                made = operations.register_own(
                    name=of["name"], kind=of["kind"], commune=form.commune or "", address=of["address"]
                )
            return redirect("my-place", place=made)
        except Refused:
            form.add_error(None, _("Chưa đăng ký được địa điểm này. Xã, phường có thể đăng ký giúp bạn."))
    page = {"places": own, "form": form, "kinds": dict(kinds), "here": "home"}
    return render(request, "citizen/places.html", page, status=status_of(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def place(request: HttpRequest, person: UUID, place: UUID) -> HttpResponse:
    """One place: how many came, day by day, its scanners; with POST it is moved, closed, opened, given a scanner."""
    form = AddressForm(request.POST) if request.POST.get("act") == "moved" else AddressForm()
    reads = (queries.OWN_PLACES, queries.own_counts(place), queries.own_scanners(place), queries.KINDS_IN_FORCE)
    own, counts, devices, kinds = read_own(person, *reads)
    held = next((one for one in own if one.id == place), None)
    if held is None:
        return render(request, "404.html", status=404)
    scanner = _new_scanner(request, person, held) if request.POST.get("act") == "scanner" else None
    if request.method == "POST" and not scanner and _changed(request, person, held, form):
        return redirect("my-place", place=place)
    page = {
        "place": held, "counts": counts, "form": form, "kinds": dict(_choices(kinds)), "here": "home",
        "devices": devices, "scanner": scanner,
    }  # fmt: skip
    return render(request, "citizen/place.html", page, status=status_of(request.method == "POST" and not scanner))


def _new_scanner(request: HttpRequest, person: UUID, held: Place) -> dict[str, str] | None:
    """The link for a new device, shown this once; None where it was refused."""
    try:
        with own_record(person, case="place"):
            secret = operations.add_scanner(held.id, by=None, name=request.POST.get("name", "")[:100] or held.name)
    except Refused:
        return None
    return scanner_link(request, secret=secret, place=held.name)


def _changed(request: HttpRequest, person: UUID, held: Place, form: AddressForm) -> bool:
    act = request.POST.get("act")
    try:
        with own_record(person, case="place"):
            if act == "moved" and form.is_valid():
                address = form.cleaned_data["address"]
                operations.move(held.id, by=None, name=held.name, commune=form.commune or "", address=address)
            elif act == "closed":
                operations.close(held.id, by=None)
            elif act == "opened_again":
                operations.open_again(held.id, by=None)
            elif act == "no_scanner":
                operations.revoke_scanner(held.id, UUID(request.POST.get("device", "")), by=None)
            else:
                return False
    except (Refused, ValueError):
        return False
    return True


@require_safe
@own_page
def poster(request: HttpRequest, person: UUID, place: UUID, size: str) -> HttpResponse:
    """The poster of one's own place, to print."""
    (own,) = read_own(person, queries.OWN_PLACES)
    held = next((one for one in own if one.id == place), None)
    if held is None or size not in SIZES:
        return render(request, "404.html", status=404)
    return render(request, "poster.html", poster_page(request, held, size))
