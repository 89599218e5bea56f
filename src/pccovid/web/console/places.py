"""Places of the commune: registering, taking up those of earlier systems, closing, and entries that are one place."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.areas.registry import registry
from pccovid.officers.database import Refused
from pccovid.officers.offices import COMMUNE_POLICE, HEALTH_STATION
from pccovid.places import operations, queries
from pccovid.places.operations import Office
from pccovid.places.paper_list import read_list
from pccovid.places.queries import RegisteredPlace
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.posters import SIZES, poster_page
from pccovid.web.scanner_links import scanner_link
from pccovid.web.sent_forms import status_of

OFFICES = (COMMUNE_POLICE, HEALTH_STATION)
_AREAS_OF = date(2021, 11, 6)
_REQUIRED = gettext_lazy("Điền mục này.")


class PlaceForm(forms.Form):
    """A place in the office's area."""

    first_field = "id_name"
    name = forms.CharField(
        max_length=200, min_length=2, error_messages=dict.fromkeys(("required", "min_length"), _REQUIRED)
    )
    kind = forms.ChoiceField(error_messages={"required": _REQUIRED})
    commune = forms.ChoiceField(error_messages={"required": _REQUIRED})
    address = forms.CharField(max_length=300, error_messages={"required": _REQUIRED})

    def __init__(self, *args: object, area: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, choices in (("kind", kind_choices()), ("commune", communes_of(area))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


def kind_choices() -> list[tuple[str, str]]:
    """The kinds in force, in the page's language."""
    is_english = (translation.get_language() or "vi").startswith("en")
    return [(kind.code, kind.title_en if is_english else kind.title) for kind in queries.kinds()]


def communes_of(area: str) -> list[tuple[str, str]]:
    """The communes of an area by the list of 2021; the area itself where it is one."""
    below = registry().children(area, on=_AREAS_OF)
    if not below:
        unit = registry().unit(area, on=_AREAS_OF)
        return [(area, unit.name if unit else area)]
    return [found for unit in below for found in communes_of(unit.code)]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def places(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The area's places, those of earlier systems, entries that look alike; with POST a new one, or one taken up."""
    by, area = _office(desk), desk.appointment.area or ""
    is_new = request.method == "POST" and request.POST.get("act") == "register"
    form = PlaceForm(request.POST if is_new else None, area=area)
    told = ""
    if request.method == "POST":
        try:
            if (made := _registered(request, form, by) if is_new else _taken_up(request, by)) is not None:
                return redirect("console-place", place=made)
        except Refused:
            told = _("Không ghi được: địa điểm không thuộc xã này, hoặc thiếu thông tin.")
    held = queries.places_of(by)
    page = {
        "desk": desk, "form": form, "told": told, "places": held, "pairs": queries.look_alikes(held),
        "carried": queries.carried_places_of(by), "kinds": dict(kind_choices()), "communes": communes_of(area),
    }  # fmt: skip
    return render(request, "console/places.html", page, status=status_of(request.method == "POST"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def place(request: HttpRequest, desk: Desk, place: UUID) -> HttpResponse:
    """One place: counts by day, its poster, a scanner for it; with POST it is closed, opened, or another's double."""
    by = _office(desk)
    held = _held(by, place)
    if held is None:
        return not_in_sight(request, desk)
    scanner, told = None, ""
    if request.POST.get("act") == "paper":
        return _paper_list(request, desk, held, by)
    if request.method == "POST":
        try:
            secret = _done(request, held, by)
            scanner = scanner_link(request, secret=secret, place=held.name) if secret else None
            if not scanner:
                return redirect("console-place", place=place)
        except Refused:
            told = _("Việc này không làm được với địa điểm này.")
    return _place_page(request, desk, held, by, told=told, scanner=scanner, status=409 if told else 200)


def _place_page(
    request: HttpRequest, desk: Desk, held: RegisteredPlace, by: Office, *, status: int = 200, **more: object
) -> HttpResponse:
    others = [one for one in queries.places_of(by) if one.id != held.id]
    counts = queries.counts(held.id, by=by)
    page = {
        "desk": desk, "place": held, "counts": counts, "others": others, "today": timezone.localdate(),
        "devices": queries.scanners(held.id, by=by), **more,
    }  # fmt: skip
    return render(request, "console/place.html", page, status=status)


@sensitive_post_parameters("lines")
def _paper_list(request: HttpRequest, desk: Desk, held: RegisteredPlace, by: Office) -> HttpResponse:
    """A paper list typed in: what could be read is taken, the other lines stand in the form again."""
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
        read = read_list(request.POST.get("lines", ""), place=held.id, on=on)
        added = operations.type_in(held.id, read.scans, by=by)
    except (ValueError, Refused):
        told = _("Không ghi được: ngày phải trong 14 ngày qua, và giờ không được ở tương lai.")
        return _place_page(request, desk, held, by, told=told, unread=request.POST.get("lines", ""), status=422)
    typed = ngettext("Đã ghi %(n)s lượt.", "Đã ghi %(n)s lượt.", added) % {"n": added}
    return _place_page(
        request, desk, held, by, typed=typed, unread="\n".join(read.unread), on=on, status=status_of(read.unread)
    )


@require_safe
@desk_page(*OFFICES)
def poster(request: HttpRequest, desk: Desk, place: UUID, size: str) -> HttpResponse:
    """The poster, to print and hand over."""
    held = _held(_office(desk), place)
    if held is None or size not in SIZES:
        return not_in_sight(request, desk)
    return render(request, "poster.html", poster_page(request, held, size))


def _office(desk: Desk) -> Office:
    return Office(desk.account, desk.appointment.id)


def _held(by: Office, place: UUID) -> RegisteredPlace | None:
    return next((one for one in queries.places_of(by) if one.id == place), None)


def _registered(request: HttpRequest, form: PlaceForm, by: Office) -> UUID | None:
    if not form.is_valid():
        return None
    of = form.cleaned_data
    return operations.register(by=by, name=of["name"], kind=of["kind"], commune=of["commune"], address=of["address"])


def _taken_up(request: HttpRequest, by: Office) -> UUID | None:
    key = request.POST.get("key", "")
    carried = next((one for one in queries.carried_places_of(by) if one.key == key), None)
    if carried is None:
        return None
    kind, address = request.POST.get("kind", ""), carried.address or ""
    return operations.take_up(by=by, key=key, kind=kind, name=carried.name, address=address)


def _done(request: HttpRequest, held: RegisteredPlace, by: Office) -> str:
    """What the form asks for; a new scanner's secret where it asked for one. Raises Refused."""
    act = request.POST.get("act")
    if act == "scanner":
        return operations.add_scanner(held.id, by=by, name=request.POST.get("name", "")[:100] or held.name)
    if act == "closed":
        operations.close(held.id, by=by)
    elif act == "opened_again":
        operations.open_again(held.id, by=by)
    elif act == "no_scanner":
        operations.revoke_scanner(held.id, _device(request), by=by)
    elif act == "found_same":
        other = next((o for o in queries.places_of(by) if str(o.id) == request.POST.get("other")), None)
        if other is None:
            raise Refused("PC462")
        operations.found_same(held.id, same_as=other.id, by=by)
    else:
        raise Refused("PC462")
    return ""


def _device(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("device", ""))
    except ValueError:
        raise Refused("PC462") from None
